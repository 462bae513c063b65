"""Recorded marks of Python functions: programs that users start, and the processes that these start."""

import collections
import concurrent.futures
import contextlib
import signal
import subprocess
import urllib.request
import zipfile

import pytest

from conftest import PATIENCE, free_port, killed_at_the_end, needs, unsanitized, wait_until
from recording import Recording

PYTHON = "/usr/bin/python3"
pytestmark = unsanitized  # the library of a sanitizer would be loaded before the agent

ROUNDS = 10
AT_ONCE = 4
REQUESTS = ROUNDS * AT_ONCE
CALLS = [("app.handle", 0), ("app.load", 1), ("answer", 1), ("app.load", 2)]  # of a request
ASGI = f"""
import asyncio, os

async def company():
    "Waits until all concurrent requests are here."
    open(f"here.{{id(asyncio.current_task())}}.{{os.getpid()}}", "w").close()
    while sum(name.startswith("here.") for name in os.listdir()) < {AT_ONCE}: await asyncio.sleep(0.01)

@profile
async def load():
    await asyncio.sleep(0)
    return bytes(100_000)

@profile
async def handle():
    await load()
    await company()
    with profile.timestamp("answer"):
        await asyncio.sleep(0)
        return len(await load())

async def lifespan(receive, send):
    while True:
        message = await receive()
        await send({{"type": message["type"] + ".complete"}})
        if message["type"] == "lifespan.shutdown": return

async def app(scope, receive, send):
    if scope["type"] == "lifespan": return await lifespan(receive, send)
    body = str(await handle()).encode() if scope["path"] == "/" else b"alive"
    length = str(len(body)).encode()
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}})
    await send({{"type": "http.response.body", "body": body}})
"""


def text_of(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return response.read().decode()
    except OSError:
        return None


@contextlib.contextmanager
def served(mprofpp, *words):
    """Records a server until the end of the block. Yields a function that sends a request."""
    needs(words[0])
    port = free_port()
    server = [str(word).replace("PORT", str(port)) for word in words]
    options = ["-C", "-o", "server.dat", "--all-calls", "--exact"]
    nothing = subprocess.DEVNULL
    process = mprofpp.start("run", *options, *server, stdout=nothing, stderr=nothing, start_new_session=True)
    with killed_at_the_end(process):
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: text_of(url + "alive") == "alive", "the server answers")
        yield lambda: text_of(url)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


UVICORN = ["uvicorn", "--log-level", "warning", "--port", "PORT", "app:app"]


def ask_at_once(ask):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as clients:
        return [answer.result() for answer in [clients.submit(ask) for _ in range(AT_ONCE)]]


def forget_company(folder):
    for path in folder.glob("here.*"):
        path.unlink()


def around(call, calls):
    """Returns the calls of the same lane that surround this call."""
    return [
        other
        for other in calls
        if (other.pid, other.lane) == (call.pid, call.lane)
        and other.level < call.level
        and other.t_in <= call.t_in <= call.t_out <= other.t_out
    ]


def test_every_request_of_an_asynchronous_server_has_a_lane_with_the_right_levels(mprofpp, tmp_path):
    (tmp_path / "app.py").write_text(ASGI)
    with served(mprofpp, *UVICORN) as ask:
        for _ in range(ROUNDS):
            assert ask_at_once(ask) == ["100000"] * AT_ONCE
            forget_company(tmp_path)
    recording = Recording(tmp_path / "server.dat")
    calls = recording.calls
    counts = collections.Counter((call.name, call.level) for call in calls)
    assert counts == {call: REQUESTS for call in CALLS}
    assert all(len(around(call, calls)) == call.level for call in calls)
    assert not any(flag in call.flags for call in calls for flag in ("open", "raised"))
    assert recording.lost_count("marks") == 0
    first, *others = sorted(recording.calls_of("app.handle"), key=lambda call: call.t_in)
    beside = [call for call in others if call.t_in < first.t_out]
    assert (
        len({call.lane for call in [first, *beside]}) == AT_ONCE
    ), "concurrent requests have different lanes"


def test_workers_of_an_asynchronous_server_are_marked(mprofpp, tmp_path):
    (tmp_path / "app.py").write_text(ASGI)
    with served(mprofpp, *UVICORN, "--workers", "2") as ask:
        assert ask_at_once(ask) == ["100000"] * AT_ONCE
    recording = Recording(tmp_path / "server.dat")
    names = collections.Counter((call.name, call.level) for call in recording.calls)
    assert names == {(name, level): AT_ONCE for name, level in CALLS}
    workers = {call.pid for call in recording.calls}
    assert workers and recording.processes[0].pid not in workers


WSGI = """
@profile
def work(): return [0] * 100_000

def application(environment, start):
    start("200 OK", [("Content-Type", "text/plain")])
    if environment["PATH_INFO"] == "/alive": return [b"alive"]
    return [str(len(work())).encode()]
"""


def heeds_signals(hook):
    """Before this hook uWSGI's master ignores SIGTERM, and Python swallows the SIGINT that ends a worker."""
    return [f"--hook-{hook}", f"append:heeding {hook[0]}"]


