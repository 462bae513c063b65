"""`-t/--timeout`, `--kill` and `--wait-all`: ends other than the program's."""

import os
import signal

import pytest

from conftest import is_alive, wait_until
from recording import Recording


def root_of(recording):
    return int(recording.meta["root"][0])


def test_when_the_time_is_up_the_recording_ends_and_the_program_goes_on(mprofpp):
    # a program that goes on must not keep the test's pipes open
    done = mprofpp.record("-t", "0.25", ["sh", "-c", "exec sleep 30 >/dev/null 2>&1"])
    root = root_of(done.recording)
    try:
        assert done.status == 124
        assert done.says("still running", f"sleep {root}")
        assert is_alive(root)
    finally:
        os.kill(root, signal.SIGKILL)
    assert done.recording.end[1] == "timeout"
    assert 0.25 <= float(done.recording.end[0]) - float(done.recording.meta["start"][0]) < 20


def test_a_program_that_ends_in_time_gives_its_own_status(mprofpp):
    assert mprofpp.record("-t", "60", ["sh", "-c", "exit 3"]).status == 3


def test_with_kill_the_program_ends_with_the_recording(mprofpp):
    done = mprofpp.record("-t", "0.1", "--kill", ["sleep", "30"])
    assert done.status == 124
    root = root_of(done.recording)
    assert not is_alive(root)
    assert done.recording.exits[root] == 143


def test_a_program_that_ignores_sigterm_is_killed(mprofpp):
    done = mprofpp.record("-t", "0.1", "--kill", ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"])
    assert done.status == 124
    assert done.recording.exits[root_of(done.recording)] == 137


def test_wait_all_records_to_the_last_descendant(mprofpp, program):
    command = ["sh", "-c", '"$@" & exit 4', "sh", *program("spike", 30, 300)]
    done = mprofpp.record("-C", "--wait-all", "-T", "10ms", command)
    assert done.status == 4
    assert done.recording.peak > 30
    assert not done.says("still running")


def test_without_it_the_recording_ends_with_the_program(mprofpp, program, tmp_path):
    ready = tmp_path / "ready"
    done = mprofpp.record("-C", program("outlive", ready))
    survivor = int(ready.read_text())
    try:
        assert done.says("still running", str(survivor))
    finally:
        os.kill(survivor, signal.SIGKILL)


@pytest.mark.parametrize("wrong", ["-1", "soon", "1x"])
def test_a_time_out_that_is_no_time_is_refused(mprofpp, tmp_path, wrong):
    done = mprofpp("run", "-o", "x.dat", "-t", wrong, "true")
    assert done.status == 125
    assert len(done.said) == 1 and "--timeout" in done.said[0]
    assert not (tmp_path / "x.dat").exists()
