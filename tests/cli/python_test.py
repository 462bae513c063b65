"""Marks of Python functions: every interpreter that is here, every way to start it, every way to decorate.
No recorder: what is looked at is what the agent tells."""

import collections
import os
import pathlib
import subprocess

import pytest

from conftest import needs

from pythons import (  # noqa: F401 (fixtures)
    PACKAGE, PROGRAMS, execute, go, interpreters, levels, plain_environment, python, system, version_of,
)  # fmt: skip
from ring import ENTER, INHERITED, LEAVE, MARK, RAISED

THREAD, GREENLET, TASK = range(3)

EVERYTHING = [
    (0, "__main__.plain"),
    (0, "__main__.recursive"),
    (1, "__main__.recursive"),
    (2, "__main__.recursive"),
    (3, "__main__.recursive"),
    (0, "__main__.raising"),
    (0, "__main__.Thing.made"),
    (0, "__main__.Thing.method"),
    (1, "__main__.plain"),
    (0, "__main__.Thing.static"),
    (0, "__main__.Thing.value"),
    (0, "__main__.counting"),
    (0, "__main__.several"),
    (0, "__main__.outer"),
    (1, "__main__.inner"),
    (0, "__main__.outer"),
    (1, "__main__.inner"),
    (0, "__main__.plain"),
    (0, "load data"),
    (1, "__main__.plain"),
]


@interpreters()
def test_functions_of_every_kind_are_marked(run, python):
    assert levels(run, python, PROGRAMS / "everything.py") == EVERYTHING


@interpreters()
def test_a_marked_program_prints_the_same_as_without_a_recorder(run, python):
    alone = execute(
        [
            python,
            "-c",
            f"import builtins, sys; sys.path.insert(0, {str(PACKAGE)!r})\n"
            "import mprofpp; builtins.profile = mprofpp.profile\n"
            f"exec(compile(open({str(PROGRAMS / 'everything.py')!r}).read(), 'x', 'exec'))",
        ],
        plain_environment(),
    )
    assert alone.returncode == 0, alone.stderr
    assert go(run, python, PROGRAMS / "everything.py").stdout == alone.stdout


@interpreters()
def test_the_flag_tells_which_calls_were_left_by_an_exception(run, python):
    go(run, python, PROGRAMS / "everything.py")
    rings = run.read()
    ends = [event for event in rings.events[rings.only()] if event.kind == LEAVE]
    assert {event.name for event in ends if event.flags & RAISED} == {"__main__.raising"}


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
    assert [level for level, _ in rings.levels(pid)] == [0] * 9, "what is suspended is around nothing"
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
def test_the_active_time_of_a_coroutine_leaves_out_what_it_waited(run, python):
    go(run, python, "-c", ACTIVE)
    rings = run.read()
    begin, end = rings.events[rings.only()]
    assert 0.04e9 <= end.active <= end.time - begin.time - 0.19e9


BY_IMPORT = {
    "memory_profiler": "from memory_profiler import profile\n",
    "memory_profiler as a module": "import memory_profiler\nprofile = memory_profiler.profile\n",
    "mprofpp": "from mprofpp import profile\n",
    "a builtin": "",
}


@interpreters()
@pytest.mark.parametrize("way", BY_IMPORT)
def test_profile_is_the_same_wherever_it_comes_from(run, python, way):
    code = "@profile\ndef f(): return 1\n@profile(precision=4)\ndef g(): return f()\nprint(g())"
    done = go(run, python, "-c", BY_IMPORT[way] + code)
    assert (done.stdout, done.stderr) == ("1\n", "")
    rings = run.read()
    assert rings.levels(rings.only()) == [(0, "__main__.g"), (1, "__main__.f")]


def test_the_real_memory_profiler_keeps_all_but_its_decorator(run, system):
    code = (
        "import memory_profiler\nfrom memory_profiler import profile, memory_usage\n"
        "@profile\ndef f(): pass\nf(); print(memory_profiler.__file__, len(memory_usage((len, ('x',)))) > 0)"
    )
    done = execute([system, "-c", "import memory_profiler"], plain_environment())
    if done.returncode != 0:
        pytest.skip("SKIP: python3-memory-profiler is not installed")
    done = go(run, system, "-c", code)
    assert done.stdout.endswith("memory_profiler.py True\n")
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")]


