"""`record` of the Python package records a process from inside; the package works in recorded programs."""

import os
import signal

import pytest

from conftest import unsanitized

from package import by_line, environment, run, tables
from pythons import execute, interpreters, plain_environment, python, system  # noqa: F401
from recording import Recording

pytestmark = unsanitized
PROGRAM = """
import os, pathlib, subprocess, sys
from mprofpp import mark, record
with record("x.dat", children=True, multiprocess=True, interval=0.01, native=NATIVE) as recording:
    print(recording.way)
    kept = bytearray(40 << 20)
    mark("phase 2")
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; kept = bytearray(30 << 20); print(flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.readline()
    while sum(line.startswith(f"CHLD {child.pid} 3") or line.startswith(f"CHLD {child.pid} 4")
              for line in pathlib.Path("x.dat").read_text().splitlines()) < 2: pass
    child.communicate()
mark("after the end")
print(os.getpid(), child.pid)
"""
WAYS = {"True": "mprofpp attach", "False": "pure Python (a thread)"}


def lines_of(path, kind):
    return [line.split() for line in path.read_text().splitlines() if line.startswith(f"{kind} ")]


@interpreters()
@pytest.mark.parametrize("native", WAYS)
def test_a_process_records_itself_and_its_children(mprofpp, mprof, python, tmp_path, native):
    (tmp_path / "x.py").write_text(PROGRAM.replace("NATIVE", native))
    said = run(python, "x.py", cwd=tmp_path, environment=environment(program=mprofpp.executable))
    way, pids = said.splitlines()
    own, child = pids.split()
    path = tmp_path / "x.dat"
    assert way == WAYS[native]
    assert {line[1] for line in lines_of(path, "PROC")} >= {own, child}
    assert not any("attach" in line[6] for line in lines_of(path, "PROC"))  # nothing records itself
    assert [line[3] for line in lines_of(path, "MARK")] == ["phase%202"]
    assert 70 < mprofpp.peak(path)["peak_mib"] < 130
    assert Recording(path).peak == pytest.approx(mprofpp.peak(path)["peak_mib"], abs=0.1)
    assert lines_of(path, "END") and max(mprof.read_mprofile_file(str(path))["mem_usage"]) > 70
    assert mprofpp("plot", "-o", "x.svg", path).status == 0


def test_the_program_is_used_if_it_is_there(mprofpp, system, tmp_path):
    code = "from mprofpp import record\nwith record('x.dat', overwrite=True) as r: print(r.way, repr(r)[:8])"
    for program, way in ((mprofpp.executable, "mprofpp attach"), (None, "pure Python (a thread)")):
        nothing = {} if program else {"PATH": "/nonexistent"}
        options = {"cwd": tmp_path, "environment": environment(program=program, **nothing)}
        assert run(system, "-c", code, **options) == f"{way} <record \n"


def test_a_program_that_ignores_ctrl_c_completes_its_recording(mprofpp, system, tmp_path):
    code = "from mprofpp import record\nwith record('x.dat', native=True): print('ran')"
    command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", system, "-c", code]
    done = execute(command, environment(program=mprofpp.executable), cwd=tmp_path)
    assert done.stdout == "ran\n" and lines_of(tmp_path / "x.dat", "END"), done.stderr


WRONG = {
    "record('there.dat')": "FileExistsError: {0}/there.dat already exists (overwrite=True replaces it)",
    "record('no/folder/x.dat')": "No such file or directory: '{0}/no/folder/x.dat'",
    "record('x.dat', interval=0)": "ValueError: the interval is 0 seconds; it must be positive",
    "record('x.dat', native=True)": "FileNotFoundError: the program mprofpp is not on PATH",
}


@pytest.mark.parametrize("call", WRONG)
def test_what_cannot_be_recorded_raises_before_the_block_runs(system, tmp_path, call):
    (tmp_path / "there.dat").write_text("kept\n")
    code = f"from mprofpp import record\nwith {call}: print('ran')"
    done = execute([system, "-c", code], environment(PATH="/nonexistent"), cwd=tmp_path)
    assert done.returncode == 1 and done.stdout == ""
    assert WRONG[call].format(tmp_path) in done.stderr.splitlines()[-1]
    assert (tmp_path / "there.dat").read_text() == "kept\n"


