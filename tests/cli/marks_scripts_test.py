"""Marks that shell scripts make by mprofpp mark and mprofpp span."""

import os
import pty
import signal
import subprocess

import pytest

from conftest import BUILD, is_alive, killed_at_the_end, wait_until
from recording import Recording


@pytest.fixture
def script(mprofpp):
    """Records a shell script, in which `mprofpp` is the tested program."""

    def record(text, *options, **more):
        environment = os.environ | {"PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}"} | more.pop("env", {})
        return mprofpp.record("-q", "-C", *options, ["sh", "-c", text], env=environment, **more)

    return record


def shape(recording):
    """Every call's name with its level, and the part of its lane after the thread."""
    return {(call.name, call.lane.partition(".")[2], call.level) for call in recording.calls}


# Scripts


def test_consecutive_spans_of_a_script_are_in_one_lane(script):
    recording = script("for i in 1 2 3; do mprofpp span step$i -- true; done").recording
    assert shape(recording) == {("step1", "", 0), ("step2", "", 0), ("step3", "", 0)}
    assert [call.flags for call in recording.calls] == [[]] * 3


def test_nested_spans_have_levels(script):
    inner = "mprofpp span inner -- mprofpp span innermost -- true"
    recording = script(f'mprofpp span outer -- sh -c "mprofpp span first -- true; {inner}"').recording
    assert shape(recording) == {("outer", "", 0), ("first", "", 1), ("inner", "", 1), ("innermost", "", 2)}
    outer = recording.call("outer")
    assert all(outer.t_in <= call.t_in <= call.t_out <= outer.t_out for call in recording.calls)


def test_concurrent_spans_have_lanes_of_their_own(script, tmp_path):
    """Each span waits until the others have started."""
    os.mkfifo(tmp_path / "begun")
    os.mkfifo(tmp_path / "end")
    one = 'mprofpp span {} -- sh -c "echo >&3; read _ <&4" &'
    text = "exec 3<>begun 4<>end; " + " ".join(one.format(name) for name in "abc")
    text += " for _ in 1 2 3; do read _ <&3; done; for _ in 1 2 3; do echo >&4; done; wait"
    recording = script(text).recording
    assert {call.name for call in recording.calls} == {"a", "b", "c"}
    assert {call.level for call in recording.calls} == {0}
    assert len({call.lane for call in recording.calls}) == 3
    assert len({call.pid for call in recording.calls}) == 1


def test_the_parts_of_a_pipeline_are_concurrent_spans(script):
    text = """mprofpp mark "phase 1"
    mprofpp span all -- sh -c '
      mprofpp span make -- seq 100000 |
      mprofpp span sort -- sort -rn |
      mprofpp span count -- wc -l'
    mprofpp mark phase 2"""
    done = script(text)
    assert done.out == b"100000\n"
    recording = done.recording
    assert [text for *_, text in recording.marks] == ["phase 1", "phase 2"]
    assert recording.call("all").level == 0
    assert {recording.call(name).level for name in ("make", "sort", "count")} <= {0, 1}
    assert [call for call in recording.calls if call.flags] == []
    assert recording.lost_count("marks") == 0


def test_a_mark_can_come_from_outside_the_program(mprofpp, tmp_path):
    end, path = tmp_path / "end", tmp_path / "x.dat"
    waiting = f"while ! test -e {end}; do sleep 0.01; done"
    with killed_at_the_end(mprofpp.start("run", "-q", "-o", path, "sh", "-c", waiting)) as process:
        wait_until(lambda: path.exists() and Recording(path).processes, "the program is recorded")
        pid = Recording(path).processes[0].pid
        done = mprofpp("mark", "-p", pid, "deployed", "at", "last")
        assert (done.status, done.err) == (0, "")
        end.touch()
        assert process.wait() == 0
    ((_, marked, text),) = Recording(path).marks
    assert (marked, text) == (pid, "deployed at last")


@pytest.mark.parametrize("pid", [[], ["-p", "1"], ["-p", "99999999"]])
def test_a_mark_without_a_recording_is_refused_in_one_line(mprofpp, pid):
    environment = {name: value for name, value in os.environ.items() if name != "MPROFPP_RUN"}
    done = mprofpp("mark", *pid, "x", env=environment)
    assert done.status == 1
    assert len(done.err.splitlines()) == 1
    assert done.said == done.err.splitlines()