@interpreters()
def test_a_broken_memory_profiler_breaks_as_without_us(run, python, tmp_path):
    (tmp_path / "memory_profiler.py").write_text("import no_such_module\n")
    done = go(run, python, "-c", "import memory_profiler", status=1, cwd=tmp_path)
    assert "No module named 'no_such_module'" in done.stderr


@interpreters()
def test_the_standard_library_module_called_profile_still_imports(run, python):
    assert go(run, python, "-c", "import profile; print(profile.__name__)").stdout == "profile\n"


TRACED = """
def decorate(function):
    def wrapper(*arguments): return function(*arguments)
    return wrapper
class Outer:
    def method(self):
        def nested(): return [x for x in range(3)]
        return nested()
    @staticmethod
    def static(): return (lambda: 1)()
    class Inner:
        def deep(self): return {k: 1 for k in 'ab'}
    @property
    def value(self): return 1
@decorate
def registered(): pass
Outer().method(), Outer.static(), Outer.Inner().deep(), Outer().value, registered()
"""
TRACED_CALLS = [
    (0, "__main__.decorate"),
    (0, "__main__.Outer.method"),
    (1, "__main__.Outer.method.<locals>.nested"),
    (0, "__main__.Outer.static"),
    (0, "__main__.Outer.Inner.deep"),
    (0, "__main__.Outer.value"),
    (0, "__main__.decorate.<locals>.wrapper"),
    (1, "__main__.registered"),
]


@interpreters()
def test_patterns_mark_functions_of_unmodified_source(run, python):
    assert levels(run, python, "-c", TRACED, trace=["__main__.*"]) == TRACED_CALLS


@interpreters()
def test_patterns_select_and_leave_out(run, python):
    options = {"trace": ["*.Outer.*", "*.decorate"], "no_trace": ["*.static", "*.Inner.*"]}
    assert levels(run, python, "-c", TRACED, **options) == [
        (0, "__main__.decorate"),
        (0, "__main__.Outer.method"),
        (1, "__main__.Outer.method.<locals>.nested"),
        (0, "__main__.Outer.value"),
    ]


@interpreters()
def test_a_function_that_ran_before_it_was_decorated_is_marked(run, python):
    code = "def f(): pass\nf()\ng = profile(f)\nassert g is f\nf()"
    assert levels(run, python, "-c", code, trace=["nothing.*"]) == [(0, "__main__.f")]


@interpreters()
def test_functions_that_share_their_code_keep_their_own_names(run, python):
    code = """
import functools
def decorate(function):
    @functools.wraps(function)
    def wrapper(): return function()
    return wrapper
@profile
@decorate
def one(): pass
@decorate
def two(): pass
@profile
@decorate
def three(): pass
one(), two(), three()
"""
    assert levels(run, python, "-c", code) == [(0, "__main__.one"), (0, "__main__.three")]


@interpreters()
def test_a_program_without_marks_is_left_alone(run, python):
    code = """
import sys
assert not any('mprofpp' in repr(finder) for finder in sys.meta_path)
print(sys.argv, sys.path[0], sorted(vars()))
monitoring = getattr(sys, 'monitoring', None)
print([monitoring.get_tool(i) for i in range(6)] if monitoring else None)
"""
    alone = execute([python, "-c", code, "a", "-b"], plain_environment())
    assert go(run, python, "-c", code, "a", "-b").stdout == alone.stdout
    assert [path.name for path in run.folder.iterdir()] == ["bell"]


DEEP = """
import sys, threading
sys.setrecursionlimit(10**6)
@profile
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)
def unmarked(n): return 0 if n == 0 else 1 + unmarked(n - 1)
n = {depth}
print(unmarked(n), deep(n))
thread = threading.Thread(target=lambda: print(unmarked(n // 10)))
thread.start(); thread.join()
sys.setrecursionlimit(500)
try: deep(1000)
except RecursionError: print('RecursionError')
print(deep(1))
"""


