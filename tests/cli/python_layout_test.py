"""Every number and layout that the agent knows of CPython is right for each installed interpreter."""

import json
import re
import subprocess

import pytest

from conftest import BUILD, ROOT
from pythons import (
    PROGRAMS,
    execute,
    go,
    interpreters,
    plain_environment,
    python,
    version_of,
)  # noqa: F401 (a fixture)
from suites import VERSIONS

HEADER = ROOT / "lib/agent/python/layout.hpp"
# numbers that an interpreter has no equivalent of, and where they are tested instead
DECISIONS = {"first_known": "python_unmarked_test", "newest_tested": "below"}


@pytest.fixture(scope="module")
def known():
    done = subprocess.run(
        [BUILD / "tests/programs/python_layout"], capture_output=True, text=True, check=True
    )
    lines = [line.rsplit(" ", 1) for line in done.stdout.splitlines()]
    return {name: int(value) for name, value in lines}


def test_every_number_of_the_header_is_compared(known):
    source = HEADER.read_text()
    numbers = set(re.findall(r"inline constexpr [\w ]+ (\w+) =", source))
    structs = set(re.findall(r"^struct (\w+) \{", source, re.MULTILINE))
    assert numbers and numbers <= {name.split("::")[-1] for name in known}
    assert structs and structs <= {name.split(".")[0] for name in known}


@interpreters()
def test_an_interpreter_has_the_numbers_that_the_agent_knows(python, known):
    environment = plain_environment() | {"PYTHONMALLOC": "debug"}  # gives its allocators names
    done = execute([python, PROGRAMS / "layout.py", json.dumps(known)], environment)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    compared = {name: value for name, value in found.items() if isinstance(value, int)}
    reasons = {name: reason for name, reason in found.items() if name not in compared}
    print(*(f"not compared: {name}: {reason}" for name, reason in reasons.items()), sep="\n")
    assert compared == {name: known[name] for name in compared}
    assert found.keys() == known.keys() and "different" not in reasons.values()
    elsewhere = {n for n, r in reasons.items() if r.startswith("used from") or r.startswith("greenlet")}
    assert reasons.keys() - elsewhere == DECISIONS.keys()


def test_the_newest_tested_version_is_the_one_that_the_agent_knows(known):
    major, minor = VERSIONS[-1].split(".")
    assert known["newest_tested"] == int(major) * 100 + int(minor)


EVENTS = """
import sys
@profile
def plain(): pass
@profile
def numbers(): yield
monitoring, events = sys.monitoring, sys.monitoring.events
names = sorted(name for name in vars(events) if name.isupper())
def names_of(bits): return [name for name in names if getattr(events, name) & bits]
print(monitoring.get_tool(5), names_of(monitoring.get_events(5)))
for function in (plain, numbers): print(names_of(monitoring.get_local_events(5, function.__code__)))
"""


EXCEPTIONS = ["PY_THROW", "PY_UNWIND"]
OF_MARKED_CODE = ["PY_RESUME", "PY_RETURN", "PY_START", "PY_YIELD"]


@interpreters(first=(3, 12))
def test_the_requested_events_have_the_right_names(run, python):
    lines = go(run, python, "-c", EVENTS).stdout.splitlines()
    # before 3.15 events for exceptions cannot be requested for single code objects
    of_all, more = ([], EXCEPTIONS) if version_of(python) >= (3, 15) else (EXCEPTIONS, [])
    assert lines == [f"mprofpp {of_all}", *[str(sorted(OF_MARKED_CODE + more))] * 2]
