"""Leaks of real services are found while they serve, with three commands each (share/doc/objects.md)."""

import contextlib
import subprocess
import urllib.request

import pytest

from conftest import PATIENCE, SANITIZED, killed_at_the_end, needs, wait_until
from inspected import need_tracing
from looked_at import PATIENT, document, own_looks, types_of  # noqa: F401
from pythons import PROGRAMS, plain_environment, system  # noqa: F401

pytestmark = pytest.mark.skipif(SANITIZED, reason="SKIP: the library cannot be sanitized alone")

STARTS = pytest.mark.parametrize("start", ["bare", "recorded"])


def answers(url):
    """Returns whether the service answers; also 404 and 405 are answers."""
    try:
        urllib.request.urlopen(url, timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class Service:
    def __init__(self, process):
        self.process, self.port = process, int(process.stdout.readline())

    def load(self, path, requests, *options):
        """Sends requests, four at a time, none of which may fail."""
        url = f"http://127.0.0.1:{self.port}/{path}"
        command = ["ab", "-q", "-n", str(requests), "-c", "4", *options, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
        assert "Failed requests:        0" in done.stdout and "Non-2xx" not in done.stdout


@pytest.fixture
def service(mprofpp, system, start):
    """Starts a service on its own, or under `mprofpp run --allow-console`. Returns it with its pid."""
    need_tracing()
    needs("ab")
    with contextlib.ExitStack() as stack:

        def run(program, *modules):
            imports = [system, "-c", f"import {', '.join(modules)}"]
            if subprocess.run(imports, capture_output=True, check=False).returncode != 0:
                pytest.skip(f"SKIP: one of these modules of Python is not installed: {', '.join(modules)}")
            command = [system, PROGRAMS / program]
            if start == "recorded":
                recorder = ["run", "-q", "--allow-console", "-o", mprofpp.folder / "service.dat"]
                command = mprofpp.command(*recorder, *command)
            process = subprocess.Popen(
                [str(word) for word in command], stdout=subprocess.PIPE, text=True, env=plain_environment()
            )
            stack.enter_context(killed_at_the_end(process))
            found = Service(process)
            wait_until(lambda: answers(f"http://127.0.0.1:{found.port}/"), "the service answers")
            found.pid = process.pid if start == "bare" else child_of(process.pid)
            return found

        yield run


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        (child,) = file.read().split()
    return int(child)


def code(mprofpp, service, text):
    done = mprofpp("console", *PATIENT, "-c", text, service.pid)
    assert done.status == 0, done.err
    return done.text


@STARTS
def test_managers_that_stay_are_found_in_a_service_with_flask(mprofpp, service):
    flask = service("flask_service.py", "flask")
    flask.load("groups/7", 20)
    document(mprofpp, "objects", flask.pid)
    flask.load("groups/7", 50)
    manager = types_of(document(mprofpp, "objects", flask.pid))["__main__.GroupMilestoneManager"]
    assert manager["count_growth"] == 50
    text = mprofpp("holders", *PATIENT, flask.pid, "GroupMilestoneManager").text
    assert ".milestone_reached  __main__.Signal\n   └─ .receivers  list" in text
    assert "bound method __main__.GroupMilestoneManager.on_milestone" in text
    assert code(mprofpp, flask, "len(main.milestone_reached.receivers)") == "70\n"


@STARTS
def test_a_cache_that_holds_uploads_is_found_in_a_service_with_tornado(mprofpp, service, tmp_path):
    body = tmp_path / "body"
    body.write_bytes(bytes(10 << 20))
    post = ("-p", body, "-T", "application/octet-stream")
    tornado = service("tornado_service.py", "tornado")
    tornado.load("upload/a", 4, *post)
    document(mprofpp, "objects", "--sizes", tornado.pid)
    tornado.load("upload/a", 8, *post)
    grown = types_of(document(mprofpp, "objects", "--sizes", tornado.pid))["bytes"]
    assert grown["bytes_growth"] >= 8 * (10 << 20) - (1 << 20)
    text = mprofpp("holders", *PATIENT, tornado.pid, "bytes").text
    assert "lru_cache of __main__.UploadHandler.digest" in text and ".body  bytes at " in text
    assert "currsize=12" in code(mprofpp, tornado, "main.UploadHandler.digest.cache_info()")


@STARTS
def test_a_cache_that_grows_is_found_in_a_service_with_fastapi(mprofpp, service):
    fastapi = service("fastapi_service.py", "fastapi", "uvicorn", "faker")
    for number in range(30):
        fastapi.load(f"people/{number}", 4)
    document(mprofpp, "objects", "--containers", fastapi.pid)
    for number in range(30, 70):
        fastapi.load(f"people/{number}", 4)
    grown = document(mprofpp, "objects", "--containers", fastapi.pid)["containers"]
    (cache,) = [container for container in grown if container["path"] == "main.cache"]
    before = cache["length_before"] if cache["length_before"] is not None else cache["most_before"]
    assert cache["length"] == 70 and before in range(30, 70)
    assert document(mprofpp, "holders", fastapi.pid, "main.cache")["targets"][0]["state"] == "held"
    assert code(mprofpp, fastapi, "len(main.cache)") == "70\n"
