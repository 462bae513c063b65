"""The interpreters that are here, and ways to run programs in them with the agent and without it."""

import os
import subprocess

import pytest

from conftest import PATIENCE, ROOT
from suites import DEBIAN, VERSIONS, find_interpreters

PROGRAMS = ROOT / "tests/programs/python"
PACKAGE = ROOT / "share/python"
INTERPRETERS = find_interpreters()


def interpreters(*, first="3.8"):
    # Debian 12 has 3.11
    names = VERSIONS[VERSIONS.index(first) :] + ["debian"] * (first in VERSIONS[:4])
    return pytest.mark.parametrize("python", names, indirect=True)


@pytest.fixture
def python(request):
    path = INTERPRETERS[request.param]
    if path is None:
        pytest.skip(f"SKIP: no Python {request.param} here")
    return path


@pytest.fixture
def debian():
    if INTERPRETERS["debian"] is None:
        pytest.skip(f"SKIP: no {DEBIAN}")
    return DEBIAN


def execute(command, environment, **options):
    options = {"stdin": subprocess.DEVNULL, "timeout": PATIENCE, "check": False} | options
    return subprocess.run(
        [str(word) for word in command], env=environment, capture_output=True, text=True, **options
    )


def plain_environment():
    return {k: v for k, v in os.environ.items() if not k.startswith("MPROFPP") and k != "LD_PRELOAD"}


def go(run, *command, trace=(), no_trace=(), status=0, environment=None, **options):
    patterns = {"MPROFPP_TRACE": "\n".join(trace), "MPROFPP_NO_TRACE": "\n".join(no_trace)}
    more = {k: v for k, v in patterns.items() if v} | (environment or {})
    done = execute(command, run.environment(**more), **options)
    assert done.returncode == status, done.stderr
    return done


def levels(run, *command, **options):
    """[(level, name)] of the one process that made marks, all of them ended."""
    go(run, *command, **options)
    rings = run.read()
    calls = rings.levels(rings.only())
    assert rings.open == 0 and rings.dropped == 0
    return calls
