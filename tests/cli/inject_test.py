"""Running Pythons are entered: they call a function of a library, work on correctly, and keep nothing of it
except the library."""

import contextlib
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess

import pytest

from conftest import BUILD, PATIENCE, SANITIZED, killed_at_the_end, needs, stop, unshared, wait_until
from entered import TIMES, WORK, Work, working
from pythons import INTERPRETERS, interpreters, python, system  # noqa: F401

PROGRAMS = BUILD / "tests/programs"
LIBRARY = PROGRAMS / "door.so"

pytestmark = pytest.mark.skipif(SANITIZED, reason="SKIP: the programs are not sanitized")
if os.uname().machine != "x86_64":
    pytestmark = pytest.mark.skip(reason="SKIP: processes are entered on x86-64 only")


def open_door(pid, *request, times=1, library=LIBRARY, patience=PATIENCE, yama=None, program=None, **options):
    command = [program or PROGRAMS / "open_door", "--times", times, "--patience", patience]
    command += ["--yama", yama] if yama else []
    command = [str(word) for word in [*command, pid, library, *request]]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, **{"timeout": PATIENCE * 3} | options
    )


def check_entered(work, times=TIMES):
    done = open_door(work.pid, times=times, timeout=PATIENCE + times)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["hello"] * times
    wait_until(lambda: not list(work.threads()), "the thread of the library has ended")
    wait_until(lambda: not work.has_traces(), "nothing of the entries is left")
    assert work.copies_of_library() == 1


def check_refused(done, *words):
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1 and done.stderr == ""
    for word in words:
        assert word in done.stdout


@pytest.mark.parametrize("kind", "busy selects sleeps reads joins churn tasks spawns".split())
def test_a_program_that_is_entered_many_times_works_correctly(system, kind):
    with working(system, kind) as work:
        check_entered(work)
        assert work.finish() == "right\n"


