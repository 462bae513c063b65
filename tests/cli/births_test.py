"""Who was there, by an oracle: every process that lived through two ticks has a PROC line, and the others are
counted in LOST.

Two ticks and not 20 ms: a tick reads the tree some time between its own timestamp and the next one's, so who
was alive at both was there to be read, however busy the machine was.
"""

import bisect
import contextlib
import subprocess
import time

import pytest

from conftest import killed_at_the_end, needs, wait_until


class Life:
    def __init__(self, pid, begin, end):
        self.pid, self.begin, self.end = pid, begin, end


def wall_clock():
    """What is to be added to CLOCK_MONOTONIC for the times of a recording. Who is kept waiting between
    the two readings gets less."""
    return max(time.time() - time.monotonic() for _ in range(100))


def ticks_within(life, times):
    return bisect.bisect_right(times, life.end) - bisect.bisect_left(times, life.begin)


def check(recording, lives):
    """Compares the recording with the oracle and answers who must have been seen."""
    seen = {process.pid for process in recording.processes} - {int(recording.meta["root"][0])}
    ticks = recording.times[:-1]  # the last line tells the end
    lasting = [life for life in lives if ticks_within(life, ticks) >= 2]
    assert {life.pid for life in lasting} <= seen
    assert seen <= {life.pid for life in lives}, "nobody else's process is recorded"
    assert len(seen) + recording.lost_count("processes") >= len(lives)
    return lasting


def test_children_and_orphans_of_all_ages_are_seen_or_counted(mprofpp, program, tmp_path):
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
    """The kernel itself is the oracle while this lasts."""
    command = [str(word) for word in program("events", log)]
    listener = subprocess.Popen(command, stdin=subprocess.PIPE)
    with killed_at_the_end(listener):
        wait_until(lambda: listener.poll() is not None or heard(log), "the kernel tells of processes")
        if listener.poll() == 77:
            pytest.skip("SKIP: the process connector needs root in the machine's own namespaces")
        yield
        listener.stdin.close()
        assert listener.wait() == 0


def heard(log):
    """A process of ours, to be told of."""
    subprocess.run(["true"], check=True)
    return log.exists() and log.stat().st_size > 0


def descendants(log, root, clock):
    """The lives of all that descend from `root`, as the kernel told them."""
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


def test_a_build_by_make_is_recorded_whole(mprofpp, program, tmp_path):
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
