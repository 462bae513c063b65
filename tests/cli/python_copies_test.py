"""Functions that are sent around as copies of their code, also to other processes, are marked like the
decorated ones. Most tests run without a recorder and read what the agent reports."""

import subprocess

import pytest

from conftest import unsanitized

from pythons import (  # noqa: F401 (fixtures)
    execute, go, interpreters, levels, plain_environment, python, system, version_of,
)  # fmt: skip

SYSTEM = "/usr/bin/python3"
WORK = (0, "__main__.work")

# `copy_of(function)` returns a function with a copy of its code
COPYING = {
    "marshal": "return FunctionType(marshal.loads(marshal.dumps(function.__code__)), globals(), 'copy')",
    "replace": "return FunctionType(function.__code__.replace(), globals(), 'copy')",
    "assigned": """
        def other(): pass
        other.__code__ = marshal.loads(marshal.dumps(function.__code__))
        return other
    """,
}
BEGINNING = """
import marshal
from types import FunctionType
def copy_of(function):
    {}
"""


def beginning(how="marshal"):
    return BEGINNING.format(COPYING[how].strip().replace("\n    ", "\n"))


@interpreters()
@pytest.mark.parametrize("how", COPYING)
def test_a_copy_is_marked_under_the_name_of_its_original(run, python, how):
    code = beginning(how) + "@profile\ndef work(): return 1\nprint(work() + copy_of(work)())"
    assert levels(run, python, "-c", code) == [WORK, WORK]


KINDS = """
import asyncio
@profile
def work():
    yield 1
    yield 2
print(list(copy_of(work)()))
@profile
async def wait(): await asyncio.sleep(0)
async def main(): await asyncio.gather(copy_of(wait)(), copy_of(wait)())
asyncio.run(main())
class Thing:
    @profile
    def method(self): return 1
    @profile
    def fails(self): raise KeyError
print(copy_of(Thing.method)(None))
try: copy_of(Thing.fails)(None)
except KeyError: print('KeyError')
"""


@interpreters()
def test_copies_of_every_kind_of_function_are_marked(run, python):
    calls = levels(run, python, "-c", beginning() + KINDS)
    names = ["work", "wait", "wait", "Thing.method", "Thing.fails"]
    assert calls == [(0, f"__main__.{name}") for name in names]


NESTED = """
def make(x):
    @profile
    def inner(): return x
    return inner
one = make(1)
copy = FunctionType(marshal.loads(marshal.dumps(one.__code__)), globals(), 'inner', None, one.__closure__)
print(one() + copy())
"""


@interpreters()
def test_a_copy_of_a_function_with_a_closure_is_marked(run, python):
    calls = levels(run, python, "-c", beginning() + NESTED)
    assert calls == [(0, "__main__.make.<locals>.inner")] * 2


# as cloudpickle does: the worker does not have the file in which the function is defined
TO_WORKER = """
import marshal, subprocess, sys
@profile
def work(x): return x + 1
print(work(1))
worker = '''
import marshal, sys
from types import FunctionType
received = marshal.loads(sys.stdin.buffer.read())
if isinstance(received, tuple): received = type((lambda: 0).__code__)(*received)
print(FunctionType(received, {'__name__': '__main__'}, 'received')(1))
'''
code = work.__code__
sent = code if len(sys.argv) == 1 else tuple(getattr(code, name) for name in sys.argv[1:])
sys.stdout.flush()
subprocess.run([sys.executable, '-c', worker], input=marshal.dumps(sent), check=True)
"""
# the arguments of types.CodeType
PARTS = (
    "argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name"
)


def parts(python):
    version = version_of(python)
    middle = "qualname firstlineno" if version >= (3, 11) else "firstlineno"
    lines = "linetable" if version >= (3, 10) else "lnotab"
    end = "exceptiontable freevars cellvars" if version >= (3, 11) else "freevars cellvars"
    return [f"co_{part}" for part in f"{PARTS} {middle} {lines} {end}".split()]


@interpreters()
@pytest.mark.parametrize("way", ["whole", "in parts"])
def test_a_copy_in_a_worker_that_never_runs_the_decorator_is_marked(run, python, way):
    done = go(run, python, "-c", TO_WORKER, *(parts(python) if way == "in parts" else []))
    assert done.stdout == "2\n2\n"
    rings = run.read()
    assert [rings.levels(pid) for pid in rings.events] == [[WORK], [WORK]]


OTHERS = """
def other(): return 1
for text in ('def work(): return [1]', 'def work():\\n  return len([])', '\\ndef work(): return 1'):
    names = {}
    exec(compile(text, '<string>', 'exec'), names)
    copy_of(names['work'])()
copy_of(other)(), FunctionType(other.__code__, globals())()
"""


