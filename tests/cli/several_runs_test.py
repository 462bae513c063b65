"""Files with several runs, recordings through a pipe, and files that two recorders want to write."""

import json
import os
import subprocess

import pytest

from conftest import wait_until

RUNS = """CMDLINE first
MEM 50.0 100.0
FUNC m.f 50.0 100.1 60.0 100.2 0
MEM 60.0 101.0
CMDLINE second
MEM 10.0 500.0
FUNC m.g 10.0 500.1 12.0 500.2 0
MEM 12.0 500.5
CMDLINE third
MEM 20.0 900.0
MEM 30.0 902.0
MEM 40.0 904.0
"""


@pytest.fixture
def several(tmp_path):
    (tmp_path / "x.dat").write_text(RUNS)
    return "x.dat"


def test_the_last_of_several_runs_is_used_and_a_line_says_so(mprofpp, several):
    done = mprofpp("peak", several)
    assert done.text.splitlines()[0] == "x.dat\t40.000 MiB"
    assert done.says("x.dat has 3 runs", "--run 1 to 3")


def test_a_run_is_selected_by_its_number_and_not_mixed_with_others(mprofpp, several):
    done = mprofpp("peak", "--run", "2", "--json", several)
    told = json.loads(done.text)
    assert (told["run"], told["runs"], told["peak_mib"]) == (2, 3, 12.0)
    assert (told["samples"], told["duration_s"]) == (2, 0.5)
    assert done.err == ""


def test_functions_of_other_runs_do_not_exist(mprofpp, several):
    assert mprofpp("peak", "--run", "1", "--func", "f", several).text.startswith("x.dat\t60.000 MiB")
    assert mprofpp("peak", "--run", "2", "--func", "f", several).status == 1


def test_a_run_that_does_not_exist_is_refused_with_a_message(mprofpp, several):
    done = mprofpp("peak", "--run", "4", several)
    assert done.status == 1 and done.says("x.dat", "has no run 4", "--run 1 to 3")
    done = mprofpp("peak", "--run", "0", several)
    assert done.status == 2 and done.says("--run 0")


def test_a_picture_shows_one_run(mprofpp, several):
    assert mprofpp("plot", "-o", "x.svg", several).status == 0
    picture = (mprofpp.folder / "x.svg").read_text()
    assert "third" in picture and "first" not in picture
    assert mprofpp("plot", "--run", "1", "-o", "y.svg", several).status == 0
    assert "first" in (mprofpp.folder / "y.svg").read_text()


def test_list_shows_the_number_of_runs(mprofpp, tmp_path):
    (tmp_path / "mprofile_20260101120000.dat").write_text(RUNS)
    assert "the last of 3 runs" in mprofpp("list").text
    (told,) = json.loads(mprofpp("list", "--json").text)["recordings"]
    assert (told["runs"], told["peak_mib"], told["command"]) == (3, 40.0, "third")


