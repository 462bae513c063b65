"""Recorded marks of Python functions: scripts and servers as users run them."""

import collections
import concurrent.futures
import signal
import subprocess
import urllib.request

import pytest

from conftest import PATIENCE, ROOT, free_port, killed_at_the_end, needs, unsanitized, wait_until
from recording import Recording

PYTHON = "/usr/bin/python3"
EVERYTHING = ROOT / "tests/programs/python/everything.py"
pytestmark = unsanitized  # the library of a sanitizer would be loaded before the agent

APP = """
import os, time
import flask

app = flask.Flask(__name__)
numbers = iter(range(10**9))
{imports}
{decorator}
def first_list(): return [0] * 409_600
{decorator}
def second_list():
    if next(numbers) % 3 == 0: raise ValueError
    return [0] * 409_600
class Delay:
    {decorator}
    def wait(self): time.sleep(0.01)

@app.route("/alive")
def alive(): return "alive"

@app.route("/")
{decorator}
def work():
    kept = first_list()
    Delay().wait()
    try: kept += second_list()
    except ValueError: pass
    Delay().wait()
    assert len(kept) in (409_600, 819_200)
    return str(os.getpid())
"""
WAYS = {
    "builtin": ({"imports": "", "decorator": "@profile"}, []),
    "memory_profiler": ({"imports": "from memory_profiler import profile", "decorator": "@profile"}, []),
    "mprofpp": ({"imports": "from mprofpp import profile", "decorator": "@profile"}, []),
    "pattern": ({"imports": "", "decorator": ""}, ["--trace", "app.*", "--no-trace", "app.alive"]),
}
KINDS = {"sync": [], "gthread": ["--threads", "4"], "gevent": []}
CASES = [("sync", "pattern"), ("gthread", "pattern"), *(("gevent", way) for way in WAYS)]
REQUESTS = 40


@pytest.fixture
def start_server(mprofpp, tmp_path):
    needs("gunicorn", "ab")
    if subprocess.run([PYTHON, "-c", "import gevent, flask"], capture_output=True, check=False).returncode:
        pytest.skip("SKIP: python3-gevent or python3-flask is not installed")
    port = free_port()

    def start(kind, way):
        source, options = WAYS[way]
        (tmp_path / "app.py").write_text(APP.format(**source))
        server = ["gunicorn", "-w", "2", "-k", kind, *KINDS[kind], "-b", f"127.0.0.1:{port}", "app:app"]
        words = ["run", "-C", "-o", "server.dat", "--all-calls", *options, *server]
        return mprofpp.start(*words, stderr=subprocess.DEVNULL, start_new_session=True), port

    return start


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return response.status == 200
    except OSError:
        return False


def ask_until_all_have_answered(url, workers):
    """Sends requests until all workers have answered some, and returns the pid that answered each of them."""
    pids = []

    def ask(_):
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return int(response.read())

    with concurrent.futures.ThreadPoolExecutor(8) as crowd:
        while len(set(pids)) < workers:
            pids += crowd.map(ask, range(8))
            assert len(pids) < 2000, "one of the workers does not answer"
    return pids


@pytest.mark.parametrize("kind, way", CASES)
def test_all_calls_of_every_request_of_every_worker_are_recorded(start_server, tmp_path, kind, way):
    server, port = start_server(kind, way)
    with killed_at_the_end(server):
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/alive"), "the server answers")
        load = ["ab", "-q", "-n", str(REQUESTS), "-c", "4", "-l", f"http://127.0.0.1:{port}/"]
        subprocess.run(load, capture_output=True, check=True)
        pids = ask_until_all_have_answered(f"http://127.0.0.1:{port}/", workers=2)
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 0
    recording = Recording(tmp_path / "server.dat")
    counts = collections.Counter((call.name, call.level) for call in recording.calls)
    requests = REQUESTS + len(pids)
    assert counts == {
        ("app.work", 0): requests,
        ("app.first_list", 1): requests,
        ("app.Delay.wait", 1): 2 * requests,
        ("app.second_list", 1): requests,
    }
    assert {call.pid for call in recording.calls} == set(pids)
    assert recording.lost_count("marks") == 0
    raised = [call.name for call in recording.calls if "raised" in call.flags]
    assert raised and set(raised) == {"app.second_list"}
    assert not any("open" in call.flags for call in recording.calls)


def test_functions_of_a_script_have_the_names_that_mprof_gives_them(mprofpp, mprof):
    done = mprofpp.record("--all-calls", [PYTHON, EVERYTHING])
    names = mprof.read_mprofile_file(str(done.path))["func_timestamp"]
    assert {"__main__.plain", "__main__.recursive", "__main__.counting", "__main__.outer"} <= set(names)
    waiting = done.recording.calls_of("__main__.outer")
    assert len(waiting) == 2 and all(any(f.startswith("active=") for f in call.flags) for call in waiting)
