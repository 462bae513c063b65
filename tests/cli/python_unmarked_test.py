"""If a program wants marks of Python functions and has none, one line says why and what to do."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import BUILD, needs, unshared, unsanitized
from pythons import interpreters, python  # noqa: F401 (a fixture)
from recording import Recording

PYTHON = "/usr/bin/python3"
NEVER_CALLED = "@profile\ndef f(): pass\n"
CALLED = NEVER_CALLED + "f()\n"
pytestmark = unsanitized  # the library of a sanitizer would be loaded before the agent


def lines_on_marks(done):
    wanted = re.compile("no @profile marks|--trace .*: no marks")
    return [line for line in done.said if wanted.search(line)]


def line_on_marks(done):
    (line,) = lines_on_marks(done)
    return line


@pytest.fixture
def explain(mprofpp, tmp_path):
    """Runs a source. Returns the only line about its marks."""

    def explain(source, *options, python=PYTHON, name="x.py", **more):
        (tmp_path / name).write_text(source)
        done = mprofpp.record(*options, [python, name], **more)
        assert done.recording.calls == []
        return line_on_marks(done)

    return explain


def test_a_decorated_function_that_is_never_called(explain):
    assert explain("import os\n" + NEVER_CALLED) == (
        "mprofpp: x.py:2: no @profile marks: no decorated function was called "
        "(call it during the recording)"
    )


def test_a_line_that_is_never_reached(explain):
    line = explain("def unused():\n  @profile\n  def f(): pass\n")
    assert line.startswith("mprofpp: x.py:2: no @profile marks: that line was not reached")


def test_a_decorated_object_that_is_not_a_function(explain):
    assert "x.py:1: no @profile marks: the decorated object is not a Python function" in explain(
        "@profile\nclass A: pass\n"
    )


def test_a_decorated_function_of_an_imported_file(mprofpp, tmp_path):
    (tmp_path / "other.py").write_text(NEVER_CALLED)
    done = mprofpp.record([PYTHON, "-c", "import other"])
    assert line_on_marks(done).startswith("mprofpp: no @profile marks: no decorated function")


def test_marks_that_the_user_has_turned_off(explain):
    line = explain(CALLED, "--no-marks")
    assert line == "mprofpp: x.py:1: no @profile marks: they are turned off (run without --no-marks)"


OLD = ["2.7", "3.6", "3.7"]


@pytest.mark.parametrize("version", OLD)
def test_an_interpreter_that_is_too_old(explain, version):
    found = sorted(pathlib.Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    path = str(found[0]) if found else shutil.which(f"python{version}")
    if path is None:
        pytest.skip(f"SKIP: no Python {version} here")
    assert f"python{version} is too old (use CPython 3.8 or later" in explain(CALLED, python=path)


def test_pypy(explain):
    needs("pypy3")
    line = explain(CALLED, python=shutil.which("pypy3"))
    assert "is PyPy, which is not supported (use CPython, e.g. python3)" in line


@pytest.fixture
def saying(python):
    """Makes an interpreter report another version, by a library that is loaded before its own."""
    folder = pathlib.Path(python).resolve().parents[1]
    if not list(folder.glob("lib/libpython3.*.so.1.0")):
        pytest.skip(f"SKIP: {python} has no shared library")
    library = str(BUILD / "tests/preload/said_version.so")
    return lambda version: {"LD_PRELOAD": library, "SAID_VERSION": version}


WITHOUT_LOCK = "3.13.0 experimental free-threading build (main, Oct  7 2024, 00:00:00) [GCC 12.2.0]"
EVERY_KIND = """
from mprofpp import mark
@profile
def f(): return 1
with profile.timestamp("block"):
    mark("now")
    assert f() == 1
"""


@interpreters()
def test_an_interpreter_without_a_lock(explain, python, saying):
    """An interpreter with a lock that is made to look like one without."""
    line = explain(EVERY_KIND, python=python, env=os.environ | saying(WITHOUT_LOCK))
    assert line.startswith(
        "mprofpp: x.py:3: no @profile marks: free-threaded Python is not supported (use a build"
    )
    line = explain(
        "def f(): pass\nf()\n", "--trace", "*.f", python=python, env=os.environ | saying(WITHOUT_LOCK)
    )
    assert line.startswith("mprofpp: --trace *.f: no marks: free-threaded Python is not supported")


@interpreters()
def test_an_interpreter_without_a_lock_is_not_mentioned_if_no_marks_are_wanted(mprofpp, python, saying):
    done = mprofpp.record([python, "-c", "pass"], env=os.environ | saying(WITHOUT_LOCK))
    assert (done.status, lines_on_marks(done)) == (0, [])


@interpreters()
def test_an_interpreter_without_a_lock_next_to_one_that_made_marks(mprofpp, tmp_path, python, saying):
    (tmp_path / "x.py").write_text(CALLED)
    variables = [f"{name}={value}" for name, value in saying(WITHOUT_LOCK).items()]
    script = '"$1" x.py && shift && exec env "$@"'
    done = mprofpp.record("-C", ["sh", "-c", script, "sh", PYTHON, *variables, python, "x.py"])
    assert (done.status, len(done.recording.calls)) == (0, 1)
    why = "free-threaded Python is not supported"
    assert f"no @profile marks in some programs: {why}" in line_on_marks(done)


NEWER = "3.16.0 (main, Oct  7 2026, 00:00:00) [GCC 16.1.0]"
WORDS_OF_NEWER = (
    "mprofpp: warning: python3.16 is newer than 3.15, the newest version mprofpp was tested with; "
    "marks may be wrong"
)
FORKING = """
import os
@profile
def f(): raise KeyError
def attempt():
    try: f()
    except KeyError: pass
