"""The garbage collector of a program, as the agent shows it, in every interpreter that is installed."""

import json

import pytest

from door_target import started, target  # noqa: F401
from pythons import interpreters, python  # noqa: F401

CODE = """
import gc, sys
class Node:
    def __init__(self): self.me, self.others = self, [self]
class Closing:
    closed = 0
    def __init__(self): self.me = self
    def __del__(self): Closing.closed += 1
kept = [Node() for i in range(7)] + [Closing()]
gc.collect()
gc.disable()
def make():
    for i in range(100): Node()
    for i in range(5): Closing()
"""


def state(client, options=b""):
    answer = client.ask(b"gc", options=options)
    assert answer.status == "done", (answer.status, answer.message, answer.error)
    return json.loads(answer.out)


@interpreters()
def test_a_trial_finds_what_a_collection_frees_and_frees_nothing(target, python):
    client = started(target(python, CODE)).connect()
    assert state(client)["trial"] is None
    client.run("main.make()")
    trial = state(client, b"collect")["trial"]
    assert state(client, b"collect")["trial"]["objects"] == trial["objects"], "nothing was freed"
    counts = {name: count for name, count, _ in trial["types"]}
    assert counts["__main__.Node"] == 100 and counts["__main__.Closing"] == 5 and counts["list"] == 100
    assert trial["objects"] == sum(counts.values()) and trial["uncollectable"] == 0
    assert trial["bytes"] == sum(size for _, _, size in trial["types"]) and trial["seconds"] > 0
    assert client.run("main.Closing.closed").out == b"0\n"
    assert int(client.run("main.gc.collect()").out) == trial["objects"]
    assert client.run("main.Closing.closed").out == b"5\n"
    assert state(client, b"collect")["trial"]["objects"] == 0


@interpreters()
def test_frozen_objects_are_not_freed(target, python):
    client = started(target(python, CODE)).connect()
    client.run("main.make(); main.gc.freeze()")
    found = state(client, b"collect")
    assert found["frozen"] == int(client.run("main.gc.get_freeze_count()").out) > 1000
    assert found["trial"]["objects"] == int(client.run("main.gc.collect()").out) == 0
    client.run("main.make()")
    trial = state(client, b"collect")["trial"]
    assert trial["objects"] == int(client.run("main.gc.collect()").out) > 200


@interpreters()
def test_the_settings_are_those_of_the_program(target, python):
    code = (
        "import gc\ngc.set_threshold(701, 11, 12)\n"
        "gc.set_debug(gc.DEBUG_SAVEALL | gc.DEBUG_UNCOLLECTABLE)\n"
        "gc.callbacks.append(lambda *event: None)\nclass Node: pass\n"
        "for i in range(3):\n    n = Node()\n    n.me = n\n    del n\ngc.collect()"
    )
    client = started(target(python, CODE + code)).connect()
    found = state(client)
    assert not found["enabled"] and found["callbacks"] == 1
    assert str(tuple(found["thresholds"])) + "\n" == client.run("main.gc.get_threshold()").out.decode()
    assert found["debug"] == ["DEBUG_UNCOLLECTABLE", "DEBUG_SAVEALL"]
    assert ["__main__.Node", 3] in found["garbage"]
    assert len(found["counts"]) == 3
    generations = json.loads(client.run("import json; print(json.dumps(main.gc.get_stats()))").out)
    assert found["generations"] == [pytest.approx(each) for each in generations]
    seconds = sum(generation.get("duration", 0) for generation in generations)
    assert (found["collection_seconds"] or 0) == pytest.approx(seconds)
    client.run("main.gc.set_debug(0); main.gc.enable(); main.gc.garbage.clear()")
    assert state(client)["enabled"] and not state(client)["debug"] and not state(client)["garbage"]


@interpreters()
def test_classes_with_finalizers_are_listed(target, python):
    client = started(
        target(python, CODE + "class Derived(Closing): pass\nmore = [Derived(), Derived()]")
    ).connect()
    assert state(client)["finalizers"] == [["__main__.Derived", 2], ["__main__.Closing", 1]]


@interpreters()
def test_a_program_that_never_used_the_collector_does_not_notice(target, python):
    client = started(target(python)).connect()
    before = client.run("import sys; 'gc' in sys.modules").out
    assert state(client, b"collect")["trial"] is not None
    assert client.run("'gc' in sys.modules").out == before