def test_damage_is_reported_with_the_line_of_the_file(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text(RUNS + "MEM x y\n")
    assert mprofpp("peak", "x.dat").says("line 13")


def test_a_run_that_mprof_appends_to_our_recording_is_a_run_of_its_own(mprofpp, tmp_path):
    assert mprofpp("run", "-o", "x.dat", "sleep", "0.2").status == 0
    with open(tmp_path / "x.dat", "a") as file:
        file.write("CMDLINE appended\nMEM 7.5 4000000000.0\n")
    assert json.loads(mprofpp("peak", "--json", "x.dat").text)["peak_mib"] == 7.5
    first = json.loads(mprofpp("peak", "--json", "--run", "1", "x.dat").text)
    assert first["peak_mib"] != 7.5 and first["kernel_mib"] is not None


def test_a_recording_is_read_from_stdin(mprofpp, several):
    assert (
        mprofpp("peak", "-", "--run", "1", stdin=None, input=RUNS.encode()).text.splitlines()[0]
        == "-\t60.000 MiB"
    )
    assert mprofpp("peak", "-", "--func", "g", "--run", "2", stdin=None, input=RUNS.encode()).text.startswith(
        "-\t12.000 MiB"
    )
    done = mprofpp("peak", "-", stdin=None, input=b"")
    assert done.status == 1 and done.says("-: is empty")


def test_a_picture_can_be_written_to_stdout(mprofpp, several):
    done = mprofpp("plot", "-o", "-", "--format", "svg", "-", stdin=None, input=RUNS.encode())
    assert done.text.startswith("<svg") or done.text.startswith("<?xml")
    assert not (mprofpp.folder / "-").exists()
    done = mprofpp("plot", "-o", "-", several)
    assert done.status == 2 and done.says("-o -", "--format png")


def test_run_writes_the_recording_to_stdout_and_the_programs_output_to_stderr(mprofpp, tmp_path):
    done = mprofpp("run", "-o", "-", "sh", "-c", "echo to stdout; echo to stderr >&2; exit 3")
    assert done.status == 3
    assert done.text.startswith("CMDLINE ") and "\nEND " in done.text
    assert "\nto stdout" not in done.text
    assert "to stdout\n" in done.err and "to stderr\n" in done.err
    assert os.listdir(tmp_path) == []
    assert mprofpp("peak", "-", stdin=None, input=done.out).status == 0


def test_a_recording_that_the_shell_appends_to_a_file_does_not_replace_it(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text(RUNS)
    with open(tmp_path / "x.dat", "a") as file:
        assert mprofpp.start("run", "-q", "-o", "-", "true", stdout=file).wait() == 0
    assert json.loads(mprofpp("peak", "--json", "x.dat").text)["runs"] == 4


@pytest.fixture
def held(mprofpp):
    """A recording into x.dat of a program that waits: (the recorder, a function that lets it go on)."""
    gate, opener = os.pipe()
    program = ["sh", "-c", "echo ready >&2; read line"]
    recorder = mprofpp.start("run", "-q", "-o", "x.dat", *program, stdin=gate, stderr=subprocess.PIPE)
    os.close(gate)
    assert recorder.stderr.readline() == b"ready\n"

    def go_on():
        nonlocal opener
        if opener is not None:
            os.close(opener)
        opener = None

    yield recorder, go_on
    go_on()
    recorder.communicate()


def test_a_reader_that_stops_reading_the_recording_does_not_harm_the_program(mprofpp, tmp_path):
    gate, opener = os.pipe()
    reader, writer = os.pipe()
    program = ["sh", "-c", "read line; echo done > done"]
    pipes = {"stdin": gate, "stdout": writer, "stderr": subprocess.PIPE}
    recorder = mprofpp.start("run", "-o", "-", "-T", "1ms", *program, **pipes)
    os.close(gate)
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    # the message shows that the recorder has noticed
    wait_until(lambda: b"the program keeps running" in recorder.stderr.readline(), "the recorder reports it")
    os.write(opener, b"go on\n")
    os.close(opener)
    recorder.communicate()
    assert (tmp_path / "done").read_text() == "done\n"


def test_a_file_that_is_still_being_recorded_is_not_overwritten(mprofpp, tmp_path, held):
    recorder, go_on = held
    done = mprofpp("run", "-f", "-o", "x.dat", "true")
    assert done.status == 125
    assert done.says("x.dat", "is being written by another mprofpp", "-o FILE")
    go_on()
    assert recorder.wait() == 1  # the status of `read` at the end of its input
    assert (tmp_path / "x.dat").read_text().count("CMDLINE") == 1
    assert mprofpp("run", "-f", "-o", "x.dat", "true").status == 0


def test_a_killed_recorder_does_not_hold_its_lock(mprofpp, held):
    recorder, _ = held
    recorder.kill()
    recorder.wait()
    assert mprofpp("run", "-f", "-q", "-o", "x.dat", "true").status == 0