def test_an_error_of_the_program_mprofpp_is_raised(mprofpp, system, tmp_path):
    code = "from mprofpp import record\nwith record('no/folder/x.dat', native=True): print('ran')"
    options = {"cwd": tmp_path}
    done = execute([system, "-c", code], environment(program=mprofpp.executable), **options)
    assert done.returncode == 1 and done.stdout == ""
    assert "OSError: mprofpp: " in done.stderr and "no/folder/x.dat" in done.stderr


def test_an_exception_in_the_block_completes_the_recording(mprofpp, system, tmp_path):
    code = "from mprofpp import record\nwith record('x.dat', native=False): raise KeyError(1)"
    done = execute([system, "-c", code], environment(), cwd=tmp_path)
    assert done.returncode == 1 and "KeyError" in done.stderr
    assert lines_of(tmp_path / "x.dat", "END") and mprofpp("peak", tmp_path / "x.dat").status == 0


FORKS = """
import os
from mprofpp import record
with record("x.dat", native=NATIVE) as recording:
    pid = os.fork()
    if pid == 0: recording.mark("child")
    if pid: os.waitpid(pid, 0), recording.mark("parent")
"""


@pytest.mark.parametrize("native", WAYS)
def test_a_forked_child_does_not_end_the_recording(mprofpp, system, tmp_path, native):
    (tmp_path / "x.py").write_text(FORKS.replace("NATIVE", native))
    # the child leaves a process of subprocess behind, which warns about that
    variables = environment(program=mprofpp.executable, PYTHONWARNINGS="ignore")
    run(system, "x.py", cwd=tmp_path, environment=variables)
    assert [line[3] for line in lines_of(tmp_path / "x.dat", "MARK")] == ["parent"]
    assert len(lines_of(tmp_path / "x.dat", "END")) == 1


def test_a_process_that_is_killed_leaves_a_recording(mprofpp, system, tmp_path):
    code = (
        "import os\nfrom mprofpp import record\nwith record('x.dat', native=False): os.kill(os.getpid(), 9)"
    )
    done = execute([system, "-c", code], environment(), cwd=tmp_path)
    assert done.returncode == -signal.SIGKILL
    assert mprofpp("peak", tmp_path / "x.dat").status == 0


NAMES = """
from mprofpp.dat import field
print([field(t) for t in ("", "-", "a b", "100%", "\\udcff", "$\\n")])
"""


def test_every_byte_of_a_text_is_kept_in_a_field(system):
    assert run(system, "-c", NAMES) == "['-', '%2D', 'a%20b', '100%25', '%FF', '%24%0A']\n"


RECORDED = """
import mprofpp
from mprofpp import record
from mprofpp.memory_profiler import profile
print(mprofpp.engine().split(";")[0], hasattr(mprofpp, "__file__"), hasattr(mprofpp, "nothing"))
@profile
def grow():
    return bytearray(20 << 20)
with record("inner.dat", native=False):
    grow()
"""


@interpreters()
def test_a_recorded_program_finds_the_package_next_to_the_marks(mprofpp, python, tmp_path):
    (tmp_path / "x.py").write_text(RECORDED)
    done = mprofpp.record([python, "x.py"], env=environment(), cwd=tmp_path)
    assert done.status == 0, done.err
    assert done.text.startswith("marks: native agent True False\n")
    (table,) = tables(done.text)
    assert table.added(8) > 19
    assert done.recording.call("__main__.grow").level == 0
    assert lines_of(tmp_path / "inner.dat", "END")


EXAMPLE = "@profile\ndef f():\n    kept = bytearray(20 << 20)\n    return kept\nf()\n"


@interpreters()
def test_python_m_mprofpp_can_be_recorded(mprofpp, python, tmp_path):
    (tmp_path / "x.py").write_text(EXAMPLE)
    done = mprofpp.record([python, "-m", "mprofpp", "x.py"], env=environment(), cwd=tmp_path)
    assert done.status == 0, done.err
    assert by_line(done.text)[1].added(3) > 19
    assert done.recording.call("__main__.f").level == 0


