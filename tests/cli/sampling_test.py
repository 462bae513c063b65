"""What a recording holds: the period, the tree, births and deaths, names."""

import subprocess
import time

import pytest

from conftest import is_alive, killed_at_the_end, lines_of, unsanitized, wait_until
from recording import Recording

# The period


def test_a_long_interval_delays_neither_start_nor_end(mprofpp):
    begin = time.monotonic()
    recording = mprofpp.record("-T", "5", ["sleep", "0.1"]).recording
    assert time.monotonic() - begin < 2.5  # mprof sleeps the interval out: 5.09 s
    assert len(recording.samples) >= 2


def test_a_run_has_a_first_reading_after_exec_and_a_line_at_its_end(mprofpp, program):
    recording = mprofpp.record("-T", "60", program("spike", 64, 300)).recording
    assert len(recording.samples) == 2
    first, last = recording.times
    assert 0.7 < last - first < 10
    assert recording.values[0] > 0
    assert float(recording.end[0]) == last


def test_the_period_does_not_drift(mprofpp):
    """Ticks are due at multiples of the interval: kept and missed ones together fill the whole time,
    where small delays that add up would leave fewer of them."""
    recording = mprofpp.record("-T", "0.01", ["sleep", "2"]).recording
    ticks = len(recording.samples) + recording.lost_count("ticks")
    assert (recording.times[-1] - recording.times[0]) / 0.01 == pytest.approx(ticks, abs=3)


@unsanitized
def test_fifty_children_do_not_stretch_the_period(mprofpp, tmp_path, program):
    command = ["timeout", "2", *program("idle", 50, tmp_path / "ready")]
    recording = mprofpp.record("-C", "-T", "10ms", command, stdin=subprocess.PIPE).recording
    ticks = len(recording.samples) + recording.lost_count("ticks")
    # every tick is there or told as lost: mprof's period grows to 13.3 ms and nobody is told
    assert (recording.times[-1] - recording.times[0]) / 0.01 == pytest.approx(ticks, abs=3)


def test_times_never_go_back(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "1ms", program("churn", 20, 500)).recording
    times = recording.times
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_one_timestamp_stands_for_the_whole_tree(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "5ms", program("tree", 10, 300, 4)).recording
    assert recording.children
    assert {t for _, _, t in recording.children} <= set(recording.times)


def test_the_total_is_the_root_and_all_children_of_the_same_tick(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "5ms", program("tree", 10, 500, 4)).recording
    children_at = {}
    for _, mib, t in recording.children:
        children_at.setdefault(t, []).append(mib)
    full = [(mib, children_at[t]) for mib, t in recording.samples if len(children_at.get(t, ())) == 4]
    assert full
    for total, children in full:
        assert 0 < total - sum(children) < 25


# The tree


@pytest.mark.parametrize(
    "options, with_children, lines",
    [([], False, False), (["-C"], True, False), (["-M"], False, True), (["-C", "-M"], True, True)],
)
def test_the_four_ways_to_treat_children(mprofpp, program, options, with_children, lines):
    recording = mprofpp.record(*options, "-T", "10ms", program("tree", 50, 500, 2)).recording
    assert (recording.peak > 140) == with_children
    assert (recording.peak < 60) != with_children
    assert bool(recording.children) == lines


def test_grandchildren_are_in_the_tree(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "10ms", program("tree", 10, 500, 2, 3)).recording
    assert len(recording.of_name("tree")) == 1 + 2 + 4 + 8
    assert len({pid for pid, _, _ in recording.children}) == 14
    assert recording.peak > 140


def test_a_shell_is_not_all_that_is_recorded(mprofpp, program):
    command = ["bash", "-c", " ".join(map(str, program("spike", 300, 500))) + "; true"]
    assert mprofpp.record(command).recording.peak < 20
    assert mprofpp.record("-C", command).recording.peak > 300


def test_a_daemonised_descendant_stays_in_the_tree(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "20ms", program("daemon", 300, 600)).recording
    assert recording.peak >= 300
    assert len(recording.of_name("daemon")) >= 2


