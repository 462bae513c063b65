"""If marks cannot be made, the program runs all the same, and one line says why and what to do."""

import errno
import os
import re
import shutil
import subprocess

import pytest

from conftest import AGENT, install, needs, unshared, unsanitized
from ring import stamp_of

PYTHON = "/usr/bin/python3"
DECORATED = "@profile\ndef f(): return 42\nprint(f())\n"
pytestmark = unsanitized  # the library of a sanitizer would be loaded before the agent


def lines_on_marks(text):
    lines = text.splitlines()
    return [line for line in lines if re.search("no (@profile )?marks|marks are missing", line)]


def line_on_marks(done):
    (line,) = lines_on_marks(done.err)
    return line


def execute(folder, *command):
    """Runs a command that starts mprofpp. It must exit with 0."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def marks(program):
    """Returns the command line of a program that does these actions."""
    return lambda actions: program("marks", *actions.split())


@pytest.fixture
def refuse(program):
    """Returns the start of a command line that runs a program for which these system calls fail."""

    def refuse(*calls, error=errno.EPERM):
        command = [str(word) for word in program("refuse", ",".join(calls), error)]
        done = subprocess.run([*command, "true"], capture_output=True, check=False)
        if done.returncode == 77:
            pytest.skip(f"SKIP: {done.stderr.decode().strip()}")
        return command

    return refuse


# The library


def remove(agent):
    agent.unlink()


def replace_by_text(agent):
    agent.write_text("no library\n")


def replace_by_folder(agent):
    agent.unlink()
    agent.mkdir()


def replace_by_pipe(agent):
    agent.unlink()
    os.mkfifo(agent)


def replace_by_another_library(agent):
    shutil.copy(agent.parent / "libmprofpp-draw.so", agent)


def cut_short(agent):
    os.truncate(agent, 100)


def as_of_another_build(library):
    """Returns the library with another stamp in place of the one of this build, everywhere."""
    stamp = stamp_of(AGENT)
    other = (stamp ^ 0x10000).to_bytes(4, "little")
    return library.read_bytes().replace(stamp.to_bytes(4, "little"), other)


def replace_by_one_of_another_build(agent):
    agent.write_bytes(as_of_another_build(agent))


TOGETHER = "(bin/, lib/ and libexec/ of mprofpp belong together)"
FAULTS = {
    remove: f"is missing{{}} {TOGETHER}",
    replace_by_text: f"is not the library of mprofpp{{}} {TOGETHER}",
    replace_by_folder: f"is not the library of mprofpp{{}} {TOGETHER}",
    replace_by_pipe: f"is not the library of mprofpp{{}} {TOGETHER}",
    replace_by_another_library: f"is not the library of mprofpp{{}} {TOGETHER}",
    cut_short: f"is not the library of mprofpp{{}} {TOGETHER}",
    replace_by_one_of_another_build: f"belongs to another build of mprofpp{{}} {TOGETHER}",
}


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def broken(request, mprofpp, tmp_path):
    """An installation with a wrong library: (the path of the library, the expected message)."""
    folder = install(tmp_path / "installed")
    agent = folder / "lib/mprofpp/libmprofpp-agent.so"
    request.param(agent)
    mprofpp.executable = folder / "bin/mprofpp"
    return agent, FAULTS[request.param]


def test_a_library_that_cannot_be_used_is_not_loaded_but_named(mprofpp, broken, marks):
    agent, why = broken
    done = mprofpp.record(marks("mark x"))
    assert done.status == 0 and done.recording.marks == []
    assert line_on_marks(done) == f"mprofpp: no marks: {agent} {why.format('')}"
    assert "ld.so" not in done.err
    done = mprofpp.record("--trace", "load*", ["true"])
    assert line_on_marks(done) == f"mprofpp: --trace load*: no marks: {agent} {why.format('')}"


def test_a_missing_decorator_is_explained(mprofpp, broken, tmp_path):
    agent, why = broken
    (tmp_path / "x.py").write_text(DECORATED)
    done = mprofpp.record([PYTHON, "x.py"])
    alone = subprocess.run([PYTHON, "x.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.status == alone.returncode == 1
    assert alone.stderr in done.err, "the program fails as without mprofpp"
    said = why.format(", so the decorator does not exist")
    assert line_on_marks(done) == f"mprofpp: x.py:1: no @profile marks: {agent} {said}"


def test_a_library_that_may_not_be_read_is_named(mprofpp, tmp_path, somebody):
    user, folder = somebody
    agent = install(folder / "installed") / "lib/mprofpp/libmprofpp-agent.so"
    agent.chmod(0)
    mprofpp.executable = folder / "installed/bin/mprofpp"
    output = folder / "x.dat"
    done = mprofpp("run", "-o", output, "true", output=output, cwd=folder, **user)
    assert done.status == 0
    assert line_on_marks(done) == f"mprofpp: no marks: {agent} cannot be opened: permission denied"


def test_a_library_on_a_file_system_without_exec_is_named(mprofpp, tmp_path):
    agent = install(tmp_path / "installed") / "lib/mprofpp/libmprofpp-agent.so"
    script = 'mount -t tmpfs -o noexec none "$1" && cp "$2" "$1" && shift 2 && exec "$@"'
    words = [tmp_path / "installed/bin/mprofpp", "run", "-o", tmp_path / "x.dat", "true"]
    shell = [*unshared("--mount"), "sh", "-c", script, "sh"]
    done = execute(tmp_path, *shell, agent.parent, AGENT, *words)
    assert "ld.so" not in done.stderr
    (line,) = lines_on_marks(done.stderr)
    assert line.startswith(f"mprofpp: no marks: {agent} cannot be loaded: operation not permitted (")


def test_a_quiet_run_does_not_mention_the_library(mprofpp, broken):
    assert mprofpp.record("-q", ["true"]).err == ""


def test_marks_of_another_build_are_reported_as_missing_and_others_are_recorded(mprofpp, marks, tmp_path):
    other = tmp_path / "other.so"
    other.write_bytes(as_of_another_build(AGENT))
    foreign = ["env", f"LD_PRELOAD={other}", f"MPROFPP_AGENT={other}", *marks("mark theirs")]
    script = '"$1" mark ours; shift; exec "$@"'
    done = mprofpp.record(["sh", "-c", script, "sh", marks("")[0], *foreign])
    assert done.status == 0 and [text for *_, text in done.recording.marks] == ["ours"]
    assert line_on_marks(done) == (
        "mprofpp: some marks are missing: a process used another build of mprofpp "
        "(was mprofpp reinstalled meanwhile? record again)"
    )
    done = mprofpp.record(foreign)
    assert line_on_marks(done).startswith("mprofpp: some marks are missing: a process used another")


# System calls that fail in the recorder


@pytest.mark.parametrize("call, what", [("mknod", "cannot make a pipe"), ("flock", "cannot lock a folder")])
def test_without_a_folder_the_decorator_exists_and_does_nothing(mprofpp, refuse, tmp_path, call, what):
    (tmp_path / "x.py").write_text(DECORATED)
    words = [mprofpp.executable, "run", "-o", tmp_path / "x.dat", PYTHON, "x.py"]
    done = execute(tmp_path, *refuse(call), *words)
    assert done.stdout == "42\n"
    (line,) = lines_on_marks(done.stderr)
    assert line.startswith(
        f"mprofpp: x.py:1: no @profile marks: {tmp_path}: {what}: operation not permitted, "
        "so the decorator does nothing (marks need a folder in /dev/shm or next to the recording; "
        "a sandbox may forbid it)"
    )
    assert not list(tmp_path.glob("mprofpp-run-*")), "nothing is left behind"


PASSES_THROUGH = """
import mprofpp
from memory_profiler import profile as other
@profile(precision=4)
def f(n): return n
@other
def g(n): return n
class A:
    @profile
    def m(self): return 3
    @staticmethod
    @profile
    def s(): return 4
