"""Names of processes: of many that start at once, and titles that a process sets itself."""

import collections
import os
import pathlib

import pytest

from conftest import ended, recorded, wait_until
from recording import Recording

SPACE = "x" * 200


def titles_in(path):
    """Returns (pid, title) of each TITLE line."""
    lines = [line.split() for line in path.read_text().splitlines() if line.startswith("TITLE ")]
    return [(int(pid), title.replace("%20", " ")) for _, pid, _, title in lines]


def set_title(run, mib, title):
    run.stdin.write(f"{mib} {title}\n")
    run.stdin.flush()


def commands_in(path):
    return [process.command for process in Recording(path).processes]


def retitled(program):
    return lambda ready: program("retitle", ready, SPACE)


def samples_with(path, title):
    """Returns the samples that follow the title."""
    titled = path.read_text().partition(" " + title.replace(" ", "%20") + "\n")[2]
    return [line for line in titled.splitlines() if line.startswith("MEM ")]


def is_sampled(path, program):
    """Returns whether the recording has a sample after the name of the program."""
    lines = path.read_text().splitlines() if path.exists() else []
    named = [i for i, line in enumerate(lines) if line.startswith("PROC ") and f" {program} " in line]
    return bool(named) and any(line.startswith("MEM ") for line in lines[named[0] :])


def record_titles(mprofpp, program, options, titles):
    """Records a process that has each of these titles for some samples, with all of its memory."""
    files = []

    def victim(ready):
        files.append(pathlib.Path(ready))
        return retitled(program)(ready)

    with recorded(mprofpp, ["-T", "10ms", *options], victim) as (run, path):
        wait_until(lambda: is_sampled(path, "retitle"), "the program is recorded under its own name")
        for mib, title in titles:
            set_title(run, mib, title)
            wait_until(lambda t=title: t in files[0].read_text(), f"{title} has its memory")
            enough = len(samples_with(path, title)) + 3
            wait_until(lambda t=title, n=enough: len(samples_with(path, t)) >= n, f"{title} is recorded")
        ended(run)
    return path


TITLES = [(1, "worker: idle"), (60, "worker: test_large"), (5, "worker: test_small")]


def test_titles_are_recorded_as_spans_with_span_titles(mprofpp, program, mprof):
    path = record_titles(mprofpp, program, ["--span-titles"], TITLES)
    assert [title for _, title in titles_in(path)] == [title for _, title in TITLES]
    assert commands_in(path)[-len(TITLES) :] == [title for _, title in TITLES]
    assert mprof.read_mprofile_file(str(path))["mem_usage"] == pytest.approx(Recording(path).values)
    picture = mprofpp.folder / "x.svg"
    assert mprofpp("plot", "--flame", "-o", picture, path).status == 0
    drawn = picture.read_text()
    assert "own titles" in drawn
    assert all(title in drawn for _, title in TITLES)


def test_without_the_option_titles_are_names_but_no_spans(mprofpp, program):
    path = record_titles(mprofpp, program, [], TITLES)
    assert titles_in(path) == []
    assert commands_in(path)[-1] == TITLES[-1][1]


def test_a_process_has_the_title_that_it_had_at_its_peak(mprofpp, program):
    path = record_titles(mprofpp, program, ["--span-titles"], TITLES)
    process = mprofpp.peak(path)["processes"][0]
    assert process["command"] == "worker: test_large"
    assert process["other_commands"][-2:] == ["worker: idle", "worker: test_small"]
    assert "worker: test_large (also: " in mprofpp("peak", "-M", path).text


def test_a_change_by_exec_is_not_a_title(mprofpp):
    done = mprofpp.record(
        "--span-titles", "-C", "-M", "-T", "10ms", ["sh", "-c", "sleep 0.3; exec sleep 0.3"]
    )
    assert "sleep 0.3" in commands_in(done.path)
    assert titles_in(done.path) == []


@pytest.mark.parametrize("option", ["--sp", "--s"])
def test_the_option_may_be_shortened(mprofpp, program, option):
    assert titles_in(record_titles(mprofpp, program, [option], TITLES[:2]))


def test_many_processes_that_start_at_once_all_have_their_command_and_kernel_peak(mprofpp):
    script = "for i in $(seq 80); do { sleep 2; :; } & done; wait"
    done = mprofpp.record("-C", "-M", ["sh", "-c", script])
    recording = Recording(done.path)
    last, seen = {}, {}
    for process in recording.processes:
        last[process.pid, process.start] = process
        seen.setdefault((process.pid, process.start), process.seen)
    read = collections.Counter(int(line.split()[1]) for line in recording.lines if line.startswith("CHLD "))
    lived = [process for process in last.values() if read[process.pid] >= 10]
    assert len(lived) >= 80
    shells = [process for process in lived if process.command.startswith("sh -c")]
    assert {process.command for process in lived} - {"sleep 2"} <= {process.command for process in shells}
    sleepers = {process.parent for process in lived if process.command == "sleep 2"}
    assert all(process.pid in sleepers for process in shells if read[process.pid] >= 15)
    peaks = {int(line.split()[1]) for line in recording.lines if line.startswith("PEAK ")}
    assert {process.pid for process in lived} <= peaks


def test_the_recorder_has_a_higher_priority_than_its_program_as_root(mprofpp, program):
    if os.geteuid() != 0:
        pytest.skip("SKIP: raising a priority needs root")
    with recorded(mprofpp, [], retitled(program)) as (run, path):
        wait_until(lambda: path.exists() and "root" in Recording(path).meta, "the recording has started")
        root = int(Recording(path).meta["root"][0])
        assert os.getpriority(os.PRIO_PROCESS, root) == os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, run.pid) < os.getpriority(os.PRIO_PROCESS, root)
        ended(run)
