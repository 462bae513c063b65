"""Marks in programs that run already: what a recorder that has attached asks for through the door, in every
interpreter that is installed. The programs load the library themselves, as mprofpp lets a program do."""

import collections
import contextlib
import fcntl
import os
import pathlib
import re

import pytest

from conftest import AGENT
from door_client import block
from door_target import started, target, wait_for  # noqa: F401
from line_table import line_tables
from pythons import interpreters, python, system, version_of  # noqa: F401
from ring import ENTER, LEAVE

LIBRARY = AGENT.with_name("libmprofpp-attach.so")

WORK = """
import asyncio, time
def leaf(n): return n + 1
def raising():
    try: raise ValueError
    finally: pass
def numbers():
    yield 1
    yield 2
async def wait(): await asyncio.sleep(0)
def work():
    total = sum(leaf(i) for i in range(10))
    total += sum(numbers())
    try: raising()
    except ValueError: pass
    asyncio.run(wait())
    return total
def loop():
    while not ready.is_set():
        cache[0] = cache.get(0, 0) + work() - 58
        cache[1] = cache.get(1, 0) + 1
for i in range(1000): leaf(i)
thread = threading.Thread(target=loop, daemon=True)
thread.start()
"""


def listen(client, run, patterns, **more):
    variables = {"MPROFPP_RUN": run.folder, "MPROFPP_TRACE": "\n".join(patterns), **more}
    return client.ask(b"listen", block(**variables))


def calls(run, pid):
    """How many calls of each function have started and how many have ended."""
    events = run.read().events[pid]
    return collections.Counter((e.name, e.kind) for e in events if e.name.startswith("__main__."))


def maps_of(program):
    """The mappings of a process that the library could have made: those without a file, and ours."""
    lines = pathlib.Path(f"/proc/{program.pid}/maps").read_text().splitlines()
    return [line for line in lines if re.search(r"mprofpp|/dev/shm", line)]


def links_of(program):
    """What the descriptors of a process are, which may open and close some meanwhile."""
    found = []
    for path in pathlib.Path(f"/proc/{program.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(os.readlink(path))
    return found


def round_of(client):
    return int(client.run("main.cache.get(1, 0)").out)


def let_it_work(client, rounds=20):
    first = round_of(client)
    wait_for(lambda: round_of(client) >= first + rounds)


@pytest.fixture
def attached(target, run):
    def start(python, code=WORK):
        program = started(target(python, code, library=LIBRARY))
        program.client = program.connect()
        let_it_work(program.client, 3)
        return program

    return start


@interpreters()
def test_functions_of_a_running_program_are_marked(attached, python, run):
    program = attached(python)
    answer = listen(program.client, run, ["__main__.*"])
    assert answer.status == "done", answer.message
    let_it_work(program.client)
    assert program.client.ask(b"end-listen").status == "done"
    counts = calls(run, program.pid)
    for name in ("leaf", "numbers", "raising", "wait", "work"):
        started_calls, ended = counts[f"__main__.{name}", ENTER], counts[f"__main__.{name}", LEAVE]
        assert started_calls >= 15 and started_calls - 1 <= ended <= started_calls, (name, counts)
    assert counts["__main__.leaf", ENTER] >= 150
    assert "__main__.loop" not in {name for name, _ in counts}, "it was running already"
    program.client.run("main.ready.set()")
    assert int(program.client.run("main.cache[0]").out) == 0, "the results are right"
    assert program.end()[0] == 0


@interpreters()
def test_nothing_acts_any_more_at_the_end(attached, python, run):
    program = attached(python)
    client = program.client
    assert listen(client, run, ["__main__.*"]).status == "done"
    let_it_work(client)
    assert client.ask(b"end-listen").status == "done"
    after = sum(calls(run, program.pid).values())
    let_it_work(client)
    assert sum(calls(run, program.pid).values()) == after
    if version_of(python) >= (3, 12):
        taken = (
            "m = main.sys.monitoring; m.use_tool_id(5, 'test'); m.get_events(5), m.get_local_events(5, {})"
        )
        for function in ("leaf", "numbers", "work"):
            assert client.run(taken.format(f"main.{function}.__code__")).out == b"(0, 0)\n"
            client.run("m.free_tool_id(5)")
    client.close()
    wait_for(lambda: not program.our_threads())
    assert [line for line in maps_of(program) if "attach" not in line] == []
    assert not [link for link in links_of(program) if "statm" in link or "/dev/shm" in link]
    assert program.end()[0] == 0


@interpreters()
def test_a_second_recorder_marks_what_it_wants(attached, python, run):
    program = attached(python)
    client = program.client
    assert listen(client, run, ["__main__.leaf"]).status == "done"
    let_it_work(client)
    assert client.ask(b"end-listen").status == "done"
    names = {name for name, _ in calls(run, program.pid)}
    assert names == {"__main__.leaf"}
    for path in run.folder.glob("*.ring"):
        path.unlink()
    for _ in range(3):
        assert listen(client, run, ["__main__.numbers", "__main__.work"]).status == "done"
        let_it_work(client)
        assert client.ask(b"end-listen").status == "done"
    counts = calls(run, program.pid)
    assert {name for name, _ in counts} == {"__main__.numbers", "__main__.work"}
    assert counts["__main__.work", ENTER] - 3 <= counts["__main__.work", LEAVE]
    client.run("main.ready.set()")
    assert int(client.run("main.cache[0]").out) == 0
    assert program.end()[0] == 0


@interpreters()
def test_the_marks_end_when_their_recorder_was_killed(attached, python, run):
    """No lock on the folder of the run means that its recorder is gone."""
    program = attached(python)
    client = program.client
    assert listen(client, run, ["__main__.leaf"]).status == "done"
    let_it_work(client, 150)
    ended = sum(calls(run, program.pid).values())
    let_it_work(client, 10)
    assert sum(calls(run, program.pid).values()) == ended
    assert listen(client, run, ["__main__.leaf"]).status == "done", "another recorder may come"
    client.run("main.ready.set()")
    assert program.end()[0] == 0


@interpreters()
def test_the_lines_of_a_running_program_are_counted(attached, python, run):
    program = attached(python)
    wanted = {"MPROFPP_LINES": "exact", "MPROFPP_LINES_OF": "__main__.work"}
    for _ in range(2):
        assert listen(program.client, run, [], **wanted).status == "done"
        let_it_work(program.client)
        assert program.client.ask(b"end-listen").status == "done"
    for file in line_tables(run):
        (table,) = file.tables.values()
        assert table.name == "__main__.work" and table.calls >= 10
        line = sorted(table.counts)[1]  # the first one has a generator, which counts too
        assert table.ended <= table.counts[line] <= table.calls
    assert len(line_tables(run)) == 2
    program.client.run("main.ready.set()")
    assert int(program.client.run("main.cache[0]").out) == 0
    assert program.end()[0] == 0


def test_two_recorders_at_once_are_refused(attached, system, run):
    program = attached(system)
    folder = os.open(run.folder, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    assert listen(program.client, run, ["__main__.leaf"]).status == "done"
    answer = listen(program.client, run, ["__main__.leaf"])
    os.close(folder)
    assert answer.status == "failed" and "another recorder" in answer.message
    program.client.run("main.ready.set()")
    assert program.end()[0] == 0


def test_a_recorder_that_says_nothing_sensible_is_refused(attached, system, run):
    program = attached(system)
    for body in (b"", b"\0", b"MPROFPP_RUN=/tmp", block(NOTHING=1)):
        assert program.client.ask(b"listen", body).status == "failed"
    program.client.run("main.ready.set()")
    assert program.end()[0] == 0