attempt()
if os.fork() == 0:
    attempt()
    os._exit(0)
os.wait()
"""


@interpreters(first=(3, 12))
def test_an_interpreter_newer_than_all_tested_ones_is_marked_and_named_once(
    mprofpp, tmp_path, python, saying
):
    (tmp_path / "x.py").write_text(FORKING)
    done = mprofpp.record("-C", [python, "x.py"], env=os.environ | saying(NEWER))
    assert done.status == 0 and done.said.count(WORDS_OF_NEWER) == 1 and lines_on_marks(done) == []
    assert [(call.name, call.level, "raised" in call.flags) for call in done.recording.calls] == [
        ("__main__.f", 0, True)
    ] * 2
    done = mprofpp.record([python, "-c", "pass"], env=os.environ | saying(NEWER))
    assert WORDS_OF_NEWER not in done.said, "no marks are wanted"


SITE = {
    "without an event": """
import sys, types
events = sys.monitoring.events
there = {name: getattr(events, name) for name in dir(events) if name.isupper() and name != "PY_THROW"}
sys.monitoring.events = types.SimpleNamespace(**there)
""",
    "with two events that are the same": """
import sys, types
events = sys.monitoring.events
there = {name: getattr(events, name) for name in dir(events) if name.isupper()}
sys.monitoring.events = types.SimpleNamespace(**there | {"PY_THROW": events.PY_UNWIND})
""",
    "without monitoring": "import sys\ndel sys.monitoring\n",
    "without a function to set callbacks": "import sys\ndel sys.monitoring.register_callback\n",
}
RAISING = "@profile\ndef f(): raise KeyError\ntry: f()\nexcept KeyError: pass\n"


def check_unfit(mprofpp, python, folder, why, **environment):
    """Checks that patterns find no function, for this reason, and decorated functions are marked."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | environment
    (folder / "x.py").write_text(RAISING)
    (folder / "traced.py").write_text(RAISING.replace("@profile\n", ""))
    done = mprofpp.record("--trace", "*.f", [python, "traced.py"], env=environment)
    assert done.status == 0 and done.recording.calls == []
    assert line_on_marks(done) == f"mprofpp: --trace *.f: no marks: {why}"
    done = mprofpp.record([python, "x.py"], env=environment)
    call = done.recording.call("__main__.f")
    assert (done.status, call.level, "raised" in call.flags, lines_on_marks(done)) == (0, 0, True, [])


UNFIT = "this Python does not report calls as mprofpp expects (@profile still works)"


@interpreters(first=(3, 12))
@pytest.mark.parametrize("site", SITE)
def test_an_interpreter_whose_events_cannot_be_looked_up(mprofpp, tmp_path, python, site):
    (tmp_path / "sitecustomize.py").write_text(SITE[site])
    check_unfit(mprofpp, python, tmp_path, UNFIT)


SWAPPED = """
import sys, types
events = sys.monitoring.events
there = {name: getattr(events, name) for name in dir(events) if name.isupper()}
there.update(PY_UNWIND=events.RAISE, RAISE=events.PY_UNWIND)
sys.monitoring.events = types.SimpleNamespace(**there)
"""


@interpreters(first=(3, 12))
def test_a_newer_interpreter_whose_events_mean_something_else(mprofpp, tmp_path, python, saying):
    (tmp_path / "sitecustomize.py").write_text(SWAPPED)
    check_unfit(mprofpp, python, tmp_path, UNFIT, **saying(NEWER))


@interpreters(first=(3, 12))
def test_a_program_that_uses_all_tool_ids_of_monitoring(mprofpp, tmp_path, python):
    taking = "import sys\nfor i in range(6): sys.monitoring.use_tool_id(i, 'own')\n"
    (tmp_path / "sitecustomize.py").write_text(taking)
    why = "the program uses all tool ids of sys.monitoring (@profile works without one)"
    check_unfit(mprofpp, python, tmp_path, why)