@interpreters()
def test_functions_that_were_not_decorated_are_not_marked(run, python):
    code = "exec(compile('@profile\\ndef work(): return 1', '<string>', 'exec'))\nwork()"
    assert levels(run, python, "-c", beginning() + code + OTHERS) == [WORK]


WRAPPED = """
import functools
def retry(function):
    @functools.wraps(function)
    def wrapper(): return function()
    return wrapper
@profile
@retry
def one(): return 1
@retry
def two(): return 2
def copy(function):
    code = marshal.loads(marshal.dumps(function.__code__))
    return FunctionType(code, globals(), 'wrapper', None, function.__closure__)
print(one(), copy(two)(), copy(one)())
"""


@interpreters()
def test_a_copy_that_may_be_of_another_function_is_not_marked(run, python):
    assert levels(run, python, "-c", beginning() + WRAPPED) == [(0, "__main__.one")]


@interpreters()
def test_copies_in_a_program_without_marks_need_no_hook(run, python):
    code = beginning() + "def work(): return 1\nprint(copy_of(work)())\nimport sys\n"
    code += "if hasattr(sys, 'monitoring'): print([sys.monitoring.get_tool(i) for i in range(6)])"
    alone = execute([python, "-c", code], plain_environment())
    assert go(run, python, "-c", code).stdout == alone.stdout
    assert [path.name for path in run.folder.iterdir()] == ["bell"]


@interpreters()
def test_an_object_that_is_not_code_is_refused_as_without_a_recorder(run, python):
    code = "@profile\ndef work(): return 1\n"
    for change in ("work.__code__ = 1", "del work.__code__", "FunctionType(1, {})"):
        code += f"try: {change}\nexcept TypeError as error: print(error)\n"
    alone = execute([python, "-c", "profile = lambda f: f\n" + beginning() + code], plain_environment())
    assert alone.returncode == 0 and alone.stdout.count("\n") == 3, alone.stderr
    assert go(run, python, "-c", beginning() + code + "work()").stdout == alone.stdout


@interpreters()
def test_patterns_mark_copies_by_their_names(run, python):
    code = beginning() + WRAPPED.replace("@profile\n", "")
    calls = levels(run, python, "-c", code, trace=["*.wrapper", "*.one"])
    # before 3.11 a copy does not know the function that surrounds its original
    names = {name.replace("retry.<locals>.", "") for _, name in calls}
    assert names == {"__main__.wrapper", "__main__.one"} and len(calls) == 5


@unsanitized
@interpreters()
def test_a_message_says_which_copies_were_not_marked_and_how_to_mark_them(mprofpp, python, tmp_path):
    source = beginning() + WRAPPED.replace("one(), copy(two)(), ", "")
    (tmp_path / "x.py").write_text(source)
    line = 1 + source.splitlines().index("@profile")
    qualified = "retry.<locals>.wrapper" if version_of(python) >= (3, 11) else "wrapper"
    done = mprofpp.record([python, "x.py"])
    assert done.recording.calls == []
    assert [said for said in done.said if "no @profile marks" in said] == [
        f"mprofpp: x.py:{line}: no @profile marks: a decorated function was copied (e.g. pickled) and "
        f"shares its code with others (--trace '*.{qualified}' marks them all)"
    ]
    done = mprofpp.record("--trace", f"*.{qualified}", [python, "x.py"])
    assert [call.name for call in done.recording.calls] == [f"__main__.{qualified}"]


@unsanitized
def test_copies_without_marks_are_reported_even_if_other_functions_are_marked(mprofpp, system, tmp_path):
    (tmp_path / "x.py").write_text(beginning() + WRAPPED)
    done = mprofpp.record([system, "x.py"])
    assert [call.name for call in done.recording.calls] == ["__main__.one"]
    assert done.says("some marks are missing: a decorated function was copied", "--trace '*.", "wrapper'")


JOBLIB = """
from joblib import Parallel, delayed
@profile
def work(i): return i
if __name__ == '__main__': print(Parallel(n_jobs=2)(delayed(work)(i) for i in range(4)))
"""


@unsanitized
def test_workers_of_joblib_are_marked(mprofpp, system, tmp_path):
    if subprocess.run([SYSTEM, "-c", "import joblib"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-joblib is not installed")
    (tmp_path / "x.py").write_text(JOBLIB)
    done = mprofpp.record("-C", [system, "x.py"])
    assert (done.status, done.text) == (0, "[0, 1, 2, 3]\n"), done.err
    calls = done.recording.calls_of("__main__.work")
    assert len(calls) == 4 and done.recording.processes[0].pid not in {call.pid for call in calls}
