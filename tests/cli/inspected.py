"""Programs to look into, which `mprofpp run` has started or which run on their own."""

import contextlib
import os
import pathlib
import subprocess
import tempfile

import pytest

from conftest import PATIENCE
from door_target import wait_for  # noqa: F401
from pythons import PROGRAMS, plain_environment

YAMA = pathlib.Path("/proc/sys/kernel/yama/ptrace_scope")


def need_tracing():
    if os.geteuid() != 0 and YAMA.exists() and YAMA.read_text().strip() != "0":
        pytest.skip("SKIP: only root may trace processes here (kernel.yama.ptrace_scope)")


class Inspected:
    def __init__(self, process):
        self.process = process
        first = process.stdout.readline()
        assert first.strip().isdigit(), first + process.stderr.read()
        self.number = int(first)  # its pid, or its port
        self.pid = self.number

    def threads(self):
        names = []
        for path in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                names.append((path / "comm").read_text())
        return names

    def end(self):
        """Ends its input. Returns the exit status, and what it has printed since it was ready."""
        out, error = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, error


@pytest.fixture
def inspected(mprofpp):
    """Starts tests/programs/python/inspected.py, or another program, under `mprofpp run`."""
    need_tracing()
    with contextlib.ExitStack() as stack:

        def start(python, code="", *, options=("--allow-console",), program="inspected.py", **more):
            command = ["run", "-q", "-o", mprofpp.folder / "inspected.dat", *options]
            pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
            words = [python, PROGRAMS / program, *([code] if code else [])]
            environment = {"env": plain_environment()}
            process = mprofpp.start(*command, *words, text=True, **pipes, **environment, **more)
            stack.enter_context(process)
            stack.callback(finish, process)
            return Inspected(process)

        yield start


def finish(process):
    """Ends a recorder so that it removes the folder of its run."""
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture
def hostile(system):
    """Starts a program whose door answers requests with those bytes."""
    with contextlib.ExitStack() as stack:

        def start(answer, *how):
            folder = stack.enter_context(short_folder())
            (folder / "answer").write_bytes(answer)
            process = subprocess.Popen(
                [system, PROGRAMS / "hostile_door.py", folder, folder / "answer", *how],
                env=plain_environment() | {"MPROFPP_RUN": str(folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return Inspected(process)

        yield start


@contextlib.contextmanager
def short_folder():
    """The path of a socket has 107 characters at most, which is too few for pytest's folders."""
    with tempfile.TemporaryDirectory(prefix="mprofpp-test-") as name:
        yield pathlib.Path(name)
