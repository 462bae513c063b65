"""Chains of references to objects, as the agent finds and names them, in every installed interpreter."""

import json
import os

import pytest

from door_target import started, target, wait_for  # noqa: F401
from pythons import debug_build, interpreters, python, system, version_of  # noqa: F401

TIMES = 500 if os.environ.get("MPROFPP_LONG_TESTS") else 25

# Code of the programs. `address` are the addresses of objects.

COMMON = """
import collections, functools, gc, sys, time
address = {}
def noted(name, thing):
    address[name] = hex(id(thing))
    return thing
class Target: pass
class User:
    def __init__(self, name): self.name, self.friends = name, []
class Slotted: __slots__ = ('inner',)
"""


def ask(client, *targets, **options):
    lines = [f"{name}={value}" for name, value in options.items()]
    answer = client.ask(b"holders", "\n".join(targets).encode(), options="\n".join(lines).encode())
    assert answer.status == "done", (answer.status, answer.message, answer.error)
    return json.loads(answer.out)


def addresses(client):
    return json.loads(client.run("import json; print(json.dumps(main.address))").out.splitlines()[0])


def text_of(chain):
    """main.cache['k'] → list"""
    root, *steps = chain["steps"]
    text = root["name"] or root["type"]
    for step in steps:
        text += step["via"] if step["via"] else " ? "
    return text


def chains_to(client, name, **options):
    (found,) = ask(client, addresses(client)[name], **options)["targets"]
    assert found["state"] == "held", found
    return [(chain["root"], text_of(chain)) for chain in found["chains"]]


# Each line makes an object, whose shortest chain has that text.
CULPRITS = {
    "main.plain": "plain = noted('main.plain', Target())",
    "main.users['u3'].friends[0][1]": "users = {'u3': User('c')}\n"
    "users['u3'].friends.append([1, noted(\"main.users['u3'].friends[0][1]\", Target())])",
    "main.slotted.inner": "slotted = Slotted(); slotted.inner = noted('main.slotted.inner', Target())",
    "main.User.shared": "User.shared = noted('main.User.shared', Target())",
    "main.closure closure kept": "def make():\n kept = noted('main.closure closure kept', Target())\n"
    " def inner(): return kept\n return inner\nclosure = make()",
    "main.function default second": "def function(first, second=noted('main.function default second', "
    "Target()), *, third=noted('main.function default third', Target())): pass",
    "main.function default third": "",
    "main.User.search argument[0]": "User.search = functools.lru_cache(maxsize=None)(lambda self, key: key)\n"
    "noted('main.User.search argument[0]', User('of a cache')).search(1)",
    "main.found argument[1]": "found = functools.lru_cache(maxsize=5)(lambda key, more: Target())\n"
    "found(1, noted('main.found argument[1]', Target()))\n"
    "noted('main.found result', found(1, 2))",
    "main.found result": "",
    "main.method.__self__": "method = noted('main.method.__self__', User('m')).__init__",
    "main.part.args[0]": "part = functools.partial(print, noted('main.part.args[0]', Target()))",
    "main.numbers local held": "def numbers():\n held = noted('main.numbers local held', Target())\n yield\n"
    "numbers = numbers(); next(numbers)",
    "main.queue[1]": "queue = collections.deque([0, noted('main.queue[1]', Target())])",
    "main.members{…}": "members = {noted('main.members{…}', Target())}",
    "main.local.value": "local = threading.local(); local.value = noted('main.local.value', Target())",
    "main.error.__traceback__ frame local kept": "def fail():\n"
    " kept = noted('main.error.__traceback__ frame local kept', Target()); raise ValueError\n"
    "def outer(): fail()\n"
    "try: outer()\nexcept ValueError as e: error = e",
    "main.thread._args[0]": "thread = threading.Thread(target=print, "
    "args=(noted('main.thread._args[0]', Target()),))",
    "main.texts[0]": "texts = [noted('main.texts[0]', 'long ' * len(sys.argv[1]))]",
    "main.pairs[0]['k']": "pairs = ({'k': noted(\"main.pairs[0]['k']\", b'bytes' * len(sys.argv[1]))},)\n"
    "gc.collect()",
    "main.keys key <__main__.Target>": "keys = {noted('main.keys key <__main__.Target>', Target()): 1}",
}


