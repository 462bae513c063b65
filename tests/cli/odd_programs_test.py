"""Programs that do unusual things. They do not disturb the recorder, and it does not disturb them."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess

import pytest

from conftest import killed_at_the_end, needs, obeys_setuid, unsanitized, unshared, wait_until
from recording import Recording


def test_a_program_that_closes_all_descriptors_is_recorded(mprofpp, program):
    done = mprofpp.record("-T", "10ms", program("closer", 30, 300))
    assert done.status == 5
    assert done.recording.peak > 30
    assert len(done.recording.samples) > 10


def test_a_daemon_is_recorded_for_as_long_as_it_lives_with_wait_all(mprofpp):
    script = "(setsid sh -c 'sleep 0.4; true' &) ; exit 6"
    done = mprofpp.record("-C", "-M", "-T", "10ms", "--wait-all", ["sh", "-c", script])
    assert done.status == 6
    assert "sleep" in done.recording.names()
    (sleep,) = done.recording.of_name("sleep")
    assert sleep.pid in done.recording.exits


def test_a_traced_program_is_recorded_with_its_tracer(mprofpp, program):
    done = mprofpp.record("-C", "-M", "-T", "10ms", program("tracer", *program("spike", 40, 300)))
    if done.status == 77:
        pytest.skip("SKIP: ptrace is forbidden here")
    assert done.status == 0
    (spike,) = done.recording.of_name("spike")
    assert max(done.recording.child(spike.pid)) > 40
    assert done.recording.exits[spike.pid] is None  # only its parent knows the status


@unsanitized
def test_a_traced_recorder_records(mprofpp, program, tmp_path):
    tracer = program("tracer", mprofpp.executable, "run", "-q", "-T", "20ms", "-o", tmp_path / "x.dat")
    command = [str(word) for word in [*tracer, *program("spike", 40, 200)]]
    done = subprocess.run(command, cwd=tmp_path, check=False)
    if done.returncode == 77:
        pytest.skip("SKIP: ptrace is forbidden here")
    assert done.returncode == 0
    assert Recording(tmp_path / "x.dat").peak > 40


def test_a_program_that_becomes_root_is_recorded_by_its_user(mprofpp, program, somebody):
    theirs, folder = somebody
    obeys_setuid(folder)
    spike = folder / "spike"
    shutil.copy(program("spike")[0], spike)
    spike.chmod(0o4755)  # it belongs to root, because the test runs as root
    done = mprofpp("run", "-T", "10ms", "-o", folder / "x.dat", spike, "40", "300", **theirs)
    assert done.status == 0
    recording = Recording(folder / "x.dat")
    assert 40 < recording.peak < 50
    assert len(recording.samples) > 10


def test_a_pid_that_is_used_again_is_another_process(mprofpp, program, tmp_path):
    output = tmp_path / "x.dat"
    words = ["run", "-q", "-C", "-M", "-T", "10ms", "-o", output, *program("reuse", 20, 300)]
    command = [*unshared("--pid", "--fork", "--mount-proc"), mprofpp.executable, *words]
    status = subprocess.run([str(word) for word in command], check=False).returncode
    if status == 77:
        pytest.skip("SKIP: the next pid cannot be set here")
    assert status == 0
    recording = Recording(output)
    children = [p for p in recording.processes if p.pid != int(recording.meta["root"][0])]
    first, second = [p for p in children if p.pid == children[0].pid]
    assert first.start < second.start
    readings = [(mib, t) for pid, mib, t in recording.children if pid == first.pid]
    assert 20 < max(mib for mib, t in readings if t < second.seen) < 30
    assert 40 < max(mib for mib, t in readings if t >= second.seen) < 50
    listed = [p for p in mprofpp.peak(output)["processes"] if p["pid"] == first.pid]
    assert [round(p["sampled_mib"], -1) for p in listed] == [20, 40]


@unsanitized
def test_all_of_five_thousand_processes_are_recorded(mprofpp, program, tmp_path):
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    words = ["run", "-C", "-M", "-o", output, *program("idle", 5000, ready)]
    run = mprofpp.start(*words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with killed_at_the_end(run):
        wait_until(lambda: ready.exists() or run.poll() is not None, "all children have started")
        if run.poll() == 97:
            pytest.skip("SKIP: five thousand processes are too many here")
        born = output.stat().st_size
        wait_until(lambda: output.read_bytes()[born:].count(b"\nMEM") > 3, "a few more ticks are recorded")
        run.stdin.close()
        assert run.wait() == 0
    recording = Recording(output)
    children = {pid for pid, _, _ in recording.children}
    assert len(children) == 5000
    assert children <= set(recording.exits)


def fork_bomb(mprofpp, program, folder, most, **user):
    """Starts the bomb in a container, so that no process outlives the test, and with a limit on processes."""

    def limit():
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))

    output = folder / "x.dat"
    words = ["run", "-q", "-C", "-M", "-T", "20ms", "-o", output, *program("bomb", folder / "ready", 700)]
    container = unshared("--pid", "--fork", "--mount-proc", "--kill-child")
    script = 'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"'
    command = [*container, "sh", "-c", script, "sh", mprofpp.executable, *words]
    return output, subprocess.Popen([str(word) for word in command], cwd=folder, preexec_fn=limit)


def test_a_fork_bomb_that_reaches_its_limit_is_recorded_to_its_end(mprofpp, program, somebody):
    needs("setpriv")
    _, folder = somebody
    output, run = fork_bomb(mprofpp, program, folder, 300)
    with killed_at_the_end(run):
        assert run.wait() == 0
    assert (folder / "ready").exists()
    recording = Recording(output)
    assert len({pid for pid, _, _ in recording.children}) > 100
    assert all(mib > 0 for _, mib, _ in recording.children)
    assert recording.end[1] == "ended"


def test_a_fork_bomb_that_is_killed_with_its_recorder_leaves_a_recording(mprofpp, program, somebody):
    needs("setpriv")
    _, folder = somebody
    output, run = fork_bomb(mprofpp, program, folder, 300)
    with killed_at_the_end(run):
        wait_until((folder / "ready").exists, "the bomb reaches its limit")
        wait_until(lambda: output.read_bytes().count(b"CHLD") > 100, "its processes are recorded")
        (recorder,) = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        os.kill(
            int(recorder), signal.SIGKILL
        )  # the first process of its container: the kernel kills all others
        run.wait()
    recording = Recording(output)
    assert len({pid for pid, _, _ in recording.children}) > 50
    assert recording.end is None
    assert mprofpp("peak", output).status == 0
