"""Programs whose objects are looked at: with the agent of `mprofpp run`, or started on their own."""

import contextlib
import json
import subprocess

import pytest

from inspected import Inspected, need_tracing
from pythons import PROGRAMS, plain_environment

PATIENT = ("--max-pause", "60s")  # the machine may be busy


@pytest.fixture(autouse=True)
def own_looks(tmp_path, monkeypatch):
    """What was seen of processes is kept in a folder of the test."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def bare():
    """Starts tests/programs/python/inspected.py on its own."""
    need_tracing()
    with contextlib.ExitStack() as stack:

        def start(python, code=""):
            pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
            words = [python, PROGRAMS / "inspected.py", *([code] if code else [])]
            process = subprocess.Popen(words, text=True, env=plain_environment(), **pipes)
            stack.enter_context(process)
            stack.callback(process.kill)
            return Inspected(process)

        yield start


def document(mprofpp, command, *words):
    """Returns the JSON that a command prints."""
    done = mprofpp(command, *PATIENT, "--json", *words)
    assert done.status == 0, done.err
    (line,) = done.text.splitlines()
    return json.loads(line)


def types_of(found):
    return {entry["type"]: entry for entry in found["types"]}
