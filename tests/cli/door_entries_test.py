"""Running Pythons are looked into many times: mprofpp enters them, asks, and leaves. They work on correctly,
and keep nothing of it except the library. scripts/soak does this more often."""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import BUILD, PATIENCE, SANITIZED, killed_at_the_end, wait_until
from entered import TIMES, seen, working
from inspected import need_tracing
from pythons import interpreters, python, system  # noqa: F401

pytestmark = pytest.mark.skipif(SANITIZED, reason="SKIP: the library cannot be sanitized alone")
if os.uname().machine != "x86_64":
    pytestmark = pytest.mark.skip(reason="SKIP: processes are entered on x86-64 only")

FINDS_NOTHING = (
    "has ended",
    "has closed the connection",
    "no such process",
    "is exiting",
    "is ending it",
    "does not run Python",
)
MOST_GROWTH_KIB = 2048  # less than 4 KiB per answer


@pytest.fixture(autouse=True)
def _tracing():
    need_tracing()


def look(pid):
    """Runs `mprofpp stacks`, which has all the time that it wants."""
    command = [BUILD / "bin/mprofpp", "stacks", "--json", "--max-pause", "60s", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE * 3)


def files_in(work):
    """The files that are mapped, except the library."""
    lines = (work.folder / "maps").read_text().splitlines()
    files = {" ".join(words[5:]) for line in lines if len(words := line.split()) > 5}
    return {file for file in files if not file.endswith(f"{work.library} (deleted)")}


def check_looked_into(work, times=TIMES):
    files, descriptors = files_in(work), work.descriptors()
    for _ in range(times):
        done = look(work.pid)
        assert done.returncode == 0, done.stderr
        (stacks,) = (json.loads(line) for line in done.stdout.splitlines())
        assert any(stack["name"] == "MainThread" for stack in stacks["stacks"])
        assert any(frame["file"].endswith("work.py") for s in stacks["stacks"] for frame in s["frames"])
    wait_until(lambda: not list(work.threads()), "the threads of the library have ended")
    wait_until(lambda: not work.has_traces(), "nothing of the entries is left")
    assert work.copies_of_library() == 1
    wait_until(lambda: files_in(work) <= files, "no other file is mapped")
    wait_until(lambda: work.descriptors() <= descriptors, "no other descriptor is open")


@pytest.mark.parametrize("kind", "busy selects sleeps reads joins churn tasks".split())
def test_a_program_that_is_looked_into_many_times_works_correctly(system, kind):
    with working(system, kind, made=seen) as work:
        check_looked_into(work)
        assert work.finish() == "right\n"


def test_greenlets_are_looked_at(system):
    if subprocess.run([system, "-c", "import gevent"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-gevent is not installed")
    with working(system, "greenlets", made=seen) as work:
        check_looked_into(work)
        assert work.finish() == "right\n"


@pytest.mark.parametrize("kind", ["forks", "spawns"])
def test_children_that_are_started_meanwhile_are_not_affected(system, kind):
    """A child of `forks` checks that it has one thread and computes correctly."""
    with working(system, kind, made=seen) as work:
        for _ in range(TIMES):
            done = look(work.pid)
            assert done.returncode == 0, done.stderr
        wait_until(lambda: not list(work.threads()), "the threads of the library have ended")
        assert work.copies_of_library() == 1
        assert work.finish() == "right\n"


def test_a_function_in_c_is_waited_for(system):
    """Each call takes two seconds."""
    with working(system, "holds", made=seen) as work:
        check_looked_into(work, times=max(2, TIMES // 20))
        assert work.finish() == "right\n"


@pytest.mark.parametrize("kind", ["busy", "selects", "joins", "churn"])
@interpreters()
def test_every_version_is_looked_into(python, kind):
    with working(python, kind, made=seen) as work:
        check_looked_into(work, times=4)
        assert work.finish() == "right\n"


def test_a_program_that_exits_is_seen_or_has_ended(system):
    for _ in range(TIMES):
        process = subprocess.Popen([system, "-c", "print(6 * 7)"], stdout=subprocess.PIPE, text=True)
        with killed_at_the_end(process):
            done = look(process.pid)
            assert done.returncode in (0, 1), done.stderr
            if done.returncode == 1:
                assert len(done.stderr.splitlines()) == 1
                assert any(words in done.stderr for words in FINDS_NOTHING), done.stderr
            assert process.communicate(timeout=PATIENCE)[0] == "42\n"
            assert process.returncode == 0


def anonymous_kib(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Anonymous:"))


def test_memory_that_an_answer_takes_is_given_back(system):
    """The first answers load the library, and fill the arenas of libc and Python for the first time."""
    with working(system, "reads", made=seen) as work:
        check_looked_into(work, times=200)
        before = anonymous_kib(work.pid)
        check_looked_into(work, times=max(600, TIMES))
        assert anonymous_kib(work.pid) - before <= MOST_GROWTH_KIB
        assert work.finish() == "right\n"
