"""`mprofpp list`, `rm`, `clean` and `peak --func`: working with a folder of recordings."""

import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import termios

import pytest

from conftest import ROOT, needs

OLDEST = "mprofile_20200101000001.dat"
NEWEST = "mprofile_20210102030405.dat"


@pytest.fixture
def two_recordings(tmp_path):
    shutil.copy(ROOT / "tests/data/mprof-gunicorn-CM.dat", tmp_path / OLDEST)
    shutil.copy(ROOT / "tests/data/mprof-python-func.dat", tmp_path / NEWEST)
    return tmp_path


@pytest.fixture
def mprof_peak(two_recordings):
    """Returns the first line that mprof 0.61 prints."""
    needs("python3-mprof")

    def first_line(*words):
        command = ["python3-mprof", "peak", *words]
        done = subprocess.run(command, cwd=two_recordings, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0]

    return first_line


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_list_starts_each_line_as_mprof_does(mprofpp, two_recordings):
    first, second = mprofpp("list").text.splitlines()
    assert first.split()[:4] == ["0", OLDEST, "00:00:01", "01/01/2020"]
    assert second.split()[:4] == ["1", NEWEST, "03:04:05", "02/01/2021"]


def test_list_shows_duration_samples_peak_and_command(mprofpp, two_recordings):
    line = mprofpp("list").text.splitlines()[0]
    assert "10.4 s" in line and " 102 " in line and "363.6 MiB" in line
    assert line.endswith("/usr/bin/gunicorn -c gunicorn_config.py profile_server:app")


def test_list_shows_the_same_as_the_recorder_and_peak(mprofpp, program):
    mprofpp("run", "-q", *program("spike", 20, 50))
    listed = json.loads(mprofpp("list", "--json").text)["recordings"]
    assert len(listed) == 1 and listed[0]["finished"]
    peak = json.loads(mprofpp("peak", "--json").text)
    assert listed[0]["peak_mib"] == pytest.approx(peak["sampled_mib"], abs=1e-5)


