"""`mprofpp lines` prints memory_profiler's tables, of a program that it runs or of recordings."""

import inspect
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import subprocess
import tokenize

import pytest

from conftest import unsanitized, wait_until
from suites import find_interpreters

REAL = pathlib.Path("/usr/lib/python3/dist-packages/memory_profiler.py")
PYTHON = "/usr/bin/python3"
# the example of memory_profiler's README
README = """\
@profile
def my_func():
    a = [1] * (10 ** 6)
    b = [2] * (2 * 10 ** 7)
    del b
    return a

if __name__ == '__main__':
    my_func()
"""
SMALL = "@profile\ndef f():\n    a = [0] * (4 << 17)\n    return len(a)\n\n\nprint(f())\n"


@pytest.fixture
def script(tmp_path):
    def write(text, name="x.py"):
        (tmp_path / name).write_text(text)
        return [PYTHON, name]

    return write


@pytest.fixture
def recording(tmp_path):
    """A recording of a function that ran in two processes."""
    (tmp_path / "app.py").write_text("@profile\ndef load():\n    x = 1\n    return x\n")
    lines = ["CMDLINE x", "MEM 1.0 1.0"]
    for pid, name in ((7, "one"), (8, "two")):
        lines += [f"PROC {pid} {pid} 1 1.0 {name} {name}"]
        lines += [f"LINE {pid} app.load {tmp_path}/app.py 1 1 2 9.5 9.0 -"]
        lines += [f"LINE {pid} app.load {tmp_path}/app.py 1 3 2 10.0 0.5 -"]
    path = tmp_path / "x.dat"
    path.write_text("\n".join(lines) + "\n")
    return path


def rows_of(text):
    """The rows of all tables: number, memory, increment, occurrences and contents."""
    number = r"(-?\d+\.\d+) MiB"
    row = re.compile(rf"^ *(\d+) +{number} +{number} +(\d+)   (.*)$", re.MULTILINE)
    return [(int(n), float(m), float(i), int(o), text) for n, m, i, o, text in row.findall(text)]


def shape_of(text):
    return re.sub(r"-?\d+\.\d+ MiB", lambda found: "#" * len(found[0]), text).replace("#", " ")


def test_the_tables_of_processes_are_merged_or_printed_for_each(mprofpp, recording, tmp_path):
    merged = mprofpp("lines", recording)
    assert merged.text == (
        f"Filename: {tmp_path}/app.py\n\n"
        "Line #    Mem usage    Increment  Occurrences   Line Contents\n"
        "=============================================================\n"
        "     1    9.500 MiB    9.000 MiB           4   @profile\n"
        "     2                                         def load():\n"
        "     3   10.000 MiB    1.000 MiB           4       x = 1\n"
        "     4                                             return x\n\n\n"
    )
    assert merged.err == "" and merged.status == 0
    apart = mprofpp("lines", recording, "--per-process", "--precision", 1).text
    assert apart.count("Filename: ") == 2 and "Process 8 (two)\nFilename: " in apart
    assert "     3     10.0 MiB      0.5 MiB           2       x = 1\n" in apart


def test_the_newest_recording_is_used_if_none_is_named(mprofpp, recording):
    assert mprofpp("lines").text == mprofpp("lines", recording).text


def test_indices_and_stdin_are_recordings(mprofpp, recording, tmp_path):
    shutil.copy(recording, tmp_path / "mprofile_20260101000000.dat")
    text = mprofpp("lines", recording).text
    assert mprofpp("lines", "-1").text == text
    assert mprofpp("lines", "--precision=3", "0").text == text
    with recording.open() as file:
        assert mprofpp("lines", "-", stdin=file).text == text


def test_an_output_has_all_tables_or_is_left_as_it_was(mprofpp, recording, tmp_path):
    assert mprofpp("lines", recording, "--html", "-o", "page.html").out == b""
    page = (tmp_path / "page.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n") and "def load():" in page
    refused = mprofpp("lines", "-o", "no/folder.txt", PYTHON, "-c", "print('ran')")
    assert (
        refused.status == 125
        and refused.out == b""
        and refused.says("no/folder.txt", "the program was not started")
    )


def test_the_suffix_of_an_output_chooses_its_format(mprofpp, recording, tmp_path):
    starts = {"page.html": "<!DOCTYPE", "notes.md": "### ", "data.json": "{", "table.txt": "Filename: "}
    for name, start in starts.items():
        mprofpp("lines", recording, "-o", name)
        assert (tmp_path / name).read_text().startswith(start)


def test_a_recording_that_grows_is_followed_to_its_end(mprofpp, recording):
    process = mprofpp.start("lines", "--live", recording, stdout=subprocess.PIPE, text=True)
    with recording.open("a") as file:
        file.write("LINE 7 app.load %s/app.py 1 4 2 10.0 0.25 -\n" % recording.parent)
        file.write("END 2.0 ended 1 1.0 1.0\n")
    out, _ = process.communicate()
    assert process.returncode == 0 and out.count("Filename") == 1
    assert "     4   10.000 MiB    0.250 MiB           2       return x\n" in out


