"""The Python package prints the tables of memory_profiler, with the numbers of `mprofpp lines`."""

import os
import re
import subprocess

import pytest

from conftest import unsanitized

from line_programs import make_program
from package import by_line, environment, run, tables, without_numbers

from pythons import (  # noqa: F401 (fixtures)
    PACKAGE, execute, interpreters, plain_environment, python, system,
)  # fmt: skip

pytestmark = unsanitized
HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents"
EXAMPLE = """\
{0}@profile
def my_func():
    a = [1] * (10 ** 6)
    b = [2] * (2 * 10 ** 7)
    del b
    return a

if __name__ == '__main__':
    my_func()
"""
IMPORT = "from mprofpp.memory_profiler import profile\n"


def run_script(python, folder, source, *options, **more):
    (folder / "x.py").write_text(source)
    return run(python, *options, "x.py", cwd=folder, **more)


@interpreters()
@pytest.mark.parametrize("seed", range(3))
def test_lines_are_counted_as_by_the_native_agent(mprofpp, python, tmp_path, seed):
    source = make_program(seed)
    ours = by_line(run_script(python, tmp_path, source, "-m", "mprofpp"))
    native = by_line(mprofpp("lines", python, "x.py", env=plain_environment()).text)
    assert {first: table.counts for first, table in ours.items()} == {
        first: table.counts for first, table in native.items()
    }
    for first, table in ours.items():
        total = sum(table.added(line) for line in table.rows if line != first)
        theirs = sum(native[first].added(line) for line in table.rows if line != first)
        assert total == pytest.approx(theirs, rel=0.1, abs=2)


@interpreters()
def test_the_example_of_memory_profiler_has_the_same_table_in_both_modes(python, tmp_path):
    by_import = run_script(python, tmp_path, EXAMPLE.format(IMPORT))
    by_command = run_script(python, tmp_path, EXAMPLE.format("\n"), "-m", "mprofpp", "--precision", "1")
    by_import, by_command = (said.replace(f"{tmp_path}/", "") for said in (by_import, by_command))
    assert without_numbers(by_import) == without_numbers(by_command)
    for said in (by_import, by_command):
        (table,) = tables(said)
        assert table.counts == {2: 1, 4: 1, 5: 1, 6: 1, 7: 1}
        assert table.added(5) == pytest.approx(152.6, abs=0.6) == -table.added(6)
        assert said.startswith(f"Filename: x.py\n\n{HEADER}\n{'=' * len(HEADER)}\n")


def test_the_table_is_that_of_memory_profiler_byte_for_byte(system, tmp_path):
    if subprocess.run([system, "-c", "import memory_profiler"], capture_output=True, check=False).returncode:
        pytest.skip("SKIP: python3-memory-profiler is not installed")
    (tmp_path / "x.py").write_text(EXAMPLE.format(""))
    said = [
        execute([system, "-m", module, "x.py"], environment(PYTHONWARNINGS="ignore"), cwd=tmp_path).stdout
        for module in ("memory_profiler", "mprofpp")
    ]
    assert without_numbers(said[0]) == without_numbers(said[1]) != ""


KINDS = """
import asyncio, inspect, threading
PROFILE
@profile
async def wait(n):
    kept = bytearray(n << 20)
    await asyncio.sleep(0)
    return kept
@profile
def pages(n):
    for i in range(n):
        block = bytearray(4 << 20)
        got = yield block
    return got
@profile
async def ticks(n):
    for i in range(n):
        yield i
class Thing:
    @classmethod
    @profile
    def make(cls): return cls()
    @profile
    @staticmethod
    def size(n): return bytearray(n << 20)
@profile
def tree(depth):
    here = bytearray(1 << 20)
    return (here, tree(depth - 1)) if depth else here
@profile
def fails():
    raise KeyError("expected")
async def main():
    await asyncio.gather(wait(3), wait(5))
    return [i async for i in ticks(3)]
print(asyncio.run(main()))
made = pages(2)
print(len(next(made)), len(made.send("first")))
try: made.send("last")
except StopIteration as stop: print(stop.value)
print(Thing.make().__class__, len(Thing.size(2)), bool(tree(3)))
thread = threading.Thread(target=tree, args=(1,)); thread.start(); thread.join()
try: fails()
except KeyError as error: print(error)
print(inspect.iscoroutinefunction(wait), tree.__wrapped__.__name__, tree.__qualname__)
""".replace(
    "    return (here, tree(depth - 1)) if depth else here\n",
    "    if depth:\n        return here, tree(depth - 1)\n    return here\n",
)
SAID = """\
[0, 1, 2]
4194304 4194304
last
<class '__main__.Thing'> 2097152 True
'expected'
True tree tree
"""


