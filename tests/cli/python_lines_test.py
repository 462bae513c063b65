"""What the lines of Python functions add to the memory, as the agent counts it, without a recorder: in every
interpreter that is installed."""

import collections
import json
import signal
import subprocess

import pytest

from conftest import PATIENCE
from line_programs import FUNCTIONS, GENERATOR, make_program
from line_table import PAGE, PEAKS_REFUSED, line_tables
from pythons import PROGRAMS, execute, go, interpreters, plain_environment, python, system  # noqa: F401
from ring import ENTER, LEAVE

MIB = 2**20
SEEDS = range(8)
LATE = 0.5  # MiB: each CPU counts pages on its own, and the kernel adds them up a little late


def mib(value):
    """Memory that is read before and after a line: equal to another amount up to what the kernel is late."""
    return pytest.approx(value, abs=LATE)


def lines_of(run, *command, words="exact", patterns=(), environment=None, **options):
    """Runs a program; returns the tables of each of its processes, in the order in which those began."""
    variables = {"MPROFPP_LINES": words} | ({"MPROFPP_LINES_OF": "\n".join(patterns)} if patterns else {})
    go(run, *command, environment=variables | (environment or {}), **options)
    return line_tables(run)


def only(files):
    (file,) = files
    return file


def oracle(python, program):
    """How often each line starts, as a trace function in Python counts it: {function: {line: count}}."""
    words = [python, PROGRAMS / "line_oracle.py", program, *FUNCTIONS, GENERATOR]
    done = execute(words, plain_environment())
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    return {name: {int(line): n for line, n in lines.items()} for name, lines in counts.items()}


def growth_of_calls(rings):
    """The sum of memory at return minus memory at entry, over the outermost calls of each function."""
    sums, open_calls, begun = collections.Counter(), collections.Counter(), {}
    for event in rings.events[rings.only()]:
        name = event.name.split(".", 1)[1]
        if event.kind == ENTER:
            begun[event.call] = event.rss, open_calls[name]
            open_calls[name] += 1
        elif event.kind == LEAVE:
            entry, around = begun.pop(event.call)
            open_calls[name] -= 1
            grown = event.what if event.active else event.rss - entry  # `what` of a generator's call
            if around == 0:
                sums[name] += grown - 2**64 if grown >= 2**63 else grown
    assert not begun and rings.dropped == 0
    return sums


@pytest.mark.parametrize("seed", SEEDS)
@interpreters()
def test_increments_sum_to_the_growth_of_the_calls_and_lines_are_counted_like_trace_events(
    run, python, tmp_path, seed
):
    program = tmp_path / "program.py"
    program.write_text(make_program(seed))
    file = only(lines_of(run, python, program, environment={"MPROFPP_EXACT": "1"}))
    assert {name: table.counts for name, table in file.tables.items()} == oracle(python, program)
    for name, grown in growth_of_calls(run.read()).items():
        assert abs(file.tables[name].added - grown) <= PAGE, name
    assert all(table.calls == table.ended > 0 for table in file.tables.values())
    assert file.facts == 0


EVERY_FORM = """
import asyncio, functools
from memory_profiler import profile as imported
@profile
def bare(): return 1
@profile()
def called(): return 1
@profile(precision=4)
def precise(): return 1
@profile(stream=None, backend='psutil')
def with_others(): return 1
@imported
def from_module(): return 1
class C:
    @staticmethod
    @profile
    def static(): return 1
    @profile
    @classmethod
    def of_class(cls): return 1
    @profile
    def method(self): return 1
@profile
async def coroutine():
    await asyncio.sleep(0)
    return 1
@profile
def generator():
    yield 1
@profile
async def stream():
    yield 1
async def consume():
    await coroutine()
    async for _ in stream(): pass
def plain(): return 1
directly = profile(plain)
bare(), called(), precise(), with_others(), from_module(), C.static(), C.of_class(), C().method()
asyncio.run(consume())
list(generator())
directly()
"""


@interpreters()
def test_functions_are_counted_in_every_form_of_the_decorator(run, python):
    file = only(lines_of(run, python, "-c", EVERY_FORM, words="exact,replace"))
    names = ["bare", "called", "precise", "with_others", "from_module", "plain"]
    names += ["C.static", "C.of_class", "C.method", "coroutine", "generator", "stream"]
    assert sorted(file.tables) == sorted(names)
    assert all(table.calls == table.ended == 1 for table in file.tables.values())
    precisions = {name: table.precision for name, table in file.tables.items() if table.precision != -1}
    assert precisions == {"precise": 4}