def test_a_terminal_shows_each_state_of_a_recording_that_grows(mprofpp, recording):
    ours, theirs = pty.openpty()
    process = mprofpp.start("lines", "--live", recording, stdout=theirs)
    os.close(theirs)
    shown = b""
    while b"x = 1" not in shown:
        shown += os.read(ours, 4096)
    with recording.open("a") as file:
        file.write("END 2.0 ended 1 1.0 1.0\n")
    assert process.wait() == 0
    assert shown.startswith(b"\x1b[H\x1b[2J")
    os.close(ours)


@pytest.mark.parametrize(
    "words, status, said",
    [
        (["empty.dat"], 1, "has no lines of functions"),
        (["missing.dat"], 1, "missing.dat"),
        (["x.dat", "--func", "save"], 1, "save"),
        (["x.dat", "--precision", "many"], 2, "--precision"),
        (["x.dat", "--lines-of", "a*"], 2, "--lines-of"),
        (["x.dat", "x.dat", "--html"], 2, "--html"),
        (["x.dat", "--peak"], 0, "x.dat: has no peaks of lines (mprofpp run --lines-peak"),
        (["--json", "--markdown"], 2, "--json"),
        (["--json", "--markdown", PYTHON, "-c", "1"], 125, "--json"),
        (["--live", PYTHON, "-c", "1"], 125, "--live"),
        (["no-such-program"], 127, "no-such-program"),
        (["--save", "x.dat", PYTHON, "-c", "1"], 125, "--save FILE chooses another name"),
    ],
)
def test_bad_input_is_one_line(mprofpp, recording, tmp_path, words, status, said):
    assert recording.exists()
    (tmp_path / "empty.dat").write_text("CMDLINE x\nMEM 1.0 1.0\n")
    done = mprofpp("lines", *words)
    assert done.status == status and len(done.said) == 1 and done.says(said)


def test_the_abbreviations_of_other_commands_still_mean_them(mprofpp):
    for abbreviation in ("l", "li", "lis"):
        assert mprofpp(abbreviation, "--help").text == mprofpp("list", "--help").text
    assert mprofpp("lin", "--help").text == mprofpp("lines", "--help").text


def blocks_by_inspect(folder):
    """The first and the last line of each function in the Python files of a folder."""
    for path in sorted(folder.glob("*.py")):
        with tokenize.open(path) as file:
            lines = file.readlines()
        todo = [compile("".join(lines), str(path), "exec", dont_inherit=True)]
        while todo:
            code = todo.pop()
            todo += filter(inspect.iscode, code.co_consts)
            if code.co_name[0] == "<":
                continue
            first = code.co_firstlineno
            yield str(path), first, first + len(inspect.getblock(lines[first - 1 :])) - 1


def test_the_functions_of_the_standard_library_have_the_lines_that_inspect_finds(mprofpp, tmp_path):
    blocks = list(blocks_by_inspect(pathlib.Path(os.__file__).parent))
    lines = ["CMDLINE x", "MEM 1.0 1.0"]
    lines += [f"LINE 7 f{n} {path} {first} {first} 1 1.0 1.0 -" for n, (path, first, _) in enumerate(blocks)]
    (tmp_path / "x.dat").write_text("\n".join(lines) + "\n")
    found = [json.loads(line) for line in mprofpp("lines", "--json", "x.dat").text.splitlines()]
    assert [(t["filename"], t["first_line"], t["lines"][-1]["line"]) for t in found] == blocks
    assert len(blocks) > 2000


@unsanitized
def test_the_table_of_the_readme_is_that_of_memory_profiler(mprofpp, script):
    if not REAL.exists():
        pytest.skip("SKIP: python3-memory-profiler is not installed")
    command = script(README)
    theirs = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "memory_profiler", *command[1:]],
        cwd=mprofpp.folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    ours = mprofpp("lines", *command)
    assert ours.status == 0 and ours.err == ""
    text = ours.text.replace(f"{mprofpp.folder}/", "")
    assert shape_of(text) == shape_of(theirs)
    # the first row is the memory of the interpreter, which is larger with memory_profiler
    for our_row, their_row in zip(rows_of(text)[1:], rows_of(theirs)[1:], strict=True):
        assert our_row[2] == pytest.approx(their_row[2], abs=0.5)


@unsanitized
def test_the_tables_follow_the_output_of_the_program_and_its_status_is_kept(mprofpp, script):
    done = mprofpp("lines", *script(SMALL + "raise SystemExit(7)\n"))
    assert done.status == 7
    assert done.text.startswith(f"{4 << 17}\nFilename: ")
    assert [row[2] for row in rows_of(done.text)][1] == pytest.approx(4, abs=0.5)


