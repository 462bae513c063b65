"""Fixtures and functions of the end-to-end tests: the built program, the programs it records, and oracles.

The name of a test is a sentence, and its body is the specification:

    def test_children_are_summed(mprofpp, program):
        recording = mprofpp.record("-C", "-T", "10ms", program("tree", 20, 300, 2)).recording
        assert recording.peak > 60
"""

import contextlib
import ctypes
import importlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pytest

from recording import Recording
from ring import Run

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MPROFPP_BUILD", ROOT / "build/dev")).resolve()
AGENT = BUILD / "lib/mprofpp/libmprofpp-agent.so"
SANITIZED = bool(os.environ.get("MPROFPP_SANITIZE"))
if SANITIZED:
    os.environ["LSAN_OPTIONS"] = f"suppressions={ROOT}/tests/support/lsan.supp:print_suppressions=0"
PATIENCE = 60  # seconds until a test gives up waiting; not a limit on how long something may take

unsanitized = pytest.mark.skipif(SANITIZED, reason="SKIP: sanitizers change memory and time")


def pytest_collection_modifyitems(config, items):
    """Selects a part of the cases if ctest runs a file in parts: MPROFPP_TEST_PART=2/3 is the second."""
    part, parts = (int(number) for number in os.environ.get("MPROFPP_TEST_PART", "1/1").split("/"))
    kept = items[part - 1 :: parts]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


class Finished:
    """The result of a command that has exited."""

    def __init__(self, completed, folder, output):
        self.status = completed.returncode
        self.out = completed.stdout
        self.err = completed.stderr.decode("utf-8", "surrogateescape")
        self.folder = folder
        self.path = output

    @property
    def text(self):
        return self.out.decode()

    @property
    def recording(self):
        return Recording(self.path)

    @property
    def said(self):
        """The lines that mprofpp has written to stderr."""
        return [line for line in self.err.splitlines() if line.startswith("mprofpp: ")]

    def says(self, *words):
        return any(all(word in line for word in words) for line in self.said)


class Built:
    """The folder that contains the tested programs and the recorded ones."""

    def __init__(self):
        self.folder = BUILD

    def move(self, folder):
        """Copies the programs into `folder`, which is used from then on."""
        (folder / "bin").mkdir()
        shutil.copy(BUILD / "bin/mprofpp", folder / "bin")
        for part in ("lib/mprofpp", "libexec/mprofpp", "tests/programs"):
            shutil.copytree(BUILD / part, folder / part)
        self.folder = folder


class Mprofpp:
    """Runs the built program in the temporary folder of the test."""

    def __init__(self, folder):
        self.folder = folder
        self.executable = BUILD / "bin/mprofpp"
        self.count = 0

    def command(self, *words):
        return [self.executable, *(w if isinstance(w, bytes) else str(w) for w in words)]

    def __call__(self, *words, output=None, **options):
        options = {"cwd": self.folder, "stdin": subprocess.DEVNULL, "timeout": PATIENCE * 2} | options
        completed = subprocess.run(self.command(*words), capture_output=True, check=False, **options)
        return Finished(completed, self.folder, output)

    def record(self, *words, **options):
        """Runs `mprofpp run -o <a new file>` with options and a program, which is a list."""
        *own, program = words
        self.count += 1
        output = self.folder / f"recording{self.count}.dat"
        return self("run", "-o", output, *own, *program, output=output, **options)

    def start(self, *words, **options):
        """Starts mprofpp and returns at once."""
        nothing = subprocess.DEVNULL
        options = {"cwd": self.folder, "stdin": nothing, "preexec_fn": end_with_us} | options
        return subprocess.Popen(self.command(*words), **options)

    def peak(self, path):
        return json.loads(self("peak", "--json", path).out)


def end_with_us():
    """For a child before exec: it gets SIGTERM when the tests are killed, and mprofpp passes that on."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@pytest.fixture
def built():
    return Built()


@pytest.fixture
def mprofpp(tmp_path):
    return Mprofpp(tmp_path)


@pytest.fixture
def program(built):
    """Returns the command line of a program in tests/programs, as a list."""

    def command(name, *arguments):
        return [built.folder / "tests/programs" / name, *arguments]

    return command


def can_execute(path, user):
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, **user).returncode == 0
    except PermissionError:
        return False


@contextlib.contextmanager
def open_folder():
    """A folder that every user may enter and write to."""
    with tempfile.TemporaryDirectory(prefix="mprofpp-test-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o777)
        yield folder


@pytest.fixture
def somebody(built, mprofpp):
    """Another user: the arguments for subprocess that run a process as that user, and a folder that the user
    may write to. If the user cannot enter the build folder (below /root, say), the test uses a copy."""
    if os.geteuid() != 0:
        pytest.skip("SKIP: needs root, to run processes as another user")
    user = {"user": 65534, "group": 65534, "extra_groups": []}
    with open_folder() as folder, open_folder() as copy:
        if not can_execute(mprofpp.executable, user):
            built.move(copy)
            mprofpp.executable = built.folder / "bin/mprofpp"
        yield user, folder


@pytest.fixture
def mprof():
    """memory_profiler's reader, which must understand every recording of ours."""
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        return importlib.import_module("mprof")
    except ImportError:
        pytest.skip("SKIP: python3-memory-profiler is not installed")