def on_a_terminal(mprofpp, columns, *words):
    """Returns what the command prints on a terminal with so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with mprofpp.start(*words, stdout=theirs):
        os.close(theirs)
        printed = b""
        with contextlib.suppress(OSError), open(ours, "rb", buffering=0) as terminal:
            while read := terminal.read(4096):
                printed += read
    return printed.decode().replace("\r\n", "\n")


def test_on_a_narrow_terminal_list_omits_the_start_to_make_room_for_the_command(mprofpp, two_recordings):
    wide, narrow = on_a_terminal(mprofpp, 200, "list"), on_a_terminal(mprofpp, 80, "list")
    assert wide == mprofpp("list").text
    assert "00:00:01 01/01/2020" not in narrow
    assert [len(line) <= 80 for line in narrow.splitlines()] == [True, True]
    assert narrow.splitlines()[0].startswith(f"0  {OLDEST}  10.4 s  363.6 MiB  /usr/bin/gunicorn")


def test_list_shows_the_peak_that_peak_prints_first(mprofpp, program):
    done = mprofpp("run", *program("spike", 64, 5))
    seen = re.search(r"peak (\S+ MiB)", done.err).group(1)
    assert seen in mprofpp("list").text
    assert json.loads(mprofpp("list", "--json").text)["recordings"][0]["kernel_mib"] > 64


def test_an_empty_folder_lists_nothing(mprofpp):
    done = mprofpp("list")
    assert (done.out, done.status) == (b"", 0)


def test_a_file_that_is_not_a_recording_is_listed_as_such_and_has_an_index(mprofpp, two_recordings):
    (two_recordings / "mprofile_20200601000000.dat").write_text("hello\n")
    lines = mprofpp("list").text.splitlines()
    assert "is not a recording" in lines[1]
    assert lines[2].split()[:2] == ["2", NEWEST]


def test_rm_removes_the_oldest_and_the_newest(mprofpp, two_recordings):
    (two_recordings / "mprofile_20200601000000.dat").write_text("MEM 1.0 1.0\n")
    assert mprofpp("rm", "0", "-1", "0").status == 0
    assert names(two_recordings) == ["mprofile_20200601000000.dat"]


@pytest.mark.parametrize("words", [["--dry-run", "0", "-1"], ["0", "-1", "--dry-run"], ["0", "-n", "-1"]])
def test_the_option_for_a_dry_run_may_be_anywhere_and_removes_nothing(mprofpp, two_recordings, words):
    done = mprofpp("rm", *words)
    assert done.text.splitlines() == ["Files to be removed: ", OLDEST, NEWEST]
    assert names(two_recordings) == [OLDEST, NEWEST]


def test_rm_of_an_unknown_index_names_the_known_ones_and_removes_nothing(mprofpp, two_recordings):
    done = mprofpp("rm", "0", "2")
    assert done.status == 1
    assert done.says("no recording 2", "0 to 1")
    assert names(two_recordings) == [OLDEST, NEWEST]


def test_rm_refuses_files_that_are_not_recordings(mprofpp, two_recordings):
    (two_recordings / "thesis.txt").write_text("years of work\n")
    done = mprofpp("rm", "thesis.txt")
    assert done.status == 1
    assert (two_recordings / "thesis.txt").exists()


def test_rm_without_an_operand_is_a_usage_error(mprofpp):
    assert mprofpp("rm").status == 2


def test_clean_removes_only_recordings_and_their_twins(mprofpp, two_recordings):
    twin = OLDEST.replace(".dat", "_ts.dat")
    for other in (twin, "server.dat", "notes.txt"):
        (two_recordings / other).write_text("MEM 1.0 1.0\n")
    assert twin in mprofpp("clean", "--dry-run").text
    assert mprofpp("clean").status == 0
    assert names(two_recordings) == ["notes.txt", "server.dat"]


def test_peak_finds_a_function_by_the_end_of_its_name(mprofpp, two_recordings, mprof_peak):
    mine = mprofpp("peak", "--func", "test1", NEWEST).text.splitlines()[0]
    assert mine == mprof_peak("--func", "__main__.test1", NEWEST)


def test_the_peak_of_a_function_shorter_than_the_interval_is_that_of_entry_and_exit(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("MEM 1.0 1.0\nMEM 1.0 2.0\nFUNC m.f 3.0 1.4 7.5 1.401 0\n")
    done = mprofpp("peak", "--func", "f", "-v", "x.dat")
    first, heading, row = done.text.splitlines()
    assert first == "x.dat\t7.500 MiB"
    assert heading.split()[-4:] == ["SAMPLED", "ENTRY", "EXIT", "FUNCTION"]
    assert row.split()[-6:] == ["-", "3.0", "MiB", "7.5", "MiB", "m.f"]


def test_the_memory_that_all_calls_added_is_next_to_that_of_the_largest_call(mprofpp, tmp_path):
    calls = "".join(f"FUNC m.f {n}.0 1.{n} {n + 1}.5 1.{n}5 0\n" for n in (1, 2, 3))
    (tmp_path / "x.dat").write_text("MEM 1.0 1.0\n" + calls)
    first, heading, row = mprofpp("peak", "--func", "f", "x.dat").text.splitlines()
    assert first == "x.dat\t4.500 MiB"
    assert heading.split() == ["ADDED", "LARGEST", "CALLS", "TIME", "PEAK", "FUNCTION"]
    assert row.split() == ["+3.5", "MiB", "+1.5", "MiB", "3", "150", "ms", "4.5", "MiB", "m.f"]
    as_json = json.loads(mprofpp("peak", "--func", "f", "--json", "x.dat").text)
    assert (as_json["growth_mib"], as_json["growth_is_upper_bound"]) == (3.5, False)


def test_a_pattern_ranks_functions_by_the_memory_that_all_their_calls_added(mprofpp, tmp_path):
    lines = ["MEM 1.0 1.0", "FUNC m.big 1.0 1.1 4.0 1.2 0", "FUNC m.big 4.0 1.3 1.0 1.4 0"]
    lines += [f"FUNC m.leak {n}.0 1.{n + 4} {n + 1}.0 1.{n + 4}5 0" for n in (1, 2)]
    lines += ["FUNC x.f 3.0 1.8 9.0 1.9 0"]
    (tmp_path / "x.dat").write_text("\n".join(lines) + "\n")
    first, heading, *rows = mprofpp("peak", "--func", "m.*", "x.dat").text.splitlines()
    assert first == "x.dat\t2 functions"
    assert heading.split() == ["ADDED", "LARGEST", "CALLS", "TIME", "PEAK", "FUNCTION"]
    assert [row.split()[-1] for row in rows] == ["m.leak", "m.big"]
    assert rows[0].split()[:5] == ["+2.0", "MiB", "+1.0", "MiB", "2"]
    objects = mprofpp("peak", "--json", "--func", "*", "x.dat").text.splitlines()
    assert [json.loads(line)["function"] for line in objects] == ["x.f", "m.leak", "m.big"]


def test_lost_marks_are_reported_with_the_functions_and_with_the_peak(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("MEM 1.0 1.0\nFUNC m.f 3.0 1.4 7.5 1.401 0\nLOST 1.5 marks 12\n")
    assert "12 marks lost" in mprofpp("peak", "--func", "f", "x.dat").text
    assert json.loads(mprofpp("peak", "--func", "f", "--json", "x.dat").text)["lost_marks"] == 12
    assert "12 marks lost" in mprofpp("peak", "x.dat").text
    assert json.loads(mprofpp("peak", "--json", "x.dat").text)["losses"]["marks"] == 12


def test_an_unknown_function_is_refused_with_a_list_of_the_known_ones(mprofpp, two_recordings):
    done = mprofpp("peak", "--func", "nosuch", NEWEST)
    assert done.status == 1
    assert done.says("nosuch", "__main__.test1")


def test_recordings_with_names_of_their_own_are_listed_last_and_have_no_index(mprofpp, two_recordings):
    (two_recordings / "named.dat").write_text("CMDLINE job\nMEM 5.0 1000000000.0\n")
    (two_recordings / "data.dat").write_text("1,2,3\n")
    lines = mprofpp("list").text.splitlines()
    assert [line.split()[0] for line in lines][:2] == ["0", "1"]
    assert lines[-1].split()[:2] == ["-", "named.dat"] and "2001" in lines[-1]
    assert not any("data.dat" in line for line in lines)
    told = json.loads(mprofpp("list", "--json").text)["recordings"]
    assert [entry["index"] for entry in told][:2] == [0, 1] and told[-1]["index"] is None