@interpreters()
def test_the_usual_culprits_are_named(target, python):
    client = started(target(python, COMMON + "\n".join(CULPRITS.values()))).connect()
    found = {name: chains_to(client, name)[0] for name in CULPRITS}
    assert found == {name: ("module", name) for name in CULPRITS}


@interpreters()
def test_objects_on_the_way_have_names(target, python):
    client = started(target(python, COMMON + "\n".join(CULPRITS.values()))).connect()
    where = addresses(client)
    chosen = ["main.User.search argument[0]", "main.method.__self__", "main.numbers local held",
              "main.error.__traceback__ frame local kept", "main.closure closure kept"]  # fmt: skip
    targets = ask(client, *[where[name] for name in chosen], count=1)["targets"]
    names = [[step["name"] for step in found["chains"][0]["steps"]][1:-1] for found in targets]
    assert names == [
        ["class __main__.User", "lru_cache of __main__.<lambda>", None],
        ["bound method __main__.User.__init__"],
        ["generator __main__.numbers"],
        [None, "traceback of ValueError", "frame of __main__.fail"],
        ["closure __main__.make.<locals>.inner"],
    ]


THREADS = """
held = threading.Semaphore(0)
def hold(depth):
    if depth: return hold(depth - 1)
    mine = noted('frame', Target())
    seen = noted('cell', Target())
    def inner(): return seen
    held.release()
    ready.wait()
    return mine
threading.Thread(target=hold, args=(30,), daemon=True, name='holder').start()
held.acquire()
"""


@interpreters()
def test_frames_of_threads_are_roots(target, python):
    client = started(target(python, COMMON + THREADS)).connect()
    frame = "frame of __main__.hold in thread holder"
    assert chains_to(client, "frame") == [("thread frame", frame + " local mine")]
    found = chains_to(client, "cell")
    assert found[0] == ("thread frame", frame + " local seen")


OTHER_INTERPRETER = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
other = interpreters.create()
code = "import time\\ndef nap(): time.sleep(0.0001)\\nwhile True: nap()"
threading.Thread(target=interpreters.run_string, args=(other, code), daemon=True, name='host').start()
"""


@interpreters()
def test_frames_of_other_interpreters_are_not_looked_at(target, python):
    if version_of(python) < (3, 9):
        pytest.skip("SKIP: needs the frame of a thread, which CPython gives from 3.9 on")
    client = started(target(python, COMMON + THREADS + OTHER_INTERPRETER)).connect()
    for _ in range(50):
        assert chains_to(client, "frame")[0][1].endswith(" in thread holder local mine")
        assert client.run("main.interpreters.is_running(main.other)").out == b"True\n"


TASKS = """
import asyncio
began = threading.Event()
async def leaf():
    inner = noted('inner', Target())
    began.set()
    await asyncio.sleep(1000)
async def serve():
    request = noted('outer', Target())
    await leaf()
async def main(): await asyncio.wait([asyncio.ensure_future(serve())])
threading.Thread(target=lambda: asyncio.run(main()), daemon=True, name='loop').start()
began.wait()
"""


@interpreters()
def test_coroutines_of_tasks_are_roots(target, python):
    program = started(target(python, COMMON + TASKS))
    client = program.connect()
    expected = [("coroutine", "coroutine __main__.serve local request")]
    wait_for(lambda: chains_to(client, "outer", count=1) == expected)
    found = chains_to(client, "inner", count=1)
    assert found == [("coroutine", "coroutine __main__.serve await local inner")]


GREENLETS = """
import gevent
def nap():
    mine = noted('greenlet', Target())
    gevent.sleep(1000)
