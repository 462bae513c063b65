"""Ends of calls of Python functions: the same in every interpreter, for decorated functions and for patterns.

A story has a word for each start and each end of a call. A start is the name and the level, and an end is the
name and a dot, or an exclamation mark if an exception left the call: in "f0 g1 g! f." f handles what g
raised. """

import collections
import json
import re

import pytest

from conftest import unsanitized
from pythons import PROGRAMS, go, interpreters, python, version_of  # noqa: F401 (a fixture)
from ring import ENTER, LEAVE, MARK, RAISED

WAYS = {
    "decorated": {},
    "traced": {"trace": ["__main__.*"], "no_trace": ["*.Pause.*", "*.finish"]},
}
MARKER = "@profile\ndef m(): pass\n"

FUNCTIONS = {
    "returns": ("@profile\ndef f(): pass\nf()", "f0 f."),
    "is left by an exception": (
        "@profile\ndef f(): 1 // 0\ntry: f()\nexcept ArithmeticError: m()",
        "f0 f! m0 m.",
    ),
    "is left together with its callers": (
        """
@profile
def h(): 1 // 0
@profile
def g(): h()
@profile
def f(): g()
try: f()
except ArithmeticError: pass
""",
        "f0 g1 h2 h! g! f!",
    ),
    "handles an exception of its own": (
        """
@profile
def f():
    for _ in range(3):
        try: 1 // 0
        except ArithmeticError: m()
f()
""",
        "f0 m1 m. m1 m. m1 m. f.",
    ),
    "handles an exception of a function that it calls": (
        """
@profile
def g(): 1 // 0
@profile
def f():
    try: g()
    except ArithmeticError: m()
    m()
f()
""",
        "f0 g1 g! m1 m. m1 m. f.",
    ),
    "handles an exception of a function that is not marked": (
        "@profile\ndef f():\n try: (lambda: 1 // 0)()\n except ArithmeticError: m()\nf()",
        "f0 m1 m. f.",
    ),
    "handles an exception while it handles another": (
        """
@profile
def f():
    try: 1 // 0
    except ArithmeticError:
        try: int("x")
        except ValueError: m()
        m()
f()
""",
        "f0 m1 m. m1 m. f.",
    ),
    "raises the handled exception again": (
        """
@profile
def f():
    try: 1 // 0
    except ArithmeticError:
        m()
        raise
try: f()
except ArithmeticError: pass
""",
        "f0 m1 m. f!",
    ),
    "raises another exception": (
        """
@profile
def f():
    try: 1 // 0
    except ArithmeticError as error: raise KeyError from error
try: f()
except KeyError: m()
""",
        "f0 f! m0 m.",
    ),
    "cleans up on its way out": (
        "@profile\ndef f():\n try: 1 // 0\n finally: m()\ntry: f()\nexcept ArithmeticError: pass",
        "f0 m1 m. f!",
    ),
    "cleans up and returns": ("@profile\ndef f():\n try: return 1\n finally: m()\nf()", "f0 m1 m. f."),
    "forgets the exception in a loop's finally": (
        """
@profile
def f():
    while True:
        try: 1 // 0
        finally: break
    m()
f()
""",
        "f0 m1 m. f.",
    ),
    "enters a context that swallows the exception": (
        """
class Context:
    @profile
    def e(self): pass
    @profile
    def x(self, *error): return True
    __enter__, __exit__ = e, x
@profile
def f():
    with Context(): 1 // 0
f()
""",
        "f0 Context.e1 Context.e. Context.x1 Context.x. f.",
    ),
    "is left through C": (
        """
@profile
def g(x): return 1 // x
@profile
def f(): return sorted([1, 0], key=g)
try: f()
except ArithmeticError: pass
""",
        "f0 g1 g. g1 g! f!",
    ),
    "raises in a recursion and handles it half way": (
        """
@profile
def f(n):
    if n == 0: raise KeyError
    try: f(n - 1)
    except KeyError:
        if n < 2: raise
try: f(3)
except KeyError: pass
""",
        "f0 f1 f2 f3 f! f! f. f.",
    ),
    "raises StopIteration": (
        "@profile\ndef f(): next(iter(()))\ntry: f()\nexcept StopIteration: pass",
        "f0 f!",
    ),
    "exits": ("@profile\ndef f(): raise SystemExit(1)\ntry: f()\nexcept SystemExit: pass", "f0 f!"),
    "drops an object that raises in its finalizer": (
        """
import sys
sys.unraisablehook = lambda error: None
class Thing:
    @profile
    def d(self): 1 // 0
    __del__ = d
@profile
def f():
    thing = Thing()
    del thing
    m()
f()
""",
        "f0 Thing.d1 Thing.d! m1 m. f.",
    ),
    "leaves a generator in a loop": (
        """
@profile
def n():
    yield 1
@profile
def f():
    for i in n(): 1 // 0
try: f()
except ArithmeticError: m()
""",
        "f0 n1 n. f! m0 m.",
    ),
    "is left in a thread": (
        """
import threading
threading.excepthook = lambda error: None
@profile
def f(): 1 // 0
thread = threading.Thread(target=f)
thread.start()
thread.join()
""",
        "f0 f!",
    ),
}