def test_the_recording_of_another_user_cannot_be_marked(mprofpp, somebody, tmp_path):
    who, folder = somebody
    end, path = tmp_path / "end", tmp_path / "x.dat"
    waiting = f"while ! test -e {end}; do sleep 0.01; done"
    with killed_at_the_end(mprofpp.start("run", "-q", "-o", path, "sh", "-c", waiting)) as process:
        wait_until(lambda: path.exists() and Recording(path).processes, "the program is recorded")
        done = mprofpp("mark", "-p", Recording(path).processes[0].pid, "x", cwd=folder, **who)
        assert done.status == 1
        assert len(done.said) == len(done.err.splitlines()) == 1
        end.touch()
        process.wait()
    assert Recording(path).marks == []


# Ends of spans


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["sh", "-c", "exit 7"], 7),
        (["sh", "-c", "kill -9 $$"], 137),
        (["sh", "-c", "kill -TERM $$"], 143),
        (["no-such-command"], 127),
        (["/etc/passwd"], 126),
        (["/"], 126),
    ],
)
@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_span_has_the_status_of_its_command(mprofpp, command, status, is_recorded):
    span = [mprofpp.executable, "span", "name", "--", *command]
    done = mprofpp.record("-q", span) if is_recorded else mprofpp(*span[1:])
    assert done.status == status
    assert len(done.err.splitlines()) == (1 if status in (126, 127) else 0)
    if is_recorded:
        assert done.recording.call("name").flags == []


def test_a_signal_to_a_span_is_passed_on_to_its_command(mprofpp, tmp_path):
    ready = tmp_path / "ready"
    command = f"trap 'echo got; exit 9' TERM; touch {ready}; while :; do sleep 0.01; done"
    words = ["span", "name", "--", "sh", "-c", command]
    with killed_at_the_end(mprofpp.start(*words, stdout=subprocess.PIPE)) as process:
        wait_until(ready.exists, "the command has started")
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == b"got\n"
        assert process.wait() == 9


def test_ctrl_c_ends_a_span_and_its_command(mprofpp, tmp_path):
    ready = tmp_path / "ready"
    sleep = f"echo $$ > {ready}.new; mv {ready}.new {ready}; exec sleep 600"
    inner = f"{mprofpp.executable} span name -- sh -c '{sleep}'; true"
    pid, terminal = pty.fork()
    if pid == 0:
        run = [str(mprofpp.executable), "run", "-q", "-o", str(tmp_path / "x.dat")]
        os.execv(run[0], [*run, "sh", "-c", inner])
    try:
        wait_until(ready.exists, "the command has started")
        os.write(terminal, b"\x03")
        wait_until(lambda: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), "mprofpp exits")
    finally:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGINT
    assert not is_alive(int(ready.read_text()))
    call = Recording(tmp_path / "x.dat").call("name")
    assert call.t_out > call.t_in


def test_a_span_that_is_killed_is_open(mprofpp, script):
    text = """mprofpp span killed -- sh -c 'kill -9 $PPID; exec sleep 0.2'
    mprofpp span after -- true"""
    recording = script(text).recording
    assert recording.call("killed").flags == ["open"]
    assert recording.call("after").flags == []


def test_a_span_outside_a_recording_only_runs_its_command(mprofpp):
    environment = {name: value for name, value in os.environ.items() if name != "MPROFPP_RUN"}
    words = ["span", "name", "--", "sh", "-c", "echo $MPROFPP_SPAN.; cat"]
    done = mprofpp(*words, env=environment, input=b"in", stdin=None)
    assert (done.status, done.out, done.err) == (0, b".\nin", "")


@pytest.mark.parametrize("words", [[], ["name"], ["name", "--"], ["", "--", "true"]])
def test_a_span_without_a_name_or_command_is_refused(mprofpp, words):
    done = mprofpp("span", *words)
    assert done.status == 125
    assert len(done.said) == 1
    assert "mprofpp span NAME -- COMMAND" in done.err
