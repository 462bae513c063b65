"""Containers: namespaces of processes, mounts and time, with mprofpp inside and outside."""

import subprocess

import pytest

from conftest import needs, unsanitized, unshared
from recording import Recording

NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


def run_in(namespaces, *words, folder):
    """Runs the command in the namespaces. Returns the completed process."""
    command = [*namespaces, *(str(word) for word in words)]
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_the_recorder_records_and_reaps_as_the_first_process_of_a_container(mprofpp, program, tmp_path):
    container = unshared("--pid", "--fork", "--mount-proc")
    options = ["run", "-C", "-M", "-T", "10ms", "-o", "x.dat"]
    done = run_in(container, mprofpp.executable, *options, *program("daemon", 30, 300), folder=tmp_path)
    assert done.returncode == 0
    recording = Recording(tmp_path / "x.dat")
    assert recording.peak > 30
    assert max(process.pid for process in recording.processes) < 20  # pids in the container
    assert {p.pid for p in recording.processes} == set(recording.exits)


def test_a_container_is_recorded_from_outside_with_outer_pids(mprofpp, program, tmp_path):
    container = unshared("--pid", "--fork", "--mount-proc")
    victim = ["sh", "-c", 'echo $$; "$@"; exit 4', "sh", *program("tree", 20, 400, 2)]
    done = mprofpp.record("-C", "-M", "-T", "10ms", [*container, *victim])
    assert done.status == 4
    assert done.text == "1\n"  # the pid that the shell sees
    trees = done.recording.of_name("tree")
    assert len(trees) == 3
    assert min(process.pid for process in trees) > 10
    assert done.recording.peak > 60


@pytest.mark.parametrize("command", [["run", "touch", "started"], ["attach", "1"]])
def test_the_proc_of_another_namespace_is_refused_before_the_wrong_process_is_recorded(
    mprofpp, tmp_path, command
):
    container = unshared("--pid", "--fork")
    done = run_in(container, mprofpp.executable, *command, folder=tmp_path)
    assert done.returncode == (125 if command[0] == "run" else 1)
    (line,) = done.stderr.splitlines()
    assert "/proc: shows the processes of another PID namespace" in line and "--mount-proc" in line
    assert list(tmp_path.iterdir()) == []


@unsanitized  # the leak checker needs /proc itself
def test_without_proc_nothing_is_recorded_and_the_reason_is_reported(mprofpp, tmp_path):
    hidden = [*unshared("--mount"), "sh", "-c", 'mount -t tmpfs none /proc || exit 77; exec "$@"', "sh"]
    done = run_in(hidden, mprofpp.executable, "run", "touch", "started", folder=tmp_path)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 125
    (line,) = done.stderr.splitlines()
    assert "/proc: is not mounted" in line
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def hidden_processes():
    """The start of a command line for a user in a container who can see only their own processes."""
    needs("setpriv")
    script = 'mount -t proc -o hidepid=2 proc /proc || exit 77; "$@"; exit $?'
    return [*unshared("--mount", "--pid", "--fork"), "sh", "-c", script, "sh", *NOBODY]


def test_a_tree_is_recorded_even_if_processes_of_other_users_are_hidden(
    mprofpp, program, somebody, hidden_processes
):
    _, folder = somebody
    options = ["run", "-C", "-M", "-T", "10ms", "-o", folder / "x.dat"]
    words = [mprofpp.executable, *options, *program("tree", 20, 300, 2)]
    done = run_in(hidden_processes, *words, folder=folder)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 0
    recording = Recording(folder / "x.dat")
    assert recording.peak > 60
    assert len(recording.of_name("tree")) == 3


def test_a_hidden_process_cannot_be_attached_to(mprofpp, somebody, hidden_processes):
    _, folder = somebody
    done = run_in(hidden_processes, mprofpp.executable, "attach", "-o", "x.dat", "1", folder=folder)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "1: is another user's process" in line and "hidepid" in line
    assert "no such process" not in line


def test_waiting_for_a_hidden_process_is_refused_at_once(mprofpp, somebody, hidden_processes):
    _, folder = somebody
    done = run_in(hidden_processes, mprofpp.executable, "attach", "--wait", "1", folder=folder)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 1
    assert "hidepid" in done.stderr


@pytest.mark.parametrize("nobody", ["99999999", "no-such-program"])
def test_a_process_that_is_not_found_may_be_a_hidden_one(mprofpp, somebody, hidden_processes, nobody):
    _, folder = somebody
    done = run_in(hidden_processes, mprofpp.executable, "attach", "-o", "x.dat", nobody, folder=folder)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"{nobody}: no such process" in line and "hidepid" in line


def test_dev_shm_need_not_be_mounted(mprofpp, tmp_path):
    bare = [*unshared("--mount"), "sh", "-c", 'umount /dev/shm || exit 77; exec "$@"', "sh"]
    done = run_in(bare, mprofpp.executable, "run", "-o", "x.dat", "true", folder=tmp_path)
    if done.returncode == 77:
        pytest.skip("SKIP: /dev/shm cannot be unmounted here")
    assert done.returncode == 0
    assert Recording(tmp_path / "x.dat").end is not None


def test_times_in_a_time_namespace_are_those_of_the_wall_clock(mprofpp, tmp_path):
    """A container that was restored on another machine seems to have run for longer."""
    shifted = unshared("--time", "--boottime", "1000000", "--monotonic", "500000", "--fork")
    outside = Recording(mprofpp.record(["true"]).path).times[0]
    done = run_in(shifted, mprofpp.executable, "run", "-o", "x.dat", "sleep", "0.2", folder=tmp_path)
    assert done.returncode == 0
    recording = Recording(tmp_path / "x.dat")
    assert 0 < recording.times[0] - outside < 600
    assert 0 < recording.times[-1] - recording.times[0] < 60
    assert recording.lost == []