GROUPS = {
    "handles a group in parts": (
        """
@profile
def f():
    try: raise ExceptionGroup("both", [ValueError(), KeyError()])
    except* ValueError: m()
    except* KeyError: m()
f()
""",
        "f0 m1 m. m1 m. f.",
    ),
    "handles a part of a group": (
        """
@profile
def f():
    try: raise ExceptionGroup("both", [ValueError(), KeyError()])
    except* ValueError: m()
try: f()
except ExceptionGroup: pass
""",
        "f0 m1 m. f!",
    ),
    "raises a group while it handles one": (
        """
@profile
def f():
    try: raise ExceptionGroup("one", [ValueError()])
    except* ValueError: raise KeyError
try: f()
except* KeyError: m()
""",
        "f0 f! m0 m.",
    ),
}

NUMBERS = "@profile\ndef n():\n    yield 1\n    yield 2\n"
CAREFUL = "@profile\ndef n():\n    try: yield 1\n    except KeyError: yield 2\n    finally: m()\n"
GENERATORS = {
    "is exhausted": (NUMBERS + "for i in n(): m()", "n0 m0 m. m0 m. n."),
    "is sent values": (NUMBERS + "g = n(); g.send(None); m(); g.send(5); list(g); m()", "n0 m0 m. n. m0 m."),
    "returns a value": (
        "@profile\ndef n():\n yield 1\n return 5\n"
        "g = n(); next(g)\ntry: next(g)\nexcept StopIteration as stop: m()",
        "n0 n. m0 m.",
    ),
    "raises": (
        "@profile\ndef n():\n yield 1\n 1 // 0\n"
        "g = n(); next(g); m()\ntry: next(g)\nexcept ArithmeticError: m()",
        "n0 m0 m. n! m0 m.",
    ),
    "raises StopIteration": (
        "@profile\ndef n():\n yield 1\n raise StopIteration\ntry: list(n())\nexcept RuntimeError: m()",
        "n0 n! m0 m.",
    ),
    "handles an exception of its own": (
        "@profile\ndef n():\n try: 1 // 0\n except ArithmeticError: yield 1\n yield 2\nlist(n())",
        "n0 n.",
    ),
    "yields while an exception leaves it": (
        """
@profile
def n():
    try: 1 // 0
    finally: yield 1
g = n(); next(g); m()
try: next(g)
except ArithmeticError: m()
""",
        "n0 m0 m. n! m0 m.",
    ),
    "is thrown into": (
        NUMBERS + "g = n(); next(g); m()\ntry: g.throw(KeyError)\nexcept KeyError: m()",
        "n0 m0 m. n! m0 m.",
    ),
    "is thrown into and goes on": (
        CAREFUL + "g = n(); next(g); assert g.throw(KeyError) == 2; m(); list(g)",
        "n0 m0 m. m1 m. n.",
    ),
    "is thrown into and raises another": (
        """
@profile
def n():
    try: yield 1
    except KeyError: 1 // 0
g = n(); next(g)
try: g.throw(KeyError)
except ArithmeticError: m()
""",
        "n0 n! m0 m.",
    ),
    "is thrown into several times": (
        """
@profile
def n():
    for i in range(3):
        try: yield i
        except KeyError: m()
g = n(); next(g)
for _ in range(2): g.throw(KeyError)
m()
list(g)
""",
        "n0 m1 m. m1 m. m0 m. n.",
    ),
    "is thrown into before it began": (
        NUMBERS + "g = n()\ntry: g.throw(KeyError)\nexcept KeyError: m()\nlist(n())",
        "m0 m. n0 n.",
    ),
    "is thrown into after its end": (
        NUMBERS + "g = n(); list(g)\ntry: g.throw(KeyError)\nexcept KeyError: m()",
        "n0 n. m0 m.",
    ),
    "is closed": (NUMBERS + "g = n(); next(g); m(); g.close(); m()", "n0 m0 m. n. m0 m."),
    "is closed and cleans up": (CAREFUL + "g = n(); next(g); m(); g.close(); m()", "n0 m0 m. m1 m. n. m0 m."),
    "is closed and returns": (
        "@profile\ndef n():\n try: yield 1\n except GeneratorExit: return 5\n"
        "g = n(); next(g); g.close(); m()",
        "n0 n. m0 m.",
    ),
    "is closed and raises": (
        """
@profile
def n():
    try: yield 1
    finally: 1 // 0
g = n(); next(g)
try: g.close()
except ArithmeticError: m()
""",
        "n0 n! m0 m.",
    ),
    "is closed and yields again": (
        """
@profile
def n():
    try: yield 1
    except GeneratorExit: yield 2
g = n(); next(g)
try: g.close()
except RuntimeError: m()
list(g)
""",
        "n0 m0 m. n.",
    ),
    "is closed before it began": (NUMBERS + "g = n(); g.close(); m()", "m0 m."),
    "is abandoned": (NUMBERS + "g = n(); next(g); m(); del g; m()", "n0 m0 m. n. m0 m."),
    "is abandoned and cleans up": (CAREFUL + "g = n(); next(g); del g; m()", "n0 m1 m. n. m0 m."),
    "is abandoned before it began": (NUMBERS + "g = n(); del g; m()", "m0 m."),
    "is abandoned in a cycle": (
        """
import gc
@profile
def n(itself):
    yield 1
itself = []
itself.append(n(itself)); next(itself[0]); m()
del itself
gc.collect()
m()
""",
        "n0 m0 m. n. m0 m.",
    ),
    "is a context": (
        """
import contextlib
@contextlib.contextmanager
@profile
def n():
    try: yield
    except KeyError: m()
with n(): m()
with n(): raise KeyError
""",
        "n0 m0 m. n. n0 m1 m. n.",
    ),
    "is left by an exception in its context": (
        """
import contextlib
@contextlib.contextmanager
@profile
def n():
    yield
try:
    with n(): raise KeyError
except KeyError: m()
""",
        "n0 n! m0 m.",
    ),
}

