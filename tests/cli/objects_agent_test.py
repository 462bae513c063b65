"""Objects of a program, as the agent counts them: requests over the program's own door, in every interpreter
that is installed."""

import collections
import json
import os

import pytest

from conftest import BUILD
from door_client import INTERRUPT
from door_target import READ, started, target, wait_for  # noqa: F401
from pythons import debug_build, interpreters, python, system, version_of  # noqa: F401

# Objects of many types, and then a comparison that the main thread makes of the same heap. While it waits for
# a line, nothing in the program changes. What it needs is made before.
HEAP = """
import array, collections, decimal, functools, gc, io, itertools, json, os, struct, types, weakref
class Plain: pass
class Slots: __slots__ = ("a", "b")
class Weak: __slots__ = ("__weakref__",)
class Meta(type): pass
class OfMeta(metaclass=Meta): x = 1
class Numbers(int): pass
class Names(str): pass
class Items(list): pass
class Table(dict): pass
class Pair(tuple): pass
class Outer:
    class Inner: pass
def generator(): yield 1
async def coroutine(): pass
kept = [Plain() for i in range(100)]
for i, one in enumerate(kept):
    one.number, one.text = i, "text %d" % i
    if i % 3 == 0: one.__dict__
    if i % 3 == 1: setattr(one, "extra%d" % i, i)
many = Plain()
for i in range(200): setattr(many, "name%d" % i, i)
slots = Slots(); slots.a = [slots]
kept += [many, slots, Weak(), OfMeta(), Meta("Late", (), {}), Numbers(10 ** 50), Names("name"), Items("abc")]
kept += [Table(a=1), Pair((1, [])), Outer.Inner(), generator(), weakref.ref(kept[0]), kept[0].__init__]
kept += [{n: [n] for n in range(size)} for size in (0, 1, 5, 6, 100, 1000, 100000)]
kept += [{str(n): [n] for n in range(size)} for size in (1, 5, 6, 100, 1000, 100000)]
kept += [set(map(str, range(size))) for size in (0, 1, 5, 6, 100, 1000)] + [frozenset(["a", ()])]
kept += [list(range(size)) for size in (0, 1, 10, 1000)] + [tuple([[], n]) for n in range(10)]
kept += [collections.deque([[]] * size) for size in (0, 1, 1000)] + [collections.OrderedDict(a=[])]
kept += [collections.Counter("abc"), collections.defaultdict(list), collections.ChainMap()]
kept += [array.array("d", [1.0] * 100), bytearray(1000), memoryview(b"bytes"), io.BytesIO(b"x" * 1000)]
kept += [decimal.Decimal("1." + "1" * 100), struct.Struct("=II"), functools.lru_cache(len), range(10 ** 20)]
kept += [itertools.product([1], [2]), property(len), types.SimpleNamespace(a=1), slice(1, [2]), lambda: kept]
kept += ["a text", "\\xe9" * 100, "\\u20ac" * 100, "\\U0001f600" * 100, b"bytes" * 100, 1.5, 2j, 10 ** 100]
for one in kept[-50:]: hash(type(one))
shrunk = list(range(1000)); del shrunk[5:]
dropped = {n: n for n in range(1000)}
for n in range(990): del dropped[n]
counted, one, objects, kinds, sizes, changed, result = {}, None, None, [], [], [], {}
samples = kept + [int, dict, Plain, sys, gc, kept]
references = [0] * len(samples)
counts_before = counts_after = None
gc.collect(); gc.disable()
garbage, number = len(gc.garbage), 0
for number in range(len(samples)): references[number] = sys.getrefcount(samples[number])
print("waiting", flush=True)
counts_before = gc.get_count()
line = os.read(0, 1)
if line == b"c": counts_after = gc.get_count()
else: objects = gc.get_objects()
# no name for one of them: an object that stands for a module would import it, from 3.15 on
kinds, sizes = list(map(type, objects or [])), list(map(sys.getsizeof, objects or []))
for number in range(len(samples) if line == b"c" else 0):
    if references[number] != sys.getrefcount(samples[number]): changed.append(repr(samples[number])[:80])
result.update(before=counts_before, after=counts_after, changed=changed)
result["garbage"] = len(gc.garbage) - garbage
for kind, size in zip(kinds, sizes):
    entry = counted.setdefault("0x%x" % id(kind), [0, 0])
    entry[0] += 1
    entry[1] += size
result["types"] = counted
result["names"] = {"0x%x" % id(kind): kind.__module__ + "." + kind.__qualname__ for kind in
                   set(kinds)}
print(json.dumps(result), flush=True)
"""


