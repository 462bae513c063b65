"""`mprofpp objects PID --around PATTERN`: what a call leaves behind, counted by the thread that makes it."""

import json
import signal

import pytest

from conftest import PATIENCE, wait_until
from inspected import inspected  # noqa: F401
from looked_at import PATIENT, bare, own_looks, types_of  # noqa: F401
from pythons import interpreters, python, system  # noqa: F401

# The thread makes each call again and again. The collector is off, so that only the calls change the counts.
CALLS = """
import asyncio, gc, time
gc.disable()
class Node:
    pass
nodes = []
def upload():
    local = [Node() for _ in range(100)]
    nodes.extend(local[:7])
def nothing():
    pass
def fails():
    nodes.append(Node())
    raise ValueError
def deep(left):
    nodes.append(Node())
    if left:
        deep(left - 1)
def numbers():
    for _ in range(3):
        nodes.append(Node())
        yield
class Service:
    async def answer(self):
        nodes.append(Node())
        await asyncio.sleep(0)
        nodes.append(Node())
service = Service()
def consume():
    for _ in numbers():
        pass
def calls():
    upload()
    nothing()
    try:
        fails()
    except ValueError:
        pass
    deep(4)
    consume()
    loop.run_until_complete(service.answer())
loop = asyncio.new_event_loop()
is_over = threading.Event()
def go():
    while not is_over.is_set():
        calls()
        nodes.clear()
        time.sleep(0.001)
thread = threading.Thread(target=go, daemon=True)
thread.start()
"""
# What is left of the hooks is printed at the end.
LEFT = """
def print_what_is_left():
    is_over.set()
    thread.join()
    if sys.version_info >= (3, 12):
        print([sys.monitoring.get_tool(i) for i in range(6)].count("mprofpp"), flush=True)
    elif sys.version_info >= (3, 9):
        import ctypes
        api = ctypes.pythonapi
        get, state = api._PyInterpreterState_GetEvalFrameFunc, api.PyInterpreterState_Get
        get.restype = state.restype = ctypes.c_void_p
        get.argtypes = [ctypes.c_void_p]
        standard = ctypes.cast(api._PyEval_EvalFrameDefault, ctypes.c_void_p).value
        print(int(get(state()) != standard), flush=True)
    else:
        print(0, flush=True)
class Input:
    def __init__(self, input):
        self.input = input
    def read(self):
        self.input.read()
        print_what_is_left()
sys.stdin = Input(sys.stdin)
"""
# Calls that do not end start again and again.
WAITING = """
def endless():
    is_over.wait()
def begin_endless():
    while not is_over.wait(0.01):
        threading.Thread(target=endless, daemon=True).start()
threading.Thread(target=begin_endless, daemon=True).start()
"""
FORKING = """
import os
def forks():
    nodes.append(Node())
    child = os.fork()
    if child == 0:
        try:
            for _ in range(1000):
                consume()
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        os._exit(3)
old_calls = calls
def calls():
    old_calls()
    forks()
"""
EXPECTED = {
    "__main__.upload": 7,
    "main.nothing": 0,
    "*.fails": 1,
    "__main__.deep": 5,
    "__main__.numbers": 3,
    "__main__.Service.answ*": 2,
}


def growth(mprofpp, pattern, program, *options):
    done = mprofpp("objects", *PATIENT, "--json", "--around", pattern, *options, program.pid)
    assert done.status == 0, done.err
    (found,) = map(json.loads, done.text.splitlines())
    return found


def grown_nodes(found):
    types = types_of(found)
    return types["__main__.Node"]["count_growth"] if "__main__.Node" in types else 0


@interpreters()
def test_growth_in_a_call_is_exact_and_nothing_is_left(mprofpp, bare, python):
    program = bare(python, CALLS + LEFT)
    for pattern, expected in EXPECTED.items():
        found = growth(mprofpp, pattern, program)
        assert (pattern, grown_nodes(found)) == (pattern, expected)
        assert found["function"].startswith("__main__.") and found["since_seconds"] >= 0
    assert program.end() == (0, "0\n", "")