SELECTED = """
class Server:
    def upload_file(self):
        block = bytearray(3 << 20)
        return [bytearray(400_000) for _ in range(2)], (lambda: 1)()
    def other(self): return 1
def helper(): return Server().other()
helper()
kept = Server().upload_file()
"""


@interpreters()
def test_functions_are_selected_by_their_names(run, python):
    file = only(lines_of(run, python, "-c", SELECTED, patterns=["__main__.Server.upload_*"]))
    (table,) = file.tables.values()
    assert table.name == "__main__.Server.upload_file" and table.calls == 1
    assert table.rows[4].added / MIB == mib(3) and table.rows[5].added / MIB == mib(1)
    rings = run.read()
    assert [e.name for e in rings.events[rings.only()] if e.kind == ENTER] == [table.name], "it is marked"


@interpreters()
def test_functions_that_no_pattern_selects_are_named(run, python):
    file = only(lines_of(run, python, "-c", "import json, string\n" + SELECTED, patterns=["app.upload_*"]))
    assert not file.tables
    names = {"Server.upload_file", "Server.other", "helper"}
    assert {f"__main__.{name}" for name in names} <= set(file.names)
    assert not any(name.startswith("json.") for name in file.names), "nothing of the standard library"


NESTED = """
def outer():
    def inner(n):
        return [bytearray(n) for _ in range(3)]
    return inner(400_000), (lambda: 1)()
outer()
"""


@interpreters()
def test_an_inner_function_belongs_to_the_outer_one_unless_it_is_selected_itself(run, python):
    file = only(lines_of(run, python, "-c", NESTED, patterns=["__main__.outer"]))
    assert list(file.tables) == ["outer"] and set(file.tables["outer"].rows) == {3, 4, 5}
    assert file.tables["outer"].calls == 1


@interpreters()
def test_an_inner_function_that_is_selected_itself_has_a_table_of_its_own(run, python):
    file = only(lines_of(run, python, "-c", NESTED, patterns=["__main__.outer", "*inner"]))
    inner, outer = file.tables["outer.<locals>.inner"], file.tables["outer"]
    assert set(inner.rows) == {4} and set(outer.rows) == {3, 5}
    assert inner.added >= MIB and outer.added >= MIB, "a line includes what is called"


ENDS = {
    "os._exit": ("os._exit(3)", 3),
    "SIGKILL": ("os.kill(os.getpid(), 9)", -signal.SIGKILL),
    "an exception": ("raise SystemExit(4)", 4),
    "exec": ("os.execv('/bin/true', ['true'])", 0),
}


@pytest.mark.parametrize("how", ENDS)
@interpreters()
def test_the_table_is_there_however_the_program_ends(run, python, how):
    statement, status = ENDS[how]
    source = f"import os\n@profile\ndef f():\n    block = bytearray(5 << 20)\n    {statement}\nf()"
    (table,) = only(lines_of(run, python, "-c", source, status=status)).tables.values()
    assert table.counts == {4: 1, 5: 1} and table.rows[4].added / MIB == mib(5)
    assert table.calls - table.ended == (0 if how == "an exception" else 1)


FORKING = """
import os
@profile
def f():
    before = bytearray(2 << 20)
    child = os.fork()
    after = bytearray(3 << 20)
    if child == 0:
        more = bytearray(4 << 20)
        os._exit(0)
    os.waitpid(child, 0)
f()
"""


@interpreters()
def test_a_forked_child_counts_in_a_table_of_its_own_from_zero(run, python):
    parent, child = (file.tables["f"] for file in lines_of(run, python, "-c", FORKING))
    assert parent.counts == {5: 1, 6: 1, 7: 1, 8: 1, 11: 1} and child.counts == {7: 1, 8: 1, 9: 1, 10: 1}
    assert parent.calls == parent.ended == 1 and child.calls - child.ended == 1
    assert parent.added / MIB == mib(5) and 7 - LATE <= child.added / MIB < 8.5 + LATE


