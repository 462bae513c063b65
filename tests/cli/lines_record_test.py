"""Lines of Python functions in recordings: from the program through the recorder to the LINE records."""

import collections
import subprocess
import textwrap

import pytest

from conftest import wait_until

PYTHON = "/usr/bin/python3"

Line = collections.namedtuple("Line", "pid function file first line count most added facts")


def lines_in(text):
    """The last LINE record of each line, in the order of their first ones."""
    found = {}
    for record in text.splitlines():
        fields = record.split(" ")
        if fields[0] != "LINE" or len(fields) != 10:
            continue
        pid, function, file, first, line, count, most, added, facts = fields[1:]
        known = dict(fact.split("=") for fact in facts.split(",") if facts != "-")
        found[pid, function, first, line] = Line(
            int(pid), function, file, int(first), int(line), int(count),
            None if most == "-" else float(most), float(added), known,
        )  # fmt: skip
    return list(found.values())


def text_of(path):
    return path.read_text() if path.exists() else ""


@pytest.fixture
def script(tmp_path):
    """Writes a program and returns its path."""

    def write(text, name="app.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text))
        return path

    return write


LOAD = """\
import sys, time

def load(kept):
    kept.append(bytearray(10 << 20))
    for i in range(3):
        kept.append(bytearray(2 << 20))
    del kept[0]
    return kept

kept = load([])
"""


def by_line(lines):
    return {line.line: line for line in lines}


def recorded_lines(mprofpp, *options_and_program, status=0):
    """The lines that a recording of this program has."""
    *options, program = options_and_program
    finished = mprofpp.record(*options, [PYTHON, program])
    assert finished.status == status, finished.err
    return lines_in(text_of(finished.path))


def test_lines_of_a_function_are_recorded_with_their_growth(mprofpp, script):
    lines = recorded_lines(mprofpp, "--lines-of", "__main__.load", script(LOAD))
    rows = by_line(lines)
    assert {line.function for line in lines} == {"__main__.load"}
    assert rows[3].count == 1 and rows[3].facts["source"]
    assert rows[4].added == pytest.approx(10, abs=0.5)
    assert (rows[5].count, rows[6].count) == (4, 3)
    assert rows[6].added == pytest.approx(6, abs=0.5)
    assert rows[7].added == pytest.approx(-10, abs=0.5)
    assert rows[4].most == pytest.approx(rows[3].added + 10, abs=0.5)


def test_the_header_shows_that_lines_were_counted(mprofpp, script):
    text = text_of(mprofpp.record("--lines-of", "a.*", "--lines-peak", [PYTHON, script(LOAD)]).path)
    assert "META lines exact peaks\n" in text
    assert "META lines_of a.*\n" in text


def test_a_run_without_lines_has_no_records_of_them(mprofpp, script):
    text = text_of(mprofpp.record("--trace", "__main__.load", [PYTHON, script(LOAD)]).path)
    assert "\nLINE " not in text
    assert "META lines" not in text


def test_the_increments_add_up_to_the_growth_of_the_call(mprofpp, script):
    finished = mprofpp.record("--lines-of", "__main__.load", [PYTHON, script(LOAD)])
    lines = lines_in(text_of(finished.path))
    call = finished.recording.call("__main__.load")
    total = sum(line.added for line in lines if line.line != line.first)
    assert total == pytest.approx(call.rss_out - call.rss_in, abs=0.3)


def test_a_killed_program_leaves_its_lines(mprofpp, script):
    program = script(LOAD + "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    lines = recorded_lines(mprofpp, "--lines-of", "__main__.load", program, status=137)
    assert by_line(lines)[6].count == 3


def test_a_program_that_is_killed_within_a_call_leaves_the_call_open(mprofpp, script):
    program = script(
        """\
        import os, signal

        def load():
            kept = bytearray(5 << 20)
            os.kill(os.getpid(), signal.SIGKILL)

        load()
        """
    )
    rows = by_line(recorded_lines(mprofpp, "--lines-of", "__main__.load", program, status=137))
    assert rows[3].facts["open"] == "1"
    assert rows[4].added == pytest.approx(5, abs=0.5)


def test_each_process_has_lines_of_its_own(mprofpp, script):
    program = script(
        """\
        import multiprocessing

        kept = []

        def work():
            kept.append(bytearray(4 << 20))

        if __name__ == "__main__":
            children = [multiprocessing.Process(target=work) for _ in range(3)]
            for child in children: child.start()
            for child in children: child.join()
        """
    )
    lines = recorded_lines(mprofpp, "-C", "--lines-of", "__main__.work", program)
    rows = [line for line in lines if line.line == 6]
    assert len({row.pid for row in rows}) == 3
    assert all(row.added == pytest.approx(4, abs=0.5) for row in rows)


def test_lines_are_recorded_while_the_program_runs_and_survive_a_killed_recorder(mprofpp, script):
    path = mprofpp.folder / "x.dat"
    program = script(LOAD + "sys.stdin.read()\n")
    words = ["run", "--lines-of", "__main__.load", "-o", path, PYTHON, program]
    recorder = mprofpp.start(*words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: 6 in by_line(lines_in(text_of(path))), "the lines of the call")
    finally:
        recorder.kill()
        recorder.stdin.close()  # which ends the program
        recorder.wait()
    assert by_line(lines_in(text_of(path)))[6].count == 3


def test_a_sparse_recording_on_stdout_has_lines_too(mprofpp, script):
    words = ["--sparse", "--lines-of", "__main__.load", "-o", "-", PYTHON, script(LOAD)]
    assert by_line(lines_in(mprofpp("run", *words).text))[6].count == 3


def test_the_peak_of_a_process_is_the_same_with_and_without_peaks_of_lines(mprofpp, script):
    program = script(
        """\
        def spike():
            len(bytearray(60 << 20))
            x = 1
            return x

        spike()
        """
    )
    peaks = []
    for options in ([], ["--lines-peak"]):
        path = mprofpp.record("--lines-of", "__main__.spike", *options, "-T", "5", [PYTHON, program]).path
        peaks.append(mprofpp.peak(path)["peak_mib"])
        rows = by_line(lines_in(text_of(path)))
    assert peaks[1] == pytest.approx(peaks[0], abs=1)
    assert float(rows[2].facts["peak"]) == pytest.approx(rows[1].added + 60, abs=1)


def test_a_killed_process_keeps_its_peak_from_before_a_reset(mprofpp, script):
    program = script(
        """\
        import os, signal

        def spike():
            len(bytearray(60 << 20))
            os.kill(os.getpid(), signal.SIGKILL)

        spike()
        """
    )
    finished = mprofpp.record(
        "-C", "--lines-of", "__main__.spike", "--lines-peak", "-T", "5", [PYTHON, program]
    )
    assert mprofpp.peak(finished.path)["peak_mib"] > 60


def test_a_pattern_that_matches_nothing_is_reported_with_similar_names(mprofpp, script):
    program = script(LOAD.replace("load", "upload_file"))
    finished = mprofpp.record("--lines-of", "__main__.uplaod_*", [PYTHON, program])
    message = "matches no function that ran; the nearest is __main__.upload_file"
    assert finished.says("--lines-of '__main__.uplaod_*' " + message)
    assert sum("matches no function" in line for line in finished.said) == 1


def test_a_run_without_a_decorated_function_is_reported(mprofpp, script):
    finished = mprofpp.record("--lines", [PYTHON, script(LOAD)])
    assert finished.says("no lines: no function with @profile was called")


@pytest.mark.parametrize("options", [["--lines"], ["--lines-of", "app.*"]])
def test_a_program_that_is_not_python_is_reported(mprofpp, options):
    finished = mprofpp.record(*options, ["/bin/true"])
    assert sum("no lines: the program is not Python" in line for line in finished.said) == 1


def test_lines_need_marks(mprofpp):
    finished = mprofpp("run", "--no-marks", "--lines", "/bin/true")
    assert finished.status == 125
    assert finished.says("--no-marks")


@pytest.mark.parametrize("option", ["--l", "--lo", "--log"])
def test_the_abbreviations_of_log_keep_their_meaning(mprofpp, option):
    log = mprofpp.folder / "log"
    assert mprofpp.record(option, log, ["/bin/true"]).status == 0
    assert log.exists()
