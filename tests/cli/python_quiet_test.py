"""A marked program behaves as without a recorder: its output and its status are exactly the same."""

import re

import pytest

from conftest import BUILD, unsanitized

from pythons import (  # noqa: F401 (fixtures)
    PACKAGE, PROGRAMS, execute, go, interpreters, plain_environment, python, system,
)  # fmt: skip

QUIET = sorted((PROGRAMS / "quiet").glob("*.py"))
WAYS = {"decorated": [], "traced": ["*"]}


# both runs use our package, in which `profile` is the identity without the agent
SAME = {"PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "1"}


def outcome(done):
    return done.returncode, done.stdout, done.stderr


def check(run, command, trace, **options):
    """Runs the command with and without the agent. Returns the result, which is the same."""
    alone = execute(command, plain_environment() | SAME, **options)
    ours = go(run, *command, trace=trace, status=alone.returncode, environment=SAME, **options)
    assert outcome(ours) == outcome(alone)
    return alone


@interpreters()
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("program", QUIET, ids=lambda path: path.stem)
def test_a_marked_program_does_the_same(run, python, program, way):
    check(run, [python, program, "an", "--argument"], WAYS[way])


@interpreters(first=(3, 9))
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("order", ["before", "after"])
def test_another_hook_for_evaluating_frames_sees_the_same(run, python, order, way):
    evaluator = BUILD / "tests/programs/evaluator.so"
    check(run, [python, PROGRAMS / "evaluated.py", evaluator, order], WAYS[way])
    rings = run.read()
    names = [name for _, name in rings.levels(rings.only())]
    assert names.count("__main__.everything") >= 2 and names.count("__main__.recursive") >= 2 * 21


COVERED = [PROGRAMS / "quiet" / name for name in ("asynchronous.py", "names.py", "tracebacks.py")]
TRACERS = {"in C": [], "in Python": ["--timid"], "of branches": ["--branch"]}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tracer", TRACERS)
@pytest.mark.parametrize("program", COVERED, ids=lambda path: path.stem)
def test_coverage_finds_the_same_lines(run, system, tmp_path, program, tracer, way):
    coverage = [system, "-m", "coverage"]
    if execute([*coverage, "--version"], plain_environment()).returncode != 0:
        pytest.skip("SKIP: python3-coverage is not installed")
    command = [*coverage, "run", "--data-file", "data", *TRACERS[tracer], program]
    report = [*coverage, "report", "-m", "--data-file", "data", "--include", program]
    alone = execute(command, plain_environment() | SAME, cwd=tmp_path)
    expected = execute(report, plain_environment(), cwd=tmp_path).stdout
    (tmp_path / "data").unlink()
    ours = go(run, *command, trace=WAYS[way], status=alone.returncode, environment=SAME, cwd=tmp_path)
    assert outcome(ours) == outcome(alone)
    found = execute(report, plain_environment(), cwd=tmp_path).stdout
    assert found == expected and program.name in found


PICKLING = """
import dataclasses, pickle, sys
@dataclasses.dataclass
class Point:
    x: int
    @profile
    def moved(self): return Point(self.x + 1)
print(sys.modules['__main__'].__file__, __name__, sys.argv[1:], pickle.loads(pickle.dumps(Point(1).moved())))
"""
TESTS = """
import sys
from mprofpp import profile
@profile
def double(x): return 2 * x
def test_double(): assert double(2) == 4
def test_fails(): assert double(2) == 5
def test_is_not_reached(): assert False
"""
STARTS = {
    "as a file": ["program.py", "-x"],
    "as a module": ["-m", "package", "-x"],
    # prints all durations, so that the number of lines does not depend on them
    "by pytest": ["-m", "pytest", "-x", "-vv", "-p", "no:cacheprovider", "--durations=0", "test_it.py"],
}


@unsanitized
@pytest.mark.parametrize("start", STARTS)
def test_a_recorded_program_sees_its_normal_main(mprofpp, system, tmp_path, start):
    (tmp_path / "package").mkdir()
    for path in ("program.py", "package/__main__.py"):
        (tmp_path / path).write_text(f"from mprofpp import profile\n{PICKLING}")
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [system, *STARTS[start]]
    environment = plain_environment() | SAME
    alone = execute(command, environment, cwd=tmp_path)
    done = mprofpp.record("-q", "--all-calls", command, env=environment)
    assert (done.status, without_times(done.text)) == (alone.returncode, without_times(alone.stdout))
    assert {call.name for call in done.recording.calls} & {"__main__.Point.moved", "test_it.double"}


def without_times(text):
    """Returns the lines in alphabetical order, because pytest sorts tests by the time that they took."""
    return sorted(re.sub(r"\d+\.\d+s|=+|\(\d+:\d+:\d+\)", "", text).splitlines())