DELEGATES = "@profile\ndef o():\n    yield from n()\n    m()\n"
DELEGATIONS = {
    "is exhausted": (NUMBERS + DELEGATES + "for i in o(): m()", "o0 n1 m0 m. m0 m. n. m1 m. o."),
    "is thrown into": (
        NUMBERS + DELEGATES + "g = o(); next(g); m()\ntry: g.throw(KeyError)\nexcept KeyError: m()",
        "o0 n1 m0 m. n! o! m0 m.",
    ),
    "is thrown into and goes on": (
        CAREFUL + DELEGATES + "g = o(); next(g); assert g.throw(KeyError) == 2; m(); list(g)",
        "o0 n1 m0 m. m2 m. n. m1 m. o.",
    ),
    "handles what the inner one raised": (
        NUMBERS
        + """
@profile
def o():
    try: yield from n()
    except KeyError: m()
    yield 3
g = o(); next(g); assert g.throw(KeyError) == 3; list(g)
""",
        "o0 n1 n! m1 m. o.",
    ),
    "is closed": (NUMBERS + DELEGATES + "g = o(); next(g); m(); g.close(); m()", "o0 n1 m0 m. n. o. m0 m."),
    "is abandoned": (NUMBERS + DELEGATES + "g = o(); next(g); m(); del g; m()", "o0 n1 m0 m. n. o. m0 m."),
    "delegates to one that was thrown into": (
        NUMBERS
        + """
@profile
def o(inner): yield from inner
inner = n(); next(inner)
try: inner.throw(KeyError)
except KeyError: m()
list(o(inner))
""",
        "n0 n! m0 m. o0 o.",
    ),
    "delegates to a list and is thrown into": (
        "@profile\ndef o(): yield from [1, 2]\n"
        "g = o(); next(g); m()\ntry: g.throw(KeyError)\nexcept KeyError: m()",
        "o0 m0 m. o! m0 m.",
    ),
    "gets the value of the inner one": (
        "@profile\ndef n():\n yield 1\n return 5\n"
        "@profile\ndef o():\n assert (yield from n()) == 5\nlist(o())",
        "o0 n1 n. o.",
    ),
    "is left by StopIteration of the inner one": (
        "@profile\ndef n():\n yield 1\n next(iter(()))\n@profile\ndef o(): yield from n()\n"
        "try: list(o())\nexcept RuntimeError: m()",
        "o0 n1 n! o! m0 m.",
    ),
}