@interpreters()
@pytest.mark.parametrize("command", [["-m", "mprofpp", "x.py"], ["y.py"]], ids=["command", "import"])
def test_under_mprofpp_lines_the_agent_counts_and_there_is_one_table(mprofpp, python, tmp_path, command):
    (tmp_path / "x.py").write_text(EXAMPLE)
    (tmp_path / "y.py").write_text(f"from mprofpp.memory_profiler import profile\n{EXAMPLE}f()\n")
    done = mprofpp("lines", python, *command, env=environment(), cwd=tmp_path)
    assert done.status == 0, done.err
    (table,) = tables(done.text)
    assert table.first[2] == (1 if command[0] == "-m" else 2)


def test_without_the_package_a_recorded_program_gets_the_usual_error(mprofpp, system, tmp_path):
    code = "import mprofpp\ntry: mprofpp.record\nexcept AttributeError as error: print(error)\n"
    code += "import mprofpp.memory"
    done = mprofpp.record([system, "-c", code], env=plain_environment(), cwd=tmp_path)
    assert done.text == "module 'mprofpp' has no attribute 'record'\n"
    assert done.status == 1 and "'mprofpp' is not a package" in done.err


READ = """
import pathlib
from mprofpp.mprof import function_labels, read_mprofile_file
content = read_mprofile_file("x.dat")
has_all = len(content["mem_usage"]) == len(content["timestamp"])
print(sorted(content), has_all, list(content["func_timestamp"]))
print(function_labels(["x.z", "x.b", "f.a.b"]))
pathlib.Path("torn.dat").write_text("MEM 1.0 2.0\\nMEM 3.")
print(read_mprofile_file("torn.dat")["mem_usage"])
for text in ("MEM 1.0 2.0\\nMEM x\\n", ""):
    pathlib.Path("bad.dat").write_text(text)
    try: read_mprofile_file("bad.dat")
    except ValueError as error: print(error)
"""


def test_recordings_are_read_as_mprof_reads_them(mprofpp, mprof, system, tmp_path):
    program = [system, "-c", "@profile\ndef f(): pass\nf()"]
    path = mprofpp("run", "-o", "x.dat", *program).folder / "x.dat"
    names, labels, torn, bad, empty = run(system, "-c", READ, cwd=mprofpp.folder).splitlines()
    keys = "['children', 'cmd_line', 'filename', 'func_timestamp', 'mem_usage', 'timestamp']"
    assert names == f"{keys} True ['__main__.f']" and torn == "[1.0]"
    assert labels == "{'x.z': 'z', 'x.b': 'x.b', 'f.a.b': 'a.b'}"
    assert bad == "bad.dat: line 2 cannot be read: MEM x" and empty.startswith("bad.dat has no samples")
    theirs = mprof.read_mprofile_file(str(path))
    code = "from mprofpp.mprof import read_mprofile_file as read\n"
    code += f"content = read({str(path)!r})\ncontent['cmd_line'] = ''\nprint(content)"
    assert eval(run(system, "-c", code)) == {**theirs, "cmd_line": "", "children": dict(theirs["children"])}


@pytest.mark.parametrize("has_program", [True, False])
def test_mprof_run_records_a_script(mprofpp, system, tmp_path, has_program):
    (tmp_path / "x.py").write_text("import sys\nkept = bytearray(20 << 20)\nsys.exit(3)\n")
    code = (
        "import sys; from mprofpp.mprof import run_action; sys.argv = ['mprof', *sys.argv[1:]]; run_action()"
    )
    options = ["-C", "--exit-code", "-o", "x.dat", "x.py"]
    program = {"program": mprofpp.executable} if has_program else {"PATH": os.environ["PATH"]}
    done = execute([system, "-c", code, *options], environment(**program), cwd=tmp_path)
    assert done.returncode == 3
    assert mprofpp.peak(tmp_path / "x.dat")["peak_mib"] > 0
