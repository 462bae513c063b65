"""A PostgreSQL server under pgbench, attached to by name: many processes that share most of their memory."""

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

NAME = "postgres_tested"  # another server may run here, and would be found as `postgres`


def tool(name):
    """Debian keeps the server's programs out of PATH, one folder for each version."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        pytest.skip("SKIP: the Debian package postgresql is not installed")
    return path


def somebody():
    """Root may not run a server: the user `postgres` does."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("SKIP: there is no user postgres")
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
    """The oracle: what the kernel says of each process, added up."""
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
            process.send_signal(signal.SIGQUIT)  # at once, its children too
            process.wait()


@contextlib.contextmanager
def idle_sessions(server, count):
    """Clients that have read a table and stay."""
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
    """(lowest, highest) that the oracle says around a few samples, and those samples."""
    before = tree_mib(server.pid, "Pss:")
    first = len(Recording(output).samples)
    wait_until(lambda: len(Recording(output).samples) > first + 3, "more samples")
    values = Recording(output).values[first + 1 :]
    after = tree_mib(server.pid, "Pss:")
    return min(before, after), max(before, after), values


def test_the_total_is_what_the_kernel_says_of_all_processes_together(mprofpp, server, tmp_path):
    output = tmp_path / "server.dat"
    options = ["-C", "-M", "--backend", "pss", "-T", "20ms", "-o", output]
    recorder = mprofpp.start("attach", *options, NAME, stderr=subprocess.PIPE)
    with killed_at_the_end(recorder):
        wait_until(lambda: lines_of(output) > 20, "the recording begins")
        server.bench("-c", "4", "-t", "1000")
        with idle_sessions(server, 4):
            lowest, highest, values = settled_mib(server, output)
            resident = tree_mib(server.pid, "Rss:")
        recorder.send_signal(signal.SIGINT)
        assert recorder.wait() == 0

    # whatever else maps libc or libpq meanwhile takes its part of those pages
    assert min(abs(value - (lowest + highest) / 2) for value in values) < 0.05 * lowest
    assert resident > 1.5 * highest  # what a sum of RSS would have told
    check_tree(mprofpp.peak(output), server)
    done = mprofpp("plot", "-o", "server.png", output)
    assert done.status == 0 and (tmp_path / "server.png").stat().st_size > 5000


def check_tree(report, server):
    """The server above, its helpers and clients below it by the titles they gave themselves."""
    root, *others = report["processes"]
    assert root["pid"] == server.pid and root["root"]
    assert {process["parent"] for process in others} == {server.pid}
    titles = [process["command"] for process in others]
    assert {"postgres: checkpointer", "postgres: walwriter"} <= set(titles)
    assert sum(title.startswith("postgres: bench postgres") for title in titles) >= 8
    sampled = [process["sampled_mib"] or 0 for process in report["processes"]]  # or gone before a reading
    assert max(sampled) < report["sampled_mib"]
