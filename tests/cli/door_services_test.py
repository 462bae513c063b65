"""Real services are looked into while they serve: no request fails, and nothing is left in them."""

import concurrent.futures
import json
import subprocess
import threading
import time
import urllib.request

import pytest

from conftest import PATIENCE, SANITIZED, children_of, free_port, killed_at_the_end, needs, wait_until
from entered import seen
from inspected import need_tracing
from pythons import PROGRAMS, system  # noqa: F401
from recording import Recording

pytestmark = pytest.mark.skipif(SANITIZED, reason="SKIP: the library cannot be sanitized alone")

APP = """
import gevent

def slow():
    gevent.sleep(0.02)
    return sum(range(20000))

def app(environment, start):
    body = str(slow()).encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
GUNICORN = ["gunicorn", "-k", "gevent", "-w", "2"]
PER_SECOND = 20


@pytest.fixture(autouse=True)
def _tracing():
    need_tracing()


def needs_modules(system, *names):
    done = subprocess.run([system, "-c", f"import {', '.join(names)}"], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"SKIP: one of these modules of Python is not installed: {', '.join(names)}")


def get(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read()


def code(mprofpp, pid, text):
    done = mprofpp("console", "--max-pause", "60s", "-c", text, pid)
    assert done.status == 0, done.err
    return done.text


def check_left(work):
    wait_until(lambda: not list(work.threads()), "the threads of the library have ended")
    wait_until(lambda: not list(work.traces()), "nothing of the entry is left")
    assert work.copies_of_library() == 1
    wait_until(lambda: "/dev/shm" not in (work.folder / "maps").read_text(), "no ring is mapped")


def test_a_service_that_was_started_bare_is_looked_into_under_load(mprofpp, system, tmp_path):
    needs("ab")
    needs_modules(system, "fastapi", "uvicorn", "faker")
    command = [system, PROGRAMS / "fastapi_service.py"]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with killed_at_the_end(service):
        url = f"http://127.0.0.1:{int(service.stdout.readline())}/people"
        work = seen(service)
        wait_until(lambda: b"name" in get(f"{url}/0"), "it answers")
        sizes = [code(mprofpp, work.pid, "len(main.cache)")]
        load = subprocess.Popen(
            ["ab", "-q", "-n", "600", "-c", "4", f"{url}/1"], stdout=subprocess.PIPE, text=True
        )
        with killed_at_the_end(load):
            attached = mprofpp.start(
                "attach", "-q", "-o", tmp_path / "x.dat", "--trace", "__main__.*", work.pid
            )
            wait_until(lambda: (tmp_path / "x.dat").exists(), "the recording starts")
            for number in range(2, 5):
                get(f"{url}/{number}")
                sizes.append(code(mprofpp, work.pid, "len(main.cache)"))
                stacks = json.loads(mprofpp("stacks", "--json", "--max-pause", "60s", work.pid).text)
                assert any(stack["kind"] == "task" for stack in stacks["stacks"])
                assert any("uvicorn" in f["file"] for s in stacks["stacks"] for f in s["frames"])
            report = load.communicate(timeout=PATIENCE)[0]
        wait_until(lambda: Recording(tmp_path / "x.dat").calls_of("__main__.person"), "calls are recorded")
        attached.terminate()
        assert attached.wait(PATIENCE) == 0
        numbers = [int(size) for size in sizes]
        assert numbers[-1] >= numbers[0] + 3 and numbers == sorted(numbers)
        assert "Failed requests:        0" in report and "Non-2xx" not in report
        check_left(work)
        assert b"name" in get(f"{url}/9")


class Load:
    """Sends requests at a steady rate, and keeps how long each has taken."""

    def __init__(self, url):
        self.url, self.stop = url, threading.Event()
        self.seconds, self.failed = [], []
        self.pool = concurrent.futures.ThreadPoolExecutor(16)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.stop.wait(1 / PER_SECOND):
            self.pool.submit(self._send)

    def _send(self):
        begin = time.monotonic()
        try:
            assert get(self.url) == b"199990000"
            self.seconds.append(time.monotonic() - begin)
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.failed.append(error)

    def await_requests(self, count):
        before = len(self.seconds)
        wait_until(lambda: len(self.seconds) >= before + count or self.failed, "requests are answered")

    def end(self):
        self.stop.set()
        self.thread.join()
        self.pool.shutdown()


def answers(url):
    try:
        return get(url)
    except OSError:
        return None


def test_no_request_to_gunicorn_fails_while_its_workers_are_looked_into(mprofpp, system, tmp_path):
    needs("gunicorn")
    needs_modules(system, "gevent")
    (tmp_path / "app.py").write_text(APP)
    port = free_port()
    command = [*GUNICORN, "-b", f"127.0.0.1:{port}", "app:app"]
    server = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}/"
    with killed_at_the_end(server):
        wait_until(lambda: answers(url), "gunicorn answers")
        wait_until(lambda: len(list(children_of(server.pid))) == 2, "both workers have started")
        load = Load(url)
        try:
            load.await_requests(2 * PER_SECOND)
            quiet = len(load.seconds)
            attached = mprofpp.start(
                "attach", "-q", "-C", "-o", "x.dat", "--trace", "app.*", *children_of(server.pid)
            )
            for _ in range(3):
                for worker in children_of(server.pid):
                    done = mprofpp("stacks", "--max-pause", "60s", worker)
                    assert done.status == 0 and "greenlet" in done.text, done.err
                    assert code(mprofpp, worker, "1 + 1") == "2\n"
                load.await_requests(PER_SECOND // 2)
            attached.terminate()
            assert attached.wait(PATIENCE) == 0
            load.await_requests(PER_SECOND)
        finally:
            load.end()
        assert not load.failed
        print_latency(load.seconds[:quiet], load.seconds[quiet:])
        assert len(Recording(tmp_path / "x.dat").calls_of("app.slow")) >= PER_SECOND // 2
        for worker in children_of(server.pid):
            work = seen(server)
            work.pid = worker
            check_left(work)


def print_latency(alone, together):
    """Is shown by pytest -s."""
    for name, seconds in (("alone", alone), ("with clients", together)):
        ordered = sorted(1000 * s for s in seconds)
        median, slow, most = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100], ordered[-1]
        print(f"{name}: {len(ordered)} requests, median {median:.1f}, 95% {slow:.1f}, most {most:.1f} ms")
