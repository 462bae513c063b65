"""memory_profiler prints its line tables as without a recorder, and the functions it profiles are marked."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import unsanitized

from pythons import (  # noqa: F401 (fixtures)
    execute, go, interpreters, plain_environment, python, system,
)  # fmt: skip
from sources import source_of

REAL = pathlib.Path("/usr/lib/python3/dist-packages/memory_profiler.py")
# the part of psutil that it uses, for interpreters that have none
PSUTIL = """
import collections
Memory = collections.namedtuple("Memory", "rss")
class Process:
    def __init__(self, pid): pass
    def memory_info(self):
        with open("/proc/self/statm") as file: return Memory(int(file.read().split()[1]) * 4096)
"""


@pytest.fixture
def folder(tmp_path):
    """The folder in which the program runs. It contains the real memory_profiler."""
    if not REAL.exists():
        pytest.skip("SKIP: python3-memory-profiler is not installed")
    shutil.copy(REAL, tmp_path)
    (tmp_path / "psutil.py").write_text(PSUTIL)
    return tmp_path


def without_numbers(text):
    """Replaces amounts of memory, which differ between runs, but not the number of executions of a line."""
    return re.sub(r" +-?\d+\.\d+ MiB", lambda number: f"[{len(number[0])}]", text)


def check(run, command, folder):
    """Runs the command with and without the agent. Returns what it printed, and the calls."""
    options = {"cwd": folder}
    environment = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    alone = execute(command, plain_environment() | environment, **options)
    files = texts_in(folder)
    ours = go(run, *command, status=alone.returncode, environment=environment, **options)
    assert (without_numbers(ours.stdout), ours.stderr) == (without_numbers(alone.stdout), alone.stderr)
    assert texts_in(folder) == files
    rings = run.read()
    return alone.stdout, rings.levels(rings.only())


def texts_in(folder):
    """Returns the tables that were written to files, and removes the files for the next run."""
    texts = {path.name: without_numbers(path.read_text()) for path in folder.glob("*.table")}
    for name in texts:
        (folder / name).unlink()
    return texts


FUNCTIONS = """
{decorator}
def load(n):
    data = bytearray(n << 20)
    for i in range(3):
        data[i] = i
    return fill(data)
{decorator}
def fill(data):
    return len(data)
print(load(5))
"""
CALLS = [(0, "__main__.load"), (1, "__main__.fill")]
HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents"
BY_IMPORT = {
    "plain": "@profile",
    "precision": "@profile(precision=4)",
    "stream": "@profile(stream=open('load.table', 'a'))",
    "backend": "@profile(backend='tracemalloc')",
    "module": "@memory_profiler.profile",
}


@interpreters()
@pytest.mark.parametrize("way", BY_IMPORT)
def test_an_imported_decorator_prints_its_table_and_marks(run, python, folder, way):
    source = "import memory_profiler\nfrom memory_profiler import profile\n"
    (folder / "x.py").write_text(source + FUNCTIONS.format(decorator=BY_IMPORT[way]))
    said, calls = check(run, [python, "x.py"], folder)
    assert said.count(HEADER) == (0 if way == "stream" else 2)
    assert calls == CALLS


COMMANDS = {
    "a script": ["x.py"],
    "a module": ["x"],
    "with options": ["--precision", "5", "-o", "all.table", "x.py"],
}


@interpreters()
@pytest.mark.parametrize("command", COMMANDS)
def test_memory_profiler_as_the_main_program_prints_its_table_and_marks(run, python, folder, command):
    (folder / "x.py").write_text(FUNCTIONS.format(decorator="@profile"))
    said, calls = check(run, [python, "-m", "memory_profiler", *COMMANDS[command]], folder)
    assert said.count(HEADER) == (0 if command == "with options" else 2)
    assert calls == CALLS


KINDS = """
import asyncio
from memory_profiler import profile
@profile
async def wait():
    await asyncio.sleep(0)
    return inner()
def make(n):
    @profile
    def nested():
        return n
    return nested
class Thing:
    @profile
    def method(self):
        raise KeyError(self.__class__.__name__)
def inner():
    return make(3)()
async def main(): return await wait()
print(asyncio.run(main()), wait.__name__, make(1)(), make(1).__qualname__, Thing.method.__module__)
try: Thing().method()
except KeyError as error: print(error)
"""


@interpreters()
def test_every_kind_of_function_has_its_table_and_marks(run, python, folder):
    (folder / "x.py").write_text(KINDS)
    said, calls = check(run, [python, "x.py"], folder)
    nested = "__main__.make.<locals>.nested"
    assert said.count(HEADER) == 3
    assert calls == [(0, "__main__.wait"), (1, nested), (0, nested), (0, "__main__.Thing.method")]


@interpreters()
def test_the_module_looks_the_same_as_without_a_recorder(run, python, folder):
    code = """
import inspect, memory_profiler, pickle
from memory_profiler import memory_usage, profile
print(profile, inspect.signature(profile), profile.__module__, pickle.loads(pickle.dumps(profile)) is profile)
print(sorted(vars(memory_profiler)), inspect.getsource(profile))
@profile
def f(): pass
f()
print(f.__wrapped__.__code__.co_name)
""".replace(
        "print(profile,", "print(type(profile),"
    )
    (folder / "x.py").write_text(code)
    _, calls = check(run, [python, "x.py"], folder)
    assert calls == [(0, "__main__.f")]


@interpreters()
def test_other_code_that_reads_the_code_of_a_function_marks_nothing(run, python, folder):
    code = """
import memory_profiler, inspect
@memory_profiler.profile
def f(): pass
def other(): pass
print(other.__code__.co_name, inspect.signature(other), inspect.getsourcefile(other) is not None)
f(), other()
"""
    (folder / "x.py").write_text(code)
    _, calls = check(run, [python, "x.py"], folder)
    assert calls == [(0, "__main__.f")]


# as its Makefile runs them, without those that start mprof. A script that uses `profile` without an import
# needs memory_profiler as the main program: without it, the script fails alone and works under a recorder.
SCRIPTS = {
    "-m memory_profiler": ["func", "loop", "mprofile", "as", "global", "precision_command_line", "gen",
                           "unicode", "loop_decorated", "nested"],
    "": ["tracemalloc", "import", "memory_usage", "precision_import", "exception", "exit_code", "async",
         "attributes", "increment_display", "stream_unicode"],
}  # fmt: skip
CASES = [(options, script) for options, scripts in SCRIPTS.items() for script in scripts]


@unsanitized
@pytest.mark.parametrize("options, script", CASES, ids=lambda value: value or "alone")
def test_the_tests_of_memory_profiler_exit_with_the_same_status(mprofpp, system, tmp_path, options, script):
    if subprocess.run([system, "-c", "import psutil"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-psutil is not installed")
    shutil.copytree(source_of("python-memory-profiler", "--upstream"), tmp_path / "sources")
    where = {"cwd": tmp_path / "sources", "env": os.environ | {"PYTHONPATH": str(tmp_path / "sources")}}
    command = [system, *options.split(), f"test/test_{script}.py"]
    alone = subprocess.run(command, capture_output=True, check=False, **where)
    done = mprofpp.record(command, **where)
    assert done.status == alone.returncode
    assert without_numbers(done.text) == without_numbers(alone.stdout.decode())
