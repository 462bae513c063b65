"""The door of a program, as the agent keeps it: requests over its socket, in every interpreter that is
installed. The programs open their doors themselves, so that no test needs to trace a process."""

import contextlib
import os
import pathlib
import random
import re
import socket
import subprocess
import time

import pytest

from conftest import PATIENCE
from door_client import DONE, INTERRUPT, REQUEST
from door_target import READ, NANOSLEEP, TARGET, Target, started, target, wait_for  # noqa: F401
from pythons import interpreters, python, system, version_of  # noqa: F401
from ring import ENTER, LEAVE

# Code


@interpreters()
def test_code_runs_in_the_program_and_its_values_are_shown(target, python):
    client = started(target(python, "cache[1] = 2")).connect()
    assert client.run("len(main.cache)").out == b"1\n"
    assert client.run("main.cache[3] = 4").out == b""
    assert client.run("x = 5; main.cache").out == b"{1: 2, 3: 4}\n"
    assert client.run("x, _").out == b"(5, {1: 2, 3: 4})\n"
    assert client.run("None").out == b""
    assert client.run("print('one', 'two', sep='-')").out == b"one-two\n"
    assert client.run("__name__").out == b"'__console__'\n"


@interpreters()
def test_what_is_typed_may_have_several_lines(target, python):
    client = started(target(python)).connect()
    for part in ("for i in range(2):", "for i in range(2):\n    print(i)", "(1,", '"""a', "def f():"):
        assert client.run(part).status == "incomplete", part
    assert client.run("for i in range(2):\n    print(i)\n").out == b"0\n1\n"
    assert client.run("def f(:").status == "failed"
    assert client.run("# a remark").status == "done"
    script = client.run("def f():\n    return 7\nprint(f())\nf()", options=b"script")
    assert (script.status, script.out) == ("done", b"7\n")


@interpreters()
def test_an_exception_is_shown_without_our_frames(target, python):
    program = started(target(python))
    client = program.connect()
    answer = client.run("def f():\n    return 1 / 0\n")
    answer = client.run("f()")
    assert answer.status == "failed" and answer.out == b""
    lines = [line for line in answer.error.decode().splitlines() if "^" not in line and "~" not in line]
    assert lines[0] == "Traceback (most recent call last):" and "handlers" not in answer.error.decode()
    assert [line.strip() for line in lines if line.startswith("  File")] == [
        'File "<console>", line 1, in <module>',
        'File "<console>", line 2, in f',
    ]
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert "SyntaxError" in client.run("f(").error.decode() + client.run("f)").error.decode()
    assert program.process.poll() is None


@interpreters()
def test_code_that_tries_to_end_the_program_ends_nothing(target, python):
    program = started(target(python))
    client = program.connect()
    for code in ("exit()", "quit(3)", "raise SystemExit", "import sys; sys.exit(7)"):
        answer = client.run(code)
        assert answer.status == "exited" and b"the program goes on" in answer.error, code
    assert client.run("1").out == b"1\n"
    assert program.end()[0] == 0


@interpreters()
def test_code_that_forks_leaves_a_child_that_exits(target, python):
    program = started(target(python))
    client = program.connect()
    answer = client.run("import os; pid = os.fork(); os.waitpid(pid, 0)[1] if pid else None")
    assert answer.out == b"0\n" and answer.status == "done"
    assert client.run("2").out == b"2\n"


@interpreters()
def test_an_interrupt_ends_the_request_and_not_the_program(target, python):
    program = started(target(python))
    client = program.connect()
    client.send(b"run", b"print('begun')\nwhile True: pass", options=b"script")
    assert client.receive_frame()[1] == b"\0begun\n"
    client.send_frame(INTERRUPT)
    answer = client.receive()
    assert (answer.status, answer.error) == ("failed", b"KeyboardInterrupt\n")
    client.send_frame(INTERRUPT)  # nothing runs
    assert client.run("3").out == b"3\n"
    assert program.end()[0] == 0


@interpreters()
def test_a_client_that_goes_away_ends_its_request(target, python):
    program = started(target(python))
    client, other = program.connect(), program.connect()
    client.send(b"run", b"main.count = 0\nwhile True: main.count += 1; print(main.count)", options=b"script")
    client.receive_frame()
    client.close()
    wait_for(lambda: other.run("main.count == main.count").out and len(program.our_threads()) == 3)
    before = other.run("main.count").out
    assert other.run("main.count").out == before