@interpreters()
def test_a_recursion_goes_as_deep_as_without_us(run, python):
    is_on_c_stack = version_of(python) < (3, 11)
    code = DEEP.format(depth=10_000 if is_on_c_stack else 100_000)
    alone = execute([python, "-c", "profile = lambda f: f\n" + code], plain_environment())
    assert alone.returncode == 0, alone.stderr
    assert go(run, python, "-c", code).stdout == alone.stdout
    rings = run.read()
    assert [name for level, name in rings.levels(rings.only()) if level == 0] == ["__main__.deep"] * 3


MODULE = "@profile\ndef f(): pass\nif __name__ == '__main__': f()\n"


def start_as_file(python, folder):
    return [python, folder / "program.py"]


def start_executable(python, folder):
    path = folder / "program.py"
    path.write_text(f"#!{python}\n{MODULE}")
    path.chmod(0o755)
    return ["./program.py"]


def start_by_name(python, folder):
    return ["env", f"PATH={os.path.dirname(python)}:/usr/bin:/bin", "python3", folder / "program.py"]


def start_module(python, folder):
    return [python, "-m", "package"]


def start_command(python, folder):
    return [python, "-c", MODULE]


def start_isolated(python, folder):
    return [python, "-I", "-S", "-E", folder / "program.py"]


def start_from_stdin(python, folder):
    return ["sh", "-c", f"{python} < {folder}/program.py"]


def start_in_empty_environment(python, folder):
    return ["env", "-i", python, folder / "program.py"]


def start_from_python(python, folder):
    code = f"import subprocess; subprocess.run([{python!r}, 'program.py'], env={{}}, check=True)"
    return [python, "-c", code]


def start_by_exec(python, folder):
    return [python, "-c", f"import os; os.execv({python!r}, ['python', 'program.py'])"]


