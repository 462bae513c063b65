"""`mprofpp attach --trace` and `--lines-of`: functions of Python programs that run already are marked, and at
the end nothing of it acts in them any more."""

import os
import shutil
import signal
import subprocess
import time

import pytest

from conftest import PATIENCE, ROOT, SANITIZED, killed_at_the_end, unshared, wait_until
from entered import seen, working
from inspected import inspected, need_tracing  # noqa: F401
from pythons import interpreters, python, system, version_of  # noqa: F401
from recording import Recording

pytestmark = pytest.mark.skipif(SANITIZED, reason="SKIP: the library cannot be sanitized alone")
if os.uname().machine != "x86_64":
    pytestmark = pytest.mark.skip(reason="SKIP: processes are entered on x86-64 only")

CALLS = ROOT / "tests/programs/inject/calls.py"
BOTH = ["--all-calls", "--trace", "__main__.*", "--lines-of", "__main__.work"]


@pytest.fixture(autouse=True)
def _tracing():
    need_tracing()


def calling(interpreter, prefix=(), **options):
    return working(interpreter, program=CALLS, prefix=prefix, made=seen, **options)


class Attached:
    """A running `mprofpp attach`, which marks functions of a program."""

    def __init__(self, mprofpp, path, pid, *options):
        self.path = path
        words = ["attach", "-f", "-o", path, "-T", "10ms", *options, pid]
        self.process = mprofpp.start(*words, stderr=subprocess.PIPE, text=True)

    def await_calls(self, pid, least=20):
        def has_calls():
            assert self.process.poll() is None, self.process.stderr.read()
            return self.path.exists() and len(self.calls("work", pid)) >= least

        wait_until(has_calls, "calls are recorded")

    def calls(self, name, pid):
        return [c for c in Recording(self.path).calls_of(f"__main__.{name}") if c.pid == pid]

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        said = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, said


def check_left(work):
    """Nothing is left in the program but one copy of the library."""
    wait_until(lambda: not list(work.threads()), "the threads of the library have ended")
    wait_until(lambda: not list(work.traces()), "nothing of the entry is left")
    assert work.copies_of_library() == 1
    wait_until(lambda: "/dev/shm" not in (work.folder / "maps").read_text(), "no ring is mapped")
    assert not [link for link in work.descriptors() if "statm" in link or "mprofpp" in link]


def run_code(mprofpp, pid, code):
    done = mprofpp("console", "--max-pause", "60s", "-c", code, pid)
    assert done.status == 0, done.err
    return done.text


def check_hooks_are_gone(mprofpp, python, pid):
    """No tool of sys.monitoring is in use, and no function of ours evaluates frames."""
    if version_of(python) >= (3, 12):
        code = "import sys; m = sys.monitoring; print([m.get_tool(i) for i in range(6)])"
        assert run_code(mprofpp, pid, code) == f"{[None] * 6}\n"
    else:
        assert run_code(mprofpp, pid, evaluator_of(python)) == "True\n"


def evaluator_of(python):
    """Code that prints whether Python evaluates frames with its own function."""
    state = "c.pythonapi.PyInterpreterState_Get" if version_of(python) >= (3, 9) else ""
    if not state:
        return "print(True)"
    return f"""
import ctypes as c
g, e = {state}, c.pythonapi._PyInterpreterState_GetEvalFrameFunc
g.restype = e.restype = c.c_void_p
e.argtypes = [c.c_void_p]
print(e(g()) == c.cast(c.pythonapi._PyEval_EvalFrameDefault, c.c_void_p).value)
"""


@interpreters()
def test_functions_and_lines_of_a_running_program_are_recorded_and_nothing_is_left(mprofpp, python, tmp_path):
    with calling(python) as work:
        for path in (tmp_path / "first.dat", tmp_path / "second.dat"):
            since = time.time()
            attached = Attached(mprofpp, path, work.pid, *BOTH)
            attached.await_calls(work.pid)
            status, said = attached.end()
            assert status == 0 and "no functions" not in said, said
            check_left(work)
            check_recording(mprofpp, path, work.pid, since)
        check_hooks_are_gone(mprofpp, python, work.pid)
        check_left(work)
        assert work.finish() == "right\n"


def check_recording(mprofpp, path, pid, since):
    recording = Recording(path)
    for name in ("leaf", "numbers", "work"):
        calls = recording.calls_of(f"__main__.{name}")
        assert len(calls) >= 15 and {call.pid for call in calls} == {pid}
        for call in calls:
            assert since <= call.t_in <= call.t_out <= time.time()
    assert all(c.seconds >= 0.001 or "open" in c.flags for c in recording.calls_of("__main__.work"))
    assert "__main__.call_until_stopped" not in {call.name for call in recording.calls}
    done = mprofpp("peak", "--func", "__main__.work", path)
    assert done.status == 0 and "__main__.work" in done.text
    lines = mprofpp("lines", path).text
    (line,) = (line for line in lines.splitlines() if "total += leaf(number)" in line)
    occurrences = int(line.split()[5])
    assert len(recording.calls_of("__main__.work")) * 5 - 10 <= occurrences


