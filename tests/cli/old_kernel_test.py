"""Kernels and sandboxes without some system calls: the recordings are as good as elsewhere."""

import errno
import os
import signal
import subprocess

import pytest

from conftest import PATIENCE, Mprofpp, is_alive, killed_at_the_end, lines_of, unsanitized, wait_until
from recording import Recording

ERRORS = ["ENOSYS", "EPERM"]  # an older kernel; a sandbox

# each is newer than Linux 4.18, or refused by some container
CALLS = ["pidfd_open", "clone3", "close_range", "faccessat2", "kcmp", "memfd_create", "openat2"]
CALLS += ["pidfd_send_signal", "prctl", "renameat2", "rseq", "statx", "fallocate"]
ALL_YOUNGER = "clone3,close_range,faccessat2,openat2,pidfd_open,pidfd_send_signal,rseq"


class Refused(Mprofpp):
    """mprofpp with some system calls that fail, in it and in all its descendants."""

    def __init__(self, folder, refuse):
        super().__init__(folder)
        self.refuse = refuse

    def command(self, *words):
        return [*self.refuse, *super().command(*words)]


@pytest.fixture
def refused(tmp_path, program):
    def make(calls, error):
        refuse = program("refuse", calls, str(getattr(errno, error)))
        if subprocess.run([*refuse, "true"], check=False).returncode == 77:
            pytest.skip("SKIP: system calls cannot be refused here")
        return Refused(tmp_path, refuse)

    return make


def check_family(recording):
    """Checks the recording of a parent and two children of 20 MiB each, which run at the same time."""
    assert len(recording.of_name("tree")) == 3
    assert 60 < recording.peak < 75
    assert {process.pid for process in recording.processes} <= set(recording.exits)
    assert recording.end[1] == "ended"


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", [*CALLS, ALL_YOUNGER])
def test_a_program_is_recorded_without_that_system_call(refused, program, call, error):
    done = refused(call, error).record("-C", "-M", "-T", "10ms", program("tree", 20, 300, 2))
    assert (done.status, done.err.count("cannot")) == (0, 0), done.err
    check_family(done.recording)


@pytest.mark.parametrize("error", ERRORS)
def test_the_status_and_the_kernels_peak_are_those_of_the_program(refused, program, error):
    mprofpp = refused("pidfd_open", error)
    done = mprofpp.record(program("spike", 64, 5))
    assert 64 < mprofpp.peak(done.path)["kernel_mib"] < 67
    assert mprofpp.record(["sh", "-c", "exit 3"]).status == 3
    assert mprofpp.record(["sh", "-c", "kill -9 $$"]).status == 137
    missing = mprofpp.record(["no-such-program"])
    assert missing.status == 127 and missing.says("no such program")


@pytest.mark.parametrize("error", ERRORS)
def test_signals_reach_the_program_without_pidfds(refused, tmp_path, error):
    ready = tmp_path / "ready"
    script = f"trap 'exit 7' TERM; touch {ready}; while :; do sleep 0.01; done"
    with killed_at_the_end(refused("pidfd_open", error).start("run", "-q", "sh", "-c", script)) as run:
        wait_until(ready.exists, "the program is ready")
        run.send_signal(signal.SIGTERM)
        assert run.wait(PATIENCE) == 7


def attach_to(mprofpp, target, output, *options):
    recorder = mprofpp.start("attach", "-o", output, *options, target.pid, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: output.exists() and b"\nMEM " in output.read_bytes(), "the recording starts")
    return recorder


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", ["pidfd_open", ALL_YOUNGER])
def test_the_exit_of_an_attached_process_is_noticed_long_before_the_next_tick(
    refused, program, tmp_path, call, error
):
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    victim = [str(word) for word in program("idle", 0, ready, 30)]
    with killed_at_the_end(subprocess.Popen(victim, stdin=subprocess.PIPE)) as target:
        wait_until(ready.exists, "the program is ready")
        with killed_at_the_end(attach_to(refused(call, error), target, output, "-T", "1h")) as recorder:
            assert is_alive(target.pid) and recorder.poll() is None
            target.communicate()
            said = recorder.communicate(timeout=PATIENCE)[1]
    assert recorder.returncode == 0 and "the process exited after" in said
    recording = Recording(output)
    assert recording.end[1] == "ended" and target.pid in recording.exits
    assert 30 < recording.peak < 35


@pytest.mark.parametrize("error", ERRORS)
def test_the_recording_of_several_attached_processes_ends_with_the_last_one(refused, tmp_path, error):
    output = tmp_path / "x.dat"
    mprofpp = refused("pidfd_open", error)
    targets = [subprocess.Popen(["sleep", "600"]) for _ in range(2)]
    with killed_at_the_end(targets[0]) as first, killed_at_the_end(targets[1]) as second:
        words = ["attach", "-q", "-T", "10ms", "-o", output, first.pid, second.pid]
        with killed_at_the_end(mprofpp.start(*words)) as recorder:
            wait_until(lambda: lines_of(output) > 10, "the recording starts")
            first.kill()
            first.wait()
            wait_until(lambda: first.pid in Recording(output).exits, "its exit is recorded")
            seen = lines_of(output)
            wait_until(lambda: lines_of(output) > seen + 20, "the recording goes on")
            second.kill()
            second.wait()
            assert recorder.wait(PATIENCE) == 0
    assert {first.pid, second.pid} <= set(Recording(output).exits)


@pytest.mark.parametrize("error", ERRORS)
def test_a_process_that_does_not_exist_is_still_one_line(refused, error):
    done = refused("pidfd_open", error)("attach", "99999999")
    assert done.status == 1
    assert len(done.said) == 1 and done.says("99999999", "no such process")


@unsanitized
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", ["signalfd4", "eventfd2", "timerfd_create"])
def test_a_required_system_call_that_fails_is_replaced_or_reported(refused, tmp_path, call, error):
    started = tmp_path / "started"
    done = refused(call, error).record("-q", ["touch", started])
    if done.status == 0:
        assert started.exists() and done.recording.values
    else:
        assert done.status == 125 and not started.exists()
        assert len(done.err.splitlines()) == 1 and done.says("cannot"), done.err


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_is_drawn_without_the_newer_calls(refused, mprofpp, tmp_path, suffix):
    path = mprofpp.record(["true"]).path
    done = refused(f"{ALL_YOUNGER},memfd_create,renameat2", "ENOSYS")("plot", "-o", f"x.{suffix}", path)
    assert done.status == 0, done.err
    assert os.path.getsize(tmp_path / f"x.{suffix}") > 1000


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_svg_is_suggested_if_no_thread_can_be_started(refused, mprofpp, tmp_path, suffix):
    """glibc does not replace clone3 if it fails with EPERM, and GLib would then abort the process."""
    path = mprofpp.record(["true"]).path
    sandboxed = refused("clone3", "EPERM")
    done = sandboxed("plot", "-o", f"x.{suffix}", path)
    assert done.status in (0, 1), done.err
    if done.status == 1:
        assert len(done.err.splitlines()) == 1 and done.says("no thread can be started", ".svg")
        assert not (tmp_path / f"x.{suffix}").exists()
    assert sandboxed("plot", "-o", "x.svg", path).status == 0
