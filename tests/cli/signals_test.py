"""Signals: passed on, never twice, and the recording is kept."""

import os
import pathlib
import pty
import resource
import signal
import subprocess

import pytest

from conftest import is_alive, killed_at_the_end, wait_until
from recording import Recording


def started(mprofpp, program, number, tmp_path, milliseconds=200, **options):
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    run = mprofpp.start(
        "run",
        "-q",
        "-o",
        output,
        "-T",
        "10ms",
        *program("trap", int(number), milliseconds, 7, ready),
        stdout=subprocess.PIPE,
        **options,
    )
    wait_until(ready.exists, "the program is ready")
    return run, output


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGQUIT]
)
def test_a_signal_to_mprofpp_reaches_the_program_whose_end_is_recorded(mprofpp, program, tmp_path, number):
    run, output = started(mprofpp, program, number, tmp_path)
    with killed_at_the_end(run):
        run.send_signal(number)
        out = run.communicate()[0]
    assert out == b"signals seen: 1\n"
    assert run.returncode == 7
    recording = Recording(output)
    assert recording.end is not None
    assert recording.times[-1] - recording.times[0] > 0.2  # the clean-up is in it


def test_a_program_that_a_passed_on_signal_ends_gives_its_status(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-o", output, "-T", "0.1", "sleep", "30")
    with killed_at_the_end(run):
        wait_until(lambda: output.exists() and b"MEM" in output.read_bytes(), "the recording begins")
        run.terminate()
        assert run.wait() == 143
    recording = Recording(output)
    assert not is_alive(int(recording.meta["root"][0]))
    assert recording.exits[int(recording.meta["root"][0])] == 143


def test_ctrl_c_at_a_terminal_reaches_the_program_once(mprofpp, program, tmp_path):
    """The terminal sends it to the whole foreground group: passing it on would double it."""
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        command = [
            mprofpp.executable,
            "run",
            "-q",
            "-o",
            output,
            *program("trap", int(signal.SIGINT), 300, 7, ready),
        ]
        os.execv(command[0], [str(word) for word in command])
    wait_until(ready.exists, "the program is ready")
    os.write(terminal, b"\x03")
    said = b""
    try:
        while chunk := os.read(terminal, 1000):
            said += chunk
    except OSError:  # how a terminal says that nobody is left
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    assert b"signals seen: 1" in said
    assert status == 7
    assert Recording(output).end is not None


def test_a_stopped_and_continued_recording_goes_on(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-o", output, "-T", "10ms", "sleep", "0.5")
    with killed_at_the_end(run):
        wait_until(lambda: output.exists() and b"MEM" in output.read_bytes(), "the recording begins")
        run.send_signal(signal.SIGSTOP)
        run.send_signal(signal.SIGCONT)
        assert run.wait() == 0
    assert Recording(output).end is not None


def test_a_limit_on_the_size_of_files_ends_the_recording_and_not_the_recorder(mprofpp, tmp_path):
    """The kernel's answer is SIGXFSZ, which ends a process that does not expect it."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

    done = mprofpp.record("-T", "1ms", ["sh", "-c", "sleep 0.5; exit 3"], preexec_fn=limit)
    assert done.status == 3
    assert done.says("the recording ends here")
    assert Recording(done.path).values


def test_a_pipe_that_nobody_reads_can_be_left_with_ctrl_c(mprofpp, tmp_path):
    pipe, begun = tmp_path / "pipe", tmp_path / "begun"
    os.mkfifo(pipe)
    run = mprofpp.start("run", "-o", pipe, "touch", begun)
    with killed_at_the_end(run):
        children = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children")
        wait_until(lambda: children.read_text() != "", "the program is held back, the pipe is next")
        run.send_signal(signal.SIGINT)
        assert run.wait() == -signal.SIGINT
    assert not begun.exists()