THREADS = """
import threading
meeting = threading.Barrier(4)
@profile
def work(count):
    kept = []
    for _ in range(count):
        meeting.wait()
        kept.append(bytearray(500_000))
    meeting.wait()
@profile
def alone(): return 1
alone()
threads = [threading.Thread(target=work, args=[5]) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@interpreters()
def test_threads_have_states_of_their_own_and_the_table_says_that_they_were_there(run, python):
    tables = only(lines_of(run, python, "-c", THREADS)).tables
    assert tables["work"].counts == {6: 4, 7: 24, 8: 20, 9: 20, 10: 4}
    assert (tables["work"].calls, tables["work"].shared, tables["alone"].shared) == (4, 4, 0)


TASKS = """
import asyncio
@profile
async def load(i):
    first = bytearray(400_000)
    await asyncio.sleep(0.001 * i)
    second = bytearray(800_000)
    await asyncio.sleep(0.001)
    return first, second  # and so they are not given back while others allocate
async def noise():
    kept = []
    for _ in range(6):
        kept.append(bytearray(2 << 20))
        await asyncio.sleep(0.001)
async def main():
    await asyncio.gather(noise(), *(load(i) for i in range(6)))
asyncio.run(main())
"""


@interpreters()
def test_what_other_tasks_allocate_is_not_counted_for_a_task_that_waits(run, python):
    (table,) = only(lines_of(run, python, "-c", TASKS)).tables.values()
    assert table.counts == {5: 6, 6: 6, 7: 6, 8: 6, 9: 6} and table.calls == table.ended == 6
    assert table.added / MIB < 7.5, "the 12 MiB of the other task are not there"
    assert table.rows[5].added / MIB == mib(2.4) and table.rows[7].added / MIB == mib(4.7)


GREENLETS = """
import gevent, gevent.queue
queue = gevent.queue.Queue()
@profile
def load(i):
    first = bytearray(400_000)
    gevent.sleep(0.001 * (i % 3))
    second = bytearray(800_000)
    queue.put(i)
    third = queue.get()
    gevent.sleep(0)
    return first, second
@profile
def alone():
    return 1
alone()
gevent.joinall([gevent.spawn(load, i) for i in range(50)])
alone()
"""


def test_greenlets_have_states_of_their_own_and_the_table_says_that_they_took_turns(run, system):
    if execute([system, "-c", "import gevent"], plain_environment()).returncode != 0:
        pytest.skip("SKIP: python3-gevent is not installed")
    tables = only(lines_of(run, system, "-c", GREENLETS)).tables
    assert tables["load"].counts == {line: 50 for line in range(6, 13)}
    assert (tables["load"].calls, tables["load"].interleaved) == (50, 50)
    assert tables["alone"].counts == {15: 2} and tables["alone"].interleaved == 0
    assert 18 <= tables["load"].rows[6].added / MIB < 21 and 36 <= tables["load"].rows[8].added / MIB < 41


WAITING = """
import gevent
@profile
def wait(event):
    event.wait()
    return 1
@profile
def load(event):
    block = bytearray(40_000_000)
    gevent.sleep(0)
    event.set()
    return block
import gevent.event
event = gevent.event.Event()
blocks = gevent.joinall([gevent.spawn(wait, event), gevent.spawn(load, event)])
"""


def test_what_a_greenlet_adds_is_not_counted_for_the_line_in_which_another_one_waits(run, system):
    if execute([system, "-c", "import gevent"], plain_environment()).returncode != 0:
        pytest.skip("SKIP: python3-gevent is not installed")
    tables = only(lines_of(run, system, "-c", WAITING)).tables
    assert tables["load"].rows[9].added / MIB == mib(38.5)
    assert abs(tables["wait"].rows[5].added / MIB) < 1


PEAKS = """
@profile
def f():
    kept = bytearray(1 << 20)
    size = len(bytearray(40 << 20))
    g()
    return kept
@profile
def g():
    block = bytearray(20 << 20)
    block = None
f()
"""


@interpreters()
def test_the_peak_within_a_line_is_measured_and_that_of_the_process_is_kept(run, python):
    file = only(lines_of(run, python, "-c", PEAKS, words="exact,peaks"))
    if file.facts & PEAKS_REFUSED:
        pytest.skip("SKIP: the kernel refuses to reset its high-water mark")
    f, g = file.tables["f"], file.tables["g"]
    peaks = {line: (row.peak - f.first_entry) / MIB for line, row in (f.rows | g.rows).items()}
    assert peaks[4] == pytest.approx(1, abs=LATE) and peaks[5] == pytest.approx(41, abs=LATE)
    assert peaks[6] == pytest.approx(21, abs=LATE), "a line includes what is called"
    assert peaks[10] == pytest.approx(21, abs=LATE) and peaks[7] == pytest.approx(1, abs=LATE)
    assert file.highest >= f.first_entry + 40.5 * MIB  # the kernel's counters are a little late


SHORT_LINES = """
@profile
def f(n):
    for i in range(n):
        a = i
    b = bytearray(3 << 20)
    return b
