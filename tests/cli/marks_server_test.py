"""A server with workers and threads that is killed in the middle of requests."""

import collections
import os
import signal
import struct

import pytest

from conftest import killed_at_the_end, wait_until
from recording import Recording

WORKERS, THREADS = 2, 3


def counters(path):
    return struct.unpack(f"{WORKERS * THREADS}Q", path.read_bytes())


@pytest.fixture(params=[["--all-calls"], []], ids=["one by one", "summed"])
def killed(request, mprofpp, program, tmp_path):
    """The recording of a server that was killed with all its workers, and the requests of each thread."""
    done, path = tmp_path / "done", tmp_path / "x.dat"
    done.write_bytes(bytes(8 * WORKERS * THREADS))
    words = ["run", "-q", "-C", *request.param, "--wait-all", "-o", path]
    words += program("requests", WORKERS, THREADS, done)
    with killed_at_the_end(mprofpp.start(*words)) as process:
        wait_until(lambda: min(counters(done)) > 200, "every thread has handled requests")
        wait_until(
            lambda: len(Recording(path).of_name("requests")) == 1 + WORKERS, "all workers are recorded"
        )
        members = [process.pid for process in Recording(path).of_name("requests")]
        for pid in members:  # the parent first, so that it does not notice
            os.kill(pid, signal.SIGKILL)
        assert process.wait() == 128 + signal.SIGKILL
    return Recording(path), counters(done)


def test_every_finished_request_is_recorded_and_those_in_progress_are_open(killed):
    recording, done = killed
    requests = recording.calls_of("request")
    ended = [call for call in requests if "open" not in call.flags]
    in_flight = [call for call in requests if "open" in call.flags]
    summed = sum(group.count for group in recording.group_lines if group.name == "request")
    assert recording.lost_count("marks") == 0
    assert sum(done) <= len(ended) + summed <= sum(done) + WORKERS * THREADS
    lanes = collections.Counter((call.pid, call.lane) for call in in_flight)
    assert len(lanes) <= WORKERS * THREADS
    assert set(lanes.values()) <= {1}
    per_lane = collections.Counter((call.pid, call.lane) for call in ended)
    for group in recording.group_lines:
        if group.name == "request":
            per_lane[group.pid, group.lane] += group.count
    assert all(any(0 <= n - d <= 1 for d in done) for n in per_lane.values())


def test_calls_of_a_killed_server_are_nested(killed):
    recording, _ = killed
    lanes = collections.defaultdict(list)
    for call in recording.calls:
        lanes[call.pid, call.lane].append(call)
    for calls in lanes.values():
        requests = [call for call in calls if call.name == "request"]
        parts = [call for call in calls if call.name in ("read", "answer")]
        assert {call.level for call in requests} <= {0}
        assert {call.level for call in parts} <= {1}
        assert recording.groups or len(parts) <= 2 * len(requests)
    server = recording.call(
        "server"
    )  # a worker's main thread makes no marks, so it does not report this call
    assert server.flags == ["open"]
    assert server.t_out == recording.exit_times[server.pid]
