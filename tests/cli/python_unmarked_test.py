"""A program asks for marks of Python and none comes: one line says why, and what to do."""

import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import BUILD, needs, unshared, unsanitized
from pythons import INTERPRETERS
from recording import Recording

PYTHON = "/usr/bin/python3"
NEVER_CALLED = "@profile\ndef f(): pass\n"
CALLED = NEVER_CALLED + "f()\n"
pytestmark = unsanitized  # a sanitizer's runtime in the agent's place would be another test


def lines_on_marks(done):
    return [line for line in done.said if "made no marks" in line]


def line_on_marks(done):
    (line,) = lines_on_marks(done)
    return line


@pytest.fixture
def explain(mprofpp, tmp_path):
    """Runs a source and answers the one line about its marks."""

    def explain(source, *options, python=PYTHON, name="x.py", **more):
        (tmp_path / name).write_text(source)
        done = mprofpp.record(*options, [python, name], **more)
        assert done.recording.calls == []
        return line_on_marks(done)

    return explain


def test_a_decorated_function_that_nobody_calls(explain):
    assert explain("import os\n" + NEVER_CALLED) == (
        "mprofpp: x.py:2: @profile made no marks: nothing that is decorated was called "
        "(call it while it is recorded)"
    )


def test_a_line_that_is_never_reached(explain):
    line = explain("def unused():\n  @profile\n  def f(): pass\n")
    assert line.startswith("mprofpp: x.py:2: @profile made no marks: that line was not reached")


def test_a_decorated_thing_that_is_no_function(explain):
    assert "x.py:1: @profile made no marks: what is decorated is no function" in explain(
        "@profile\nclass A: pass\n"
    )


def test_a_decorated_function_of_a_file_that_nobody_named(mprofpp, tmp_path):
    (tmp_path / "other.py").write_text(NEVER_CALLED)
    done = mprofpp.record([PYTHON, "-c", "import other"])
    assert line_on_marks(done).startswith("mprofpp: @profile made no marks: nothing that is decorated")


def test_marks_that_the_user_has_left_out(explain):
    line = explain(CALLED, "--no-marks")
    assert line == "mprofpp: x.py:1: @profile made no marks: they are left out (run without --no-marks)"


OLD = ["2.7", "3.6", "3.7"]