def census(client, *options, body=b"", verb=b"objects"):
    answer = client.ask(verb, body, options=b"\n".join([b"max-pause=60000", *options]))
    assert answer.status == "done", answer.message
    return json.loads(answer.out)


def next_line(program):
    line = program.process.stdout.readline()
    assert line, program.process.stderr.read()
    return line


def go_on(program, letter="o"):
    """Lets the main thread compare, and returns what it has found."""
    program.process.stdin.write(letter)
    program.process.stdin.flush()
    return json.loads(next_line(program))


def waiting(program):
    assert next_line(program) == "waiting\n"
    wait_for(lambda: program.is_in(READ))
    return program


def without_module(name):
    return name.removeprefix("builtins.")


@interpreters()
def test_counts_bytes_and_names_are_those_that_python_gives(target, python):
    program = waiting(target(python, HEAP))
    client = program.connect()
    found = census(client)
    expected = go_on(program)
    counted = {address: [count, size] for _, count, size, address in found["types"]}
    names = {address: name for name, _, _, address in found["types"]}
    assert {
        expected["names"].get(a, names.get(a)): (expected["types"].get(a), counted.get(a))
        for a in expected["types"].keys() | counted.keys()
        if expected["types"].get(a) != counted.get(a)
    } == {}
    assert names == {a: without_module(name) for a, name in expected["names"].items()}
    assert found["objects"] == sum(count for count, _ in counted.values())
    assert found["bytes"] == sum(size for _, size in counted.values())
    assert found["other_types"] == {"types": 0, "count": 0, "bytes": 0}
    assert not found["is_lower_bound"] and not found["untracked"]


OBJGRAPH = """
import gc, json, os
try: import objgraph
except ImportError: objgraph = None
class Node: pass
kept, objects = [[Node()] for i in range(1000)], None
gc.collect()
gc.disable()
print("waiting", flush=True)
os.read(0, 1)
objects = gc.get_objects()
print(json.dumps(objgraph and objgraph.typestats(objects)), flush=True)
"""


def test_counts_are_those_of_objgraph(target, system):
    program = waiting(target(system, OBJGRAPH))
    found = census(program.connect())
    expected = go_on(program)
    if expected is None:
        pytest.skip("SKIP: python3-objgraph is not installed")
    counts = collections.Counter()
    for name, count, _, _ in found["types"]:
        counts[name.split(".")[-1]] += count  # objgraph leaves modules and outer classes out
    assert counts == expected and counts["Node"] == 1000


@interpreters()
def test_a_census_changes_nothing(target, python):
    untouched = go_on(waiting(target(python, HEAP)), "c")
    program = waiting(target(python, HEAP))
    client = program.connect()
    for options in [], [b"sizes"], [b"containers"]:
        census(client, *options)
    census(client, b"of", body=b"main.kept")
    census(client, b"type=Plain", verb=b"instances")
    census(client, b"type=str", verb=b"instances")
    after = go_on(program, "c")
    # the first look of all makes a list, and frees it, where the collector has no function for visits
    made = after["after"][0] - after["before"][0] - (untouched["after"][0] - untouched["before"][0])
    assert made in (0, 1) and after["before"][1:] == after["after"][1:]
    assert (after["changed"], after["garbage"]) == ([], 0)


REACHED = """
import array, gc, os
class Node: __slots__ = ("value", "others")
nodes = [Node() for i in range(100)]
texts = ["text %d" % i for i in range(100)]
for i, node in enumerate(nodes):
    node.value, node.others = texts[i], (float(i), b"b" * i, (array.array("d", [i]), texts[i]))
shared = {"key %d" % i: bytearray(i) for i in range(50)}
exec("def large(): return %r" % ("q" * 1000000))
gc.collect()
def sizes(kind, things): return [len(things), sum(sys.getsizeof(one) for one in things)]
"""