def test_a_program_that_reads_a_pipe_with_a_name_is_entered(system, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    command = [system, "-c", f"print(open({str(tmp_path / 'pipe')!r}).read())"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with killed_at_the_end(process), open(tmp_path / "pipe", "w", encoding="ascii") as pipe:
        check_entered(Work(process), times=2)
        pipe.write("right")
        pipe.close()
        assert process.communicate(timeout=PATIENCE)[0] == "right\n"


def test_greenlets_are_not_disturbed(system):
    if subprocess.run([system, "-c", "import gevent"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-gevent is not installed")
    with working(system, "greenlets") as work:
        check_entered(work)
        assert work.finish() == "right\n"


def test_children_that_are_forked_meanwhile_are_not_entered(system):
    with working(system, "forks") as work:
        check_entered(work)
        assert work.finish() == "right\n"


def test_a_function_in_c_is_waited_for(system):
    with working(system, "holds") as work:
        check_entered(work, times=2)
        assert work.finish() == "right\n"


@pytest.mark.parametrize("kind", ["busy", "selects", "joins", "churn"])
@interpreters()
def test_every_version_is_entered(python, kind):
    with working(python, kind) as work:
        check_entered(work, times=4)
        assert work.finish() == "right\n"


@interpreters(first=(3, 14))
def test_a_new_python_runs_a_script_of_which_no_file_remains(python):
    for kind in ("busy", "tasks"):
        with working(python, kind) as work:
            check_entered(work, times=4)
            files = work.folder / "root/tmp"
            wait_until(lambda: not list(files.glob("mprofpp-door-*")), "no file is left")  # noqa: B023
            assert work.finish() == "right\n"


@interpreters(first=(3, 14))
def test_a_python_that_forbids_remote_debugging_is_refused(python):
    environment = os.environ | {"PYTHON_DISABLE_REMOTE_DEBUG": "1"}
    with working(python, "busy", env=environment) as work:
        check_refused(open_door(work.pid), "remote debugging disabled", "PYTHON_DISABLE_REMOTE_DEBUG")
        assert not work.copies_of_library()
        assert work.finish() == "right\n"


def test_a_program_that_exits_is_entered_or_has_ended(system):
    for _ in range(TIMES):
        process = subprocess.Popen([system, "-c", "print(6 * 7)"], stdout=subprocess.PIPE, text=True)
        with killed_at_the_end(process):
            done = open_door(process.pid, patience=5)
            assert done.returncode in (0, 1), done.stderr
            assert process.communicate(timeout=PATIENCE)[0] == "42\n"
            assert process.returncode == 0


@pytest.mark.parametrize("name", ["3.8", "3.12"])
def test_a_python_that_ends_is_not_disturbed(name):
    interpreter = INTERPRETERS[name] or pytest.skip(f"SKIP: no Python {name} here")
    program = """
import atexit, sys, threading
stop = threading.Event()
def work():
    print("ready", flush=True)
    while not stop.is_set(): sum(range(1000))
def watch():
    sys.stdin.read()
    stop.set()
atexit.register(work)
threading.Thread(target=watch, daemon=True).start()
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with killed_at_the_end(subprocess.Popen([interpreter, "-c", program], **pipes)) as process:
        assert process.stdout.readline() == "ready\n"
        done = open_door(process.pid, patience=0.3)
        assert done.returncode == 0 or "is ending it" in done.stdout
        assert process.communicate("", timeout=PATIENCE) == ("", "")
        assert process.returncode == 0


def test_signals_that_arrive_meanwhile_are_delivered(system):
    program = """
import os, select, signal
count = 0
def handle(*_):
    global count
    count += 1
    os.write(1, b"%d\\n" % count)  # print cannot be interrupted by another print
readable, writable = os.pipe()
os.set_blocking(writable, False)
signal.set_wakeup_fd(writable)  # a signal just before select() ends it as well
signal.signal(signal.SIGUSR1, handle)
print("ready", flush=True)
while count < 2000:
    select.select([readable], [], [])
    os.read(readable, 100)
"""
    process = subprocess.Popen([system, "-c", program], stdout=subprocess.PIPE, text=True)
    with killed_at_the_end(process):
        assert process.stdout.readline() == "ready\n"
        command = [PROGRAMS / "open_door", "--times", "100000", str(process.pid), LIBRARY]
        with killed_at_the_end(subprocess.Popen(command, stdout=subprocess.DEVNULL)) as visitor:
            for count in range(1, 2001):
                process.send_signal(signal.SIGUSR1)
                assert process.stdout.readline() == f"{count}\n"
            assert visitor.wait(PATIENCE) in (0, 1)  # the program may have ended before
        assert process.wait(PATIENCE) == 0


def test_a_library_that_cannot_be_loaded_is_refused_with_the_reason_of_the_linker(system, tmp_path):
    library = tmp_path / "broken.so"
    source = tmp_path / "broken.c"
    needs("cc")
    source.write_text("extern int missing_function(void); int call(void) { return missing_function(); }")
    subprocess.run(["cc", "-shared", "-fPIC", "-Wl,-z,now", "-o", library, source], check=True)
    for kind in ("busy", "sleeps"):
        with working(system, kind) as work:
            check_refused(open_door(work.pid, library=library), "cannot load the agent", "missing_function")
            wait_until(lambda: not list(work.traces()), "nothing is left")
            assert work.finish() == "right\n"


def test_a_program_that_names_the_socket_of_another_process_is_refused(system, tmp_path):
    other = socket.socket(socket.AF_UNIX)
    other.bind(str(tmp_path / "other"))
    other.listen()
    for name, words in (
        (tmp_path / "other", "belongs to another process"),
        ("/etc/passwd", "cannot connect"),
    ):
        with working(system, "selects") as work:
            check_refused(open_door(work.pid, f"ANSWER={name}"), words)
            assert work.finish() == "right\n"


def test_memory_that_the_program_uses_again_at_once_is_not_taken_for_ours(system):
    for kind in ("busy", "churn"):
        with working(system, kind) as work:
            for _ in range(5):
                done = open_door(work.pid, "REUSE=1")
                assert done.returncode == 0, done.stdout
            assert work.finish() == "right\n"


def test_a_program_without_a_free_descriptor_is_refused(system):
    with working(system, "sleeps") as work:
        resource.prlimit(work.pid, resource.RLIMIT_NOFILE, (0, 0))
        check_refused(open_door(work.pid), "has no free file descriptor")
        assert not list(work.traces())
        assert work.finish() == "right\n"


def test_a_process_of_another_user_is_entered_by_root(system, somebody):
    user, _ = somebody
    shared = {"cwd": "/"}
    with working(system, "churn", **user, **shared) if can_read(user) else skip() as work:
        check_entered(work)
        assert work.finish() == "right\n"


def can_read(user):
    return subprocess.run(["cat", WORK], capture_output=True, check=False, **user).returncode == 0


def skip():
    pytest.skip("SKIP: other users cannot read the source folder")


def test_a_process_in_a_pid_namespace_is_entered(system):
    prefix = unshared("--pid", "--fork", "--mount-proc", "--kill-child")
    with working(system, "busy", prefix=prefix) as outer:
        children = (outer.folder / f"task/{outer.pid}/children").read_text().split()
        inner = Work(outer.process)
        inner.pid = int(children[0])
        check_entered(inner)
        assert inner.finish() == "right\n"


def test_what_is_not_a_python_is_refused(system):
    with killed_at_the_end(subprocess.Popen(["sleep", "1000"])) as process:
        check_refused(open_door(process.pid), f"{process.pid}: does not run Python")


def test_a_zombie_has_ended(system):
    process = subprocess.Popen(["true"])
    wait_until(lambda: (pathlib.Path(f"/proc/{process.pid}/stat").read_text().split()[2]) == "Z", "a zombie")
    check_refused(open_door(process.pid), "has ended")
    process.wait()
    check_refused(open_door(process.pid), "no such process")


def test_a_thread_is_not_a_program(system):
    with working(system, "busy") as work:
        threads = [int(each.name) for each in (work.folder / "task").iterdir()]
        other = next(thread for thread in threads if thread != work.pid)
        check_refused(open_door(other), "no such process")


def test_a_kernel_thread_is_not_a_program():
    if pathlib.Path("/proc/2/comm").read_text() != "kthreadd\n":
        pytest.skip("SKIP: kernel threads are hidden here")
    check_refused(open_door(2))


def test_a_process_that_is_traced_is_refused(system):
    needs("strace")
    with working(system, "sleeps") as work:
        command = ["strace", "-qq", "-e", "trace=none", "-p", str(work.pid)]
        with killed_at_the_end(subprocess.Popen(command, stderr=subprocess.DEVNULL)) as tracer:
            status = work.folder / "status"
            wait_until(lambda: f"TracerPid:\t{tracer.pid}" in status.read_text(), "it is traced")
            check_refused(open_door(work.pid), f"is being traced by process {tracer.pid}")


def test_a_stopped_process_is_refused(system):
    with working(system, "sleeps") as work:
        stop(work.process)
        check_refused(open_door(work.pid), "is stopped", "kill -CONT")
        work.process.send_signal(signal.SIGCONT)
        assert work.finish() == "right\n"


def test_a_process_of_another_user_is_refused(system, somebody, built):
    user, folder = somebody
    shutil.copy(built.folder / "tests/programs/open_door", folder)
    shutil.copy(built.folder / "tests/programs/door.so", folder)
    with working(system, "sleeps") as work:
        program, library = folder / "open_door", folder / "door.so"
        done = open_door(work.pid, program=program, library=library, cwd=folder, **user)
        check_refused(done, "belongs to another user", "as root")


def test_a_python_that_is_too_old_is_refused():
    old = pathlib.Path.home() / ".pyenv/versions/3.7.16/bin/python3.7"
    if not old.exists():
        pytest.skip("SKIP: no Python 3.7 here")
    command = [old, "-c", "import sys; print('ready', flush=True); sys.stdin.read()"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with killed_at_the_end(process):
        assert process.stdout.readline() == "ready\n"
        check_refused(open_door(process.pid), "before 3.8")


def test_a_long_function_in_c_is_given_up_and_nothing_acts_later(system):
    with working(system, "holds") as work:
        done = open_door(work.pid, patience=0.05)
        if done.returncode == 1:
            check_refused(done, "function written in C")
        wait_until(lambda: not list(work.traces()), "what was queued has removed itself")
        assert work.copies_of_library() == (1 if done.returncode == 0 else 0)
        assert work.finish() == "right\n"


@pytest.mark.parametrize(
    "scope, words",
    [
        (None, "rights that you do not have"),
        ("0\n", "rights that you do not have"),
        ("1\n", "only to root"),
        ("2\n", "only to root"),
        ("3\n", "until it is restarted"),
    ],
)
def test_a_process_that_must_not_be_traced_is_refused_with_the_reason(system, somebody, built, scope, words):
    """A process that is not dumpable stands for one that a setting of the kernel protects."""
    user, folder = somebody
    for name in ("open_door", "door.so"):
        shutil.copy(built.folder / "tests/programs" / name, folder)
    yama = folder / "ptrace_scope"
    if scope is not None:
        yama.write_text(scope)
    program = (
        "import ctypes, sys; ctypes.CDLL(None).prctl(4, 0); print('ready', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": "/"}
    process = subprocess.Popen([system, "-c", program], **pipes, **user)
    with killed_at_the_end(process):
        assert process.stdout.readline() == "ready\n"
        programs = {"program": folder / "open_door", "library": folder / "door.so"}
        done = open_door(process.pid, yama=yama, cwd=folder, **programs, **user)
        check_refused(done, "cannot be traced", words)
        assert process.communicate("", timeout=PATIENCE) == ("", None)


def sandboxed(action):
    """A program that answers the system call `memfd_create` with that action of seccomp."""
    return f"""
import ctypes, struct, sys
rules = [(0x20, 0, 0, 0), (0x15, 0, 1, 319), (6, 0, 0, {action}), (6, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(rules), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(38, 1, 0, 0, 0)
print("ready" if libc.prctl(22, 2, filter, 0, 0) == 0 else "failed", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    "action, words", [(0x80000000, "sandbox (seccomp)"), (0x50001, "cannot make a file in memory")]
)
def test_a_sandbox_that_kills_or_refuses_does_no_harm(system, action, words):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with killed_at_the_end(subprocess.Popen([system, "-c", sandboxed(action)], **pipes)) as process:
        if process.stdout.readline() != "ready\n":
            pytest.skip("SKIP: no seccomp here")
        check_refused(open_door(process.pid), words)
        assert not list(Work(process).traces())
        assert process.communicate("", timeout=PATIENCE)[0] == "" and process.returncode == 0


def test_a_process_in_a_sandbox_that_allows_everything_is_entered_by_root(system):
    if os.geteuid() != 0:
        pytest.skip("SKIP: needs root")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with killed_at_the_end(subprocess.Popen([system, "-c", sandboxed(0x7FFF0000)], **pipes)) as process:
        if process.stdout.readline() != "ready\n":
            pytest.skip("SKIP: no seccomp here")
        check_entered(Work(process))
        assert process.communicate("", timeout=PATIENCE)[0] == "" and process.returncode == 0


def test_a_library_that_the_program_was_started_with_is_used(system):
    environment = os.environ | {"LD_PRELOAD": str(LIBRARY)}
    with working(system, "churn", env=environment) as work:
        done = open_door(work.pid, times=TIMES)
        assert done.returncode == 0, done.stdout
        assert work.copies_of_library() == 0  # the first one has a file
        wait_until(lambda: not list(work.traces()), "nothing of the entries is left")
        assert work.finish() == "right\n"


def test_a_client_that_is_interrupted_leaves_the_program_as_it_was(system):
    with working(system, "holds") as work:
        command = [PROGRAMS / "open_door", "--times", "100000", str(work.pid), LIBRARY]
        with killed_at_the_end(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as visitor:
            assert visitor.stdout.readline().startswith("hello")
            visitor.send_signal(signal.SIGINT)
            assert visitor.wait(PATIENCE) in (-signal.SIGINT, 0, 1)
        wait_until(lambda: not list(work.traces()), "nothing of the entries is left")
        assert work.finish() == "right\n"