def test_a_child_put_in_a_session_of_its_own_stays_in_the_tree(mprofpp, program, tmp_path):
    spike = " ".join(map(str, program("spike", 300, 500)))
    command = ["bash", "-c", f"(setsid {spike} &) | cat"]  # cat ends when spike lets go of the pipe
    recording = mprofpp.record("-C", "-T", "50ms", command).recording
    assert recording.peak >= 300


@pytest.mark.parametrize("backend", ["rss", "pss"])
def test_a_child_that_runs_in_its_parents_memory_counts_once_it_has_its_own(mprofpp, program, backend):
    options = ["-C", "-M", "-T", "10ms", "--backend", backend]
    done = mprofpp.record(*options, program("borrow", 100, 300))
    if done.status == 77:
        pytest.skip("SKIP: the kernel does not compare processes here")
    recording = done.recording
    assert 100 < recording.peak < 110
    (sleep,) = recording.of_name("sleep")
    assert recording.child(sleep.pid) and max(recording.child(sleep.pid)) < 10


def test_a_child_of_a_thread_that_is_not_the_first_is_found(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "10ms", program("threads", 8, 200)).recording
    assert len(recording.of_name("threads")) == 2
    assert max(mib for _, mib, _ in recording.children) > 20


def test_threads_are_not_taken_for_processes(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "1ms", program("threads", 16, 500)).recording
    assert len({pid for pid, _, _ in recording.children}) <= 1


def test_a_churning_tree_loses_no_reading_of_the_process_that_stays(mprofpp, program):
    """Children born and gone all the time: no sample of the plateau without the 100 MiB, no pid 0."""
    recording = mprofpp.record("-C", "-M", "-T", "5ms", program("churn", 100, 2000)).recording
    holder = max(recording.children, key=lambda reading: reading[1])[0]
    plateau = [t for pid, mib, t in recording.children if pid == holder and mib >= 100]
    assert len(plateau) > 50
    inside = [mib for mib, t in recording.samples if plateau[0] <= t <= plateau[-1]]
    assert min(inside) >= 100
    assert all(pid != 0 for pid, _, _ in recording.children)
    assert all(mib > 0 for _, mib, _ in recording.children)


def test_processes_that_came_and_went_between_samples_are_counted(mprofpp):
    command = ["bash", "-c", "for i in {1..73}; do /bin/true; done"]
    done = mprofpp.record("-C", "-M", "-T", "10", command)
    seen = len(
        {pid for pid, _, _ in done.recording.children} | {p.pid for p in done.recording.processes[1:]}
    )
    assert seen + done.recording.lost_count("processes") >= 73
    assert done.says("came and went between samples")


def test_every_process_that_lived_an_interval_has_a_line(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "10ms", program("tree", 2, 300, 12)).recording
    assert len({pid for pid, _, _ in recording.children}) == 12