@interpreters()
@pytest.mark.parametrize("marks", [(), ("--trace", "__main__.*")])
def test_programs_that_run_has_started_are_watched_with_and_without_marks(mprofpp, inspected, python, marks):
    program = inspected(python, CALLS, options=marks)
    for pattern in ("__main__.upload", "__main__.Service.answer"):
        assert grown_nodes(growth(mprofpp, pattern, program)) == EXPECTED.get(pattern, 2)
    assert mprofpp("objects", *PATIENT, program.pid).status == 0


def test_a_call_that_does_nothing_has_no_growth_at_all(mprofpp, bare, system):
    program = bare(system, CALLS)
    found = growth(mprofpp, "main.nothing", program, "--sizes")
    assert not [entry for entry in found["types"] if entry["count_growth"] or entry["bytes_growth"]]


def test_several_calls_are_printed_one_after_another(mprofpp, bare, system):
    program = bare(system, CALLS)
    done = mprofpp("objects", *PATIENT, "--around", "main.upload", "--calls", "3", "-n", "1", program.pid)
    assert done.status == 0 and done.text.count("in a call of __main__.upload of ") == 3
    assert done.text.count("__main__.Node") == 3


def test_a_call_that_does_not_come_or_does_not_end_is_reported(mprofpp, bare, system):
    program = bare(system, CALLS + LEFT + WAITING)
    assert grown_nodes(growth(mprofpp, "main.upload", program)) == 7
    done = mprofpp("objects", "--around", "main.missing", "-t", "200ms", *PATIENT, program.pid)
    assert (done.status, done.text) == (1, "") and done.says("no such call has started in that time")
    done = mprofpp("objects", "--around", "main.endless", "-t", "1s", *PATIENT, program.pid)
    assert (done.status, done.text) == (1, "")
    assert done.says("the call has started, and did not end in that time")
    assert program.end()[:2] == (0, "0\n")


@interpreters()
def test_children_that_are_forked_in_a_call_go_on(mprofpp, bare, python):
    program = bare(python, CALLS + FORKING)
    assert grown_nodes(growth(mprofpp, "main.forks", program)) == 1
    assert program.end()[0] == 0


def test_ctrl_c_ends_the_wait_and_leaves_nothing(mprofpp, bare, system):
    program = bare(system, CALLS + LEFT)
    waiting = mprofpp.start("objects", *PATIENT, "--around", "main.missing", program.pid)
    wait_until(
        lambda: "somebody else waits" in mprofpp("objects", "--around", "x", "-t", "100ms", program.pid).err,
        "the program waits for a call",
    )
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(PATIENCE) == 130
    assert grown_nodes(growth(mprofpp, "main.upload", program)) == 7
    assert program.end()[:2] == (0, "0\n")


def test_two_looks_that_take_too_long_are_refused_before_the_wait(mprofpp, bare, system):
    program = bare(system, "many = [[] for _ in range(300_000)]\n" + CALLS)
    done = mprofpp("objects", "--around", "main.upload", "--max-pause", "1ms", program.pid)
    assert (done.status, done.text) == (1, "") and done.says("would stop the program")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--calls", "2"], "needs --around"),
        (["--around", "x", "--calls", "0"], "not a number"),
        (["--around", "x", "--every", "5s"], "does not go with"),
        (["--around", "x", "-C"], "does not go with"),
        (["--around", "x", "2"], "one program at a time"),
    ],
)
def test_wrong_usage_is_refused(mprofpp, options, words):
    done = mprofpp("objects", *options, "1")
    assert (done.status, done.text) == (2, "") and done.says(words)


def test_an_old_abbreviation_still_works(mprofpp, bare, system):
    program = bare(system)
    assert mprofpp("objects", *PATIENT, "--a", "--json", program.pid).status == 0