def start_in_venv(python, folder):
    subprocess.run([python, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    return [folder / "venv/bin/python", folder / "program.py"]


STARTS = [
    start_as_file, start_executable, start_by_name, start_module, start_command, start_isolated,
    start_from_stdin, start_in_empty_environment, start_from_python, start_by_exec, start_in_venv,
]  # fmt: skip


@interpreters()
@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
def test_marks_come_however_the_interpreter_is_started(run, python, tmp_path, start):
    (tmp_path / "program.py").write_text(MODULE)
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__main__.py").write_text(MODULE)
    assert levels(run, *start(python, tmp_path), cwd=tmp_path) == [(0, "__main__.f")]


WORKERS = """
import multiprocessing, os, sys
@profile
def work(x): return x
if __name__ == '__main__':
    method = sys.argv[1]
    if method == 'executor':
        from concurrent.futures import ProcessPoolExecutor
        with ProcessPoolExecutor(1) as pool: print(list(pool.map(work, [1, 2])))
    elif method == 'os.fork':
        pid = os.fork()
        if pid == 0:
            work(1); work(2)
            os._exit(0)
        os.waitpid(pid, 0)
        print([1, 2])
    else:
        context = multiprocessing.get_context(method)
        queue = context.SimpleQueue()
        workers = [context.Process(target=work, args=(x,)) for x in (1, 2)]
        for worker in workers: worker.start()
        for worker in workers: worker.join()
        print([1, 2])
"""


@interpreters()
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver", "executor", "os.fork"])
def test_workers_are_marked_under_the_names_of_their_program(run, python, tmp_path, method):
    (tmp_path / "program.py").write_text(WORKERS)
    assert go(run, python, "program.py", method, cwd=tmp_path).stdout == "[1, 2]\n"
    rings = run.read()
    calls = [call for pid in rings.events for call in rings.levels(pid)]
    assert calls == [(0, "__main__.work")] * 2


@interpreters()
def test_a_child_knows_the_call_it_was_forked_in(run, python):
    code = "import os\n@profile\ndef serve():\n if os.fork() == 0: os._exit(0 if own() else 1)\n os.wait()\n"
    go(run, python, "-c", code + "@profile\ndef own(): return True\nserve()")
    rings = run.read()
    told = {pid: [(e.kind, e.name) for e in events] for pid, events in rings.events.items()}
    serve, own = "__main__.serve", "__main__.own"
    assert sorted(told.values()) == [
        [(ENTER, serve), (ENTER, own), (LEAVE, own)],
        [(ENTER, serve), (LEAVE, serve)],
    ]
    (child,) = (pid for pid, events in told.items() if len(events) == 3)
    assert rings.events[child][0].flags & INHERITED
    assert rings.events[child][1].active == rings.events[child][0].call, "it is within what it inherited"


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
def test_a_block_of_one_task_is_not_around_what_others_do(run, python):
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
def test_a_coroutine_that_goes_on_is_still_in_its_blocks(run, python):
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
def test_a_block_of_a_suspended_generator_is_not_around_what_its_reader_does(run, python):
    calls = levels(run, python, "-c", BLOCKS_OF_GENERATORS)
    load = "__main__.load"
    assert calls == [(0, "__main__.numbers"), (1, "block"), (0, load), (2, load)]


@interpreters()
def test_profile_can_be_asked_for_its_signature(run, python):
    code = "import inspect; print(inspect.signature(profile))"
    assert go(run, python, "-c", code).stdout == "(func=None, stream=None, precision=1)\n"


@interpreters()
def test_a_tracer_does_not_see_how_tasks_are_told_apart(run, python):
    code = "import asyncio, sys\n@profile\nasync def f(): pass\nseen = set()\n"
    code += "def tracer(frame, *_): seen.add(frame.f_code.co_name)\n"
    code += "async def main():\n sys.settrace(tracer)\n await f()\n sys.settrace(None)\n"
    assert go(run, python, "-c", code + "asyncio.run(main()); print(sorted(seen))").stdout == "['f']\n"


@interpreters(first=(3, 12))
def test_other_users_of_monitoring_are_not_disturbed(run, python):
    code = """
import sys
monitoring = sys.monitoring
seen = []
for tool in (0, 1, 2, 4): monitoring.use_tool_id(tool, f'tool {tool}')
monitoring.register_callback(1, monitoring.events.PY_START, lambda code, at: seen.append(code.co_name))
monitoring.set_events(1, monitoring.events.PY_START)
@profile
def f(): pass
f(); f(); monitoring.restart_events(); f()
monitoring.set_events(1, 0)
print(seen, monitoring.get_tool(4))
"""
    done = go(run, python, "-c", code)
    assert done.stdout == "['f', 'f', 'f'] tool 4\n"
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")] * 3


@interpreters(first=(3, 12))
def test_functions_are_wrapped_where_all_tools_are_taken(run, python):
    code = "import sys\nfor i in (3, 4, 5): sys.monitoring.use_tool_id(i, 'x')\n"
    code += "@profile\ndef f(): pass\nf()"
    assert levels(run, python, "-c", code) == [(0, "__main__.f")]


@interpreters()
def test_a_debugger_stops_in_a_marked_function(run, python, tmp_path):
    code = "@profile\ndef f():\n    x = 41\n    breakpoint()\n    return x\nf()\n"
    (tmp_path / "program.py").write_text(code)
    done = go(run, python, "program.py", input="p x + 1\nc\n", stdin=None, cwd=tmp_path)
    assert "42" in done.stdout
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")]


@interpreters()
def test_a_decorated_thing_that_is_no_function_comes_back_as_it_is(run, python):
    code = """
from functools import partial
p = partial(len)
assert profile(len) is len and profile(p) is p
try: profile(3)
except ValueError as error: print(error)
"""
    assert go(run, python, "-c", code).stdout == "Value must be callable\n"


@interpreters()
def test_the_package_by_itself_marks_nothing_and_changes_nothing(python, tmp_path):
    code = """
from mprofpp import mark, profile, timestamp
def f(): return 1
assert profile(f) is f and profile(precision=4)(f) is f and profile()(f) is f
with profile.timestamp('a'), timestamp('b'): mark('c')
print(f())
"""
    environment = plain_environment() | {"PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1"}
    done = execute([python, "-c", code], environment, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("1\n", "")


LINES = """
import sys, os
seen = []
def tracer(frame, event, argument):
    if frame.f_code.co_filename == '<string>': seen.append((event, frame.f_lineno))
    return tracer
def numbers():
    for i in range(2):
        yield i
@profile
def f(n):
    try:
        return sum(numbers()) // n
    except ZeroDivisionError:
        return None
marked = profile(numbers)
sys.settrace(tracer)
f(1); f(0); it = marked(); next(it); it.close()
sys.settrace(None)
print(seen)
"""


@interpreters()
def test_a_tracer_sees_the_same_lines(run, python):
    alone = execute([python, "-c", "profile = lambda f: f\n" + LINES.lstrip("\n")], plain_environment())
    assert alone.returncode == 0, alone.stderr
    ours = go(run, python, "-c", "\n" + LINES.lstrip("\n"))
    assert ours.stdout == alone.stdout and "exception" in ours.stdout
    assert len(run.read().levels(run.read().only())) == 5


EMBEDDING = """
void Py_Initialize(void);
int PyRun_SimpleString(const char*);
int Py_FinalizeEx(void);
int main(void) {
  Py_Initialize();
  int failed = PyRun_SimpleString("@profile\\ndef f(): pass\\nf()\\n");
  return Py_FinalizeEx() || failed;
}
"""
# as servers do it: loaded when it is wanted, and the source run without a word to audit hooks
LOADING = """
#include <dlfcn.h>
#include <stdlib.h>
int main(int count, char** words) {
  void* python = dlopen(words[1], RTLD_NOW | (count == 2 ? RTLD_LOCAL : RTLD_GLOBAL));
  if (!python || dlerror()) return 1;
  ((void (*)(void))dlsym(python, "Py_Initialize"))();
  void* (*compile)(const char*, const char*, int) = dlsym(python, "Py_CompileString");
  void* (*import)(const char*, void*) = dlsym(python, "PyImport_ExecCodeModule");
  void* module = import("app", compile("@profile\\ndef f(): pass\\nf()\\n", "app.py", 257));
  return ((int (*)(void))dlsym(python, "Py_FinalizeEx"))() || !module;
}
"""


@pytest.fixture
def library(python):
    needs("gcc")
    version = "".join(pathlib.Path(python).resolve().name.partition("3")[1:])
    folder = home_of(python) / "lib"
    found = [*folder.glob(f"libpython{version}.so.1.0"), *folder.glob(f"*/libpython{version}.so.1.0")]
    if not found:
        pytest.skip(f"SKIP: {folder} has no shared libpython to embed")
    return found[0]


def home_of(python):
    return pathlib.Path(python).resolve().parents[1]


def embed(run, python, folder, source, *arguments, flags=()):
    (folder / "main.c").write_text(source)
    built = execute(["gcc", folder / "main.c", "-o", folder / "main", *flags], plain_environment())
    assert built.returncode == 0, built.stderr
    home = {"PYTHONHOME": str(home_of(python))}
    done = execute([folder / "main", *arguments], run.environment(**home))
    assert done.returncode == 0, done.stderr
    return run.read().levels(run.read().only())


@interpreters()
def test_a_program_that_embeds_python_is_marked(run, python, library, tmp_path):
    flags = [f"-Wl,-rpath,{library.parent}", library]
    assert embed(run, python, tmp_path, EMBEDDING, flags=flags) == [(0, "__main__.f")]


@interpreters()
@pytest.mark.parametrize("names", [[], ["known to all"]], ids=["local", "global"])
def test_a_program_that_loads_python_when_it_wants_it_is_marked(run, python, library, tmp_path, names):
    assert embed(run, python, tmp_path, LOADING, library, *names) == [(0, "app.f")]


@interpreters()
def test_workers_of_a_server_are_marked_after_the_interpreter_closed_its_files(run, python):
    code = "import os\n@profile\ndef f(): pass\nf()\nos.closerange(3, 4096)\nf()\n"
    go(run, python, "-c", code + "if os.fork() == 0: f(); os._exit(0)\nos.wait()")
    rings = run.read()
    assert sorted(len(rings.levels(pid)) for pid in rings.events) == [1, 2]


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


@interpreters()
@pytest.mark.parametrize("flags", [["-X", "dev"], ["-X", "faulthandler"], ["-O"]], ids=" ".join)
def test_interpreters_with_other_allocators_end_well(run, python, flags):
    done = go(run, python, *flags, "-c", MODULE)
    assert done.stderr == ""
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")]
