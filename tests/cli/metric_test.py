"""`--backend`: which memory is recorded."""

import collections
import os
import subprocess

import pytest

from conftest import BUILD, killed_at_the_end, lines_of, unsanitized, wait_until
from recording import Recording


def record_shared(mprofpp, program, tmp_path, backend):
    """Records a parent of 60 MiB and eight idle children, which share that memory."""
    output, ready = tmp_path / f"{backend}.dat", tmp_path / f"{backend}.ready"
    options = ["-q", "-C", "-M", "-T", "20ms", "--backend", backend, "-o", output]
    words = ["run", *options, *program("idle", 8, ready, 60)]
    run = subprocess.Popen([mprofpp.executable, *map(str, words)], stdin=subprocess.PIPE)
    wait_until(ready.exists, "the children have started")
    count = lines_of(output)
    wait_until(lambda: lines_of(output) > count + 50, "the tree is recorded")
    run.stdin.close()
    assert run.wait() == 0
    recording = Recording(output)
    children = collections.Counter(t for _, _, t in recording.children)
    recording.settled = next(mib for mib, t in recording.samples if children[t] == 8)
    return recording


def test_shared_pages_count_once_in_pss_and_in_every_process_in_rss(mprofpp, program, tmp_path):
    rss = record_shared(mprofpp, program, tmp_path, "rss")
    pss = record_shared(mprofpp, program, tmp_path, "pss")
    assert rss.peak > 9 * 60
    assert 60 < pss.peak < 75


@unsanitized
def test_pss_is_not_too_high_when_a_process_exits_while_others_are_read(mprofpp, program, tmp_path):
    """The part of the shared memory that it had counts for the processes that are read after it."""
    output, ready, when = tmp_path / "x.dat", tmp_path / "ready", tmp_path / "when"
    environment = os.environ | {"LD_PRELOAD": str(BUILD / "tests/preload/ends.so"), "ENDS_WHEN": str(when)}
    words = ["run", "-q", "-C", "-M", "-T", "20ms", "--backend", "pss", "-o", output]
    victim = program("idle", 2, ready, 60)
    with killed_at_the_end(mprofpp.start(*words, *victim, stdin=subprocess.PIPE, env=environment)) as run:
        wait_until(ready.exists, "the children have started")
        wait_until(lambda: output.read_bytes().count(b"CHLD") > 10, "the tree is recorded")
        first, last = sorted({pid for pid, _, _ in Recording(output).children})
        settled = Recording(output).values[-1]
        (tmp_path / "written").write_text(f"{last} {first}\n")
        (tmp_path / "written").rename(when)
        wait_until(lambda: not when.exists(), "the first child has exited before the last one is read")
        seen = lines_of(output)
        wait_until(lambda: lines_of(output) > seen + 5, "the recording goes on")
        values = Recording(output).values
    assert max(values) < settled + 5  # a sixth of 60 MiB would be counted twice


def test_uss_is_the_memory_that_an_exit_would_free(mprofpp, program, tmp_path):
    uss = record_shared(mprofpp, program, tmp_path, "uss")
    assert uss.settled < 30  # nearly all of it is shared


def test_the_metric_applies_to_children_too_and_is_in_the_recording(mprofpp, program, tmp_path):
    pss = record_shared(mprofpp, program, tmp_path, "pss")
    assert pss.meta["metric"] == ["pss"]
    child = next(p for p in pss.processes if p.parent == int(pss.meta["root"][0]))
    assert max(pss.child(child.pid)) < 60


def test_the_kernels_peak_is_recorded_with_rss_only(mprofpp, program):
    assert mprofpp.record(program("spike", 20, 50)).recording.peaks
    pss = mprofpp.record("--backend", "pss", program("spike", 20, 50))
    assert pss.recording.peaks == []
    assert mprofpp.peak(pss.path)["kernel_mib"] is None


@pytest.mark.parametrize(
    "theirs, ours", [("psutil", "rss"), ("posix", "rss"), ("psutil_pss", "pss"), ("psutil_uss", "uss")]
)
def test_the_names_of_mprof_mean_the_same(mprofpp, theirs, ours):
    done = mprofpp.record("--backend", theirs, ["true"])
    assert done.recording.meta["metric"] == [ours]


def test_tracemalloc_is_refused_with_the_alternatives(mprofpp):
    done = mprofpp("run", "--backend", "tracemalloc", "true")
    assert done.status == 125
    assert done.says("--backend", "tracemalloc", "rss, pss and uss")