@pytest.fixture
def run():
    """A folder for rings on a file system in memory, as the recorder makes it."""
    folder = pathlib.Path(f"/dev/shm/mprofpp-test-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    yield Run(folder, AGENT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def kernel_peak():
    """Returns the peak in MiB that GNU time reports for a command."""
    if not pathlib.Path("/usr/bin/time").exists():
        pytest.skip("SKIP: the Debian package time is not installed")

    def peak(command):
        words = ["/usr/bin/time", "-f", "%M", *(str(word) for word in command)]
        nothing = subprocess.DEVNULL
        done = subprocess.run(words, stdin=nothing, capture_output=True, text=True, check=False)
        return int(done.stderr.splitlines()[-1]) / 1024

    return peak


def wait_until(condition, what):
    """Waits until the condition holds. Tests do not wait in any other way."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for this: {what}"
        time.sleep(0.005)


def state_of(pid):
    """The state as the kernel reports it: S, T (stopped), Z, …"""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def stop(process):
    process.send_signal(signal.SIGSTOP)
    wait_until(lambda: state_of(process.pid) == "T", "it is stopped")


def is_alive(pid):
    try:
        return state_of(pid) != "Z"
    except OSError:
        return False


def line_with(words, stream):
    """Waits for a line that contains `words`. Returns it, or an empty string if the stream ends before."""
    return next((line for line in stream if words in line), "")


def lines_of(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


def install(folder):
    """Installs the built programs into that folder."""
    for part in ("lib/mprofpp", "libexec/mprofpp"):
        shutil.copytree(BUILD / part, folder / part)
    if (BUILD / "share/mprofpp").exists():
        shutil.copytree(BUILD / "share/mprofpp", folder / "share/mprofpp")
    (folder / "bin").mkdir()
    shutil.copy(BUILD / "bin/mprofpp", folder / "bin")
    return folder


def needs(*commands):
    missing = [command for command in commands if shutil.which(command) is None]
    if missing:
        pytest.skip(f"SKIP: not installed: {', '.join(missing)}")


def obeys_setuid(folder):
    """Skips the test if the set-user-id bit has no effect in that folder."""
    needs("findmnt")
    mount = subprocess.run(["findmnt", "-no", "OPTIONS", "-T", folder], capture_output=True, check=False)
    if b"nosuid" in mount.stdout:
        pytest.skip("SKIP: no set-user-id programs on the file system of temporary files")


@contextlib.contextmanager
def recorded(mprofpp, options, command):
    """Records a program that exits when its standard input ends, and yields when it is ready. `command` gets
    the path of the file that the program writes when it is ready, and returns its command line."""
    path, ready = mprofpp.folder / "x.dat", mprofpp.folder / "ready"
    words = ["run", "-f", "-o", path, *options, *command(ready)]
    ready.unlink(missing_ok=True)
    run = mprofpp.start(*words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(run):
        wait_until(ready.exists, "the program is ready")
        yield run, path


def ended(run):
    """Ends the program of `recorded`. Returns what mprofpp has written to stderr."""
    said = run.communicate("")[1]
    assert run.returncode == 0
    return said


def unshared(*flags):
    """The start of a command line that runs the rest in namespaces of its own."""
    needs("unshare")
    command = ["unshare", *flags]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip(f"SKIP: {' '.join(command)} is not allowed here")
    return command


def free_port():
    """A port that no other process gets before a server takes it: after a connection was closed, only a
    process that asks for this port and sets SO_REUSEADDR, as servers do, can bind it for a while."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.listen()
        with socket.create_connection(probe.getsockname()), probe.accept()[0]:
            return probe.getsockname()[1]


def kill_session(session):
    """Returns whether a process was left to kill."""
    members = [pid for pid in all_pids() if session_of(pid) == session and is_alive(pid)]
    for pid in members:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(members)


def children_of(pid):
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            children = pathlib.Path(f"/proc/{pid}/task/{thread}/children").read_text()
            yield from (int(child) for child in children.split())


def descendants_of(pid):
    for child in children_of(pid):
        yield child
        yield from descendants_of(child)


def kill_descendants(pid):
    """Returns whether a process was left to kill."""
    living = [descendant for descendant in descendants_of(pid) if is_alive(descendant)]
    for descendant in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(descendant, signal.SIGKILL)
    return bool(living)


def kill_tree(process):
    """Kills the descendants first: otherwise a recorded program would outlive its recorder unnoticed."""
    process.send_signal(signal.SIGSTOP)  # so that a shell does not start the next command
    try:
        wait_until(lambda: not kill_descendants(process.pid), "all descendants are gone")
    finally:
        process.send_signal(signal.SIGKILL)


def all_pids():
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def session_of(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


@contextlib.contextmanager
def killed_at_the_end(process):
    """Kills the process and its descendants at the end, even if the test fails. If the process has a session
    of its own (start_new_session=True), kills all processes of that session."""
    session = process.pid if session_of(process.pid) == process.pid else None
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_tree(process)
        process.wait()
        if session is not None:  # repeatedly, because one pass misses processes that are just being forked
            wait_until(lambda: not kill_session(session), "the whole session is gone")