kept = [gevent.spawn(nap)]
gevent.sleep(0)
"""


def test_frames_of_suspended_greenlets_are_roots(target, system):
    program = target(system, COMMON + GREENLETS)
    if not program.process.stdout.readline():
        pytest.skip("SKIP: python3-gevent is not installed")
    client = program.connect()
    assert chains_to(client, "greenlet")[0] == ("greenlet", "frame of __main__.nap local mine")


# A chain is a chain

VERIFY = """
PASSED = (dict, tuple, type(sys._getframe()), type((lambda: noted).__closure__ or 0))
PASSED += tuple(t for t in {type(x) for x in gc.get_objects()} if t.__name__ in ('cell', 'traceback'))
def object_at(address): return ctypes.cast(address, ctypes.py_object).value
def distance(holder, held):
    'The number of references between two objects, through what chains pass over.'
    level = [holder]
    for length in range(1, 6):
        level = [thing for each in level for thing in gc.get_referents(each)]
        if any(thing is held for thing in level): return length
        level = [thing for thing in level if isinstance(thing, PASSED)]
    return 0
def distances(addresses):
    things = [object_at(int(address, 16)) for address in addresses]
    return [distance(a, b) for a, b in zip(things, things[1:])]
"""


def walked(client, chain):
    steps = [step["address"] for step in chain["steps"]]
    answer = client.run(f"print(main.distances({steps}))")
    return json.loads(answer.out or answer.error)


@interpreters()
def test_chains_can_be_walked(target, python):
    code = COMMON + "\n".join(CULPRITS.values()) + VERIFY
    client = started(target(python, code)).connect()
    where = addresses(client)
    for found in ask(client, *[where[name] for name in CULPRITS])["targets"]:
        for chain in found["chains"]:
            assert all(walked(client, chain)), (found["target"], chain)


MANY = """
import random
chance = random.Random(7)
things = [[Target()] for i in range(3000)]
for thing in things:
    for other in chance.sample(things, 3):
        if chance.random() < 0.5: thing.append(other)
        else: thing[0].__dict__.setdefault('others', []).append(other)
starts = things[:3]
address.update({str(i): hex(id(things[i][0])) for i in range(100, 3000, 400)})
del things, thing, other
try: import objgraph
except ImportError: objgraph = None
def length_of(address):
    thing = object_at(int(address, 16))
    return len(objgraph.find_backref_chain(thing, objgraph.is_proper_module, 30)) - 1