def test_a_thousand_children_are_recorded(mprofpp, tmp_path, program):
    output = tmp_path / "x.dat"
    run = mprofpp.start(
        "run",
        "-CM",
        "-o",
        output,
        *program("idle", 1000, tmp_path / "ready"),
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with killed_at_the_end(run):
        wait_until(lambda: (tmp_path / "ready").exists(), "all children are there")
        full = lines_of(output) + 3000
        wait_until(lambda: lines_of(output) > full, "they are sampled")
        run.stdin.close()
        run.wait()
    assert len({pid for pid, _, _ in Recording(output).children}) == 1000


def test_vanishing_children_never_end_the_recording(mprofpp):
    """50 times 50 children that end at once (mprof dies one time in ten)."""
    command = ["bash", "-c", "for i in {1..50}; do /bin/true & done; wait"]
    for _ in range(50):
        done = mprofpp.record("-f", "-C", "-M", "-T", "1ms", command)
        assert done.status == 0
        assert done.recording.end is not None
        assert all(mib > 0 for _, mib, _ in done.recording.children)


def test_no_reading_is_ever_zero(mprofpp):
    """A zombie has no memory: it is not written (mprof writes 0 one time in eight)."""
    for _ in range(30):
        recording = mprofpp.record("-T", "1ms", ["sleep", "0.02"]).recording
        assert min(recording.values) > 0


def test_a_zombie_is_a_process_that_has_ended(mprofpp):
    """The child ends long before the root, which never waits for it."""
    recording = mprofpp.record("-C", "-M", "-T", "10ms", ["sh", "-c", "sleep 0.2 & exec sleep 1"]).recording
    (child,) = {pid for pid, _, _ in recording.children}
    ended = recording.exit_times[child]
    assert ended < recording.times[-1] - 0.4
    assert all(t <= ended for _, _, t in recording.children)


def test_a_child_that_outlives_the_root_is_named_and_left_alone(mprofpp, tmp_path, program):
    import os
    import signal

    ready = tmp_path / "ready"
    done = mprofpp.record("-C", program("outlive", ready))
    pid = int(ready.read_text())
    try:
        assert done.status == 0
        assert is_alive(pid)
        assert done.says("still running", f"outlive {pid}")
    finally:
        os.kill(pid, signal.SIGKILL)


def test_a_root_whose_first_thread_has_ended_is_still_read(mprofpp, tmp_path):
    source = tmp_path / "leader.c"
    source.write_text(
        """
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void* stay(void* p) { usleep(600000); exit(0); return p; }
int main(void) {
  volatile char* memory = malloc(30 << 20);
  for (int i = 0; i < 30 << 20; i += 4096) memory[i] = 1;
  pthread_t thread;
  pthread_create(&thread, 0, stay, 0);
  pthread_exit(0);
}"""
    )
    subprocess.run(["cc", "-pthread", "-o", tmp_path / "leader", source], check=True)
    recording = mprofpp.record("-T", "20ms", [tmp_path / "leader"]).recording
    assert len(recording.samples) > 20
    assert min(recording.values[2:]) > 29


# Names


def test_every_process_has_name_parent_start_and_command(mprofpp, program):
    recording = mprofpp.record(
        "-C", "-M", "-T", "10ms", ["sh", "-c", " ".join(map(str, program("spike", 20, 200))) + "; true"]
    ).recording
    root = int(recording.meta["root"][0])
    spike = recording.of_name("spike")[0]
    assert spike.parent == root
    assert spike.start > 0
    assert spike.command.endswith("spike 20 200")
    assert recording.of_name("sh")[0].pid == root


def test_a_process_that_renames_itself_has_both_names(mprofpp, program):
    recording = mprofpp.record("-T", "10ms", program("rename", "worker [2]", 1500)).recording
    assert [p.name for p in recording.processes] == ["rename", "worker [2]"]
    assert len({(p.pid, p.start) for p in recording.processes}) == 1


def test_a_root_that_execs_another_program_has_both_names(mprofpp, program):
    spike = " ".join(map(str, program("spike", 20, 1500)))
    recording = mprofpp.record("-T", "10ms", ["sh", "-c", f"sleep 0.3; exec {spike}"]).recording
    names = [p.name for p in recording.processes if p.pid == int(recording.meta["root"][0])]
    assert names == ["sh", "spike"]


def test_peak_lists_every_process_with_pid_parent_and_command(mprofpp, program):
    done = mprofpp.record(
        "-C", "-M", "-T", "10ms", ["sh", "-c", " ".join(map(str, program("spike", 40, 300))) + "; true"]
    )
    processes = {p["name"]: p for p in mprofpp.peak(done.path)["processes"]}
    assert processes["sh"]["root"] is True
    assert processes["spike"]["root"] is False
    assert processes["spike"]["parent"] == processes["sh"]["pid"]
    assert processes["spike"]["start"] > 0
    assert processes["spike"]["command"].endswith("spike 40 300")
    assert 40 < processes["spike"]["sampled_mib"] < 45


def test_the_end_of_a_child_is_written_with_its_time(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "10ms", program("churn", 20, 300)).recording
    seen = {p.pid for p in recording.processes}
    assert seen == set(recording.exits)
