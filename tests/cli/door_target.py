"""Programs whose doors are open (tests/programs/python/door_target.py)."""

import contextlib
import os
import pathlib
import random
import subprocess
import time

import pytest

from conftest import PATIENCE
from door_client import Client
from pythons import PROGRAMS, plain_environment

TARGET = PROGRAMS / "door_target.py"
READ, NANOSLEEP = "0", ("35", "230")  # numbers of system calls on x86-64


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.002)
    return result


class Target:
    """A program with an open door."""

    def __init__(self, process, name):
        self.process, self.name = process, name
        self.pid = process.pid

    def connect(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                client = Client(self.name, PATIENCE)
                client.ask(b"hello")  # a door that is about to close still takes connections
                return client
            except (OSError, EOFError):
                assert time.monotonic() < end and self.process.poll() is None, self.process.stderr.read()
                time.sleep(0.002)

    def threads(self):
        names = set()
        for path in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                names.add((path / "comm").read_text().strip())
        return names

    def our_threads(self):
        return {name for name in self.threads() if name.startswith("mprofpp")}

    def sockets(self):
        links = (os.readlink(path) for path in pathlib.Path(f"/proc/{self.pid}/fd").iterdir())
        return [link for link in links if link.startswith("socket:")]

    def is_in(self, *calls):
        """Returns whether the main thread is blocked in a system call of one of those numbers."""
        return pathlib.Path(f"/proc/{self.pid}/syscall").read_text().split()[0] in calls

    def end(self):
        out, error = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, error


@pytest.fixture
def target(run):
    """Starts a program with an open door, which runs that code first."""
    with contextlib.ExitStack() as stack:

        def start(python, code="", *, console=True, library=None, **more):
            name = f"@mprofpp-test-{os.getpid()}-{random.getrandbits(64):x}"
            allowed = {"MPROFPP_CONSOLE": "1"} if console else {}
            process = subprocess.Popen(
                [python, TARGET, name, code] + ([library] if library else []),
                env=plain_environment() if library else run.environment(**allowed, **more),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return Target(process, name)

        yield start


def started(target):
    assert target.process.stdout.readline() == "ready\n", target.process.stderr.read()
    return target
