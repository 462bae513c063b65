"""The installed interpreters, and functions that run programs in them with the agent and without it."""

import functools
import os
import subprocess

import pytest

from conftest import PATIENCE, ROOT
from suites import SYSTEM, find_interpreters

PROGRAMS = ROOT / "tests/programs/python"
PACKAGE = ROOT / "share/python"
INTERPRETERS = find_interpreters()


@functools.cache
def version_of(python):
    """(3, 11)"""
    command = [python, "-c", "import sys; print(*sys.version_info[:2])"]
    done = subprocess.run(command, capture_output=True, check=True)
    return tuple(int(number) for number in done.stdout.split())


def is_at_least(first, name):
    """Returns whether that interpreter has at least this version. A missing one is skipped later."""
    if name != "system":
        return tuple(map(int, name.split("."))) >= first
    return INTERPRETERS[name] is None or version_of(INTERPRETERS[name]) >= first


def interpreters(*, first=(3, 8)):
    names = [name for name in INTERPRETERS if is_at_least(first, name)]
    return pytest.mark.parametrize("python", names, indirect=True)


@pytest.fixture
def python(request):
    path = INTERPRETERS[request.param]
    if path is None:
        pytest.skip(f"SKIP: no Python {request.param} here")
    return path


@pytest.fixture
def system():
    if INTERPRETERS["system"] is None:
        pytest.skip(f"SKIP: no {SYSTEM}")
    return SYSTEM


@pytest.fixture
def debug_build():
    """CPython with its assertions, as Debian's python3-dbg has it."""
    path = os.path.realpath(SYSTEM) + "-dbg"
    if not os.path.exists(path):
        pytest.skip("SKIP: python3-dbg is not installed")
    return path


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
    """Returns [(level, name)] of the only process that made marks. All its calls must have ended."""
    go(run, *command, **options)
    rings = run.read()
    calls = rings.levels(rings.only())
    assert rings.open == 0 and rings.dropped == 0
    return calls
