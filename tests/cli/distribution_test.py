"""scripts/distribution makes folders with Debian in them, and leaves no process and no mount behind."""

import os
import pathlib
import shutil
import signal
import subprocess

import pytest

from conftest import PATIENCE, ROOT, unshared, wait_until

SCRIPT = ROOT / "scripts/distribution"

# Replaces debootstrap. It runs the command in the variable DEBOOTSTRAP after it has created the folder.
DEBOOTSTRAP = """#!/bin/sh
for argument in "$@"; do case $argument in /*) folder=$argument ;; esac; done
mkdir -p "$folder/etc/apt/apt.conf.d" "$folder/etc/dpkg/dpkg.cfg.d" "$folder/usr/sbin" "$folder/var/lib/dpkg"
echo "$@" >>"$CALLS"
eval "$DEBOOTSTRAP"
touch "$folder/var/lib/dpkg/status"
"""


class Cache:
    """A cache of folders that belongs to one test."""

    def __init__(self, folder):
        self.folder = folder / "mprofpp"
        self.tools = folder / "tools"
        self.calls = folder / "calls"
        self.tools.mkdir()
        (self.tools / "debootstrap").write_text(DEBOOTSTRAP)
        (self.tools / "debootstrap").chmod(0o755)
        path = f"{self.tools}:{os.environ['PATH']}"
        self.environment = os.environ | {"XDG_CACHE_HOME": folder, "PATH": path, "CALLS": self.calls}

    def start(self, *words, **environment):
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([SCRIPT, *words], env=self.environment | environment, text=True, **pipes)

    def __call__(self, *words, **environment):
        run = self.start(*words, **environment)
        out, err = run.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(words, run.returncode, out, err)

    def enter(self, *words):
        return self("enter", "sid-fake", "--bind", "/usr", *words)