AWAITABLE = """
class Pause:
    def __await__(self): return iter([None])
@profile
async def c():
    await Pause()
@profile
async def o():
    await c()
    m()
def finish(coroutine):
    try: coroutine.send(None)
    except StopIteration: return
    raise AssertionError
"""
COROUTINES = {
    "is finished": (AWAITABLE + "x = o(); x.send(None); m(); finish(x)", "o0 c1 m0 m. c. m1 m. o."),
    "is thrown into": (
        AWAITABLE + "x = o(); x.send(None); m()\ntry: x.throw(KeyError)\nexcept KeyError: m()",
        "o0 c1 m0 m. c! o! m0 m.",
    ),
    "handles what the inner one raised": (
        AWAITABLE
        + """
@profile
async def h():
    try: await c()
    except KeyError: m()
    await Pause()
x = h(); x.send(None); x.throw(KeyError); m(); finish(x)
""",
        "h0 c1 c! m1 m. m0 m. h.",
    ),
    "is closed": (AWAITABLE + "x = o(); x.send(None); m(); x.close(); m()", "o0 c1 m0 m. c. o. m0 m."),
    "is abandoned": (AWAITABLE + "x = o(); x.send(None); m(); del x; m()", "o0 c1 m0 m. c. o. m0 m."),
    "is closed before it began": (AWAITABLE + "x = o(); x.close(); m()", "m0 m."),
    "is cancelled": (
        """
import asyncio
@profile
async def c(): await asyncio.sleep(60)
@profile
async def o():
    task = asyncio.ensure_future(c())
    await asyncio.sleep(0)
    task.cancel()
    try: await task
    except asyncio.CancelledError: m()
asyncio.run(o())
""",
        "o0 c0 c! m1 m. o.",
    ),
}

