"""Compares the recorded processes with an oracle: every process that lived through two ticks has a PROC line,
and the others are counted in LOST.

The limit is two ticks and not 20 ms, because a tick reads the tree some time between its own timestamp and
the next one. A process that was alive at both was there to be read, however busy the machine was.
"""

import bisect
import contextlib
import os
import subprocess
import time

import pytest

from conftest import killed_at_the_end, needs, wait_until


class Life:
    def __init__(self, pid, begin, end):
        self.pid, self.begin, self.end = pid, begin, end


def wall_clock():
    """Returns the difference between the times of a recording and CLOCK_MONOTONIC. A delay between the two
    readings makes it smaller, so the largest of many is the best."""
    return max(time.time() - time.monotonic() for _ in range(100))


def ticks_within(life, times):
    return bisect.bisect_right(times, life.end) - bisect.bisect_left(times, life.begin)


def check(recording, lives):
    """Compares the recording with the oracle. Returns the processes that must have been recorded."""
    seen = {process.pid for process in recording.processes} - {int(recording.meta["root"][0])}
    ticks = recording.times[:-1]  # the last line is the end
    lasting = [life for life in lives if ticks_within(life, ticks) >= 2]
    assert {life.pid for life in lasting} <= seen
    assert seen <= {life.pid for life in lives}, "no other process is recorded"
    assert len(seen) + recording.lost_count("processes") >= len(lives)
    return lasting


def test_children_and_orphans_of_all_ages_are_recorded_or_counted(mprofpp, program, tmp_path):
    log = tmp_path / "lives"
    clock = wall_clock()
    recording = mprofpp.record("-C", "-M", "-T", "10ms", program("brood", 200, log)).recording
    fields = [[int(word) for word in line.split()] for line in log.read_text().splitlines()]
    lives = [Life(pid, clock + begin / 1e9, clock + end / 1e9) for pid, begin, end in fields]
    assert len(lives) == 200 + 67
    lasting = check(recording, lives)
    assert 60 < len(lasting) < 250


@contextlib.contextmanager
def kernel_events(program, log):
    """Writes the events of the kernel's process connector, which is the oracle, into `log`."""
    command = [str(word) for word in program("events", log)]
    listener = subprocess.Popen(command, stdin=subprocess.PIPE)
    with killed_at_the_end(listener):
        wait_until(lambda: listener.poll() is not None or heard(log), "the kernel reports processes")
        if listener.poll() == 77:
            pytest.skip("SKIP: the process connector needs root in the machine's own namespaces")
        if not speaks_of_us(log):
            pytest.skip("SKIP: the kernel names processes by the pids of another namespace")
        yield
        listener.stdin.close()
        assert listener.wait() == 0


def heard(log):
    """Starts a process. Returns whether the kernel has reported any yet."""
    subprocess.run(["true"], check=True)
    return log.exists() and log.stat().st_size > 0


def speaks_of_us(log):
    """In a PID namespace the kernel reports our children too, but by other pids."""

    def lines():
        subprocess.run(["true"], check=True)
        return log.read_text().splitlines()

    before = len(lines())
    wait_until(lambda: len(lines()) > before + 2, "the kernel reports more processes")
    return any(line.split()[:2] == ["fork", str(os.getpid())] for line in lines())


def descendants(log, root, clock):
    """The lives of all descendants of `root`, as the kernel has reported them."""
    begun, lives = {root: None}, []
    for line in log.read_text().splitlines():
        kind, *numbers = line.split()
        *pids, at = (int(number) for number in numbers)
        at = clock + at / 1e9
        if kind == "fork" and pids[0] in begun:
            begun[pids[1]] = at
        elif kind == "exit" and begun.get(pids[0]) is not None:
            lives.append(Life(pids[0], begun.pop(pids[0]), at))
    return lives


def generate_project(folder, sources):
    names = [f"part{number}" for number in range(sources)]
    for name in names:
        calls = "".join(f"int {name}_{i}(int x) {{ return x * {i} + 1; }}\n" for i in range(200))
        (folder / f"{name}.cpp").write_text(calls)
    (folder / "main.cpp").write_text("int main() {}\n")
    objects = " ".join(f"{name}.o" for name in [*names, "main"])
    rules = f"program: {objects}\n\tg++ -o $@ $^\n%.o: %.cpp\n\tg++ -O1 -c -o $@ $<\n"
    (folder / "Makefile").write_text(rules)


def test_a_build_by_make_is_recorded_completely(mprofpp, program, tmp_path):
    needs("make", "g++")
    generate_project(tmp_path, 40)
    log, clock = tmp_path / "events", wall_clock()
    with kernel_events(program, log):
        done = mprofpp.record("-C", "-M", "-T", "10ms", ["make", "-j2", "-C", tmp_path])
    assert done.status == 0 and (tmp_path / "program").exists()
    recording = done.recording
    lives = descendants(log, int(recording.meta["root"][0]), clock)
    assert len(lives) > 41 * 3  # g++, cc1plus and as, and sometimes a shell
    lasting = check(recording, lives)
    assert len(lasting) > 20
    assert {"make", "g++", "cc1plus"} <= {process.name for process in recording.processes}
