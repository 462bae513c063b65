"""Containers and what they are made of: namespaces of processes, files and time; mprofpp in and outside."""

import subprocess

import pytest

from conftest import needs, unsanitized, unshared
from recording import Recording

NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


def run_in(namespaces, *words, folder):
    """Runs it there; answers what it came to."""
    command = [*namespaces, *(str(word) for word in words)]
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_as_the_first_process_of_a_container_it_records_and_reaps(mprofpp, program, tmp_path):
    container = unshared("--pid", "--fork", "--mount-proc")
    options = ["run", "-C", "-M", "-T", "10ms", "-o", "x.dat"]
    done = run_in(container, mprofpp.executable, *options, *program("daemon", 30, 300), folder=tmp_path)
    assert done.returncode == 0
    recording = Recording(tmp_path / "x.dat")
    assert recording.peak > 30
    assert max(process.pid for process in recording.processes) < 20  # the numbers of the container
    assert {p.pid for p in recording.processes} == set(recording.exits)


def test_a_container_is_recorded_from_outside_under_its_outer_pids(mprofpp, program, tmp_path):
    container = unshared("--pid", "--fork", "--mount-proc")
    victim = ["sh", "-c", 'echo $$; "$@"; exit 4', "sh", *program("tree", 20, 400, 2)]
    done = mprofpp.record("-C", "-M", "-T", "10ms", [*container, *victim])
    assert done.status == 4
    assert done.text == "1\n"  # what the shell takes itself for
    trees = done.recording.of_name("tree")
    assert len(trees) == 3
    assert min(process.pid for process in trees) > 10
    assert done.recording.peak > 60


@pytest.mark.parametrize("command", [["run", "touch", "started"], ["attach", "1"]])
def test_another_namespaces_proc_is_refused_before_the_wrong_process_is_recorded(mprofpp, tmp_path, command):
    container = unshared("--pid", "--fork")
    done = run_in(container, mprofpp.executable, *command, folder=tmp_path)
    assert done.returncode == (125 if command[0] == "run" else 1)
    (line,) = done.stderr.splitlines()
    assert "/proc: shows the processes of another PID namespace" in line and "--mount-proc" in line
    assert list(tmp_path.iterdir()) == []


@unsanitized  # the leak checker needs /proc itself
def test_without_proc_nothing_is_recorded_and_it_is_said_why(mprofpp, tmp_path):
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
    """A container whose users see their own processes only, and a user in it."""
    needs("setpriv")
    script = 'mount -t proc -o hidepid=2 proc /proc || exit 77; "$@"; exit $?'
    return [*unshared("--mount", "--pid", "--fork"), "sh", "-c", script, "sh", *NOBODY]


def test_where_processes_of_others_are_hidden_ones_own_tree_is_recorded(
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


def test_who_waits_for_a_hidden_process_is_told_at_once(mprofpp, somebody, hidden_processes):
    _, folder = somebody
    done = run_in(hidden_processes, mprofpp.executable, "attach", "--wait", "1", folder=folder)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 1
    assert "hidepid" in done.stderr


@pytest.mark.parametrize("nobody", ["99999999", "no-such-program"])
def test_where_processes_are_hidden_nobody_of_a_name_may_be_somebody(
    mprofpp, somebody, hidden_processes, nobody
):
    _, folder = somebody
    done = run_in(hidden_processes, mprofpp.executable, "attach", "-o", "x.dat", nobody, folder=folder)
    if done.returncode == 77:
        pytest.skip("SKIP: mounting is not allowed here")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"{nobody}: no such process" in line and "hidepid" in line


def test_shared_memory_need_not_be_mounted(mprofpp, tmp_path):
    bare = [*unshared("--mount"), "sh", "-c", 'umount /dev/shm || exit 77; exec "$@"', "sh"]
    done = run_in(bare, mprofpp.executable, "run", "-o", "x.dat", "true", folder=tmp_path)
    if done.returncode == 77:
        pytest.skip("SKIP: /dev/shm cannot be unmounted here")
    assert done.returncode == 0
    assert Recording(tmp_path / "x.dat").end is not None


def test_in_a_time_namespace_times_are_those_of_the_wall_clock(mprofpp, tmp_path):
    """A container restored elsewhere: its machine seems to run for longer."""
    shifted = unshared("--time", "--boottime", "1000000", "--monotonic", "500000", "--fork")
    outside = Recording(mprofpp.record(["true"]).path).times[0]
    done = run_in(shifted, mprofpp.executable, "run", "-o", "x.dat", "sleep", "0.2", folder=tmp_path)
    assert done.returncode == 0
    recording = Recording(tmp_path / "x.dat")
    assert 0 < recording.times[0] - outside < 600
    assert 0.2 <= recording.times[-1] - recording.times[0] < 60
    assert recording.lost == []