@pytest.mark.parametrize("version", OLD)
def test_an_interpreter_that_is_too_old(explain, version):
    found = sorted(pathlib.Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    path = str(found[0]) if found else shutil.which(f"python{version}")
    if path is None:
        pytest.skip(f"SKIP: no Python {version} here")
    assert f"python{version} is too old (CPython 3.8 or later" in explain(CALLED, python=path)


def test_pypy(explain):
    needs("pypy3")
    assert "is PyPy (CPython gets them: python3" in explain(CALLED, python=shutil.which("pypy3"))


@pytest.mark.parametrize("version", ["3.8", "3.13"])
def test_an_interpreter_without_a_lock(explain, version):
    """As far as one with a lock can be made to look like it."""
    python = INTERPRETERS[version]
    folder = pathlib.Path(python).resolve().parents[1] if python else None
    if folder is None or not list(folder.glob("lib/libpython3.*.so.1.0")):
        pytest.skip(f"SKIP: no Python {version} with a shared library here")
    environment = os.environ | {"LD_PRELOAD": str(BUILD / "tests/preload/free_threaded.so")}
    line = explain(CALLED, python=python, env=environment)
    assert "free-threaded Pythons get none (the build with the lock" in line


# It does nothing, but it looks like one. What matters is its kind of executable.
def build_python(folder, *flags):
    needs("gcc")
    (folder / "main.c").write_text("int main(void) { return 0; }\n")
    words = ["gcc", *flags, "-o", folder / "python3", folder / "main.c"]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip(f"SKIP: gcc {' '.join(flags)} does not work here")
    return folder / "python3"


@pytest.mark.parametrize(
    "flag, why",
    [
        ("-static", "python3 is linked statically, and nothing can be loaded into it (/usr/bin/python3"),
        ("-m32", "python3 is a 32-bit program (a 64-bit Python"),
        ("-O1", "this Python is none that mprofpp knows (CPython 3.8 or later"),
    ],
)
def test_an_interpreter_that_the_library_does_not_get_into(explain, tmp_path, flag, why):
    assert why in explain(CALLED, python=build_python(tmp_path, flag))


def test_an_interpreter_with_more_rights_than_the_user(mprofpp, tmp_path, somebody):
    user, folder = somebody
    (folder / "x.py").write_text(CALLED)
    copy = folder / "python3"
    shutil.copy(os.path.realpath(PYTHON), copy)
    copy.chmod(0o4755)
    output = folder / "x.dat"
    done = mprofpp("run", "-o", output, copy, "x.py", output=output, cwd=folder, **user)
    assert f"{copy} has more rights than you" in line_on_marks(done)


# it begins another program with an empty environment, and nobody can follow it there
CLEARING = """
#include <unistd.h>
int main(int count, char** words) {
  char* none[] = {0};
  return count > 1 ? execve(words[1], words + 1, none) : 1;
}
"""


# a program that goes on when the recorder has seen what it has become
SEEN = """
import glob, os, time
def lines(): return (line for path in glob.glob('recording*.dat') for line in open(path))
while not any(l.startswith(f'PROC {os.getpid()} ') and ' python3 ' in l for l in lines()): time.sleep(0.01)
"""


@pytest.fixture
def clear(tmp_path):
    needs("gcc")
    (tmp_path / "clear.c").write_text(CLEARING)
    words = ["gcc", "-static", "-o", tmp_path / "clear", tmp_path / "clear.c"]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: gcc -static does not work here")
    return tmp_path / "clear"


def test_an_environment_that_was_cleared_on_the_way(mprofpp, clear):
    done = mprofpp.record("-T", "10ms", [clear, PYTHON, "-c", SEEN])
    assert lines_on_marks(done) == [], "nobody asked"
    line = line_on_marks(mprofpp.record("-T", "10ms", [clear, PYTHON, "-c", SEEN + CALLED]))
    assert line.startswith("mprofpp: -c:5: @profile made no marks: what started this Python took its")
    assert "sudo mprofpp run" in line


def test_a_run_folder_that_the_program_cannot_see(mprofpp, tmp_path):
    """As in a container: an empty file system lies over the place of the rings."""
    hide = [*unshared("--mount"), "sh", "-c", 'mount -t tmpfs none /dev/shm && exec "$@"', "sh"]
    (tmp_path / "x.py").write_text(SEEN + CALLED)
    done = mprofpp.record("-T", "10ms", [*hide, PYTHON, "x.py"])
    assert "this Python is in a container or chroot" in line_on_marks(done)


def test_no_room_for_marks(mprofpp, tmp_path):
    (tmp_path / "x.py").write_text(CALLED)
    script = 'mount -t tmpfs -o size=64k none /dev/shm && exec "$@"'
    words = [mprofpp.executable, "run", "-o", tmp_path / "x.dat", PYTHON, "x.py"]
    done = subprocess.run(
        [*unshared("--mount"), "sh", "-c", script, "sh", *words],
        cwd=tmp_path, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    (line,) = [line for line in done.stderr.splitlines() if "made no marks" in line]
    assert "x.py:1: @profile made no marks: there is no room for them in memory (df -h /dev/shm)" in line


def test_a_pattern_that_no_function_has(mprofpp):
    done = mprofpp.record("--trace", "app.*", [PYTHON, "-c", "def f(): pass\nf()"])
    line = line_on_marks(done)
    assert line.startswith("mprofpp: --trace app.*: made no marks: no function of such a name was called")
    assert "module.qualname" in line


def test_a_pattern_and_no_program_that_tells_of_its_functions(mprofpp):
    line = line_on_marks(mprofpp.record("--trace", "load*", ["true"]))
    assert line.startswith("mprofpp: --trace load*: made no marks: no function of such a name was called")
    assert "-finstrument-functions" in line


def test_the_application_of_a_server(mprofpp, tmp_path):
    needs("gunicorn")
    (tmp_path / "app.py").write_text(NEVER_CALLED + "def app(environment, start): pass\n")
    done = mprofpp.record(["gunicorn", "--check-config", "app:app"])
    assert line_on_marks(done).startswith("mprofpp: app.py:1: @profile made no marks: nothing that")


@pytest.mark.parametrize(
    "source",
    [
        CALLED,
        "from mprofpp import mark\n@profile\ndef f(): pass\nmark('reached')\n",
        "'''\n@profile\n'''\n# @profile\n",
        "def profile(f): return f\n@profile\ndef f(): pass\n",
        "with profile.timestamp('block'): pass\n",
    ],
    ids=["marked", "a mark", "text", "its own", "a block"],
)
def test_nothing_is_said_where_nothing_is_missing(mprofpp, tmp_path, source):
    (tmp_path / "x.py").write_text(source)
    done = mprofpp.record([PYTHON, "x.py"])
    assert done.status == 0 and lines_on_marks(done) == []


def test_nothing_is_said_to_who_wants_to_hear_nothing(mprofpp, tmp_path):
    (tmp_path / "x.py").write_text(NEVER_CALLED)
    assert mprofpp.record("-q", [PYTHON, "x.py"]).err == ""


def test_nothing_is_said_of_a_program_whose_marks_another_recorder_gets(mprofpp, tmp_path):
    (tmp_path / "x.py").write_text(SEEN + CALLED)
    inner = [mprofpp.executable, "run", "-q", "-o", tmp_path / "inner.dat", PYTHON, "x.py"]
    assert lines_on_marks(mprofpp.record("-C", "-T", "10ms", inner)) == []
    assert Recording(tmp_path / "inner.dat").call("__main__.f").level == 0
