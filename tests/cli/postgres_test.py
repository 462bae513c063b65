"""A PostgreSQL server under pgbench, recorded by name: many processes that share most of their memory."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

import pytest

from conftest import killed_at_the_end, lines_of, wait_until
from recording import Recording

NAME = "postgres_tested"  # so that another running server is not found under the name `postgres`


def tool(name):
    """Finds a program of the server. Debian has a folder for each version, which is not in PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        pytest.skip("SKIP: the Debian package postgresql is not installed")
    return path


def somebody():
    """Returns options that run the server as the user `postgres`, because root may not run it."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("SKIP: the user postgres does not exist")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def descendants(pid):
    with contextlib.suppress(OSError):
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


def rollup_mib(pid, key):
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0


def tree_mib(pid, key):
    """Returns the kernel's values for all processes, added up. The recording is compared with it."""
    return sum(rollup_mib(each, key) for each in [pid, *descendants(pid)])


class Server:
    def __init__(self, pid, folder):
        self.pid = pid
        self.address = ["-h", folder, "-U", "bench"]

    def bench(self, *words):
        done = subprocess.run(
            [tool("pgbench"), *self.address, *words, "postgres"], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def answers(self):
        asked = [tool("pg_isready"), "-q", *self.address]
        return subprocess.run(asked, check=False).returncode == 0


@pytest.fixture
def server():
    theirs = somebody()
    with tempfile.TemporaryDirectory(prefix="mprofpp-") as folder:  # a socket's path must be short
        os.chmod(folder, 0o777)
        data, postgres = f"{folder}/data", f"{folder}/{NAME}"
        os.symlink(tool("postgres"), postgres)
        create = [tool("initdb"), "-D", data, "-A", "trust", "-U", "bench", "-N", "--no-locale"]
        subprocess.run(create, check=True, stdout=subprocess.DEVNULL, cwd="/", **theirs)
        settings = ["listen_addresses=", "shared_buffers=64MB", "autovacuum=off", "fsync=off"]
        command = [postgres, "-D", data, "-k", folder, *(f"-c{setting}" for setting in settings)]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd="/", **theirs)
        running = Server(process.pid, folder)
        try:
            wait_until(running.answers, "the server answers")
            running.bench("-i", "-s", "2", "-q")
            yield running
        finally:
            process.send_signal(signal.SIGQUIT)  # the server and its children exit at once
            process.wait()


@contextlib.contextmanager
def idle_sessions(server, count):
    """Clients that have read a table and stay connected."""
    query = b"SELECT count(*) FROM pgbench_accounts;\n"
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            command = [tool("psql"), "-X", "-q", "-t", *server.address, "postgres"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            session = stack.enter_context(killed_at_the_end(subprocess.Popen(command, **pipes)))
            session.stdin.write(query)
            session.stdin.flush()
            assert session.stdout.readline().strip().isdigit()
        yield


def settled_mib(server, output):
    """Returns the lowest and highest expected value before and after a few samples, and these samples."""
    before = tree_mib(server.pid, "Pss:")
    first = len(Recording(output).samples)
    wait_until(lambda: len(Recording(output).samples) > first + 3, "more samples are taken")
    values = Recording(output).values[first + 1 :]
    after = tree_mib(server.pid, "Pss:")
    return min(before, after), max(before, after), values


def test_the_total_is_the_sum_of_the_kernels_values_for_all_processes(mprofpp, server, tmp_path):
    output = tmp_path / "server.dat"
    options = ["-C", "-M", "--backend", "pss", "-T", "20ms", "-o", output]
    recorder = mprofpp.start("attach", *options, NAME, stderr=subprocess.PIPE)
    with killed_at_the_end(recorder):
        wait_until(lambda: lines_of(output) > 20, "the recording starts")
        server.bench("-c", "4", "-T", "4")  # seconds, so that the recorder reads the title of each client
        with idle_sessions(server, 4):
            lowest, highest, values = settled_mib(server, output)
            resident = tree_mib(server.pid, "Rss:")
        recorder.send_signal(signal.SIGINT)
        assert recorder.wait() == 0

    # other processes that map libc or libpq meanwhile get a share of these pages
    assert min(abs(value - (lowest + highest) / 2) for value in values) < 0.05 * lowest
    assert resident > 1.5 * highest  # the sum of RSS would be this
    check_tree(mprofpp.peak(output), server)
    done = mprofpp("plot", "-o", "server.png", output)
    assert done.status == 0 and (tmp_path / "server.png").stat().st_size > 5000


def check_tree(report, server):
    """Checks that the server is the root, and that its helpers and clients are listed by their own titles."""
    root, *others = report["processes"]
    assert root["pid"] == server.pid and root["root"]
    assert {process["parent"] for process in others} == {server.pid}
    titles = [process["command"] for process in others]
    assert {"postgres: checkpointer", "postgres: walwriter"} <= set(titles)
    assert sum(title.startswith("postgres: bench postgres") for title in titles) >= 8
    sampled = [
        process["sampled_mib"] or 0 for process in report["processes"]
    ]  # nothing for a process that exited before a reading
    assert max(sampled) < report["sampled_mib"]