"""


def test_chains_are_as_short_as_those_of_objgraph(target, system):
    client = started(target(system, COMMON + VERIFY + MANY)).connect()
    if client.run("main.objgraph is None").out == b"True\n":
        pytest.skip("SKIP: python3-objgraph is not installed")
    for name, where in addresses(client).items():
        (found,) = ask(client, where, count=1)["targets"]
        if found["state"] == "unreachable":
            continue
        ours = sum(walked(client, found["chains"][0]))
        assert ours == int(client.run(f"main.length_of('{where}')").out), name


@interpreters()
def test_several_chains_differ_and_the_shortest_is_first(target, python):
    code = COMMON + (
        "one = noted('one', Target())\ntwo = [[one]]\nthree = {'a': {'b': {'c': one}}}\n"
        "again = [three['a']['b'] for i in range(100)]"
    )
    client = started(target(python, code)).connect()
    found = [text for _, text in chains_to(client, "one", count=10)]
    assert found[0] == "main.one" and set(found[1:3]) == {"main.two[0][0]", "main.again[0]['c']"}
    assert found[3] == "main.three['a']['b']['c']" and len(found) == 4
    assert [text for _, text in chains_to(client, "one", count=1)] == ["main.one"]
    assert [text for _, text in chains_to(client, "one", count=10, depth=1)] == ["main.one"]
    (target_,) = ask(client, "main.one")["targets"]
    assert target_["holders"] == {"dict": 2, "list": 1} and target_["references"] == 3


# Targets


@interpreters()
def test_paths_and_addresses_lead_to_the_same_object(target, python):
    code = COMMON + "cache = {'k': [User('a')]}; noted('user', cache['k'][0])"
    client = started(target(python, code)).connect()
    path, bare, by_address = ask(client, "main.cache['k'][0]", "cache['k'][0]", addresses(client)["user"])[
        "targets"
    ]
    assert path["target"] == "main.cache['k'][0]" and path["type"] == "__main__.User"
    assert {**path, "target": 0} == {**bare, "target": 0} == {**by_address, "target": 0}
    assert path["references"] == 1 and path["state"] == "held"
    assert path["size"] == int(client.run("import sys; sys.getsizeof(main.cache['k'][0])").out)


WRONG = ["0x1", "0x1234", "0x7fffffffffffffff", "0xffffffffffffffffffffffff", "0x0", "0x10000000000"]


@interpreters()
def test_addresses_without_an_object_are_gone(target, python):
    code = COMMON + "kept = noted('kept', Target()); noted('list', [Target()]); noted('freed', Target())"
    program = started(target(python, code))
    client = program.connect()
    kept = int(addresses(client)["kept"], 16)
    inside = [hex(kept + offset) for offset in (1, 8, 16, -8, 24)]
    maps = [line.split("-")[0] for line in open(f"/proc/{program.pid}/maps")]
    targets = ask(client, *WRONG, *inside, *[f"0x{start}" for start in maps])["targets"]
    assert {found["state"] for found in targets[: len(WRONG) + len(inside)]} == {"gone"}
    assert all(found["state"] in ("gone", "held") for found in targets)
    assert program.end()[0] == 0


def test_paths_that_lead_nowhere_are_not_found(target, system):
    client = started(target(system, COMMON + "kept = [1]")).connect()
    for path in ["main.nothing", "main.kept[7]", "main.kept[", "0xyz", "main.kept()", "main.kept.append(1)"]:
        (found,) = ask(client, path)["targets"]
        assert found["state"] == "not found" and found["reason"], path
    assert ask(client)["targets"] == []


@interpreters()
def test_garbage_is_unreachable(target, python):
    code = COMMON + "gc.disable()\nring = [noted('garbage', Target())]; ring.append(ring); del ring"
    client = started(target(python, code)).connect()
    (found,) = ask(client, addresses(client)["garbage"])["targets"]
    assert found["state"] == "unreachable" and found["chains"] == [] and found["holders"] == {"list": 1}


@interpreters()
def test_weak_references_hold_nothing(target, python):
    code = COMMON + (
        "import weakref\nheld = {'k': noted('weak', Target())}\nweak = weakref.ref(held['k'])\n"
        "others = weakref.WeakValueDictionary(a=held['k']); keys = weakref.WeakKeyDictionary({held['k']: 1})"
    )
    client = started(target(python, code)).connect()
    assert chains_to(client, "weak", count=10) == [("module", "main.held['k']")]


CLASSES = """
def made():
    class Hidden: shared = noted('hidden', Target())
    return Hidden()
instances = [User('a') for i in range(1000)]
User.shared = noted('shared', Target())
hidden = made()
"""


@interpreters()
def test_instances_hold_a_class_only_if_nothing_else_does(target, python):
    client = started(target(python, COMMON + CLASSES)).connect()
    assert chains_to(client, "shared", count=10) == [("module", "main.User.shared")]
    assert chains_to(client, "hidden", count=1) == [("module", "main.hidden class.shared")]


@interpreters()
def test_frozen_objects_hold(target, python):
    code = (
        COMMON + "def f():\n frozen = [[noted('frozen', Target())]]\n gc.freeze()\n return frozen\nkept = f()"
    )
    client = started(target(python, code)).connect()
    assert chains_to(client, "frozen", count=1) == [("module", "main.kept[0][0]")]


HELD_BY_C = """
held = noted('c', Target())
ctypes.pythonapi.Py_IncRef(ctypes.py_object(held))
del held
"""


@interpreters()
def test_references_that_no_object_explains_are_those_of_c_code(target, python):
    client = started(target(python, COMMON + HELD_BY_C)).connect()
    assert chains_to(client, "c") == [("C", "__main__.Target")]


# What the program notices

TRAPS = """
touched = []
class Meta(type):
    @property
    def __name__(cls): touched.append('__name__'); return 'x'
    def __instancecheck__(cls, one): touched.append('instance'); return True
    def __subclasscheck__(cls, one): touched.append('subclass'); return True
    def __getattribute__(cls, name): touched.append(name); return type.__getattribute__(cls, name)
