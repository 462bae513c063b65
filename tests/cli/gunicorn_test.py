"""A real server: gunicorn with two gevent workers. Each request holds two large lists for a while."""

import concurrent.futures
import re
import signal
import subprocess
import urllib.request

import pytest

from conftest import PATIENCE, free_port, killed_at_the_end, needs, wait_until
from recording import Recording

APP = """
import os, time
import flask

app = flask.Flask(__name__)

@app.route("/")
def alive():
    return "alive"

@app.route("/work")
def work():
    first = [0] * 4_096_000
    time.sleep(0.3)
    second = [1] * 4_096_000
    time.sleep(0.5)
    return f"{len(first) + len(second)} {os.getpid()}"
"""

CONFIG = """
bind = "127.0.0.1:{port}"
workers = 2
worker_class = "gevent"
"""

REQUEST_MIB = 2 * 4_096_000 * 8 / 2**20


@pytest.fixture
def server(tmp_path):
    needs("gunicorn", "ab")
    imports = ["/usr/bin/python3", "-c", "import gevent, flask"]
    if subprocess.run(imports, capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-gevent or python3-flask is not installed")
    port = free_port()
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "gunicorn_config.py").write_text(CONFIG.format(port=port))
    return port


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1) as response:
            return response.read() == b"alive"
    except OSError:
        return False


def worker_that_works(port):
    """The pid of the worker that has answered. Which one takes a request is random."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/work", timeout=PATIENCE) as response:
        return int(response.read().split()[1])


def let_all_work(port, workers):
    """Sends several requests at once, so that a busy worker leaves some to the other ones."""
    seen, at_once = set(), 2 * workers
    with concurrent.futures.ThreadPoolExecutor(at_once) as crowd:
        for _ in range(100):
            seen |= set(crowd.map(worker_that_works, [port] * at_once))
            if len(seen) == workers:
                return
    pytest.fail(f"only {seen} of {workers} workers answer")


def record_under_load(mprofpp, options, port, output):
    run = mprofpp.start(
        "run",
        "-o",
        output,
        *options,
        "gunicorn",
        "-c",
        "gunicorn_config.py",
        "app:app",
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with killed_at_the_end(run):
        wait_until(lambda: answers(port), "the server answers")
        load = subprocess.run(
            ["ab", "-q", "-n", "20", "-c", "2", "-l", f"http://127.0.0.1:{port}/work"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert re.search(r"Complete requests: +20\b", load.stdout)
        assert re.search(r"Failed requests: +0\b", load.stdout)
        let_all_work(port, workers=2)
        run.send_signal(signal.SIGTERM)
        assert run.wait() == 0
    return Recording(output)


def mprofs_peaks(path):
    done = subprocess.run(
        ["/usr/bin/python3-mprof", "peak", path], capture_output=True, text=True, check=True
    )
    total, *children = done.stdout.splitlines()
    return (
        float(total.split("\t")[-1].split()[0]),
        {int(line.split()[1]): float(line.split()[2]) for line in children},
    )


def check_peaks(mprofpp, recording, path):
    """The peaks are those that mprof finds, to a thousandth, and not above the kernel's."""
    report = mprofpp.peak(path)
    total, children = mprofs_peaks(path)
    assert total == pytest.approx(report["sampled_mib"], abs=0.001)
    ours = {p["pid"]: p for p in report["processes"]}
    assert set(children) == {pid for pid, _, _ in recording.children}
    for pid, mib in children.items():
        assert mib == pytest.approx(ours[pid]["sampled_mib"], abs=0.001)
    for part in [report, *report["processes"]]:
        if part["kernel_mib"] is not None and part["sampled_mib"] is not None:
            assert part["kernel_mib"] >= part["sampled_mib"]
    return report


def workers_of(report, recording):
    root = int(recording.meta["root"][0])
    return [p for p in report["processes"] if p["parent"] == root and p["sampled_mib"] is not None]


@pytest.mark.parametrize("options", [[], ["-C"], ["-M"], ["-C", "-M"]], ids=lambda o: "".join(o) or "alone")
def test_a_gunicorn_server_under_load_is_recorded_plotted_and_read_by_mprof(
    mprofpp, mprof, server, tmp_path, options
):
    output = tmp_path / "server.dat"
    recording = record_under_load(mprofpp, options, server, output)
    assert recording.end is not None
    assert recording.meta["tree"] == ["".join(o[1:] for o in options)]
    assert len(mprof.read_mprofile_file(str(output))["mem_usage"]) == len(recording.samples)
    report = check_peaks(mprofpp, recording, output)

    # the memory of the requests counts where it should
    if "-C" in options:
        assert report["sampled_mib"] > 2 * REQUEST_MIB
    else:
        assert report["sampled_mib"] < REQUEST_MIB
    if "-M" in options:
        workers = workers_of(report, recording)
        assert len(workers) == 2
        assert all(worker["sampled_mib"] > REQUEST_MIB for worker in workers)
        assert all("gunicorn" in worker["command"] for worker in workers)

    for name in ("server.png", "server.svg"):
        assert mprofpp("plot", "-o", name, output).status == 0
    assert (tmp_path / "server.png").stat().st_size > 5000
    points = re.findall(r"[ML][\d.]+,[\d.]+", (tmp_path / "server.svg").read_text())
    assert len(points) > 20
