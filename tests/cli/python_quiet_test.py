"""A marked program notices nothing: it prints and does to the letter what it does without a recorder."""

import pathlib

import pytest

from pythons import PACKAGE, PROGRAMS, execute, go, interpreters, plain_environment, python, run  # noqa: F401

QUIET = sorted((PROGRAMS / "quiet").glob("*.py"))
WAYS = {"decorated": [], "traced": ["*"]}


# the same modules for both: without the agent `profile` of our package is the identity
SAME = {"PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "1"}


def outcome(done):
    return done.returncode, done.stdout, done.stderr


def check(run, command, trace, **options):
    """Runs it both ways; answers what both said."""
    alone = execute(command, plain_environment() | SAME, **options)
    ours = go(run, *command, trace=trace, status=alone.returncode, environment=SAME, **options)
    assert outcome(ours) == outcome(alone)
    return alone


@interpreters()
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("program", QUIET, ids=lambda path: path.stem)
def test_it_does_the_same(run, python, program, way):
    check(run, [python, program, "an", "--argument"], WAYS[way])