@interpreters()
def test_objects_that_the_collector_does_not_track_are_counted_once(target, python):
    client = started(target(python, REACHED)).connect()
    expected = client.run(
        "held = [n.others for n in main.nodes]; found = [main.sizes(0, main.texts + list(main.shared)), "
        "main.sizes(0, [o[0] for o in held]), main.sizes(0, [o[2][0] for o in held]), "
        "main.sizes(0, list(main.shared.values()))]; import json; print(json.dumps(found))"
    )
    texts, floats, arrays, byte_arrays = json.loads(expected.out)
    client.close()
    tracked = census(started(target(python, REACHED)).connect())
    found = census(started(target(python, REACHED)).connect(), b"sizes")
    types = {name: [count, size] for name, count, size, _ in found["types"]}
    assert found["untracked"] and not tracked["untracked"]
    assert types["array.array"][0] >= 100 and types["bytearray"][0] >= 50 and types["float"][0] >= 100
    assert types["str"][0] > 150 and types["str"][1] > 1000000 and types["code"][0] > 100
    assert types["bytes"][0] >= 100
    assert found["objects"] > tracked["objects"] and found["bytes"] > tracked["bytes"]
    held = census(started(target(python, REACHED)).connect(), b"of", body=b"main.nodes")
    types = {name: [count, size] for name, count, size, _ in held["types"]}
    assert types["float"] == floats and types["array.array"] == arrays
    assert types["__main__.Node"][0] == 100 and types["list"][0] == 1 and types["str"][0] == 100
    assert "type" not in types and "module" not in types and "dict" not in types
    held = census(started(target(python, REACHED)).connect(), b"of", body=b"main.shared")
    types = {name: [count, size] for name, count, size, _ in held["types"]}
    assert types["bytearray"] == byte_arrays and types["dict"][0] == 1 and types["str"][0] == 50


PATHS = """
import functools
class Trap:
    stored = [7]
    __slots__ = ("slot", "__dict__")
    def __getattr__(self, name): cache["touched"] = name
    @property
    def computed(self): cache["touched"] = "computed"
    def __eq__(self, other): cache["touched"] = "compared"
    def __hash__(self): return hash("key")
class Lazy:
    def __init__(self): self.early = 1
    @functools.cached_property
    def rows(self): return [bytearray()]
    @functools.cached_property
    def late(self): cache["touched"] = 1
    def method(self): pass
lazy = Lazy(); lazy.rows
trap = Trap()
trap.slot, trap.own = [1], {"key": [[2, 3]], 4: "four", -5: (5,)}
odd = {trap: 1, "key": "found"}
cache.clear()
class Deep:
    class Inner: value = [8]
"""
FOUND = {
    "main.trap": "__main__.Trap",
    "trap": "__main__.Trap",
    "__main__.trap.own": "dict",
    "main.trap.own['key']": "list",
    'main.trap.own["key"][0][-1]': "int",
    "main.trap.own[4]": "str",
    "main.trap.own[-5][0]": "int",
    "main.trap.slot": "list",
    "main.trap.stored": "list",
    "main.lazy.rows[0]": "bytearray",
    "main.lazy.method": "function",
    "main.Trap.stored": "list",
    "main.Deep.Inner.value": "list",
    "main.odd['key']": "str",
    "os.path.sep": "str",
    "encodings.utf_8": "module",
}
NOT_FOUND = ["", "main.", "main.none", "main.trap.nothing", "main.trap.own['no']", "main.trap.own[9]",
             "main.trap.own['key'][1]", "main.trap.own['key", "main.trap.slot[", "main.trap.slot[x]",
             "main.trap()", "no.such", "main.trap.own['key'][99999999999999999999]", "1", "[0]",
             "main.trap.stored[0].real", "main.lazy.late"]  # fmt: skip


@interpreters()
def test_a_path_leads_to_an_object_and_runs_no_code(target, python):
    client = started(target(python, PATHS)).connect()
    for path, kind in FOUND.items():
        held = census(client, b"of", body=path.encode())
        assert held["objects"] >= 1 and kind in [row[0] for row in held["types"]], path
    for path in NOT_FOUND:
        answer = client.ask(b"objects", path.encode(), options=b"of")
        assert answer.status == "failed" and answer.message, path
    assert client.run("main.cache").out == b"{}\n"