def test_a_gigabyte_of_output_takes_no_memory_in_the_program(target, system):
    client = started(target(system)).connect()
    client.run("import resource; peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss")
    before = int(client.run("peak()").out)
    client.send(b"run", b"text = 'x' * 2**20\nfor i in range(1024): print(text)", options=b"script")
    received = 0
    while True:
        kind, payload = client.receive_frame()
        if kind == DONE:
            break
        received += len(payload) - 1
    assert received == 1024 * (2**20 + 1)
    assert int(client.run("peak()").out) - before < 16 * 1024


@interpreters()
def test_the_main_thread_runs_what_is_meant_for_it(target, python):
    program = target(python, "import time\nwhile not ready.is_set(): time.sleep(0.001)")
    client = program.connect()
    name = "import threading; threading.current_thread() is threading.main_thread()"
    assert client.run(name).out == b"False\n"
    assert client.run(name, options=b"main").out == b"True\n"
    assert client.run("1/0", options=b"main").status == "failed"
    client.send(b"run", b"print('begun')\nwhile True: pass", options=b"script\nmain")
    assert client.receive_frame()[1] == b"\0begun\n"
    client.send_frame(INTERRUPT)
    assert client.receive().error == b"KeyboardInterrupt\n"
    assert client.run("main.ready.set()", options=b"main").status == "done"
    started(program)
    wait_for(lambda: program.is_in(READ))
    blocked = client.run("main.cache.clear()", options=b"main", patience=50)
    assert blocked.status == "busy" and "main thread" in blocked.message
    assert program.end()[0] == 0


@interpreters()
def test_names_are_completed_without_running_code(target, python):
    code = "class Trap:\n    @property\n    def touched(self): cache['touched'] = 1\ntrap = Trap()"
    client = started(target(python, code)).connect()
    assert client.ask(b"complete", b"main.ca").out == b"main.cache"
    assert b"main.trap.touched" in client.ask(b"complete", b"main.trap.to").out
    assert client.ask(b"complete", b"main.trap.touched.").out == b""
    assert b"print" in client.ask(b"complete", b"pri").out.split(b"\n")
    assert client.ask(b"complete", b"nothing.at.all.").out == b""
    assert client.run("main.cache").out == b"{}\n"


@interpreters()
def test_code_is_refused_where_the_user_has_not_allowed_it(target, python):
    client = started(target(python, console=False)).connect()
    answer = client.run("1")
    assert (answer.status, answer.out) == ("refused", b"") and "allow" in answer.message
    assert client.ask(b"stacks").status == "done"


# Stacks

SLEEPERS = """
import faulthandler, signal, tempfile
def inner(): ready.wait()
def outer(n):
    if n: outer(n - 1)
    else: inner()
threads = [threading.Thread(target=outer, args=(n,), name='sleeper %d' % n, daemon=True) for n in range(4)]
for thread in threads: thread.start()
faulthandler.register(signal.SIGUSR1, all_threads=True)
"""


def frames_of_dump(text):
    """Returns the frames of each thread in faulthandler's text, sorted."""
    found = []
    for part in text.split("\n\n"):
        frames = re.findall(r'  File "(.*)", line (\d+) in (.*)', part)
        found.append([(file, int(line), name.split(".")[-1]) for file, line, name in frames])
    return sorted(found)


@interpreters()
def test_stacks_are_those_that_faulthandler_dumps(target, python):
    program = started(target(python, SLEEPERS))
    client = program.connect()
    wait_for(lambda: str(client.stacks()["stacks"]).count("'inner'") == 4)
    answer = client.stacks()
    ours = sorted(
        [(f["file"], f["line"], f["function"].split(".")[-1]) for f in stack["frames"]]
        for stack in answer["stacks"]
    )
    client.close()
    wait_for(lambda: not program.our_threads())
    program.process.send_signal(10)
    code, _, error = program.end()
    assert code == 0 and ours == frames_of_dump(error.strip())
    names = {stack["name"] for stack in answer["stacks"]}
    assert names == {"MainThread"} | {f"sleeper {n}" for n in range(4)}


TASKS = """
import asyncio
async def leaf(): await asyncio.sleep(1000)
async def branch(): await leaf()
async def all():
    tasks = [asyncio.ensure_future(branch()) for i in range(3)]
    await asyncio.wait(tasks)
threading.Thread(target=lambda: asyncio.run(all()), daemon=True, name='loop').start()
"""


@interpreters()
def test_suspended_tasks_have_stacks(target, python):
    client = started(target(python, TASKS)).connect()

    def tasks():
        stacks = client.stacks()["stacks"]
        return [[f["function"] for f in s["frames"]] for s in stacks if s["kind"] == "task"]

    wait_for(lambda: len(tasks()) == 4 and all(frames for frames in tasks()))
    found = tasks()
    assert sum(frames[-2:] == ["leaf", "branch"] for frames in found) == 3, found
    assert sum(frames[-1] == "all" for frames in found) == 1, found