class Trap(metaclass=Meta):
    def __init__(self): self.held = noted('trap', Target())
    def __getattr__(self, name): touched.append(name); raise AttributeError
    def __getattribute__(self, name): touched.append(name); return object.__getattribute__(self, name)
    def __repr__(self): touched.append('repr'); return 'x'
    def __eq__(self, other): touched.append('eq'); return True
    def __hash__(self): touched.append('hash'); return 1
    def __sizeof__(self): touched.append('size'); return 1
    def __len__(self): touched.append('len'); return 1
    def __del__(self): touched.append('del')
    @property
    def __class__(self): touched.append('class'); return dict
    @property
    def computed(self): touched.append('computed'); return 1
class Thread(Trap, threading.Thread):
    def __init__(self): threading.Thread.__init__(self); self.held = noted('thread', Target())
trap, thread = Trap(), Thread()
keys = {trap: noted('key', [Target()])}
class Lazy:
    @property
    def first(self): touched.append('first'); return 2
    @functools.cached_property
    def second(self): touched.append('second'); return 3
    def __init__(self): self.third = 1; self.__dict__['second'] = noted('lazy', Target())
lazy = Lazy()
"""


@interpreters()
def test_none_of_the_programs_code_runs(target, python):
    code = COMMON + TRAPS + "\ndel touched[:]\nnoted('itself', trap)"
    client = started(target(python, code)).connect()
    where = addresses(client)
    targets = ask(client, *where.values(), "main.trap.computed", "main.trap.held", "main.lazy.first")[
        "targets"
    ]
    assert client.run("main.touched").out == b"[]\n"
    found = dict(zip(where, targets))
    assert text_of(found["trap"]["chains"][0]) == "main.trap.held"
    assert text_of(found["lazy"]["chains"][0]) == "main.lazy.second"
    assert text_of(found["thread"]["chains"][0]) == "main.thread.held"
    assert found["itself"]["size"] > 8


STATE = """
import collections
def state():
    gc.collect()
    things = gc.get_objects()
    kinds = collections.Counter(type(thing).__name__ for thing in things)
    counts = [sys.getrefcount(thing) for thing in watched]
    return kinds, counts, len(gc.garbage), gc.isenabled(), gc.get_threshold()
watched = [address, address['frame'], Target, User, noted, sys.modules, hold, threading.main_thread()]
"""


@interpreters()
def test_the_program_is_as_before(target, python):
    code = COMMON + "\n".join(CULPRITS.values()) + THREADS + STATE
    client = started(target(python, code)).connect()
    where = addresses(client)
    client.run("before = main.state()")
    ask(client, *where.values(), "main.users['u3']")  # makes frame objects, which stay, and loads our code
    client.run("before = main.state()")
    for _ in range(5):
        ask(client, *where.values(), "main.users['u3']", "main.nothing")
        assert client.ask(b"gc", options=b"collect").status == "done"
    client.run("after = main.state()")
    client.run("before = main.state()")
    ask(client, *where.values(), "main.users['u3']", "main.nothing")
    client.run("after = main.state()")
    assert (
        client.run(
            "after == before or (after[0] - before[0], before[0] - after[0], after[1:], before[1:])"
        ).out
        == b"True\n"
    )


def size_of(program):
    """Returns the bytes that the program has mapped."""
    with open(f"/proc/{program.pid}/statm") as numbers:
        return int(numbers.read().split()[0]) * os.sysconf("SC_PAGESIZE")


@interpreters()
def test_the_memory_of_the_index_is_given_back(target, python):
    program = started(target(python, COMMON + "many = [[[]] for i in range(200000)]"))
    client = program.connect()
    long = {"max-pause": 60000}
    index = ask(client, "main.many[0]", **long)["index_bytes"]
    before = size_of(program)
    for _ in range(3):
        ask(client, "main.many[0]", **long)
        assert client.ask(b"gc", options=b"collect\nmax-pause=60000").status == "done"
    assert index > 4 << 20 and size_of(program) - before < 1 << 20


BUSY = """
def allocate():
    while not ready.is_set():
        ring = [Target() for i in range(50)]
        for thing in ring: thing.ring, thing.tuple = ring, tuple(ring)
        def inner(): return ring
        kept[:] = [inner, {'k': ring}]