f(2000)
"""


@interpreters()
def test_readings_are_used_again_within_ten_microseconds(run, python):
    (table,) = only(lines_of(run, python, "-c", SHORT_LINES, words="reuse")).tables.values()
    assert table.counts == {4: 2001, 5: 2000, 6: 1, 7: 1}
    assert table.added / MIB == mib(3.1)


TRACER = """
import sys
seen = []
def trace(frame, event, argument):
    if frame.f_code.co_filename == __file__: seen.append((event, frame.f_lineno))
    return trace
def callee(n):
    return n + 1
@profile
def f(n):
    total = 0
    for i in range(n):
        total += callee(i)
    try:
        raise KeyError(total)
    except KeyError:
        pass
    return [x for x in range(3)]
sys.settrace(trace)
f(3)
assert sys.gettrace() is trace
sys.settrace(None)
callee(1)
f(1)
assert sys.gettrace() is None
print(seen)
"""


@interpreters()
def test_a_trace_function_of_the_program_sees_the_same_with_and_without_us(run, python, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(TRACER)
    seen = execute([python, "-c", "import builtins, runpy; builtins.profile = lambda f: f\n"
                    f"runpy.run_path({str(program)!r})"], plain_environment())  # fmt: skip
    done = go(run, python, program, environment={"MPROFPP_LINES": "exact"})
    assert done.stdout == seen.stdout and done.stdout.count("line") >= 15
    (table,) = only(line_tables(run)).tables.values()
    assert table.counts[13] == 4 and table.calls == table.ended == 2


SETS_TRACE_WITHIN = """
import sys
@profile
def f():
    before = 1
    sys.settrace(lambda *arguments: None)
    middle = 2
    sys.settrace(None)
    g()
    return 3
@profile
def g():
    return 4
for _ in range(5): f()
print(sys.gettrace())
"""


@interpreters()
def test_a_program_may_set_its_trace_function_within_a_counted_function(run, python):
    done = go(run, python, "-c", SETS_TRACE_WITHIN, environment={"MPROFPP_LINES": "exact"})
    assert done.stdout == "None\n"
    tables = only(line_tables(run)).tables
    assert tables["g"].counts == {13: 5} and tables["f"].ended == 5
    assert tables["f"].counts == {line: 5 for line in range(5, 11)}


@interpreters()
def test_what_is_added_after_a_trace_function_was_set_is_added_to_its_own_line(run, python):
    source = "import sys\n@profile\ndef f():\n    sys.settrace(None)\n    block = bytearray(5 << 20)\nf()"
    (table,) = only(lines_of(run, python, "-c", source)).tables.values()
    assert table.rows[4].added / MIB < 1 and table.rows[5].added / MIB == mib(5)


@interpreters()
def test_nothing_is_missed_when_the_program_closes_all_descriptors(run, python):
    source = (
        "import os\n@profile\ndef f():\n    os.closerange(3, 1024)\n    block = bytearray(8 << 20)\n"
        "    os.closerange(3, 1024)\n    another = bytearray(4 << 20)\n    return block, another\nkept = f()"
    )
    (table,) = only(lines_of(run, python, "-c", source)).tables.values()
    assert table.rows[5].added / MIB == mib(8) and table.rows[7].added / MIB == mib(4)


SHORT_LIVED_CODE = """
import gc
def run(i):
    source = "\\n" * (10 * i) + f"@profile\\ndef f{i}():\\n    for _ in range(3): pass\\nf{i}()\\n"
    exec(compile(source, f"made{i}.py", "exec"), {"profile": profile, "__name__": "made"})
    gc.collect()
