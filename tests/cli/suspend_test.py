"""Times without samples, because the machine slept or the recorder was stopped; clocks that are set."""

import itertools
import mmap
import os
import signal
import statistics
import struct
import subprocess

import pytest

from conftest import BUILD, killed_at_the_end, lines_of, state_of, stop, unsanitized, wait_until
from recording import Recording

SECOND = 10**9


def suspended_in(recording):
    return [seconds for what, seconds in recording.lost if what == "suspended"]


def steps_of(recording):
    return [b - a for a, b in itertools.pairwise(recording.times)]


# The recorder is stopped


def test_a_stopped_recorder_records_for_how_long_it_was_stopped_and_no_missed_ticks(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    options = ["-T", "50ms", "-o", output]
    run = mprofpp.start("run", *options, "sleep", "600", stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(run):
        wait_until(lambda: lines_of(output) > 16, "the recording starts")
        stop(run)
        written = output.stat().st_size
        subprocess.run(["sleep", "1"], check=True)  # the gap to record: a second
        assert output.stat().st_size == written
        run.send_signal(signal.SIGCONT)
        wait_until(lambda: output.read_bytes()[written:].count(b"MEM") > 5, "the recording goes on")
        run.terminate()
        err = run.communicate()[1]
    recording = Recording(output)
    (seconds,) = suspended_in(recording)
    gap = max(steps_of(recording))
    assert 0.9 < seconds <= gap
    assert recording.lost_count("ticks") < 10  # none of the twenty that fell into the gap
    assert "suspended for" in err
    # the line is where the gap ends
    index = next(i for i, line in enumerate(recording.lines) if " suspended " in line)
    before = [line for line in recording.lines[:index] if line.startswith("MEM")][-1]
    after = [line for line in recording.lines[index:] if line.startswith("MEM")][0]
    assert float(after.split()[2]) - float(before.split()[2]) == pytest.approx(gap)


def test_a_program_that_exits_while_the_recorder_is_stopped_has_no_line_across_that_time(mprofpp, tmp_path):
    output, end = tmp_path / "x.dat", tmp_path / "end"
    os.mkfifo(end)
    run = mprofpp.start("run", "-q", "-T", "10ms", "-o", output, "sh", "-c", f"read go < {end}; exit 3")
    with killed_at_the_end(run):
        wait_until(lambda: lines_of(output) > 16, "the recording starts")
        root = int(Recording(output).meta["root"][0])
        stop(run)
        end.write_text("go\n")
        wait_until(lambda: state_of(root) == "Z", "the program has exited")
        subprocess.run(["sleep", "0.2"], check=True)
        run.send_signal(signal.SIGCONT)
        assert run.wait() == 3
    recording = Recording(output)
    assert len(suspended_in(recording)) == 1
    lost = next(line for line in recording.lines if " suspended " in line).split()
    assert recording.times[-2] < float(lost[1]) <= recording.times[-1]


def test_an_attached_recorder_records_that_it_was_stopped_too(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    with killed_at_the_end(subprocess.Popen(["sleep", "600"])) as target:
        run = mprofpp.start("attach", "-q", "-T", "10ms", "-o", output, target.pid)
        with killed_at_the_end(run):
            wait_until(lambda: lines_of(output) > 16, "the recording starts")
            stop(run)
            subprocess.run(["sleep", "0.2"], check=True)
            target.kill()
            target.wait()
            run.send_signal(signal.SIGCONT)
            assert run.wait() == 0
    recording = Recording(output)
    assert recording.end[1] == "ended"
    assert len(suspended_in(recording)) == 1


def test_a_recorder_that_is_only_late_has_missed_ticks(mprofpp, tmp_path):
    """Its output is a pipe that is not read for a while. The recorder waits, but it was not stopped."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    run = mprofpp.start("run", "-T", "1ms", "-o", pipe, "sleep", "600", stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(run), pipe.open("rb", buffering=0) as reader:
        text = reader.read(1000)
        wait_until(lambda: state_of(run.pid) == "S" and is_blocked_in_write(run.pid), "the pipe is full")
        subprocess.run(["sleep", "0.3"], check=True)  # the time to miss: a third of a second
        run.send_signal(signal.SIGTERM)
        text += reader.read(1 << 20)
        while chunk := reader.read(1 << 20):
            text += chunk
        err = run.communicate()[1]
    copy = tmp_path / "copy.dat"
    copy.write_bytes(text)
    recording = Recording(copy)
    assert recording.lost_count("ticks") > 200
    assert suspended_in(recording) == []
    missed = int(recording.lost_count("ticks"))
    assert f", {missed} missed (asked for one every 1.0 ms, got one every" in err


def test_a_recorder_that_was_stopped_in_the_middle_of_a_tick_was_suspended(mprofpp, tmp_path):
    """Its output is a full pipe, so it is certainly in the middle of a tick."""
    pipe, copy = tmp_path / "pipe", tmp_path / "copy.dat"
    os.mkfifo(pipe)
    run = mprofpp.start("run", "-q", "-T", "1ms", "-o", pipe, "sleep", "600")
    with killed_at_the_end(run), pipe.open("rb", buffering=0) as reader:
        text = reader.read(1000)
        wait_until(lambda: state_of(run.pid) == "S" and is_blocked_in_write(run.pid), "the pipe is full")
        stop(run)
        subprocess.run(["sleep", "0.2"], check=True)  # the gap to record: a fifth of a second
        run.send_signal(signal.SIGCONT)
        while b" suspended " not in text and len(text) < 200_000:  # three times the size of a pipe
            text += reader.read(1 << 20)
        run.terminate()
        while chunk := reader.read(1 << 20):
            text += chunk
    copy.write_bytes(text)
    (seconds,) = suspended_in(Recording(copy))
    assert seconds >= 0.2


@unsanitized
def test_the_gap_of_a_stopped_recorder_is_recorded_in_the_right_place_wherever_it_stops(mprofpp, clocks):
    """A tick reads clocks many times. The recorder is stopped before each of these readings in turn."""
    output, most_readings = mprofpp.folder / "x.dat", 24
    options = ["-q", "-T", "10ms", "-o", output]
    with killed_at_the_end(mprofpp.start("run", *options, "sleep", "600", env=clocks.environment)) as run:
        wait_until(lambda: lines_of(output) > 16, "the recording starts")
        for number in range(1, most_readings + 1):
            clocks.stop_at_reading(number)
            wait_until(lambda: state_of(run.pid) == "T", "the recorder is stopped")
            subprocess.run(["sleep", "0.1"], check=True)  # the gap to record: a tenth of a second
            run.send_signal(signal.SIGCONT)
            wait_until(lambda: len(suspended_in(Recording(output))) == number, f"stop {number} is recorded")
            written = lines_of(output)
            wait_until(lambda: lines_of(output) > written + 1, "the recording goes on")
        run.terminate()
        run.wait()
    assert min(gaps_at_suspensions(Recording(output))) >= 0.1


def gaps_at_suspensions(recording):
    """Yields the time between the samples before and after each suspension."""
    sample = suspended = None
    for kind, *fields in map(str.split, recording.lines):
        if kind == "MEM":
            if suspended:
                yield float(fields[1]) - sample
            sample, suspended = float(fields[1]), False
        elif kind == "LOST" and fields[1] == "suspended":
            suspended = True


def is_blocked_in_write(pid):
    with open(f"/proc/{pid}/wchan") as file:
        return "pipe_write" in file.read()


def test_a_recorder_that_is_continued_without_having_been_stopped_was_not_suspended(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-f", "-T", "1", "-o", output, "sleep", "600")
    with killed_at_the_end(run):
        wait_until(lambda: lines_of(output) > 10, "the recording starts")
        run.send_signal(signal.SIGCONT)
        wait_until(lambda: Recording(output).samples[1:], "the recording goes on")
        run.terminate()
        run.wait()
    assert suspended_in(Recording(output)) == []


# The machine sleeps, and clocks are set


class Clocks:
    """The recorder's clocks. The test can set them, and can stop the recorder when it reads them."""

    def __init__(self, folder):
        path = folder / "clocks"
        path.write_bytes(bytes(24))
        with path.open("r+b") as file:
            self.moves = mmap.mmap(file.fileno(), 24)
        library = BUILD / "tests/preload/clocks.so"
        self.environment = os.environ | {"LD_PRELOAD": str(library), "MOVED_CLOCKS": str(path)}

    def machine_sleeps(self, seconds):
        self.moves[:8] = struct.pack("<q", int(seconds * SECOND))

    def wall_clock_is_set(self, seconds):
        self.moves[8:16] = struct.pack("<q", int(seconds * SECOND))

    def stop_at_reading(self, number):
        self.moves[16:] = struct.pack("<q", number)


@pytest.fixture
def clocks(tmp_path):
    return Clocks(tmp_path)


def record_and_move(mprofpp, clocks, move):
    output = mprofpp.folder / "x.dat"
    options = ["-T", "20ms", "-o", output]
    environment = {"env": clocks.environment, "stderr": subprocess.PIPE, "text": True}
    run = mprofpp.start("run", *options, "sleep", "600", **environment)
    with killed_at_the_end(run):
        wait_until(lambda: lines_of(output) > 20, "the recording starts")
        move()
        seen = output.read_bytes().count(b"MEM")
        wait_until(lambda: output.read_bytes().count(b"MEM") > seen + 10, "the recording goes on")
        run.terminate()
        return Recording(output), run.communicate()[1], output


@unsanitized
def test_a_suspended_machine_is_recorded_and_later_times_are_those_of_the_wall_clock(mprofpp, clocks):
    recording, err, output = record_and_move(mprofpp, clocks, lambda: clocks.machine_sleeps(3600))
    assert suspended_in(recording) == [pytest.approx(3600, abs=0.01)]
    steps = steps_of(recording)
    assert sum(step > 3599 for step in steps) == 1
    assert statistics.median(steps) == pytest.approx(0.02, abs=0.01)
    assert "suspended for 1 h" in err
    picture = mprofpp.folder / "x.svg"
    assert mprofpp("plot", "-o", picture, output).status == 0
    assert "suspended for 1 h" in picture.read_text()


@unsanitized
@pytest.mark.parametrize("seconds", [7200, -7200, 0.5, -0.5])
def test_a_wall_clock_that_is_set_meanwhile_changes_no_interval(mprofpp, clocks, seconds):
    recording, _, _ = record_and_move(mprofpp, clocks, lambda: clocks.wall_clock_is_set(seconds))
    steps = steps_of(recording)
    assert min(steps) > 0
    late = recording.lost_count("ticks") * 0.02
    assert recording.times[-1] - recording.times[0] < len(steps) * 0.02 + late + 0.4
    assert suspended_in(recording) == []
