"""`-t/--timeout`, `--kill` and `--wait-all`: recordings that do not end with the program."""

import contextlib
import os
import resource
import shutil
import signal

import pytest

from conftest import PATIENCE, is_alive, killed_at_the_end, needs, obeys_setuid, wait_until
from recording import Recording


def root_of(recording):
    return int(recording.meta["root"][0])


def test_a_timeout_ends_the_recording_and_the_program_goes_on(mprofpp):
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


def test_a_program_that_exits_before_the_timeout_gives_its_own_status(mprofpp):
    assert mprofpp.record("-t", "60", ["sh", "-c", "exit 3"]).status == 3


def test_with_kill_the_program_is_ended_with_the_recording(mprofpp):
    done = mprofpp.record("-t", "0.1", "--kill", ["sleep", "30"])
    assert done.status == 124
    root = root_of(done.recording)
    assert not is_alive(root)
    assert done.recording.exits[root] == 143


def test_a_stopped_program_is_continued_so_that_it_can_exit(mprofpp):
    done = mprofpp.record("-t", "0.3", "--kill", ["sh", "-c", "kill -STOP $$; exec sleep 600"])
    assert done.status == 124
    assert done.recording.exits[root_of(done.recording)] == 143


def test_a_program_that_ignores_sigterm_is_killed(mprofpp):
    done = mprofpp.record("-t", "0.1", "--kill", ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"])
    assert done.status == 124
    assert done.recording.exits[root_of(done.recording)] == 137


def test_wait_all_records_until_the_last_descendant_exits(mprofpp, program):
    command = ["sh", "-c", '"$@" & exit 4', "sh", *program("spike", 30, 300)]
    done = mprofpp.record("-C", "--wait-all", "-T", "10ms", command)
    assert done.status == 4
    assert done.recording.peak > 30
    assert not done.says("still running")


def test_the_recording_ends_with_the_last_descendant_and_not_at_the_next_tick(mprofpp):
    done = mprofpp.record("--wait-all", "-T", "1h", ["sh", "-c", "sleep 0.1 & exit 4"])
    assert done.status == 4
    assert done.recording.end[1] == "ended"


@contextlib.contextmanager
def outlived(mprofpp, program, tmp_path, *options, **surroundings):
    """A recorder that waits for the only descendant of a program that has exited."""
    ready, output = tmp_path / "ready", tmp_path / "x.dat"
    words = ["run", "--wait-all", "-C", "-T", "5ms", "-o", output, *options, *program("outlive", ready)]
    survivor = None
    with killed_at_the_end(mprofpp.start(*words, **surroundings)) as run:
        try:
            wait_until(lambda: ready.exists() and ready.read_text().endswith("\n"), "the child has started")
            survivor = int(ready.read_text())
            yield run, output, survivor
        finally:
            if survivor is not None:
                os.kill(survivor, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_wait_for_processes_that_outlive_the_program(mprofpp, program, tmp_path, number):
    with outlived(mprofpp, program, tmp_path) as (run, output, survivor):
        wait_until(lambda: output.exists() and Recording(output).exits, "the program has exited")
        run.send_signal(number)
        assert run.wait(PATIENCE) == 0  # the status of the program
        assert is_alive(survivor)
    assert Recording(output).end[1] == "interrupted"


def test_with_kill_the_recorder_waits_for_no_other_process(mprofpp, tmp_path):
    ready = tmp_path / "ready"
    script = f"sleep 600 >/dev/null 2>&1 & echo $! >{ready}; exec sleep 600"
    done = mprofpp.record("-t", "0.3", "--kill", "--wait-all", ["sh", "-c", script])
    survivor = int(ready.read_text())
    try:
        assert done.status == 124
        assert done.recording.exits[root_of(done.recording)] == 143
        assert done.says("still running", str(survivor))
    finally:
        os.kill(survivor, signal.SIGKILL)


def test_without_room_on_the_disk_the_recorder_waits_for_no_process(mprofpp, program, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    with outlived(mprofpp, program, tmp_path, preexec_fn=limit) as (run, _, survivor):
        assert run.wait(PATIENCE) == 125
        assert is_alive(survivor)


def test_a_program_that_may_not_be_killed_is_reported_as_still_running(mprofpp, somebody):
    """It has become a process of root."""
    theirs, folder = somebody
    needs("setpriv")
    obeys_setuid(folder)
    become = folder / "become"
    shutil.copy(shutil.which("setpriv"), become)
    become.chmod(0o4755)  # it belongs to root, because the test runs as root
    root = ["--reuid", "0", "--regid", "0", "--clear-groups"]
    command = [become, *root, "sh", "-c", "exec sleep 600 >/dev/null 2>&1"]
    done = mprofpp("run", "-t", "0.3", "--kill", "-o", folder / "x.dat", *command, **theirs)
    pid = root_of(Recording(folder / "x.dat"))
    try:
        assert done.status == 124
        assert done.says(str(pid), "cannot be sent signal 15", "operation not permitted")
        assert done.says("still running, and left alone", str(pid))
    finally:
        os.kill(pid, signal.SIGKILL)


def test_without_wait_all_the_recording_ends_with_the_program(mprofpp, program, tmp_path):
    ready = tmp_path / "ready"
    done = mprofpp.record("-C", program("outlive", ready))
    survivor = int(ready.read_text())
    try:
        assert done.says("still running", str(survivor))
    finally:
        os.kill(survivor, signal.SIGKILL)


@pytest.mark.parametrize("wrong", ["-1", "soon", "1x"])
def test_an_invalid_timeout_is_refused(mprofpp, tmp_path, wrong):
    done = mprofpp("run", "-o", "x.dat", "-t", wrong, "true")
    assert done.status == 125
    assert len(done.said) == 1 and "--timeout" in done.said[0]
    assert not (tmp_path / "x.dat").exists()