@interpreters(first=(3, 12))
def test_a_pattern_that_finds_no_function_next_to_a_decorator_that_works(mprofpp, tmp_path, python):
    (tmp_path / "sitecustomize.py").write_text(SITE["without an event"])
    (tmp_path / "x.py").write_text(RAISING)
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = mprofpp.record("--trace", "*.g", [python, "x.py"], env=environment)
    assert done.recording.call("__main__.f").level == 0
    assert line_on_marks(done) == f"mprofpp: --trace *.g: no marks in some programs: {UNFIT}"


# A program that does nothing but has the name of an interpreter. Only the kind of executable matters.
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
        ("-static", "python3 is statically linked, so no library can be loaded into it (use another"),
        ("-m32", "python3 is a 32-bit program (use a 64-bit Python"),
        ("-O1", "mprofpp does not know this Python (use CPython 3.8 or later"),
    ],
)
def test_an_interpreter_into_which_the_library_cannot_be_loaded(explain, tmp_path, flag, why):
    assert why in explain(CALLED, python=build_python(tmp_path, flag))


def test_an_interpreter_with_more_privileges_than_the_user(mprofpp, tmp_path, somebody):
    user, folder = somebody
    (folder / "x.py").write_text(CALLED)
    copy = folder / "python3"
    shutil.copy(os.path.realpath(PYTHON), copy)
    copy.chmod(0o4755)
    output = folder / "x.dat"
    done = mprofpp("run", "-o", output, copy, "x.py", output=output, cwd=folder, **user)
    assert f"{copy} has more privileges than you" in line_on_marks(done)


# executes another program with an empty environment, in which the agent is not loaded
CLEARING = """
#include <unistd.h>
int main(int count, char** words) {
  char* none[] = {0};
  return count > 1 ? execve(words[1], words + 1, none) : 1;
}
"""


# waits until the recorder has recorded that the process has become Python
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


def test_an_environment_that_was_cleared_before_python_started(mprofpp, clear):
    done = mprofpp.record("-T", "10ms", [clear, PYTHON, "-c", SEEN])
    assert lines_on_marks(done) == [], "no marks are wanted"
    line = line_on_marks(mprofpp.record("-T", "10ms", [clear, PYTHON, "-c", SEEN + CALLED]))
    assert line.startswith("mprofpp: -c:5: no @profile marks: the environment was cleared before this Python")
    assert "sudo mprofpp run" in line


def test_a_run_folder_that_the_program_cannot_see(mprofpp, tmp_path):
    """An empty file system hides the folder of the rings, as in a container."""
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
    (line,) = [line for line in done.stderr.splitlines() if "no @profile marks" in line]
    assert "x.py:1: no @profile marks: there is no room for them in memory (df -h /dev/shm)" in line


def test_a_pattern_that_matches_no_function(mprofpp):
    done = mprofpp.record("--trace", "app.*", [PYTHON, "-c", "def f(): pass\nf()"])
    line = line_on_marks(done)
    assert line.startswith("mprofpp: --trace app.*: no marks: no function with a matching name was called")
    assert "module.qualname" in line


def test_a_pattern_without_a_program_that_reports_functions(mprofpp):
    line = line_on_marks(mprofpp.record("--trace", "load*", ["true"]))
    assert line.startswith("mprofpp: --trace load*: no marks: no function with a matching name was called")
    assert "-finstrument-functions" in line


def test_the_application_of_a_server(mprofpp, tmp_path):
    needs("gunicorn")
    (tmp_path / "app.py").write_text(NEVER_CALLED + "def app(environment, start): pass\n")
    done = mprofpp.record(["gunicorn", "--check-config", "app:app"])
    assert line_on_marks(done).startswith("mprofpp: app.py:1: no @profile marks: no decorated")


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
def test_no_message_is_printed_if_no_mark_is_missing(mprofpp, tmp_path, source):
    (tmp_path / "x.py").write_text(source)
    done = mprofpp.record([PYTHON, "x.py"])
    assert done.status == 0 and lines_on_marks(done) == []


def test_no_message_is_printed_with_quiet(mprofpp, tmp_path):
    (tmp_path / "x.py").write_text(NEVER_CALLED)
    assert mprofpp.record("-q", [PYTHON, "x.py"]).err == ""


def test_a_program_whose_marks_another_recorder_gets_is_not_mentioned(mprofpp, tmp_path):
    (tmp_path / "x.py").write_text(SEEN + CALLED)
    inner = [mprofpp.executable, "run", "-q", "-o", tmp_path / "inner.dat", PYTHON, "x.py"]
    assert lines_on_marks(mprofpp.record("-C", "-T", "10ms", inner)) == []
    assert Recording(tmp_path / "inner.dat").call("__main__.f").level == 0