@pytest.fixture
def cache(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("SKIP: needs root, to make namespaces")
    unshared("-m", "-p", "-f")
    return Cache(tmp_path)


@pytest.fixture
def folder(cache):
    """A folder that contains little more than the programs of this machine."""
    root = cache.folder / "sid-fake"
    for name in ("dev/pts", "dev/shm", "etc", "home/tester", "mnt", "proc", "root", "sys", "tmp", "usr"):
        (root / name).mkdir(parents=True)
    (root / "dev/null").touch()
    for name in ("bin", "lib", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):
            (root / name).symlink_to(os.readlink(f"/{name}"))
    users = "root:x:0:0::/root:/bin/sh\ntester:x:1234:1235::/home/tester:/bin/sh\n"
    (root / "etc/passwd").write_text(users)
    (root / "etc/group").write_text("root:x:0:\ntester:x:1235:\nreaders:x:1236:tester\n")
    return root


def mounts_of(path):
    lines = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
    return [line for line in lines if str(path) in line]


def test_a_command_has_the_folder_as_its_root_and_its_status_is_passed_on(cache, folder):
    (folder / "etc/mark").write_text("here\n")
    done = cache.enter("--", "sh", "-c", "cat /etc/mark; ls /mnt /tmp; exit 7")
    assert (done.returncode, done.stdout, done.stderr) == (7, "here\n/mnt:\n\n/tmp:\n", "")


@pytest.mark.parametrize(
    "command, status", [("kill -9 $$", 137), ("exec no-such-program", 127), ("exit 125", 125)]
)
def test_the_status_is_that_of_a_shell(cache, folder, command, status):
    assert cache.enter("--", "sh", "-c", command).returncode == status


def test_a_command_that_does_not_exist_is_named(cache, folder):
    done = cache.enter("--", "no-such-program")
    assert done.returncode == 127 and "no-such-program" in done.stderr


def test_a_mount_namespace_can_be_made_inside(cache, folder):
    done = cache.enter("--", "unshare", "-m", "true")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_user_of_the_folder_gets_their_groups_and_a_clean_environment(cache, folder):
    done = cache.enter(
        "--user", "tester", "--", "sh", "-c", "id -u; id -G; pwd; echo $HOME ${XDG_CACHE_HOME-}"
    )
    assert done.stdout == "1234\n1235 1236\n/home/tester\n/home/tester\n", done.stderr


def test_a_user_that_the_folder_does_not_have_is_named(cache, folder):
    done = cache.enter("--user", "nobody-at-all", "--", "true")
    assert done.returncode == 125 and "nobody-at-all" in done.stderr


def test_a_bound_folder_is_visible_and_can_be_written(cache, folder, tmp_path):
    (tmp_path / "shared").mkdir()
    bind = f"{tmp_path}/shared:/home/tester/shared"
    assert cache.enter("--bind", bind, "--", "touch", "/home/tester/shared/written").returncode == 0
    assert (tmp_path / "shared/written").exists()
    assert list((folder / "home/tester/shared").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_and_no_mount_is_left_when_the_script_is_killed(cache, folder, number):
    script = "sleep 1000 & setsid sleep 1000 & echo ready; wait"
    run = cache.start("enter", "sid-fake", "--bind", "/usr", "--", "sh", "-c", script)
    assert run.stdout.readline() == "ready\n"
    run.send_signal(number)
    out, err = run.communicate(timeout=PATIENCE)  # returns when the last process that has the pipe exits
    assert (run.returncode, out, err) == (-9 if number == signal.SIGKILL else 128 + number, "", "")
    assert mounts_of(cache.folder) == []


def test_processes_that_the_command_leaves_are_killed(cache, folder):
    done = cache.enter("--", "sh", "-c", "setsid sleep 1000 & exit 3")
    assert done.returncode == 3


def test_a_folder_is_made_once_and_used_again(cache):
    first, second = cache("make", "sid-fake"), cache("make", "sid-fake")
    assert first.stdout == second.stdout == f"{cache.folder}/sid-fake\n", first.stderr
    assert len(cache.calls.read_text().splitlines()) == 1
    assert " sid " in cache.calls.read_text()
    assert cache("remove", "sid-fake").returncode == 0
    assert not (cache.folder / "sid-fake").exists()


def test_an_archive_that_does_not_answer_is_a_reason_to_skip(cache):
    done = cache("make", "sid-fake", DEBOOTSTRAP="echo 'E: Failed getting release file http://x'; exit 1")
    assert done.returncode == 77
    assert done.stderr.splitlines()[-1].startswith("SKIP: ") and "http://x" in done.stderr
    assert not (cache.folder / "sid-fake").exists()


def test_any_other_failure_is_shown_and_is_not_a_reason_to_skip(cache):
    done = cache("make", "sid-fake", DEBOOTSTRAP="echo disk full; exit 1")
    assert done.returncode == 1 and "disk full" in done.stderr and "SKIP" not in done.stderr
    assert not (cache.folder / "sid-fake").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_make_that_is_interrupted_leaves_no_folder_of_that_name(cache, tmp_path, number):
    run = cache.start("make", "sid-fake", DEBOOTSTRAP="sleep 1000")
    wait_until(cache.calls.exists, "debootstrap runs")
    run.send_signal(number)
    run.communicate(timeout=PATIENCE)
    assert not (cache.folder / "sid-fake").exists()
    assert cache("make", "sid-fake").returncode == 0


def test_two_makes_at_once_make_one_folder(cache, tmp_path):
    os.mkfifo(tmp_path / "go")
    runs = [cache.start("make", "sid-fake", DEBOOTSTRAP=f"cat {tmp_path}/go")]
    wait_until(cache.calls.exists, "debootstrap runs")
    runs.append(cache.start("make", "sid-fake"))
    assert "waiting" in runs[1].stderr.readline()
    (tmp_path / "go").write_text("")
    outputs = [run.communicate(timeout=PATIENCE)[0] for run in runs]
    assert outputs == [f"{cache.folder}/sid-fake\n"] * 2
    assert len(cache.calls.read_text().splitlines()) == 1


def test_without_root_the_script_is_skipped_with_one_line(somebody):
    user, folder = somebody
    script = shutil.copy(SCRIPT, folder)
    command = ["/usr/bin/python3", script, "make", "sid"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **user)
    assert done.returncode == 77
    assert done.stderr.startswith("SKIP: ") and done.stderr.count("\n") == 1


def test_an_invalid_name_is_refused(tmp_path):
    done = subprocess.run([SCRIPT, "make", "../sid"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "'../sid'" in done.stderr