@interpreters()
def test_children_that_are_forked_meanwhile_are_marked(mprofpp, python, tmp_path):
    with calling(python) as work:
        attached = Attached(mprofpp, tmp_path / "x.dat", work.pid, "-C", *BOTH)
        attached.await_calls(work.pid)
        work.process.stdin.write("fork\n")
        work.process.stdin.flush()
        child = int(work.process.stdout.readline())
        attached.await_calls(child)
        os.kill(child, signal.SIGTERM)
        assert attached.end()[0] == 0
        assert {call.pid for call in Recording(tmp_path / "x.dat").calls} == {work.pid, child}
        check_left(work)
        assert work.finish() == "right\n"


def test_a_timeout_ends_the_marks(mprofpp, system, tmp_path):
    with calling(system) as work:
        done = mprofpp("attach", "-t", "300ms", "-o", tmp_path / "x.dat", *BOTH, work.pid)
        assert done.status == 0
        assert Recording(tmp_path / "x.dat").calls_of("__main__.work")
        check_left(work)
        assert work.finish() == "right\n"


@interpreters()
def test_the_marks_of_a_killed_recorder_end_by_themselves(mprofpp, python, tmp_path):
    with calling(python) as work:
        attached = Attached(mprofpp, tmp_path / "x.dat", work.pid, *BOTH)
        attached.await_calls(work.pid)
        attached.end(signal.SIGKILL)
        check_left(work)
        check_hooks_are_gone(mprofpp, python, work.pid)
        again = Attached(mprofpp, tmp_path / "y.dat", work.pid, *BOTH)
        again.await_calls(work.pid)
        assert again.end()[0] == 0
        assert work.finish() == "right\n"


def test_a_program_that_run_has_started_is_refused(mprofpp, inspected, system, tmp_path):
    program = inspected(system)
    done = mprofpp("attach", "-t", "200ms", "-o", tmp_path / "x.dat", "--trace", "__main__.*", program.pid)
    assert done.status == 0
    assert done.says(str(program.pid), "another recorder marks the functions of this program")
    assert done.says("its memory is recorded, but no functions")
    assert Recording(tmp_path / "x.dat").samples
    assert program.end()[0] == 0


def test_two_recorders_at_once_are_refused(mprofpp, system, tmp_path):
    with calling(system) as work:
        first = Attached(mprofpp, tmp_path / "x.dat", work.pid, *BOTH)
        first.await_calls(work.pid)
        done = mprofpp("attach", "-t", "200ms", "-o", tmp_path / "y.dat", "--trace", "*", work.pid)
        assert done.status == 0 and done.says("another recorder marks the functions of this program")
        before = len(first.calls("work", work.pid))
        first.await_calls(work.pid, before + 20)
        assert first.end()[0] == 0
        check_left(work)
        assert work.finish() == "right\n"


def test_a_program_without_python_is_recorded_without_functions(mprofpp, tmp_path):
    with killed_at_the_end(subprocess.Popen(["sleep", "1000"])) as process:
        done = mprofpp("attach", "-t", "200ms", "-o", tmp_path / "x.dat", "--trace", "*", process.pid)
    assert done.status == 0
    assert sum("does not run Python" in line for line in done.said) == 1
    assert Recording(tmp_path / "x.dat").samples


def test_a_program_that_ends_meanwhile_is_not_reported_as_lost(mprofpp, system, tmp_path):
    with calling(system) as work:
        attached = Attached(mprofpp, tmp_path / "x.dat", work.pid, *BOTH)
        attached.await_calls(work.pid)
        assert work.finish() == "right\n"
        said = attached.process.communicate(timeout=PATIENCE)[1]
        assert attached.process.returncode == 0 and "the process exited after" in said
        assert "process " + str(work.pid) not in said


def copy_for(user, folder):
    """The program, in a folder that this user may read."""
    shutil.copy(CALLS, folder)
    if subprocess.run(["/usr/bin/python3", "-V"], capture_output=True, check=False, **user).returncode != 0:
        pytest.skip("SKIP: other users cannot run Python")
    return folder / CALLS.name


def test_root_marks_a_program_of_another_user(mprofpp, system, somebody, tmp_path):
    user, folder = somebody
    with working(system, program=copy_for(user, folder), made=seen, cwd="/", **user) as work:
        attached = Attached(mprofpp, tmp_path / "x.dat", work.pid, *BOTH)
        attached.await_calls(work.pid)
        assert attached.end()[0] == 0
        check_left(work)
        assert work.finish() == "right\n"


@pytest.mark.parametrize("how", ["pid", "net"])
def test_a_program_in_a_namespace_is_marked(mprofpp, system, tmp_path, how):
    flags = {"pid": ["--pid", "--fork", "--mount-proc", "--kill-child"], "net": ["--net"]}[how]
    with calling(system, prefix=unshared(*flags)) as outer:
        work = outer
        if how == "pid":
            work = seen(outer.process)
            work.pid = int((outer.folder / f"task/{outer.pid}/children").read_text().split()[0])
        attached = Attached(mprofpp, tmp_path / "x.dat", work.pid, *BOTH)
        attached.await_calls(work.pid)
        assert attached.end()[0] == 0
        check_left(work)
        assert work.finish() == "right\n"


def test_the_help_describes_marks(mprofpp):
    text = mprofpp("attach", "--help").text
    assert "--trace PATTERN" in text and "--lines-of PATTERN" in text
    assert "nothing acts in the program any more" in text