INTERPRETERS = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
other = interpreters.create()
code = "import time\\ntime.sleep(1000)"
threading.Thread(target=interpreters.run_string, args=(other, code), daemon=True, name="host").start()
"""


@interpreters()
def test_threads_of_other_interpreters_are_left_out_and_counted(target, python):
    if version_of(python) < (3, 9):
        pytest.skip("SKIP: needs the frame of a thread, which CPython gives from 3.9 on")
    program = started(target(python, INTERPRETERS))
    client = program.connect()
    for _ in range(20):
        found = client.stacks()
        assert "1 other interpreter" in found["left_out"]
        assert sorted(stack["name"] for stack in found["stacks"]) == ["MainThread", "host"]
    assert client.run("1 + 1").out == b"2\n"
    client.close()
    wait_for(lambda: not program.our_threads())


GREENLETS = """
import gevent
def nap(): gevent.sleep(1000)
kept = [gevent.spawn(nap) for i in range(3)]
gevent.sleep(0)
"""


def test_suspended_greenlets_have_stacks(target, system):
    program = target(system, GREENLETS)
    if not program.process.stdout.readline():
        pytest.skip("SKIP: python3-gevent is not installed")
    stacks = program.connect().stacks()["stacks"]
    functions = [[f["function"] for f in s["frames"]] for s in stacks if s["kind"] == "greenlet"]
    assert sum("nap" in names for names in functions) == 3, functions


def test_a_pause_that_would_be_too_long_is_left_out(target, system):
    program = target(system, GREENLETS)
    if not program.process.stdout.readline():
        pytest.skip("SKIP: python3-gevent is not installed")
    client = program.connect()
    answer = client.stacks(options=b"max-pause=0")
    assert "would stop the program for" in answer["left_out"]
    assert {stack["kind"] for stack in answer["stacks"]} == {"thread"}
    assert client.stacks()["left_out"] == ""


@interpreters()
def test_locals_are_shown_without_running_code_of_the_program(target, python):
    code = (
        "class Trap:\n    def __repr__(self): cache['touched'] = 1\n"
        "def hold():\n    number, text, trap = 7, 'x' * 1000, Trap()\n    ready.wait()\n"
        "threading.Thread(target=hold, daemon=True).start()"
    )
    client = started(target(python, code)).connect()
    wait_for(lambda: b'"hold"' in client.ask(b"stacks").out)
    stacks = client.stacks(options=b"locals")["stacks"]
    (found,) = [f["locals"] for s in stacks for f in s["frames"] if f["function"].endswith("hold")]
    assert found["number"] == "7" and found["trap"] == "<Trap>"
    assert found["text"].endswith("(1000 in all)") and len(found["text"]) < 200
    assert client.run("main.cache").out == b"{}\n"


# What the program notices


@interpreters()
def test_the_last_client_leaves_nothing_behind(target, python):
    program = started(target(python))
    client, other = program.connect(), program.connect()
    assert client.run("1 + 1").out == b"2\n" and other.ask(b"stacks").status == "done"
    assert not program.sockets(), "ours are not the program's"
    client.run("import threading; threading.current_thread()")
    client.close()
    assert other.run("3").out == b"3\n"
    other.close()
    wait_for(lambda: not program.our_threads())
    assert not program.sockets() and len(program.threads()) == 1
    assert program.end()[0] == 0


AGAIN = """
import time
def open_again():
    ready.wait()
    while True:
        open_door(sys.argv[1])
        time.sleep(0.01)