INSTANCES = r"""
import gc
class Node:
    def __repr__(self): cache["touched"] = 1; return "a node"
class Raises:
    def __repr__(self): raise ValueError("no")
class Long:
    def __repr__(self): return "x" * 1000000
class Outer:
    class Node(list): pass
nodes = [Node() for i in range(50)]
inner = Outer.Node("abc")
raises, long = Raises(), Long()
big = "x" * 10000000
text, half = "\xe9\"\n" + "y" * 5000000, "\udc80" * 3000000
numbers = [10 ** 400, 1.5, None, True]
lists = [[None] * n for n in range(1000, 1100)]
gc.collect()
"""


@interpreters()
def test_the_largest_instances_have_short_values(target, python):
    client = started(target(python, INSTANCES)).connect()
    both = census(client, b"type=Node", b"addresses", verb=b"instances")["types"]
    assert sorted((kind["type"], kind["count"]) for kind in both) == [
        ("__main__.Node", 50),
        ("__main__.Outer.Node", 1),
    ]
    (nodes,) = census(client, b"type=__main__.Node", b"addresses", b"count=3", verb=b"instances")["types"]
    assert len(nodes["largest"]) == 3 and nodes["largest"][0]["value"] is None
    ids = client.run("print(*sorted(hex(id(node)) for node in main.nodes))").out.decode().split()
    assert sorted(nodes["addresses"]) == ids
    (lists,) = census(client, b"type=list", b"count=1000", verb=b"instances")["types"]
    sizes = [one["size"] for one in lists["largest"]]
    assert sizes == sorted(sizes, reverse=True) and lists["addresses"] == []
    assert {"list of 1099", "list of 1000"} <= {one["value"] for one in lists["largest"]}
    (texts,) = census(client, b"type=str", b"count=3", verb=b"instances")["types"]
    values = [one["value"] for one in texts["largest"]]
    assert values[0] == "'" + "x" * 120 + "'… (10000000 in all)"
    assert texts["largest"][0]["size"] > 10000000 and texts["largest"][0]["length"] == 10000000
    assert any(v.startswith("'é\"\\nyyy") for v in values) and any("\\udc80" in v for v in values)
    assert client.run("main.cache").out == b"{}\n"


@interpreters()
def test_the_program_shows_its_own_objects_only_if_asked(target, python):
    client = started(target(python, INSTANCES)).connect()
    shown = {}
    for name in ("Outer.Node", "__main__.Node", "Raises", "Long"):
        (kind,) = census(client, b"repr", b"type=" + name.encode(), verb=b"instances")["types"]
        shown[name] = kind["largest"][0]["value"]
    assert shown["__main__.Node"] == "a node" and shown["Outer.Node"] == "['a', 'b', 'c']"
    assert "raised" in shown["Raises"] and shown["Long"].startswith("xxx") and len(shown["Long"]) < 300
    assert client.run("main.cache").out == b"{'touched': 1}\n"


@interpreters()
def test_a_name_that_no_type_has_is_answered_with_the_nearest(target, python):
    client = started(target(python, INSTANCES)).connect()
    found = census(client, b"type=__main__.Nodes", verb=b"instances")
    assert found["types"] == [] and found["near"][0] == "__main__.Node"
    found = census(client, b"type=dcit", verb=b"instances")
    assert "dict" in found["near"]
    assert census(client, b"type=" + b"z" * 5000, verb=b"instances")["near"] == []


@interpreters()
def test_a_look_that_would_take_too_long_is_refused_with_an_estimate(target, python):
    client = started(target(python)).connect()
    for verb, options in [(b"objects", b""), (b"objects", b"\nsizes"), (b"instances", b"\ntype=dict")]:
        answer = client.ask(verb, options=b"max-pause=0" + options)
        assert (answer.status, answer.out) == ("too_long", b"")
        assert answer.message.startswith("looking at about ") and answer.message.endswith(" ms")
    answer = client.ask(b"objects", options=b"max-pause=60000")
    assert answer.status == "done" and json.loads(answer.out)["objects"] > 1000


