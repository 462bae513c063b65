"""What the world does to a recorder: little room, odd surroundings. Something is kept each time."""

import itertools
import resource
import statistics
import subprocess

import pytest

from conftest import killed_at_the_end, unsanitized, wait_until
from recording import Recording


def record_idle(mprofpp, program, tmp_path, children, **options):
    """Records a parent and its idle children, all of them for a while."""
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    words = ["run", "-q", "-C", "-M", "-T", "50ms", "-o", output, *program("idle", children, ready)]
    run = subprocess.Popen([mprofpp.executable, *map(str, words)], stdin=subprocess.PIPE, **options)
    wait_until(ready.exists, "the children are there")
    wait_until(lambda: output.read_bytes().count(b"CHLD") > 3 * children, "the tree is recorded")
    run.stdin.close()
    assert run.wait() == 0
    return Recording(output)


def test_few_descriptors_slow_the_reading_but_no_process_is_lost(mprofpp, program, tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    recording = record_idle(mprofpp, program, tmp_path, 200, preexec_fn=little_room)
    children = {pid for pid, _, _ in recording.children}
    assert len(children) == 200
    assert all(mib > 0 for _, mib, _ in recording.children)


@unsanitized  # AddressSanitizer itself needs terabytes of address space
def test_a_limited_address_space_is_enough(mprofpp, program, tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))

    recording = record_idle(mprofpp, program, tmp_path, 50, preexec_fn=little_room)
    assert recording.end is not None


@pytest.mark.parametrize("environment", [{}, {"HOME": "/nonexistent", "TMPDIR": "/nonexistent"}])
def test_neither_home_nor_path_is_needed(mprofpp, tmp_path, environment):
    done = mprofpp("run", "-o", "x.dat", "/bin/true", env=environment)
    assert done.status == 0
    assert Recording(tmp_path / "x.dat").end is not None


def test_a_recording_whose_file_is_removed_meanwhile_does_not_disturb_the_program(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    done = mprofpp("run", "-q", "-T", "5ms", "-o", output, "sh", "-c", f"rm {output}; sleep 0.1; exit 3")
    assert done.status == 3
    assert not output.exists()


def test_a_tree_of_many_generations_is_followed_to_its_last_one(mprofpp, tmp_path):
    """Each sh starts the next: fifty levels deep."""
    script = tmp_path / "deeper"
    script.write_text('[ "$1" -gt 0 ] || exec sleep 0.5\nsh "$0" $(($1 - 1))\ntrue\n')
    done = mprofpp.record("-C", "-M", "-T", "10ms", ["sh", script, "50"])
    assert done.status == 0
    assert "sleep" in done.recording.names()
    assert len({p.pid for p in done.recording.processes}) > 50


# A limit on the recording's size


def intervals_of(recording):
    """The interval of each stretch of the recording and the times of its samples."""
    stretches = []
    for line in recording.lines:
        kind, *fields = line.split(" ")
        if (kind, *fields[:1]) == ("META", "interval"):
            stretches.append((float(fields[1]), []))
        elif kind == "MEM":
            stretches[-1][1].append(float(fields[1]))
    return stretches


def test_at_its_limit_and_at_each_multiple_the_recording_grows_ten_times_more_slowly(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    options = ["-T", "1ms", "--max-size", "64KiB", "-M", "-C", "-o", output]
    run = mprofpp.start("run", *options, "sleep", "600", stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(run):
        wait_until(lambda: output.exists() and len(intervals_of(Recording(output))) == 3, "two steps")
        wait_until(lambda: len(intervals_of(Recording(output))[2][1]) > 2, "it goes on")
        run.terminate()
        err = run.communicate()[1]
    assert run.returncode == 143
    recording = Recording(output)
    stretches = intervals_of(recording)
    assert [interval for interval, _ in stretches] == pytest.approx([0.001, 0.01, 0.1])
    sizes = [recording.bytes.index(b"META interval %.6f" % i) for i, _ in stretches]
    assert 64 << 10 <= sizes[1] < (64 << 10) + 500 and 128 << 10 <= sizes[2] < (128 << 10) + 500
    for interval, times in stretches:
        steps = [b - a for a, b in itertools.pairwise(times[:-1])]
        assert statistics.median(steps) == pytest.approx(interval, rel=0.2)
    assert err.count("from here on one sample every") == 2  # each step is said once
    assert recording.end is not None


def test_a_recording_whose_interval_changed_is_read_by_mprof_too(mprofpp, mprof):
    done = mprofpp.record("-T", "200us", "--max-size", "64KiB", ["sleep", "1"])
    assert b"META interval 0.002" in done.path.read_bytes()
    assert len(mprof.read_mprofile_file(str(done.path))["mem_usage"]) == len(done.recording.samples)


@pytest.mark.parametrize("wrong", ["0", "10KiB", "-1", "much", "5X"])
def test_a_limit_that_is_no_size_or_too_small_is_refused(mprofpp, tmp_path, wrong):
    done = mprofpp("run", "-o", "x.dat", f"--max-size={wrong}", "true")
    assert done.status == 125
    assert len(done.said) == 1 and "--max-size" in done.said[0]
    assert not (tmp_path / "x.dat").exists()