kept = []
threads = [threading.Thread(target=allocate) for i in range(3)]
for thread in threads: thread.start()
"""


@interpreters()
def test_threads_may_allocate_meanwhile(target, python):
    look_while_threads_allocate(started(target(python, COMMON + "steady = [Target()]" + BUSY)))


def test_threads_of_a_debug_build_may_allocate_meanwhile(target, debug_build):
    look_while_threads_allocate(started(target(debug_build, COMMON + "steady = [Target()]" + BUSY)))


def look_while_threads_allocate(program):
    client = program.connect()
    for _ in range(TIMES):
        busy, steady = ask(client, "main.kept[0]", "main.steady[0]", **{"max-pause": 60000})["targets"]
        assert text_of(steady["chains"][0]) == "main.steady[0]"
        assert busy["state"] in ("held", "unreachable", "not found")
        assert client.ask(b"gc", options=b"collect\nmax-pause=60000").status == "done"
    client.run("main.ready.set()")
    assert program.end() == (0, "", "")


@interpreters()
def test_a_look_that_would_take_too_long_is_refused(target, python):
    client = started(target(python, COMMON + "many = [[] for i in range(100000)]")).connect()
    for verb, options in ((b"holders", b"max-pause=1"), (b"gc", b"collect\nmax-pause=1")):
        answer = client.ask(verb, b"main.many", options=options)
        assert answer.status == "too_long" and answer.out == b""
        assert (
            answer.message.startswith("looking at about ") and " would stop the program for" in answer.message
        )
    assert client.ask(b"gc", options=b"max-pause=1").status == "done"


@interpreters()
def test_without_memory_there_is_one_clear_answer(target, python):
    code = COMMON + (
        "import resource\nmany = [[] for i in range(300000)]\n"
        "def limit():\n"
        "    size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "    resource.setrlimit(resource.RLIMIT_AS, (size + 3000000, resource.RLIM_INFINITY))\n"
    )
    program = started(target(python, code))
    client = program.connect()
    ask(client, "main.many[0]", **{"max-pause": 60000})
    client.run("main.limit()")
    for verb, options in ((b"holders", b"max-pause=60000"), (b"gc", b"collect\nmax-pause=60000")):
        answer = client.ask(verb, b"main.many[0]", options=options)
        assert answer.status == "failed" and "no memory" in answer.message and answer.out == b""
    client.run("import resource; resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)")
    assert chains_to_first(client) == "main.many[0]"
    assert program.end()[0] == 0


def chains_to_first(client):
    (found,) = ask(client, "main.many[0]", **{"max-pause": 60000})["targets"]
    return text_of(found["chains"][0])


@interpreters()
def test_what_a_console_holds_is_not_the_programs(target, python):
    client = started(target(python, COMMON + "one = [Target()]; noted('typed', one[0])")).connect()
    client.run("mine = main.one.pop(); other = [mine]")
    (found,) = ask(client, addresses(client)["typed"], count=10)["targets"]
    assert [chain["root"] for chain in found["chains"]] in ([], ["C"]), found


INTERPRETERS = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
other = interpreters.create()
code = "import time\\ntime.sleep(1000)"
threading.Thread(target=interpreters.run_string, args=(other, code), daemon=True).start()
"""


@interpreters()
def test_a_program_with_another_interpreter_lives_on(target, python):
    if version_of(python) < (3, 9):
        pytest.skip("SKIP: needs the frame of a thread, which CPython gives from 3.9 on")
    code = INTERPRETERS + "mine = noted('main.mine', Target())"
    program = started(target(python, COMMON + code))
    client = program.connect()
    for _ in range(20):
        assert chains_to(client, "main.mine") == [("module", "main.mine")]
    assert client.run("1 + 1").out == b"2\n"
    client.close()
    wait_for(lambda: not program.our_threads())