@interpreters()
def test_equal_names_are_types_of_their_own(target, python):
    code = "kinds = [type('Same', (), {'__module__': 'here'}) for i in range(5)]\nkept = [k() for k in kinds]"
    client = started(
        target(python, code + "\nkept[0].__dict__; kept += [kinds[0]() for i in range(9)]")
    ).connect()
    rows = [row for row in census(client)["types"] if row[0] == "here.Same"]
    assert sorted(row[1] for row in rows) == [1, 1, 1, 1, 10] and len({row[3] for row in rows}) == 5
    assert len(census(client, b"type=here.Same", verb=b"instances")["types"]) == 5


def test_ten_thousand_of_many_types_are_listed(target, system):
    code = "kept = [type('Kind%d' % i, (), {})() for i in range(30000)]"
    program = started(target(system, code))
    wait_for(lambda: program.is_in(READ))
    client = program.connect()
    found = census(client)
    assert 10000 <= len(found["types"]) <= 20000
    others = found["other_types"]
    assert others["types"] + len(found["types"]) > 30000
    assert found["objects"] == others["count"] + sum(row[1] for row in found["types"])
    assert found["bytes"] == others["bytes"] + sum(row[2] for row in found["types"])
    few = census(client, b"count=3")
    assert 3 <= len(few["types"]) <= 6 and few["objects"] == found["objects"]


SIZES = """
class Sized:
    def __sizeof__(self): cache["touched"] = 1; return 5000
sized = Sized(); sized.own = [sized]
"""


@interpreters()
def test_a_size_that_the_program_computes_is_not_asked_for(target, python):
    client = started(target(python, SIZES)).connect()
    found = census(client)
    assert found["is_lower_bound"]
    (row,) = [row for row in found["types"] if row[0] == "__main__.Sized"]
    assert row[1] == 1 and row[2] < 1000
    assert client.run("main.cache").out == b"{}\n"


@interpreters()
def test_our_own_objects_are_not_counted(target, python):
    client = started(target(python, "import _ast, gc; gc.collect(); gc.disable()")).connect()
    before = {row[3]: row[:3] for row in census(client)["types"]}
    assert client.run("1").out == b"1\n" and client.ask(b"stacks").status == "done"
    assert client.ask(b"holders", b"main").status == "done"
    client.run("import gc; gc.collect()")
    after = {row[3]: row[:3] for row in census(client)["types"]}
    changed = {a: (before.get(a), after.get(a)) for a in before.keys() | after.keys()
               if before.get(a) != after.get(a)}  # fmt: skip
    names = {(new or old)[0] for old, new in changed.values()}
    assert not any("mprofpp" in name for name in names) and len(changed) <= 8, changed
    assert "method-wrapper" not in names, changed
    for old, new in changed.values():
        assert abs((old or [0, 0])[1] - (new or [0, 0])[1]) <= 12, changed


def test_the_library_that_enters_running_programs_counts_too(target, system):
    program = started(target(system, REACHED, library=BUILD / "lib/mprofpp/libmprofpp-attach.so"))
    client = program.connect()
    types = {name: count for name, count, _, _ in census(client, b"sizes", b"containers")["types"]}
    assert types["__main__.Node"] == 100 and types["array.array"] >= 100
    (nodes,) = census(client, b"type=Node", verb=b"instances")["types"]
    assert nodes["count"] == 100
    assert program.end()[0] == 0


COLLECTED = """
import gc, os
class Slots: __slots__ = ("empty%d" % i for i in range(50))
class Cycle:
    def __init__(self): self.itself, self.slots, self.items = self, Slots(), list(range(1000 + len(kept)))
    def __del__(self): cache["collected"] = cache.get("collected", 0) + 1
kept = []
gc.collect()
gc.disable()
gc.set_threshold(1, 1, 1)
for i in range(2000): Cycle()
kept += [Slots() for i in range(500)]
for one in kept[:400]: one.empty7 = [one] * 500
print("waiting", flush=True)
gc.enable()
os.read(0, 1)
collected = cache.get("collected")
gc.disable()
print(gc.get_threshold(), collected, flush=True)
"""


