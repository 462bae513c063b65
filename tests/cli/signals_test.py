"""Signals are passed on, but never twice, and the recording is complete."""

import fcntl
import os
import pathlib
import pty
import resource
import select
import signal
import struct
import subprocess
import termios

import pytest

from conftest import (
    PATIENCE, is_alive, killed_at_the_end, line_with, lines_of, needs, state_of, wait_until,
)  # fmt: skip
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


PASSED_ON = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2]
PASSED_ON += [signal.SIGWINCH, signal.SIGALRM, signal.SIGABRT, signal.SIGRTMIN, signal.SIGRTMAX - 1]


@pytest.mark.parametrize("number", PASSED_ON)
def test_a_signal_to_mprofpp_is_passed_on_and_the_exit_of_the_program_is_recorded(
    mprofpp, program, tmp_path, number
):
    run, output = started(mprofpp, program, number, tmp_path)
    with killed_at_the_end(run):
        run.send_signal(number)
        out = run.communicate()[0]
    assert out == b"signals seen: 1\n"
    assert run.returncode == 7
    recording = Recording(output)
    assert recording.end is not None
    assert recording.times[-1] - recording.times[0] > 0.2  # it includes the clean-up


def test_a_program_that_a_passed_on_signal_kills_gives_its_status(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-o", output, "-T", "0.1", "sleep", "30")
    with killed_at_the_end(run):
        wait_until(lambda: output.exists() and b"MEM" in output.read_bytes(), "the recording starts")
        run.terminate()
        assert run.wait() == 143
    recording = Recording(output)
    assert not is_alive(int(recording.meta["root"][0]))
    assert recording.exits[int(recording.meta["root"][0])] == 143


def test_a_signal_from_the_program_to_its_parent_is_not_passed_on(mprofpp):
    """An X server sends SIGUSR1 to its parent when it is ready. Passed on, the signal would kill it."""
    done = mprofpp.record(["sh", "-c", "kill -USR1 $PPID; sleep 0.2; exit 5"])
    assert done.status == 5


def test_an_alarm_that_was_set_for_mprofpp_is_passed_on(mprofpp):
    """As in perl -e 'alarm 60; exec @ARGV' mprofpp run …: an alarm survives exec, but a child has none."""

    def set_alarm():
        signal.setitimer(signal.ITIMER_REAL, 0.3)

    done = mprofpp.record("-q", ["sleep", "600"], preexec_fn=set_alarm)
    assert done.status == 128 + signal.SIGALRM
    assert list(done.recording.exits.values()) == [128 + signal.SIGALRM]


def test_a_signal_to_the_whole_group_is_never_lost(mprofpp, program, tmp_path):
    """The program may get it twice, from the sender and from mprofpp, which cannot know who got it."""
    run, output = started(mprofpp, program, signal.SIGTERM, tmp_path, start_new_session=True)
    with killed_at_the_end(run):
        os.killpg(run.pid, signal.SIGTERM)
        out = run.communicate()[0]
    assert out in (b"signals seen: 1\n", b"signals seen: 2\n")
    assert run.returncode == 7
    assert Recording(output).end[1] == "ended"


class Terminal:
    """A terminal and its program, which is the leader of the session and in the foreground."""

    def __init__(self, folder, *command):
        self.output = b""
        self.pid, self.keyboard = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execv(command[0], [str(word) for word in command])

    def press(self, key):
        os.write(self.keyboard, key)

    def resize(self, rows, columns):
        fcntl.ioctl(self.keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self):
        os.close(self.keyboard)
        self.keyboard = None

    def wait(self):
        """Reads the output to its end. Returns the exit status."""
        try:
            while self.keyboard and select.select([self.keyboard], [], [], PATIENCE)[0]:
                self.output += os.read(self.keyboard, 1000)
        except OSError:  # the terminal has no more processes
            self.hang_up()
        try:
            wait_until(lambda: not is_alive(self.pid), "mprofpp has exited")
        finally:
            os.kill(self.pid, signal.SIGKILL)  # it does nothing to a zombie
            status = os.waitpid(self.pid, 0)[1]
        return os.waitstatus_to_exitcode(status)


def at_terminal(mprofpp, tmp_path, *command, ready=None, shell=()):
    """Starts `mprofpp run COMMAND` at a terminal, directly or under a shell with job control."""
    output = tmp_path / "x.dat"
    run = [mprofpp.executable, "run", "-q", "-T", "10ms", "-o", output]
    terminal = Terminal(tmp_path, *shell, *run, *command)
    wait_until((ready or output).exists, "the program is ready")
    wait_until(lambda: b"MEM" in output.read_bytes(), "the recording starts")
    return terminal, output


CTRL_C, CTRL_BACKSLASH, CTRL_Z = b"\x03", b"\x1c", b"\x1a"


@pytest.mark.parametrize("number, key", [(signal.SIGINT, CTRL_C), (signal.SIGQUIT, CTRL_BACKSLASH)])
def test_a_key_at_a_terminal_sends_one_signal_to_the_program(mprofpp, program, tmp_path, number, key):
    """The terminal sends the signal to the whole foreground group, so mprofpp must not pass it on."""
    ready = tmp_path / "ready"
    victim = program("trap", int(number), 300, 7, ready)
    terminal, output = at_terminal(mprofpp, tmp_path, *victim, ready=ready)
    terminal.press(key)
    assert terminal.wait() == 7
    assert b"signals seen: 1" in terminal.output
    assert Recording(output).end is not None


@pytest.mark.parametrize("number, key", [(signal.SIGINT, CTRL_C), (signal.SIGQUIT, CTRL_BACKSLASH)])
def test_a_key_sends_one_signal_to_a_program_with_a_session_of_its_own_too(
    mprofpp, program, tmp_path, number, key
):
    needs("setsid")
    ready = tmp_path / "ready"
    victim = program("trap", int(number), 300, 7, ready)
    terminal, output = at_terminal(mprofpp, tmp_path, "setsid", *victim, ready=ready)
    terminal.press(key)
    assert terminal.wait() == 7
    assert b"signals seen: 1" in terminal.output
    assert Recording(output).end is not None


def test_a_program_that_ctrl_c_kills_is_recorded_to_its_end(mprofpp, tmp_path):
    terminal, output = at_terminal(mprofpp, tmp_path, "sleep", "600")
    terminal.press(CTRL_C)
    assert terminal.wait() == 130
    recording = Recording(output)
    assert list(recording.exits.values()) == [130]
    assert recording.end[1] == "ended"


def test_a_program_that_ignores_ctrl_c_and_its_recording_go_on(mprofpp, tmp_path):
    ready, end = tmp_path / "ready", tmp_path / "end"
    os.mkfifo(end)
    script = f"trap '' INT; touch {ready}; read go < {end}; exit 5"
    terminal, output = at_terminal(mprofpp, tmp_path, "sh", "-c", script, ready=ready)
    for _ in range(3):
        seen = lines_of(output)
        terminal.press(CTRL_C)
        wait_until(lambda: lines_of(output) > seen + 5, "the recording goes on")
    end.write_text("go\n")
    assert terminal.wait() == 5
    assert Recording(output).end[1] == "ended"


def test_ctrl_z_stops_both_and_fg_continues_both(mprofpp, program, tmp_path):
    log = tmp_path / "log"
    terminal, output = at_terminal(mprofpp, tmp_path, "sleep", "600", shell=program("shell", log))
    terminal.press(CTRL_Z)
    wait_until(log.exists, "the shell has noticed that its job has stopped")
    program_pid = int(Recording(output).meta["root"][0])
    wait_until(lambda: state_of(program_pid) == "T", "the program has stopped")
    written = lines_of(output)
    subprocess.run(["sleep", "0.3"], check=True)  # the recorder must not write in this time
    assert lines_of(output) == written
    os.kill(terminal.pid, signal.SIGUSR1)  # fg
    wait_until(lambda: lines_of(output) > written + 10, "the recording goes on")
    wait_until(lambda: state_of(program_pid) == "S", "the program continues to sleep")
    terminal.press(CTRL_C)
    assert terminal.wait() == 130
    recording = Recording(output)
    assert sum(seconds > 0.2 for what, seconds in recording.lost if what == "suspended") == 1


def test_the_program_is_notified_of_a_new_size_of_the_terminal(mprofpp, program, tmp_path):
    ready = tmp_path / "ready"
    victim = program("trap", int(signal.SIGWINCH), 50, 7, ready)
    terminal, _ = at_terminal(mprofpp, tmp_path, *victim, ready=ready)
    terminal.resize(50, 132)
    assert terminal.wait() == 7
    assert b"signals seen: 1" in terminal.output


def test_the_program_gets_sighup_from_a_closed_terminal_and_its_exit_is_recorded(mprofpp, program, tmp_path):
    """The kernel sends SIGHUP only to the leader of the session, which is mprofpp here."""
    ready = tmp_path / "ready"
    victim = program("trap", int(signal.SIGHUP), 100, 7, ready)
    terminal, output = at_terminal(mprofpp, tmp_path, *victim, ready=ready)
    terminal.hang_up()
    assert terminal.wait() == 7
    assert list(Recording(output).exits.values()) == [7]
    assert Recording(output).end[1] == "ended"


# attach: signals are not passed on


@pytest.fixture
def attached(mprofpp, tmp_path):
    """A function that attaches to a sleeping process. It returns when the recording has started."""
    started = []

    def attach(**options):
        target = subprocess.Popen(["sleep", "600"])
        started.append(target)
        output = tmp_path / "x.dat"
        recorder = mprofpp.start("attach", "-q", "-T", "10ms", "-o", output, target.pid, **options)
        started.append(recorder)
        wait_until(lambda: lines_of(output) > 12, "the recording starts")
        return recorder, output, target

    yield attach
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_an_attached_recording_properly(attached, number):
    recorder, output, target = attached()
    recorder.send_signal(number)
    assert recorder.wait() == 0
    assert Recording(output).end[1] == "interrupted"
    assert is_alive(target.pid)


def test_under_nohup_an_attached_recording_outlives_the_terminal(attached):
    def ignore():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    recorder, output, _ = attached(preexec_fn=ignore)
    seen = lines_of(output)
    recorder.send_signal(signal.SIGHUP)
    wait_until(lambda: lines_of(output) > seen + 20, "the recording goes on")
    recorder.terminate()
    assert recorder.wait() == 0


def test_a_resized_terminal_does_not_end_an_attached_recording(attached):
    recorder, output, _ = attached()
    seen = lines_of(output)
    recorder.send_signal(signal.SIGWINCH)
    wait_until(lambda: lines_of(output) > seen + 20, "the recording goes on")
    recorder.terminate()
    assert recorder.wait() == 0


# Other ways to end


def test_a_limit_on_the_size_of_files_ends_the_recording_and_not_the_recorder(mprofpp, tmp_path):
    """The kernel sends SIGXFSZ, which kills a process that does not expect it."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

    output, end = tmp_path / "x.dat", tmp_path / "end"
    os.mkfifo(end)
    options = ["-T", "1ms", "-o", output]
    pipes = {"stderr": subprocess.PIPE, "text": True, "preexec_fn": limit}
    run = mprofpp.start("run", *options, "sh", "-c", f"read go < {end}; exit 3", **pipes)
    with killed_at_the_end(run):
        assert line_with("the recording stops here", run.stderr)
        end.write_text("go\n")
        run.communicate()
    assert run.returncode == 3
    assert Recording(output).values


def test_a_program_that_is_killed_before_it_starts_gives_its_status(mprofpp, tmp_path):
    """The program is held back until the pipe that the recording is written to has a reader."""
    pipe, begun, copy = tmp_path / "pipe", tmp_path / "begun", tmp_path / "copy.dat"
    os.mkfifo(pipe)
    run = mprofpp.start("run", "-q", "-o", pipe, "touch", begun)
    with killed_at_the_end(run):
        waits_in = pathlib.Path(f"/proc/{run.pid}/wchan")
        wait_until(lambda: "wait_for_partner" in waits_in.read_text(), "the program is held back")
        root = int(pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text())
        os.kill(root, signal.SIGTERM)
        wait_until(lambda: state_of(root) == "Z", "the program has exited")
        copy.write_bytes(pipe.read_bytes())
        assert run.wait(PATIENCE) == 128 + signal.SIGTERM
    assert not begun.exists()
    assert Recording(copy).exits == {root: 128 + signal.SIGTERM}


def test_waiting_for_a_reader_of_a_pipe_can_be_interrupted_with_ctrl_c(mprofpp, tmp_path):
    pipe, begun = tmp_path / "pipe", tmp_path / "begun"
    os.mkfifo(pipe)
    run = mprofpp.start("run", "-o", pipe, "touch", begun)
    with killed_at_the_end(run):
        children = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children")
        wait_until(lambda: children.read_text() != "", "the program is held back")
        run.send_signal(signal.SIGINT)
        assert run.wait() == -signal.SIGINT
    assert not begun.exists()