@profile
async def c(): return 5
with profile.timestamp("block"): mprofpp.mark("here")
import asyncio
print(f(1), g(2), A().m(), A.s(), asyncio.run(c()))
"""


def test_a_decorator_that_does_nothing_accepts_everything_that_it_usually_accepts(mprofpp, refuse, tmp_path):
    (tmp_path / "x.py").write_text(PASSES_THROUGH)
    # -S hides memory_profiler, whose decorator would print a table
    words = [mprofpp.executable, "run", "-C", "-o", tmp_path / "x.dat", PYTHON, "-S", "x.py"]
    assert execute(tmp_path, *refuse("mknod"), *words).stdout == "1 2 3 4 5\n"


def test_system_calls_that_marks_do_not_need_may_fail(mprofpp, refuse, tmp_path):
    (tmp_path / "x.py").write_text(DECORATED)
    output = tmp_path / "x.dat"
    words = [mprofpp.executable, "run", "-o", output, PYTHON, "x.py"]
    done = execute(tmp_path, *refuse("memfd_create", "ftruncate"), *words)
    assert lines_on_marks(done.stderr) == []
    assert "FUNC __main__.f " in output.read_text()


# System calls that fail in the program


@pytest.mark.parametrize("more", [[], ["mknod"]], ids=["with notes", "without"])
@pytest.mark.parametrize("call", ["fallocate", "rename", "madvise"])
def test_a_program_that_cannot_create_its_file_is_reported_with_the_reason(
    mprofpp, refuse, tmp_path, call, more
):
    (tmp_path / "x.py").write_text(DECORATED)
    done = mprofpp.record([*refuse(call, *more), PYTHON, "x.py"])
    assert done.status == 0 and done.text == "42\n" and done.recording.calls == []
    # the line of the source is named only if the Python was sampled before it exited
    assert line_on_marks(done).endswith(
        ": no @profile marks: the program could not create a file for them: operation not permitted "
        "(if a sandbox or container forbids it, run mprofpp inside)"
    )


def test_the_reason_is_that_of_the_kernel(mprofpp, refuse, tmp_path):
    (tmp_path / "x.py").write_text(DECORATED)
    words = {
        errno.ENOSYS: "could not create a file for them: function not implemented",
        errno.ENOSPC: "there is no room for them in memory (df -h /dev/shm)",
        errno.EFBIG: "the file size limit is too small for them (ulimit -f",
    }
    for error, why in words.items():
        done = mprofpp.record([*refuse("fallocate", error=error), PYTHON, "x.py"])
        assert why in line_on_marks(done)


def test_a_program_in_c_that_cannot_create_its_file_is_reported_because_it_makes_marks(
    mprofpp, refuse, marks
):
    done = mprofpp.record([*refuse("fallocate", "mknod"), *marks("mark x")])
    assert done.status == 0 and done.recording.marks == []
    line = line_on_marks(done)
    assert line.startswith("mprofpp: no marks: the program could not create a file for them: operation not")
    script = '"$1" mark x; shift; exec "$@"'
    refused = [*refuse("fallocate"), *marks("mark y")]
    done = mprofpp.record(["sh", "-c", script, "sh", *marks(""), *refused])
    assert [text for *_, text in done.recording.marks] == ["x"]
    assert line_on_marks(done).startswith("mprofpp: some marks are missing: the program could not create a")


def test_a_program_that_may_not_write_to_the_folder_is_reported(mprofpp, marks):
    """The folder is read-only, as in a sandbox that shows the system but forbids changes."""
    script = 'mount -o bind /dev/shm /dev/shm && mount -o remount,bind,ro /dev/shm && exec "$@"'
    done = mprofpp.record([*unshared("--mount"), "sh", "-c", script, "sh", *marks("mark x")])
    assert done.status == 0 and done.recording.marks == []
    assert "could not create a file for them: read-only file system (if a sandbox" in line_on_marks(done)


# Programs into which the library cannot be loaded

STATIC = "is statically linked, so no library can be loaded into it (link it without -static)"
INSTRUMENTED = """
__attribute__((noinline)) int load(int n) { return n + 1; }
int main(void) { return load(0) - 1; }
"""


@pytest.fixture
def instrumented(tmp_path):
    def build(*flags):
        needs("gcc")
        (tmp_path / "x.c").write_text(INSTRUMENTED)
        words = ["gcc", "-O1", "-finstrument-functions", *flags, "-o", tmp_path / "x", tmp_path / "x.c"]
        if subprocess.run(words, capture_output=True, check=False).returncode != 0:
            pytest.skip(f"SKIP: gcc {' '.join(flags)} does not work here")
        return tmp_path / "x"

    return build


@pytest.mark.parametrize(
    "flag, why",
    [
        ("-static", STATIC),
        ("-static-pie", STATIC),
        ("-m32", "is a 32-bit program (build it without -m32)"),
    ],
)
def test_a_program_into_which_no_library_can_be_loaded_is_named(mprofpp, instrumented, flag, why):
    path = instrumented(flag)
    done = mprofpp.record("--trace", "load", [path])
    assert done.status == 0
    assert line_on_marks(done) == f"mprofpp: --trace load: no marks: {path} {why}"


def test_a_program_with_more_privileges_than_the_user_is_named(mprofpp, instrumented, somebody):
    user, folder = somebody
    path = shutil.copy(instrumented(), folder / "x")
    path.chmod(0o4755)
    output = folder / "x.dat"
    done = mprofpp("run", "-o", output, "--trace", "load", path, output=output, cwd=folder, **user)
    why = "has more privileges than you, so the linker loads no library into it"
    assert f"{path} {why}" in line_on_marks(done)


def test_missing_functions_are_the_reason_if_the_library_was_loaded_into_any_program(mprofpp, instrumented):
    done = mprofpp.record("--trace", "load", ["sh", "-c", f"{instrumented('-static')}; true"])
    assert "no function with a matching name was called" in line_on_marks(done)