def test_a_server_in_c_that_loads_python_is_marked(mprofpp, tmp_path):
    (tmp_path / "app.py").write_text(WSGI)
    heeding = tmp_path / "heeding"
    server = ["uwsgi", "--plugin", "python3", "--http-socket", "127.0.0.1:PORT", "--die-on-term"]
    server += ["--master", "--processes", "2", "--wsgi-file", "app.py"]
    server += heeds_signals("master-start") + heeds_signals("accepting")
    with served(mprofpp, *server) as ask:
        assert [ask() for _ in range(ROUNDS)] == ["100000"] * ROUNDS
        wait_until(
            lambda: heeding.exists() and sorted(heeding.read_text()) == ["a", "a", "m"],
            "all processes react to signals",
        )
    calls = Recording(tmp_path / "server.dat").calls
    assert [(call.name, call.level) for call in calls] == [("uwsgi_file_app.work", 0)] * ROUNDS


def test_functions_in_tests_are_marked(mprofpp, tmp_path):
    needs("pytest")
    (tmp_path / "test_it.py").write_text("@profile\ndef work(): return 1\ndef test_it(): assert work()\n")
    done = mprofpp.record(["pytest", "-q", "-p", "no:cacheprovider", "test_it.py"])
    assert done.status == 0, done.text
    assert done.recording.call("test_it.work").level == 0


@pytest.fixture
def venv(tmp_path):
    words = [PYTHON, "-m", "venv", str(tmp_path / "venv")]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-venv is not installed")
    return tmp_path / "venv"


WHEEL = {
    "tool/__init__.py": "from memory_profiler import profile\n@profile\ndef main(): print('done')\n",
    "tool-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tool\nVersion: 1\n",
    "tool-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tool-1.dist-info/entry_points.txt": "[console_scripts]\ntool = tool:main\n",
    "tool-1.dist-info/RECORD": "",
}


def test_a_console_script_of_a_venv_and_the_pip_that_installs_it_are_marked(mprofpp, tmp_path, venv):
    wheel = tmp_path / "tool-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in WHEEL.items():
            archive.writestr(name, text)
    install = [venv / "bin/pip", "install", "--no-index", "--no-deps", wheel]
    done = mprofpp.record("-C", "--trace", "pip._internal.cli.main.main", install)
    assert done.status == 0, done.err
    assert done.recording.call("pip._internal.cli.main.main").level == 0
    done = mprofpp.record([venv / "bin/tool"])
    assert (done.status, done.text) == (0, "done\n")
    assert done.recording.call("tool.main").level == 0


POOL = """
from concurrent.futures import ProcessPoolExecutor
import multiprocessing, os, sys, threading
@profile
def work(seat):
    seat.wait()
    return os.getpid()
if __name__ == '__main__':
    method, workers = sys.argv[1], 3
    context = multiprocessing.get_context(method)
    with context.Manager() as manager, ProcessPoolExecutor(workers, mp_context=context) as pool:
        seat = manager.Barrier(workers)
        print(len(set(pool.map(work, [seat] * workers))))
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_call_of_every_worker_of_a_pool_is_recorded(mprofpp, tmp_path, method):
    (tmp_path / "pool.py").write_text(POOL)
    done = mprofpp.record("-C", [PYTHON, "pool.py", method])
    assert (done.status, done.text) == (0, "3\n"), done.err
    calls = done.recording.calls_of("__main__.work")
    assert len({call.pid for call in calls}) == len(calls) == 3
    assert not any("open" in call.flags for call in calls)
    assert {call.pid for call in calls} <= {process.pid for process in done.recording.processes}


STARTER = """
import os, subprocess, sys
@profile
def inner(): pass
if len(sys.argv) == 1:
    own = [sys.executable, '-I', '-S', '-E', __file__, 'again']
    subprocess.run(own, env={}, check=True)
    subprocess.run(['env', '-i', *own], check=True)
    if os.fork() == 0:
        inner()
        os.execve(sys.executable, own, {})
    os.wait()
inner()
"""


def test_programs_that_a_program_starts_are_marked_whatever_environment_they_get(mprofpp, tmp_path):
    (tmp_path / "starter.py").write_text(STARTER)
    done = mprofpp.record("-C", [PYTHON, tmp_path / "starter.py"])
    assert done.status == 0, done.err
    calls = collections.Counter(call.pid for call in done.recording.calls_of("__main__.inner"))
    assert sorted(calls.values()) == [1, 1, 1, 2], "two calls in the process that executed another program"


def test_code_from_a_pipe_an_argument_and_a_module_is_marked(mprofpp, tmp_path):
    code = "@profile\ndef f(): pass\nf()\n"
    (tmp_path / "module.py").write_text(code)
    for words in (["-c", code], ["-m", "module"]):
        assert mprofpp.record([PYTHON, *words]).recording.call("__main__.f").level == 0
    piped = mprofpp.record([PYTHON], stdin=None, input=code.encode())
    assert piped.recording.call("__main__.f").level == 0