for i in range(6): run(i)
"""


@interpreters()
def test_a_loop_on_one_line_is_counted_although_the_code_before_it_is_gone(run, python):
    file = only(lines_of(run, python, "-c", SHORT_LIVED_CODE))
    counts = [row.count for table in file.tables.values() for row in table.rows.values()]
    assert counts == [4] * 6


def test_coverage_finds_the_same_lines_with_and_without_us(run, system, tmp_path):
    if execute([system, "-c", "import coverage"], plain_environment()).returncode != 0:
        pytest.skip("SKIP: python3-coverage is not installed")
    program = tmp_path / "program.py"
    program.write_text(
        "import builtins\nprofile = getattr(builtins, 'profile', lambda f: f)\n" + make_program(1)
    )
    reports = []
    for name, environment in [
        ("plain", plain_environment()),
        ("ours", run.environment(MPROFPP_LINES="exact")),
    ]:
        data = tmp_path / name
        measured = [system, "-m", "coverage", "run", f"--data-file={data}", program]
        assert execute(measured, environment).returncode == 0
        words = [system, "-m", "coverage", "json", "-q", f"--data-file={data}", "-o", "-"]
        report = json.loads(execute(words, plain_environment(), cwd=tmp_path).stdout)
        reports.append(next(iter(report["files"].values()))["executed_lines"])
    assert reports[0] == reports[1] and len(reports[0]) > 30
    assert only(line_tables(run)).tables["f0"].calls > 0


@interpreters()
def test_a_deep_recursion_goes_as_deep_as_without_us(run, python):
    source = (
        "import sys\n@profile\ndef f(n):\n    if n == 0: return 0\n    return f(n - 1)\n"
        "sys.setrecursionlimit(5000)\nprint(f(4000))\n"
    )
    done = go(run, python, "-c", source, environment={"MPROFPP_LINES": "exact"})
    assert done.stdout == "0\n"
    (table,) = only(line_tables(run)).tables.values()
    assert table.calls == table.ended > 1000


RECURSION = """
import builtins, sys
profile = getattr(builtins, "profile", lambda f: f)
@profile
def f(n): return 0 if n == 0 else f(n - 1)
sys.setrecursionlimit(10**6)
print(f(int(sys.argv[1])))
"""


@pytest.mark.parametrize("python", ["3.8", "3.9", "3.10"], indirect=True)
def test_a_recursion_near_the_end_of_the_c_stack_ends_a_little_sooner_only(run, python):
    def survives(depth, environment):
        shell = ["sh", "-c", 'ulimit -s 2048; exec "$0" -c "$1" "$2"', python, RECURSION, str(depth)]
        done = subprocess.run(shell, env=environment, capture_output=True, timeout=PATIENCE, check=False)
        return done.returncode == 0

    reached, crashed = 1000, 20_000
    while crashed - reached > 50:
        depth = (reached + crashed) // 2
        if survives(depth, plain_environment()):
            reached = depth
        else:
            crashed = depth
    assert survives(reached * 4 // 5, run.environment(MPROFPP_LINES="exact"))


def test_an_installed_memory_profiler_is_replaced_only_on_request(run, system):
    if execute([system, "-c", "import memory_profiler"], plain_environment()).returncode != 0:
        pytest.skip("SKIP: python3-memory-profiler is not installed")
    source = (
        "from memory_profiler import profile, memory_usage\n@profile\ndef f(): return 1\nf()\nprint(profile)"
    )
    done = go(run, system, "-c", source, environment={"MPROFPP_LINES": "exact,replace"})
    assert "mprofpp.profile" in done.stdout and "f" in only(line_tables(run)).tables
    done = go(run, system, "-c", source, environment={"MPROFPP_LINES": "exact"})
    assert "mprofpp" not in done.stdout


@interpreters()
def test_no_table_is_made_without_the_variable_or_without_a_selected_function(run, python):
    go(run, python, "-c", "@profile\ndef f(): return 1\nf()")
    go(run, python, "-c", "def f(): return 1\nf()", environment={"MPROFPP_LINES": "exact"})
    assert line_tables(run) == []


@interpreters()
def test_a_limit_on_file_sizes_costs_the_table_and_not_the_program(run, python):
    source = "import os\n@profile\ndef f():\n    a = 1\n    return a\nprint(f())\n"
    shell = ["sh", "-c", f'ulimit -f 100; exec "$0" -c "$1"', python, source]  # noqa: F541
    done = subprocess.run(
        shell, env=run.environment(MPROFPP_LINES="exact"), capture_output=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"1\n")