def printed_by_program(said):
    return [line for line in SAID.splitlines() if line in said.splitlines()]


@interpreters()
def test_every_kind_of_function_stays_what_it_is_and_has_a_table(python, tmp_path):
    source = KINDS.replace("PROFILE", "")
    said = run_script(python, tmp_path, source, "-m", "mprofpp")
    assert said.startswith(SAID)
    wait, pages, ticks, make, size, tree, fails = tables(said)
    assert wait.first[2] == 2 and wait.added(6) == pytest.approx(8, abs=0.6)
    assert pages.first[2] == 1 and pages.counts[12] == 2 and ticks.counts[18] == 3
    assert make.first[2] == size.first[2] == fails.first[2] == 1
    assert size.rows[min(size.rows)] == size.first and size.counts[25] == 1
    assert tree.first[2] == 6 and tree.counts[28] == 6


@interpreters()
def test_an_imported_decorator_prints_a_table_after_each_call(python, tmp_path):
    said = run_script(python, tmp_path, KINDS.replace("PROFILE", IMPORT))
    assert printed_by_program(said) == SAID.splitlines()
    assert len(tables(said)) == 13


def test_a_table_goes_to_the_stream_and_has_the_precision_of_the_decorator(system, tmp_path):
    source = IMPORT + "import sys\n@profile(stream=sys.stderr, precision=4)\ndef f():\n    return 1\nf()\n"
    (tmp_path / "x.py").write_text(source)
    done = execute([system, "x.py"], environment(), cwd=tmp_path)
    assert done.stdout == ""
    amounts = re.findall(r"([\d.]+) MiB", done.stderr)
    assert len(amounts) == 4 and all(len(amount.partition(".")[2]) == 4 for amount in amounts)


WRONG = {
    "profile(3)": "ValueError: Value must be callable",
    "profile(len, backend='nope')": "KeyError: \"there is no backend 'nope'; use one of psutil, psutil_pss",
}


@pytest.mark.parametrize("call", WRONG)
def test_wrong_arguments_of_the_decorator_raise_what_memory_profiler_raises(system, tmp_path, call):
    (tmp_path / "x.py").write_text(f"{IMPORT}{call}\n")
    done = execute([system, "x.py"], environment(), cwd=tmp_path)
    assert done.returncode == 1 and WRONG[call] in done.stderr.splitlines()[-1]


def test_a_function_without_source_gets_one_line_and_runs(system):
    code = IMPORT + "@profile\ndef f(): return 7\nprint(f())"
    done = execute([system, "-c", code], environment())
    assert done.stdout == "7\n" and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("mprofpp: f: its source <string> cannot be found, so it gets no table")


TRACED = """
import sys
events = []
def trace(frame, event, arg):
    if frame.f_code.co_name in ("inner", "outer"): events.append((frame.f_code.co_name, event))
    return trace
from mprofpp.memory_profiler import LineProfiler
prof = LineProfiler()
def inner(): return 1
def outer():
    x = inner()
    return x
def again():
    sys.settrace(trace)
    outer()
    sys.settrace(None)
again()
plain, events[:] = list(events), []
outer_with = prof(outer)
def again():
    sys.settrace(trace)
    outer_with()
    before = sys.gettrace()
    sys.settrace(None)
    return before is trace
print(again(), events == plain, len(events), [row[2] for row in list(prof.code_map.values())[0].values()])
"""


@interpreters()
def test_a_debugger_of_the_program_gets_the_same_events(python, tmp_path):
    assert run_script(python, tmp_path, TRACED) == "True True 7 [1, 1, 1]\n"


COVERED = """
from mprofpp.memory_profiler import profile
def helper(n):
    if n > 2:
        return n
    return -n
@profile
def f(n):
    total = 0
    for i in range(n):
        total += helper(i)
    return total
f(4)
def after():
    return helper(1)
after()
"""