@interpreters()
def test_a_look_starts_no_collection(target, python):
    program = waiting(target(python, COLLECTED))
    client = program.connect()
    for verb, options in WAYS:
        answer = client.ask(verb, b"main.kept", options=b"max-pause=60000\n" + options)
        assert answer.status == "done", answer.message
    program.process.stdin.write("x")
    program.process.stdin.flush()
    assert next_line(program) == "(1, 1, 1) None\n"


HANGS = """
class Hangs:
    def __repr__(self):
        cache["begun"] = 1
        while True: pass
kept = [Hangs() for i in range(10)]
"""


@interpreters()
def test_a_repr_that_hangs_can_be_interrupted(target, python):
    program = started(target(python, HANGS))
    client, other = program.connect(), program.connect()
    client.send(b"instances", options=b"type=Hangs\nrepr")
    wait_for(lambda: other.run("main.cache").out == b"{'begun': 1}\n")
    client.send_frame(INTERRUPT)
    answer = client.receive()
    (kind,) = json.loads(answer.out)["types"]
    assert [one["value"] for one in kind["largest"]] == ["(interrupted)"] + [None] * 9
    assert program.end()[0] == 0


HOOKED = """
import sys
gone = types_made = None
sys.addaudithook(lambda event, arguments: cache.setdefault(event, 1))
cache.clear()
"""


@interpreters()
def test_a_look_raises_no_audit_events(target, python):
    program = started(target(python, HOOKED))
    wait_for(lambda: program.is_in(READ))
    client = program.connect()
    census(client, b"containers")
    census(client, b"type=dict", verb=b"instances")
    census(client, b"of", body=b"main.cache")
    found = census(client, b"type=dict", b"count=100000", verb=b"instances")
    events = client.run("sorted(set(main.cache) - {'compile', 'exec', 'import', 'open'})").out
    assert b"gc." not in events and b"getattr" not in events and found["types"], events


LITTLE_MEMORY = """
import resource
kept = [type("Kind%d" % i, (), {}) for i in range(40000)]
kept += [kind() for kind in kept]
texts = [["text %d" % i] for i in range(300000)]
def limit():
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + 1024 * 1024, -1))
def unlimit(): resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
"""


@interpreters()
def test_a_program_without_memory_is_left_alone(target, python):
    program = target(python, LITTLE_MEMORY)
    client = program.connect()
    started(program)
    client.run("main.limit()")
    for verb, options in [(b"objects", b""), (b"objects", b"sizes"), (b"instances", b"type=Kind5"),
                          (b"objects", b"containers")]:  # fmt: skip
        answer = client.ask(verb, options=b"max-pause=60000\n" + options)
        assert (answer.status, answer.out) == ("failed", b""), (verb, options)
        assert answer.message == "the program has no memory left for this; nothing was done"
    assert client.run("main.unlimit()").status == "done"
    assert census(client, b"sizes")["other_types"]["types"] > 20000
    assert program.end()[0] == 0


@interpreters()
def test_objects_of_other_interpreters_are_left_alone(target, python):
    code = """
try: import _interpreters as subs; make, run = subs.create, lambda i, c: subs.exec(i, c)
except ImportError: import _xxsubinterpreters as subs; make, run = subs.create, subs.run_string
other = make()
run(other, "class Other: pass\\nkept = [Other() for i in range(1000)]")
class Mine: pass
kept = [Mine() for i in range(10)]
"""
    program = started(target(python, code))
    client = program.connect()
    types = {name: count for name, count, _, _ in census(client)["types"]}
    assert types["__main__.Mine"] == 10 and types.get("__main__.Other", 0) in (0, 1000)
    census(client, b"sizes")
    census(client, b"containers")
    assert client.run("1").out == b"1\n" and program.end()[0] == 0


@interpreters()
def test_frozen_objects_are_counted_or_reported(target, python):
    code = "import gc\nclass Cold: pass\nkept = [Cold() for i in range(1000)]\ngc.collect(); gc.freeze()"
    client = started(target(python, code)).connect()
    found = census(client)
    counted = {name: count for name, count, _, _ in found["types"]}.get("__main__.Cold", 0)
    assert counted == 1000 or (counted == 0 and found["frozen"] > 1000)