threading.Thread(target=open_again, daemon=True).start()
"""


@interpreters()
def test_a_door_can_be_opened_again(target, python):
    program = started(target(python, AGAIN))
    client = program.connect()
    client.run("name = 1; main.ready.set()")
    client.close()
    for _ in range(20):
        with contextlib.closing(program.connect()) as client:
            assert b"NameError" in client.run("name").error, "each client has names of its own"
            client.run("name = 1")
    assert program.end()[0] == 0


@interpreters()
def test_a_program_that_closes_all_descriptors_keeps_its_door(target, python):
    client = started(target(python)).connect()
    assert client.run("import os; os.closerange(3, 4096)").status == "done"
    assert client.run("4").out == b"4\n"


@interpreters()
def test_a_program_without_a_free_descriptor_opens_its_door(target, python):
    code = "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))"
    program = target(python, code)
    client = started(program).connect()
    assert client.run("5").out == b"5\n"


@interpreters()
def test_code_uses_the_descriptors_of_the_program(target, python):
    program = started(target(python))
    client = program.connect()
    assert client.run("import os; os.write(1, b'from the console\\n')").out == b"17\n"
    assert program.process.stdout.readline() == "from the console\n"


@interpreters(first=(3, 12))
def test_a_fork_is_not_warned_about_once_the_client_has_gone(target, python):
    code = "import os, warnings\nwarnings.simplefilter('error')"
    program = started(target(python, code))
    client = program.connect()
    assert client.run("1").out == b"1\n"
    client.close()
    wait_for(lambda: not program.our_threads())
    assert program.end()[0] == 0


@interpreters()
def test_a_lock_that_is_not_given_up_means_busy(target, python):
    code = "import time\ncache['c'] = ctypes.PyDLL(None)\nready.wait()\ncache['c'].sleep(2)"
    program = target(python, code)
    client = program.connect()
    assert client.run("main.ready.set()").status == "done"
    wait_for(lambda: program.is_in(*NANOSLEEP))
    answers = [client.run("6", patience=20) for _ in range(3)]
    assert all(a.out == b"6\n" or a.status == "busy" for a in answers)
    assert answers[0].status == "busy" and "nothing was done" in answers[0].message
    started(program)
    wait_for(lambda: client.run("7", patience=5000).out == b"7\n")


@interpreters()
def test_a_program_may_exit_while_a_request_runs(target, python):
    program = started(target(python))
    client = program.connect()
    client.send(b"run", b"print('begun')\nwhile True: pass", options=b"script")
    client.receive_frame()
    code, _, error = program.end()
    assert (code, error) == (0, "")
    with pytest.raises((EOFError, ConnectionError)):
        client.receive()


# Marks


@interpreters()
def test_each_request_is_a_mark_without_what_was_typed(target, python, run):
    program = started(target(python))
    client = program.connect()
    client.run("block = bytearray(8 << 20)")
    client.ask(b"stacks")
    client.ask(b"complete", b"ma")
    client.close()
    assert program.end()[0] == 0
    rings = run.read()
    events = rings.events[program.pid]
    assert [(e.kind, e.name) for e in events] == [
        (ENTER, "mprofpp run"),
        (LEAVE, "mprofpp run"),
        (ENTER, "mprofpp stacks"),
        (LEAVE, "mprofpp stacks"),
    ]
    assert events[1].rss - events[0].rss > 7 << 20


@interpreters()
def test_our_own_code_is_not_traced(target, python, run):
    program = started(target(python, MPROFPP_TRACE="*"))
    client = program.connect()
    assert client.ask(b"stacks").status == "done"
    client.close()
    program.end()
    names = {event.name for event in run.read().events[program.pid]}
    assert "mprofpp stacks" in names and not any("mprofpp.door" in name for name in names)


# Hostile clients


@pytest.mark.parametrize("seed", range(8))
def test_nonsense_ends_the_connection_and_not_the_program(target, system, seed):
    program = started(target(system))
    other = program.connect()
    numbers = random.Random(seed)
    for _ in range(20):
        client = program.connect()
        with contextlib.suppress(OSError, EOFError):
            client.socket.sendall(numbers.randbytes(numbers.randrange(1, 3000)))
            client.socket.shutdown(socket.SHUT_WR)
            client.receive()
        client.close()
    assert other.run("8").out == b"8\n"


def test_sizes_that_do_not_fit_end_the_connection(target, system):
    program = started(target(system))
    other = program.connect()
    for payload in (b"", b"\xff" * 16, b"\0" * 15, b"\xff\xff\xff\xff" * 4 + b"run"):
        client = program.connect()
        client.send_frame(REQUEST, payload)
        with pytest.raises((EOFError, ConnectionError)):
            client.receive()
    assert other.run("9").out == b"9\n"


def test_two_requests_at_once_end_the_connection(target, system):
    program = started(target(system))
    client, other = program.connect(), program.connect()
    client.send(b"run", b"while True: pass", options=b"script")
    client.send(b"run", b"1")
    with pytest.raises((EOFError, ConnectionError)):
        client.receive()
    assert other.run("10").out == b"10\n"


def test_another_user_is_refused(target, system, somebody):
    program = started(target(system))
    code = (
        "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0' + sys.argv[1][1:])\n"
        "s.sendall(b'\\x15\\0\\0\\0\\1\\0\\0\\0' + b'\\0' * 21)\nprint(s.recv(1))"
    )
    user, _ = somebody
    command = [system, "-c", code, program.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **user)
    assert done.stdout == "b''\n" or "ConnectionResetError" in done.stderr or "BrokenPipe" in done.stderr
    assert program.connect().run("11").out == b"11\n"


def test_an_unknown_verb_is_said_to_be_unknown(target, system):
    client = started(target(system)).connect()
    assert client.ask(b"dance").status == "unknown"
    assert client.ask(b"x" * 5000).status == "unknown"
    assert client.ask(b"hello").out.startswith(b"mprofpp")
