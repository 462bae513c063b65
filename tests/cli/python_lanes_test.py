"""Lanes of Python programs: threads, tasks, greenlets, and generators, which are suspended while other code
runs. The tests run with every installed interpreter and without a recorder, and read what the agent
reports."""

import collections

import pytest

from pythons import (  # noqa: F401 (fixtures)
    PROGRAMS, execute, go, interpreters, levels, plain_environment, python, system,
)  # fmt: skip
from ring import ENTER, LEAVE, MARK, RAISED

THREAD, GREENLET, TASK = range(3)


@interpreters()
def test_threads_and_tasks_have_lanes_of_their_own(run, python):
    go(run, python, PROGRAMS / "everything.py")
    rings = run.read()
    begins = [event for event in rings.events[rings.only()] if event.kind == ENTER]
    tasks = collections.defaultdict(list)
    for event in begins:
        if event.lane_kind == TASK:
            tasks[event.lane].append(event.name)
    assert sorted(tasks.values()) == [["__main__.outer", "__main__.inner"]] * 2 + [["__main__.several"]]
    assert len({event.thread for event in begins}) == 2


GENERATORS = """
import gc
@profile
def numbers():
    try:
        yield 1
        yield 2
    except KeyError:
        yield 3
@profile
def marker(): pass
g = numbers(); next(g); marker(); g.close(); marker()
g = numbers(); next(g); del g; gc.collect(); marker()
g = numbers(); next(g); assert g.throw(KeyError) == 3; list(g); marker()
g = numbers(); next(g)
try: g.throw(ValueError)
except ValueError: pass
g = numbers(); del g; marker()
"""


@interpreters()
def test_generators_end_when_they_are_closed_deleted_or_thrown_into(run, python):
    go(run, python, "-c", GENERATORS)
    rings = run.read()
    pid = rings.only()
    assert [level for level, _ in rings.levels(pid)] == [
        0
    ] * 9, "a suspended generator surrounds no other call"
    assert rings.open == 0
    short = {"__main__.numbers": "n", "__main__.marker": "m"}
    told = "".join(short[e.name].upper() if e.kind == ENTER else short[e.name] for e in rings.events[pid])
    assert told == "N" "Mm" "n" "Mm" "Nn" "Mm" "Nn" "Mm" "Nn" "Mm"
    ends = [e for e in rings.events[pid] if e.kind == LEAVE and e.name == "__main__.numbers"]
    assert [bool(e.flags & RAISED) for e in ends] == [False, False, False, True]


ACTIVE = """
import asyncio, time
def burn(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end: pass
@profile
async def waits():
    burn(0.02)
    await asyncio.sleep(0.2)
    burn(0.02)
asyncio.run(waits())
"""


@interpreters()
def test_the_active_time_of_a_coroutine_does_not_include_waiting(run, python):
    go(run, python, "-c", ACTIVE)
    rings = run.read()
    begin, end = rings.events[rings.only()]
    assert 0.04e9 <= end.active <= end.time - begin.time - 0.19e9


GREENLETS = """
import gevent
@profile
def inner(i): gevent.sleep(0.001 * (i % 3))
@profile
def outer(i):
    with profile.timestamp('block'): inner(i)
@profile
def main(): gevent.joinall([gevent.spawn(outer, i) for i in range(20)])
main()
"""


def test_every_greenlet_has_a_lane_of_its_own(run, system):
    if execute([system, "-c", "import gevent"], plain_environment()).returncode != 0:
        pytest.skip("SKIP: python3-gevent is not installed")
    calls = levels(run, system, "-c", GREENLETS)
    expected = [(0, "__main__.outer"), (1, "block"), (2, "__main__.inner")]
    assert sorted(calls) == sorted([(0, "__main__.main")] + expected * 20)
    rings = run.read()
    lanes = collections.defaultdict(list)
    for event in rings.events[rings.only()]:
        if event.kind == ENTER and event.lane_kind == GREENLET:
            lanes[event.lane].append(event.name)
    assert list(lanes.values()) == [[name for _, name in expected]] * 20


BLOCKS_OF_TASKS = """
import asyncio
from mprofpp import profile, mark
@profile
def load(): pass
async def handle(delay):
    with profile.timestamp('request'):
        load()
        await asyncio.sleep(delay)
        load()
async def main():
    await asyncio.gather(handle(0.01), handle(0.02))
    load()
    mark('phase 2')
asyncio.run(main())
"""


@interpreters()
def test_a_block_of_one_task_does_not_surround_calls_of_other_tasks(run, python):
    calls = levels(run, python, "-c", BLOCKS_OF_TASKS)
    load = "__main__.load"
    assert calls == [(0, "request"), (1, load)] * 2 + [(1, load)] * 2 + [(0, load)]
    rings = run.read()
    events = rings.events[rings.only()]
    assert [event.name for event in events if event.kind == MARK] == ["phase 2"]
    outer = {event.call: event.lane for event in events if event.kind == ENTER}
    for event in events:
        if event.kind == ENTER and event.active:
            assert event.lane == outer[event.active]


BLOCKS_OF_COROUTINES = """
import asyncio
@profile
def load(): pass
@profile
async def wait(): await asyncio.sleep(0)
@profile
async def inner():
    with profile.timestamp('inner block'):
        await asyncio.sleep(0)
        load()
        await wait()
@profile
async def outer():
    with profile.timestamp('outer block'):
        await inner()
        await asyncio.sleep(0)
        with profile.timestamp('last block'): load()
    load()
async def main(): await asyncio.gather(outer(), outer())
asyncio.run(main())
"""


@interpreters()
def test_a_coroutine_that_continues_is_still_in_its_blocks(run, python):
    calls = levels(run, python, "-c", BLOCKS_OF_COROUTINES)
    assert sorted(calls) == sorted(
        [
            (0, "__main__.outer"),
            (1, "outer block"),
            (2, "__main__.inner"),
            (3, "inner block"),
            (4, "__main__.load"),
            (4, "__main__.wait"),
            (2, "last block"),
            (3, "__main__.load"),
            (1, "__main__.load"),
        ]
        * 2
    )


BLOCKS_OF_GENERATORS = """
@profile
def load(): pass
@profile
def numbers():
    with profile.timestamp('block'):
        yield 1
        load()
for _ in numbers(): load()
"""


@interpreters()
def test_a_block_of_a_suspended_generator_does_not_surround_calls_of_its_consumer(run, python):
    calls = levels(run, python, "-c", BLOCKS_OF_GENERATORS)
    load = "__main__.load"
    assert calls == [(0, "__main__.numbers"), (1, "block"), (0, load), (2, load)]


ASYNC_GENERATORS = """
import asyncio
@profile
async def numbers():
    for i in range(3):
        await asyncio.sleep(0)
        yield i
@profile
async def cancelled():
    await asyncio.sleep(60)
async def main():
    assert [i async for i in numbers()] == [0, 1, 2]
    generator = numbers()
    await generator.__anext__()
    await generator.aclose()
    task = asyncio.create_task(cancelled())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
asyncio.run(main())
"""


@interpreters()
def test_asynchronous_generators_and_cancelled_tasks_end(run, python):
    calls = levels(run, python, "-c", ASYNC_GENERATORS)
    assert calls == [(0, "__main__.numbers")] * 2 + [(0, "__main__.cancelled")]
    rings = run.read()
    ends = [event for event in rings.events[rings.only()] if event.kind == LEAVE]
    assert [bool(event.flags & RAISED) for event in ends] == [False, False, True]