CONTAINERS = """
import collections, functools
class User:
    everyone = {}
    def __init__(self, name): self.name, self.friends, self.seen = name, [], {"a": 1}
class Slots:
    __slots__ = ("texts",)
class Registry(dict): pass
number = 0
def filled(base, kind=list):
    global number
    number += 1
    return kind(range(base + number))
ann = User("ann"); ann.friends = filled(20000)
User.everyone["ann"] = ann
bob = User("bob"); bob.__dict__; bob.friends = filled(30000, lambda r: {n: [] for n in r})
slots = Slots(); slots.texts = filled(40000, set)
nested = {"key": [0, (1, [filled(50000, collections.deque)])]}
nested[7] = filled(60000, lambda r: dict.fromkeys(r, r))
registry = Registry(); registry["x"] = filled(70000)
queue = collections.deque([0, 1, filled(80000)])
del ann
plain = filled(100000, lambda r: {"key %d" % n: n for n in r})
hidden = lambda kept=filled(90000): kept
class Lazy:
    @functools.cached_property
    def rows(self): return filled(45000)
lazy = Lazy(); lazy.rows
"""
PATHS_TO = {
    20001: "main.User.everyone['ann'].friends",
    30002: "main.bob.friends",
    40003: "main.slots.texts",
    50004: "main.nested['key'][1][1][0]",
    60005: "main.nested[7]",
    70006: "main.registry['x']",
    80007: "main.queue[2]",
    100008: "main.plain",
    90009: None,
    45010: "main.lazy.rows",
}


@interpreters()
def test_the_longest_containers_have_paths_that_lead_to_them(target, python):
    client = started(target(python, CONTAINERS)).connect()
    found = census(client, b"containers")["containers"]
    assert 100 < len(found) <= 1000
    lengths = [one["length"] for one in found]
    assert lengths == sorted(lengths, reverse=True) and lengths[-1] > 0
    paths = {one["length"]: one["path"] for one in found if one["length"] in PATHS_TO}
    assert paths == PATHS_TO
    kinds = {one["length"]: one["kind"] for one in found}
    assert kinds[50004] == "collections.deque" and kinds[40003] == "set" and kinds[30002] == "dict"
    for path in filter(None, PATHS_TO.values()):
        if "registry" not in path and "queue" not in path:  # these are not plain dicts and lists
            assert (
                client.ask(b"objects", path.encode(), options=b"max-pause=60000\nof").status == "done"
            ), path


THREADS = """
import random, collections
stop = False
class Node:
    def __init__(self, other): self.other = other
def churn(seed):
    rng = random.Random(seed)
    kept = []
    while not stop:
        kind = type("Kind%d" % rng.randrange(9), (Node,), {})
        kept.append([kind({rng.random(): [str(i) for i in range(9)]}) for i in range(9)])
        kept.append(collections.OrderedDict(a=[kept[-1]]))
        if len(kept) > 200: del kept[rng.randrange(100):]
threads = [threading.Thread(target=churn, args=(i,)) for i in range(4)]
for thread in threads: thread.start()
"""
RUNS = 500 if "MPROFPP_LONG_TESTS" in os.environ else 20
WAYS = [
    (b"objects", b""),
    (b"objects", b"sizes"),
    (b"objects", b"of"),
    (b"objects", b"containers"),
    (b"instances", b"type=Kind3\naddresses"),
    (b"instances", b"type=str"),
]


def look_again_and_again(program):
    client = program.connect()
    for number in range(RUNS):
        verb, options = WAYS[number % len(WAYS)]
        answer = client.ask(verb, b"main.threads", options=b"max-pause=60000\n" + options, patience=60000)
        assert answer.status == "done", (verb, options, answer.message)
        json.loads(answer.out)
    assert client.run("main.stop = True").status == "done"
    code, _, error = program.end()
    assert (code, error) == (0, "")


@interpreters()
def test_other_threads_may_make_and_free_objects_meanwhile(target, python):
    look_again_and_again(started(target(python, THREADS)))


def test_other_threads_of_a_debug_build_may_do_so_too(target, debug_build):
    look_again_and_again(started(target(debug_build, THREADS)))