def test_coverage_sees_every_line(system, tmp_path):
    if subprocess.run([system, "-c", "import coverage"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-coverage is not installed")
    (tmp_path / "x.py").write_text(COVERED)
    variables = environment(COVERAGE_FILE=tmp_path / "data")
    done = execute([system, "-m", "coverage", "run", "x.py"], variables, cwd=tmp_path)
    assert tables(done.stdout)[0].counts == {7: 1, 9: 1, 10: 5, 11: 4, 12: 1}
    report = execute(
        [system, "-m", "coverage", "report", "--include", "x.py"], variables, cwd=tmp_path
    ).stdout
    assert report.splitlines()[-1].split()[-1] == "100%"


ABANDONED = """
import gc, weakref
from mprofpp.memory_profiler import LineProfiler
class Big: pass
prof = LineProfiler()
@prof
def pages():
    big = Big()
    seen.append(weakref.ref(big))
    yield 1
    yield 2
seen = []
made = pages()
next(made)
del made
gc.collect()
print(seen[0]() is None)
"""


@interpreters()
def test_what_an_abandoned_generator_refers_to_is_freed(python, tmp_path):
    assert run_script(python, tmp_path, ABANDONED) == "True\n"


CLOSED = """
import os
from mprofpp.memory_profiler import LineProfiler
prof = LineProfiler()
@prof
def close():
    os.closerange(3, 1000)
    fd = os.open(os.devnull, os.O_RDONLY)
    block = bytearray(8 << 20)
    return fd
print(close())
pid = os.fork()
@prof
def child():
    block = bytearray(8 << 20)
    return block
kept = child()
if pid == 0: os._exit(0)
os.waitpid(pid, 0)
for rows in list(prof.code_map.values()): print([round(row[0]) for row in list(rows.values())[1:]])
"""


@interpreters()
def test_a_program_may_close_all_descriptors_and_fork(python, tmp_path):
    assert run_script(python, tmp_path, CLOSED) == "3\n[0, 0, 8, 0]\n[8, 0]\n"


FORKED = """
import os
from mprofpp.memory_profiler import LineProfiler
prof = LineProfiler()
@prof
def grow():
    return bytearray(64 << 20)
big = bytearray(100 << 20)
grow()
if os.fork() == 0:
    del big
    grow()
    rows = list(list(prof.code_map.values())[0].values())
    os._exit(0 if 60 < rows[1][0] - 64 < 68 else 1)
print(os.wait()[1])
"""


@interpreters()
def test_a_forked_child_reads_its_own_memory(python, tmp_path):
    assert run_script(python, tmp_path, FORKED) == "0\n"


COMMANDS = {
    "nosuch.py": (1, "Could not find script nosuch.py"),
    "": (1, "A program to run must be provided. Use -h for help"),
    "--backend nope x.py": (2, "invalid choice: 'nope'"),
    "--pdb-mmem much x.py": (2, "invalid float value: 'much'"),
}


@pytest.mark.parametrize("arguments", COMMANDS)
def test_wrong_usage_of_the_command_is_one_message(system, tmp_path, arguments):
    status, message = COMMANDS[arguments]
    done = execute([system, "-m", "mprofpp", *arguments.split()], environment(), cwd=tmp_path)
    assert done.returncode == status and message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_program_sees_its_normal_main_module_and_keeps_its_status(system, tmp_path):
    source = """
import os, pickle, sys
class A: pass
pickle.loads(pickle.dumps(A()))
print(sys.argv, __name__, sys.modules["__main__"].A is A, os.path.basename(__file__), sys.path[0])
os.chdir("/")
@profile
def f(): return 1
f()
sys.exit(4)
"""
    (tmp_path / "x.py").write_text(source)
    command = [system, "-m", "mprofpp", "-o", "out.txt", "x.py", "--precision", "2"]
    done = execute(command, environment(), cwd=tmp_path)
    assert done.returncode == 4
    assert done.stdout == f"['x.py', '--precision', '2'] __main__ True x.py {tmp_path}\n"
    assert len(tables((tmp_path / "out.txt").read_text())) == 1


def test_a_module_and_a_script_of_the_path_can_be_run(system, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/found.py").write_text("@profile\ndef f(): return 1\nprint(f())\n")
    (tmp_path / "module.py").write_text("@profile\ndef f(): return 2\nprint(f(), __name__)\n")
    path = f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"
    said = run(system, "-m", "mprofpp", "found.py", environment=environment(PATH=path))
    assert said.startswith("1\n") and len(tables(said)) == 1
    said = run(system, "-m", "mprofpp.memory_profiler", "module", cwd=tmp_path)
    assert said.startswith("2 __main__\n") and len(tables(said)) == 1


def test_timestamps_are_lines_of_a_recording(system, tmp_path):
    source = """
@profile
def outer():
    with profile.timestamp("a block"): inner()
@profile
def inner(): return bytearray(9 << 20)
outer()
"""
    said = run_script(system, tmp_path, source, "-m", "mprofpp", "--timestamp")
    calls = {line.split()[1]: line.split() for line in said.splitlines()}
    assert {name: call[6] for name, call in calls.items()} == {
        "__main__.outer": "0", ".a_block": "1", "__main__.inner": "2"
    }  # fmt: skip
    start, end = float(calls["__main__.inner"][3]), float(calls["__main__.inner"][5])
    assert 0 <= end - start and start >= float(calls["__main__.outer"][3])


GROWS = """\
@profile
def grow():
    kept = []
    for i in range(10):
        kept.append(bytearray(20 << 20))
        x = i
    return len(kept)
print(grow())
"""


@interpreters()
def test_pdb_is_entered_at_the_first_profiled_line_at_the_limit(python, tmp_path):
    (tmp_path / "x.py").write_text(GROWS)
    options = {"input": "p i\nup\nc\n", "stdin": None, "cwd": tmp_path}
    done = execute([python, "-m", "mprofpp", "--pdb-mmem", "100", "x.py"], environment(), **options)
    said = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == ""
    assert (
        said[0].endswith("MiB exceeded the maximum of 100.00 MiB") and 100 <= float(said[0].split()[2]) < 121
    )
    assert said[1] == "Stepping into the debugger "
    assert "x.py(6)grow()" in said[2] and said[4].startswith("(Pdb) ")
    assert said[4].split()[1] in ("3", "4") and said[-1].endswith("10")


TRACEMALLOC = """
from mprofpp.memory_profiler import profile
@profile(precision=6, backend="tracemalloc")
def f():
    a = bytearray(3 << 20)
    del a
f()
"""


@interpreters()
def test_tracemalloc_counts_what_the_file_allocates(python, tmp_path):
    (table,) = tables(run_script(python, tmp_path, TRACEMALLOC))
    assert table.added(5) == pytest.approx(3, abs=0.001) == -table.added(6)


def test_a_logger_gets_the_lines_that_add_memory(system, tmp_path):
    source = (
        IMPORT
        + """
import logging, sys
from mprofpp.memory_profiler import LogFile
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(name)s: %(message)s")
@profile(stream=LogFile("log", reportIncrementFlag=True))
def f():
    a = bytearray(9 << 20)
    b = "used 5 MiB"
    del a
f()
"""
    )
    said = run_script(system, tmp_path, source)
    assert "log: Filename: " in said and "Line Contents" in said and "a = bytearray(9 << 20)" in said
    assert "used 5 MiB" not in said and "del a" not in said


def test_the_imports_of_the_package_need_nothing_else(system):
    code = "import sys, mprofpp; print(sorted(name for name in sys.modules if name.startswith('mprofpp')))"
    assert run(system, "-c", code) == "['mprofpp']\n"
    names = "profile, memory_usage, LogFile, show_results, LineProfiler, TimeStamper, choose_backend"
    code = f"import sys; sys.modules['psutil'] = None; from mprofpp.memory_profiler import {names}\n"
    code += "print([choose_backend(), choose_backend('psutil_pss'), memory_usage()[0] > 1])"
    assert run(system, "-c", code) == "['psutil', 'psutil_pss', True]\n"


def test_the_type_hints_of_the_package_are_complete_and_agree(system, tmp_path):
    if subprocess.run([system, "-m", "mypy", "--version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: mypy is not installed")
    assert (PACKAGE / "mprofpp/py.typed").exists()
    allowed = ["--no-warn-unused-ignores", "--ignore-missing-imports", "--allow-untyped-decorators"]
    options = ["--strict", *allowed, "--cache-dir", tmp_path]
    done = execute([system, "-m", "mypy", *options, "mprofpp"], plain_environment(), cwd=PACKAGE)
    assert done.returncode == 0, done.stdout