@unsanitized
def test_a_killed_program_has_its_tables(mprofpp, script):
    command = script(SMALL + "import os\nos.kill(os.getpid(), 9)\n")
    done = mprofpp("lines", *command)
    assert done.status == 128 + signal.SIGKILL and len(rows_of(done.text)) == 3


@unsanitized
def test_an_interrupted_program_has_its_tables(mprofpp, script, tmp_path):
    command = script(SMALL + "import signal\nopen('ready', 'w').close()\nsignal.pause()\n")
    process = mprofpp.start("lines", *command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    wait_until((tmp_path / "ready").exists, "the function has run")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert process.returncode == 128 + signal.SIGINT and len(rows_of(out)) == 3


@unsanitized
def test_nothing_is_left_behind_unless_it_is_saved(mprofpp, script, tmp_path):
    command = script(SMALL)
    before = set(os.listdir(tmp_path))
    text = mprofpp("lines", *command, env=os.environ | {"TMPDIR": str(tmp_path)}).text
    assert set(os.listdir(tmp_path)) - {"__pycache__"} == before
    saved = mprofpp("lines", "--save", "kept.dat", *command)
    assert shape_of(saved.text) == shape_of(text)
    assert saved.text.endswith(mprofpp("lines", "kept.dat").text)


@unsanitized
def test_further_columns_are_measured_on_request(mprofpp, script):
    text = "@profile\ndef f():\n    len([0] * (8 << 17))\n\n\nf()\n"
    done = mprofpp("lines", "--peak", "--time", *script(text))
    assert "Occurrences         Peak          Time   Line Contents\n" in done.text
    peak, seconds = re.search(r"(\S+) MiB +(\S+) s +len", done.text).groups()
    _, memory, *_ = rows_of(re.sub(r" {2,}\S+ MiB +\S+ s(?=   )", "", done.text))[0]
    assert float(peak) > memory + 7 and float(seconds) > 0


@unsanitized
def test_a_program_that_matches_nothing_runs_on_and_this_is_said(mprofpp, script):
    done = mprofpp("lines", "--lines-of", "__main__.g", *script("def f():\n    print('ran')\n\n\nf()\n"))
    assert done.status == 0 and done.text == "ran\n" and done.says("--lines-of", "__main__.f")


@unsanitized
@pytest.mark.parametrize(
    "text, said",
    [
        ("@profile\nclass K:\n    pass\n", ("x.py:1", "is not a Python function")),
        ("@profile\ndef f():\n    pass\n", ("x.py:1", "no decorated function was called")),
        ("if False:\n    @profile\n    def f():\n        pass\n", ("x.py:2", "that line was not reached")),
        ("print(1)\n", ("no lines", "no function with @profile was called")),
    ],
)
def test_the_reason_for_missing_tables_is_printed_in_one_line(mprofpp, script, text, said):
    done = mprofpp("lines", *script(text))
    assert done.status == 0 and "Filename" not in done.text
    assert len(done.said) == 1 and done.says(*said)


def test_a_python_that_is_too_old_is_the_only_reason_for_a_pattern(mprofpp, script, tmp_path):
    old = tmp_path / "python3.7"
    shutil.copy(shutil.which("sleep"), old)
    script("@profile\ndef f():\n    pass\n")
    for command in (["lines"], ["run", "-o", "y.dat"]):
        done = mprofpp(*command, "--lines-of", "__main__.*", old, "x.py")
        assert sum("is too old" in line for line in done.said) == 1
        assert not done.says("matches no function")


@unsanitized
def test_json_names_the_command_of_a_program_whose_recording_is_not_kept(mprofpp, script):
    command = script("@profile\ndef f():\n    pass\n\n\nf()\n")
    assert json.loads(mprofpp("lines", "--json", *command).text)["file"] == f"{PYTHON} x.py"


@unsanitized
def test_a_source_that_changes_before_its_function_runs_is_not_shown(mprofpp, script):
    text = "@profile\ndef f():\n    return 1\n\n\n"
    edit = "import time\ntime.sleep(0.05)\ns = open(__file__).read()\n"
    edit += "open(__file__, 'w').write('# new\\n' + s)\nf()\n"
    done = mprofpp("lines", *script(text + edit))
    assert [(row[0], row[4]) for row in rows_of(done.text)] == [(1, ""), (3, "")]
    assert len(done.said) == 1 and done.says("x.py has changed since its process was started")


@unsanitized
def test_the_relative_name_of_a_script_is_recorded_as_an_absolute_one(mprofpp, script, tmp_path):
    old = find_interpreters()["3.8"]
    if old is None:
        pytest.skip("SKIP: no Python 3.8 here")
    text = "import os\n\n\n@profile\ndef f():\n    return 1\n\n\nos.chdir('/')\nf()\n"
    done = mprofpp("lines", old, *script(text)[1:])
    assert done.err == "" and done.text.startswith(f"Filename: {tmp_path}/x.py\n")
    assert rows_of(done.text)[-1][4] == "    return 1"
