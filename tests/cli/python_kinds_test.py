"""Marks of every kind of Python function, and every way to select functions: decorators, wherever they are
imported from, and patterns. The tests run with every installed interpreter and without a recorder, and read
what the agent reports."""

import pytest

from pythons import (  # noqa: F401 (fixtures)
    PACKAGE, PROGRAMS, execute, go, interpreters, levels, plain_environment, python, version_of,
)  # fmt: skip
from ring import LEAVE, RAISED

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
def test_every_kind_of_function_is_marked(run, python):
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
def test_a_flag_shows_which_calls_were_left_by_an_exception(run, python):
    go(run, python, PROGRAMS / "everything.py")
    rings = run.read()
    ends = [event for event in rings.events[rings.only()] if event.kind == LEAVE]
    assert {event.name for event in ends if event.flags & RAISED} == {"__main__.raising"}


BY_IMPORT = {
    "memory_profiler": "from memory_profiler import profile\n",
    "memory_profiler as a module": "import memory_profiler\nprofile = memory_profiler.profile\n",
    "mprofpp": "from mprofpp import profile\n",
    "a builtin": "",
}
# hides the packages of the system; python_memory_profiler_test.py tests the real memory_profiler
ALONE = ["-S"]


@interpreters()
@pytest.mark.parametrize("way", BY_IMPORT)
def test_profile_is_the_same_wherever_it_comes_from(run, python, way):
    code = "@profile\ndef f(): return 1\n@profile(precision=4)\ndef g(): return f()\nprint(g())"
    done = go(run, python, *ALONE, "-c", BY_IMPORT[way] + code)
    assert (done.stdout, done.stderr) == ("1\n", "")
    rings = run.read()
    assert rings.levels(rings.only()) == [(0, "__main__.g"), (1, "__main__.f")]


@interpreters()
def test_profile_may_be_used_as_the_switch_that_it_is_in_memory_profiler(run, python):
    code = "@profile\ndef f(): return 1\nprofile.enable_by_count()\nf()\nprofile.disable_by_count()\n"
    code += "with profile as same:\n    f()\nprint(same is profile)"
    done = go(run, python, *ALONE, "-c", code)
    assert (done.stdout, done.stderr) == ("True\n", "")
    rings = run.read()
    assert rings.levels(rings.only()) == [(0, "__main__.f"), (0, "__main__.f")]


@interpreters()
def test_a_broken_memory_profiler_fails_as_without_a_recorder(run, python, tmp_path):
    (tmp_path / "memory_profiler.py").write_text("import no_such_module\n")
    done = go(run, python, "-c", "import memory_profiler", status=1, cwd=tmp_path)
    assert "No module named 'no_such_module'" in done.stderr


@interpreters()
def test_the_profile_module_of_the_standard_library_can_still_be_imported(run, python):
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
def test_patterns_select_and_exclude_functions(run, python):
    options = {"trace": ["*.Outer.*", "*.decorate"], "no_trace": ["*.static", "*.Inner.*"]}
    assert levels(run, python, "-c", TRACED, **options) == [
        (0, "__main__.decorate"),
        (0, "__main__.Outer.method"),
        (1, "__main__.Outer.method.<locals>.nested"),
        (0, "__main__.Outer.value"),
    ]


@interpreters()
def test_a_function_that_was_called_before_it_was_decorated_is_marked(run, python):
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
def test_a_recursion_goes_as_deep_as_without_a_recorder(run, python):
    is_on_c_stack = version_of(python) < (3, 11)
    code = DEEP.format(depth=10_000 if is_on_c_stack else 100_000)
    alone = execute([python, "-c", "profile = lambda f: f\n" + code], plain_environment())
    assert alone.returncode == 0, alone.stderr
    assert go(run, python, "-c", code).stdout == alone.stdout
    rings = run.read()
    assert [name for level, name in rings.levels(rings.only()) if level == 0] == ["__main__.deep"] * 3


@interpreters()
def test_profile_can_be_pickled_like_a_function(run, python):
    code = "import pickle, mprofpp; print(pickle.loads(pickle.dumps(profile)) is profile is mprofpp.profile)"
    assert go(run, python, "-c", code).stdout == "True\n"


@interpreters()
def test_profile_has_a_signature(run, python):
    code = "import inspect; print(inspect.signature(profile))"
    assert go(run, python, "-c", code).stdout == "(func=None, stream=None, precision=1)\n"


@interpreters()
def test_a_decorated_object_that_is_not_a_function_is_returned_unchanged(run, python):
    code = """
from functools import partial
p = partial(len)
assert profile(len) is len and profile(p) is p
try: profile(3)
except ValueError as error: print(error)
"""
    assert go(run, python, "-c", code).stdout == "Value must be callable\n"