ASYNCHRONOUS = """
import asyncio
@profile
async def n():
    try:
        await asyncio.sleep(0)
        yield 1
        yield 2
    except KeyError:
        yield 3
"""
ASYNCHRONOUS_GENERATORS = {
    "is exhausted": (
        ASYNCHRONOUS + "@profile\nasync def o():\n async for i in n(): m()\n m()\nasyncio.run(o())",
        "o0 n1 m1 m. m1 m. n. m1 m. o.",
    ),
    "is closed": (
        ASYNCHRONOUS
        + """
@profile
async def o():
    g = n()
    await g.__anext__()
    m()
    await g.aclose()
    m()
asyncio.run(o())
""",
        "o0 n1 m1 m. n. m1 m. o.",
    ),
    "is thrown into and goes on": (
        ASYNCHRONOUS
        + """
@profile
async def o():
    g = n()
    await g.__anext__()
    assert await g.athrow(KeyError) == 3
    m()
    async for i in g: pass
    m()
asyncio.run(o())
""",
        "o0 n1 m1 m. n. m1 m. o.",
    ),
    "is thrown into": (
        ASYNCHRONOUS
        + """
@profile
async def o():
    g = n()
    await g.__anext__()
    try: await g.athrow(ValueError)
    except ValueError: m()
asyncio.run(o())
""",
        "o0 n1 n! m1 m. o.",
    ),
    "raises": (
        """
import asyncio
@profile
async def n():
    yield 1
    1 // 0
@profile
async def o():
    try: [i async for i in n()]
    except ArithmeticError: m()
asyncio.run(o())
""",
        "o0 n1 n! m1 m. o.",
    ),
    "is abandoned": (
        ASYNCHRONOUS
        + """
g = n()
step = g.__anext__()
step.send(None)
try: step.send(None)
except StopIteration: m()
del g, step
m()
""",
        "n0 m0 m. n. m0 m.",
    ),
    "is left to the event loop": (
        ASYNCHRONOUS
        + """
@profile
async def o():
    async for i in n(): break
    m()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    m()
asyncio.run(o())
""",
        "o0 n1 m1 m. n. m1 m. o.",
    ),
}

CASES = {
    "a function": FUNCTIONS,
    "a function with groups": GROUPS,
    "a generator": GENERATORS,
    "one that delegates": DELEGATIONS,
    "a coroutine": COROUTINES,
    "an asynchronous generator": ASYNCHRONOUS_GENERATORS,
}
NEEDS = {"a function with groups": (3, 11)}


def cases_of(version):
    return {
        f"{what} {how}": case
        for what, cases in CASES.items()
        if version >= NEEDS.get(what, version)
        for how, case in cases.items()
    }


def short(name):
    return name.replace("__main__.", "").split("<locals>.")[-1]


def words_of(event, levels):
    """Returns the words of an event. Inherited calls of the parent process are left out."""
    if event.kind == LEAVE:
        return [short(event.name) + ("!" if event.flags & RAISED else ".")] if event.call in levels else []
    levels[event.call] = levels.get(event.active, -1) + 1
    return [f"{short(event.name)}{levels[event.call]}"]


def stories(rings, pid):
    """Returns {case: story}, in the order in which things happened."""
    told, levels = collections.defaultdict(list), {}
    case = None
    for event in sorted(rings.events[pid], key=lambda event: event.time):
        if event.kind == MARK:
            case = event.name
            told[case] = []
        elif event.kind in (ENTER, LEAVE):
            told[case] += words_of(event, levels)
    return {case: " ".join(words) for case, words in told.items()}


def source_for(way, source):
    decorated = MARKER + source
    return decorated if way == "decorated" else re.sub("^ *@profile\n", "", decorated, flags=re.MULTILINE)


@interpreters()
@pytest.mark.parametrize("way", WAYS)
def test_calls_end_where_they_should(run, python, way):
    cases = cases_of(version_of(python))
    sources = {name: source_for(way, source) for name, (source, _) in cases.items()}
    go(run, python, PROGRAMS / "endings.py", json.dumps(sources), **WAYS[way])
    rings = run.read()
    assert stories(rings, rings.only()) == {name: story for name, (_, story) in cases.items()}
    assert rings.levels(rings.only()) and rings.open == 0 and rings.dropped == 0


FORKS = {
    "in a handler": (
        """
@profile
def f():
    try: 1 // 0
    except ArithmeticError:
        m()
        if os.fork() == 0: raise KeyError
        os.wait()
    m()
try:
    f()
    m()
except KeyError:
    m()
    os._exit(0)
""",
        "f0 m1 m. m1 m. f. m0 m.",
        "f0 f! m0 m.",
    ),
    "on its way out": (
        """
@profile
def f():
    try: 1 // 0
    finally:
        if os.fork() != 0: os.wait()
try: f()
except ArithmeticError: m()
""",
        "f0 f! m0 m.",
        "f0 f! m0 m.",
    ),
    "in a generator": (
        """
@profile
def n():
    try: yield 1
    finally:
        if os.fork() != 0: os.wait()
        m()
g = n(); next(g)
try: g.throw(KeyError)
except KeyError: m()
""",
        "n0 m1 m. n! m0 m.",
        "n0 m1 m. n! m0 m.",
    ),
    "while a generator waits": (
        """
@profile
def n():
    yield 1
    m()
g, h = n(), n()
next(g), next(h)
if os.fork() == 0:
    g.close()
    list(h)
    m()
    os._exit(0)
os.wait()
g.close()
list(h)
""",
        "n0 n0 n. m1 m. n.",
        "m0 m. m0 m.",
    ),
}


@interpreters()
@pytest.mark.parametrize("where", FORKS)
def test_calls_end_where_they_should_in_parent_and_child(run, python, where):
    source, in_parent, in_child = FORKS[where]
    code = "import os\nprint(os.getpid(), flush=True)\n" + source_for("decorated", source)
    parent = int(go(run, python, "-c", code).stdout)
    rings = run.read()
    (child,) = rings.events.keys() - {parent}
    assert [stories(rings, pid)[None] for pid in (parent, child)] == [in_parent, in_child]


RECORDED = """
@profile
def boom(n):
    if n == 0: raise ValueError
    boom(n - 1)
@profile
def handles():
    try: boom(1)
    except ValueError: pass
    work()
@profile
def work(): return [0] * 100_000
@profile
def numbers():
    try:
        yield work()
        yield work()
    except KeyError:
        yield work()
handles()
handles()
generator = numbers(); next(generator)
try: generator.throw(ValueError)
except ValueError: pass
generator = numbers(); next(generator); generator.throw(KeyError); generator.close()
generator = numbers(); next(generator); del generator
"""
BOOM = [("boom", 1, True), ("boom", 2, True)]
NUMBERS_RAISED = [("numbers", 0, True), ("work", 1, False)]
CALLS = sorted(
    [("handles", 0, False), *BOOM, ("work", 1, False)] * 2
    + NUMBERS_RAISED
    + [("numbers", 0, False), ("work", 1, False), ("work", 1, False)]
    + [("numbers", 0, False), ("work", 1, False)]
)


@unsanitized
@interpreters()
def test_a_recording_has_every_call_once_with_its_level_and_flag_and_within_its_caller(
    mprofpp, tmp_path, python
):
    (tmp_path / "x.py").write_text(RECORDED)
    done = mprofpp.record("--all-calls", "--exact", [python, "x.py"])
    assert done.status == 0 and done.recording.open_calls == [] and done.recording.lost_count("marks") == 0
    calls = done.recording.calls
    assert sorted((short(call.name), call.level, "raised" in call.flags) for call in calls) == CALLS
    assert not any("open" in call.flags for call in calls)
    for call in calls:
        around = [c for c in calls if c.level < call.level and c.t_in <= call.t_in <= call.t_out <= c.t_out]
        assert len(around) == call.level
