"""Faults in the recorder's surroundings: few resources, full disks, odd environments. No data is lost."""

import os
import pathlib
import pty
import resource
import subprocess

import pytest

from conftest import (
    BUILD, PATIENCE, killed_at_the_end, line_with, lines_of, unsanitized, unshared, wait_until,
)  # fmt: skip
from recording import Recording, drift


def voluntary_switches(process):
    """How often the process has given up the processor."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])


def record_idle(mprofpp, program, tmp_path, children, **options):
    """Records a parent and its idle children for at least three samples of each."""
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    words = ["run", "-q", "-C", "-M", "-T", "50ms", "-o", output, *program("idle", children, ready)]
    run = subprocess.Popen([mprofpp.executable, *map(str, words)], stdin=subprocess.PIPE, **options)
    wait_until(ready.exists, "the children have started")
    begun = output.read_bytes().count(b"CHLD")  # lines that were written while children were forked
    wait_until(lambda: output.read_bytes().count(b"CHLD") > begun + 3 * children, "the tree is recorded")
    run.stdin.close()
    assert run.wait() == 0
    return Recording(output)


def test_few_descriptors_slow_down_the_reading_but_no_process_is_lost(mprofpp, program, tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    recording = record_idle(mprofpp, program, tmp_path, 500, preexec_fn=little_room)
    children = {pid for pid, _, _ in recording.children}
    assert len(children) == 500
    assert all(mib > 0 for _, mib, _ in recording.children)


@unsanitized  # UndefinedBehaviorSanitizer needs descriptors to look at an object
@pytest.mark.parametrize("most", range(5, 24))
def test_with_too_few_descriptors_run_says_so_in_one_line_and_starts_nothing(mprofpp, tmp_path, most):
    def little_room():
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    started = tmp_path / "started"
    done = mprofpp.record("-q", ["touch", started], preexec_fn=little_room)
    if done.status == 0:
        assert started.exists() and min(done.recording.values) > 0
    else:
        assert done.status == 125 and not started.exists()
        assert len(done.said) == 1 and done.says("too many open files", "ulimit -n")
        assert len(done.err.splitlines()) == 1


@unsanitized  # UndefinedBehaviorSanitizer needs descriptors to look at an object
@pytest.mark.parametrize("most", range(4, 20))
def test_with_too_few_descriptors_attach_says_so_in_one_line_and_records_nothing(mprofpp, tmp_path, most):
    def little_room():
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    attach = ["attach", "-q", "-t", "10ms", "-o", tmp_path / "x.dat", os.getpid()]
    done = mprofpp(*attach, preexec_fn=little_room)
    if done.status == 0:
        assert min(Recording(tmp_path / "x.dat").values) > 0
    else:
        assert done.status == 1 and not (tmp_path / "x.dat").exists()
        assert len(done.err.splitlines()) == 1 and done.says("too many open files", "ulimit -n")


@unsanitized  # UndefinedBehaviorSanitizer needs descriptors to look at an object
@pytest.mark.parametrize("soft", [4, 8, 11])
def test_a_low_soft_limit_is_raised_for_the_recorder_but_not_for_the_program(mprofpp, tmp_path, soft):
    def little_room():
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, 64))

    attach = ["attach", "-q", "-t", "10ms", "-o", tmp_path / "x.dat", os.getpid()]
    assert mprofpp(*attach, preexec_fn=little_room).status == 0
    assert min(Recording(tmp_path / "x.dat").values) > 0
    run = mprofpp("run", "-q", "-o", "y.dat", "sh", "-c", "ulimit -Sn; ulimit -Hn", preexec_fn=little_room)
    assert (run.status, run.text) == (0, f"{soft}\n64\n")


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


# The output


def test_a_recording_whose_file_is_removed_meanwhile_is_reported_as_lost(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    remove = ["sh", "-c", f"rm {output}; sleep 0.1; exit $1", "sh"]
    failing = mprofpp("run", "-q", "-T", "5ms", "-o", output, *remove, "3")
    assert failing.status == 3
    assert failing.says("x.dat", "was removed", "is lost") and len(failing.said) == 1
    assert mprofpp("run", "-q", "-T", "5ms", "-o", output, *remove, "0").status == 125
    assert not output.exists()


def test_a_recording_that_is_renamed_meanwhile_is_kept(mprofpp, tmp_path):
    output, moved = tmp_path / "x.dat", tmp_path / "moved.dat"
    done = mprofpp("run", "-q", "-T", "5ms", "-o", output, "sh", "-c", f"mv {output} {moved}; sleep 0.1")
    assert done.status == 0 and done.said == []
    assert Recording(moved).end is not None


def test_a_recording_on_a_full_disk_contains_everything_that_fitted(mprofpp, tmp_path):
    """The file system of 16 KiB disappears with its mount namespace, so the recording is copied."""
    small, copy, end = tmp_path / "small", tmp_path / "copy.dat", tmp_path / "end"
    small.mkdir()
    os.mkfifo(end)
    script = 'mount -t tmpfs -o size=16k none "$1" || exit 77; \
        "$3" run -T 1ms -o "$1/x.dat" sh -c "read go < $4; exit 3"; \
        status=$?; cp "$1/x.dat" "$2"; exit $status'
    words = ["sh", "-c", script, "sh", small, copy, mprofpp.executable, end]
    options = {"stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    run = subprocess.Popen([*unshared("-m"), *words], **options)
    with killed_at_the_end(run):
        is_full = line_with("no space left", run.stderr)
        if not is_full and run.wait() == 77:
            pytest.skip("SKIP: mounting is not allowed here")
        assert is_full and line_with("the recording stops here; the program keeps running", run.stderr)
        end.write_text("go\n")
        run.communicate()
    assert run.returncode == 3
    recording = Recording(copy)
    assert len(recording.samples) > 200
    assert not recording.torn
    assert mprofpp.peak(copy)["peak_mib"] > 0


def test_an_output_that_fails_ends_the_recording_and_not_the_program(mprofpp, tmp_path):
    """The output is a terminal whose other side is closed, so writing fails with an input/output error."""
    ready, end = tmp_path / "ready", tmp_path / "end"
    os.mkfifo(end)
    ours, theirs = pty.openpty()
    words = ["sh", "-c", f"touch {ready}; read go < {end}; sleep 0.1; exit 3"]
    options = ["-T", "5ms", "-o", os.ttyname(theirs)]
    run = mprofpp.start("run", *options, *words, stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(run):
        wait_until(ready.exists, "the program is ready")
        assert b"MEM" in os.read(ours, 4000)
        os.close(theirs)
        os.close(ours)
        end.write_text("go\n")
        err = run.communicate()[1]
    assert run.returncode == 3
    assert "input/output error" in err and "the recording stops here; the program keeps running" in err


def test_an_attached_recording_that_fails_is_not_reported_as_the_exit_of_the_target(mprofpp, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

    with killed_at_the_end(subprocess.Popen(["sleep", "600"])) as target:
        done = mprofpp("attach", "-T", "1ms", "-o", tmp_path / "x.dat", target.pid, preexec_fn=limit)
    assert done.status == 1
    assert done.says("the recording stops here; the program keeps running")
    assert not done.says("the process exited")


@unsanitized
def test_a_process_that_cannot_be_read_for_a_while_has_not_exited(mprofpp, tmp_path):
    """Opening files fails for a while, as if the machine's table of open files were full."""
    output, full = tmp_path / "x.dat", tmp_path / "full"
    environment = {"LD_PRELOAD": str(BUILD / "tests/preload/fails.so"), "FAILS_WHILE": str(full)}
    options = ["-q", "-T", "10ms", "--backend", "pss", "-o", output]
    with killed_at_the_end(
        mprofpp.start("run", *options, "sleep", "600", env=os.environ | environment)
    ) as run:
        wait_until(lambda: lines_of(output) > 20, "the recording starts")
        full.touch()
        seen = voluntary_switches(run)
        wait_until(lambda: voluntary_switches(run) > seen + 5, "some ticks pass")
        full.unlink()
        written = lines_of(output)
        wait_until(lambda: lines_of(output) > written + 10, "the recording goes on")
        run.terminate()
        assert run.wait(PATIENCE) == 143
    recording = Recording(output)
    assert min(recording.values[2:]) > 0
    assert len(recording.processes) < 4  # only those of the start: the process is not added again


def test_the_program_is_not_started_in_a_folder_without_write_permission(mprofpp, somebody):
    theirs, folder = somebody
    read_only, started = folder / "read-only", folder / "started"
    read_only.mkdir()
    read_only.chmod(0o555)
    done = mprofpp("run", "touch", started, cwd=read_only, **theirs)
    assert done.status == 125
    assert len(done.said) == 1 and done.says("permission denied", "-o FILE writes elsewhere")
    assert not started.exists()


# The tree


def test_a_tree_of_many_generations_is_followed_to_the_last_one(mprofpp, tmp_path):
    """Each sh starts the next one, fifty levels deep."""
    script = tmp_path / "deeper"
    script.write_text('[ "$1" -gt 0 ] || exec sleep 0.5\nsh "$0" $(($1 - 1))\ntrue\n')
    done = mprofpp.record("-C", "-M", "-T", "10ms", ["sh", script, "50"])
    assert done.status == 0
    assert "sleep" in done.recording.names()
    assert len({p.pid for p in done.recording.processes}) > 50


# A limit on the recording's size


def intervals_of(recording):
    """The interval of each stretch of the recording and the ticks in it."""
    stretches, ticks = [], iter(recording.ticks)
    for line in recording.lines:
        kind, *fields = line.split(" ")
        if (kind, *fields[:1]) == ("META", "interval"):
            stretches.append((float(fields[1]), []))
        elif kind == "MEM":
            stretches[-1][1].append(next(ticks))
    return stretches


def test_the_recording_grows_ten_times_more_slowly_after_each_multiple_of_its_limit(
    mprofpp, program, tmp_path
):
    output = tmp_path / "x.dat"
    options = ["-T", "1ms", "--max-size", "64KiB", "-M", "-C", "-o", output]
    words = ["run", *options, *program("idle", 30, tmp_path / "ready")]
    run = mprofpp.start(*words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(run):
        wait_until(lambda: output.exists() and len(intervals_of(Recording(output))) == 3, "two steps")
        wait_until(lambda: len(intervals_of(Recording(output))[2][1]) > 9, "the recording goes on")
        err = run.communicate()[1]
    assert run.returncode == 0
    recording = Recording(output)
    stretches = intervals_of(recording)
    assert [interval for interval, _ in stretches] == pytest.approx([0.001, 0.01, 0.1])
    sizes = [recording.bytes.index(b"META interval %.6f" % i) for i, _ in stretches]
    for size, multiple in zip(sizes[1:], [64 << 10, 128 << 10]):
        assert multiple <= size < multiple + 5000  # the tick that exceeds the limit is complete
    stretches[-1][1].pop()  # the last line is the end
    for interval, ticks in stretches:
        assert abs(drift(ticks, interval)) < 0.5 * (ticks[-1][1] - ticks[0][1])
    assert err.count("from here on one sample every") == 2  # each step is reported once
    assert recording.end is not None


def test_a_recording_whose_interval_changed_is_read_by_mprof_too(mprofpp, mprof, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-T", "200us", "--max-size", "64KiB", "-o", output, "sleep", "600")
    with killed_at_the_end(run):
        wait_until(
            lambda: output.exists() and len(intervals_of(Recording(output))) == 2, "the interval has changed"
        )
        wait_until(lambda: len(intervals_of(Recording(output))[1][1]) > 2, "the recording goes on")
        run.terminate()
        run.wait()
    assert b"META interval 0.002" in output.read_bytes()
    assert len(mprof.read_mprofile_file(str(output))["mem_usage"]) == len(Recording(output).samples)


@pytest.mark.parametrize("wrong", ["0", "10KiB", "-1", "much", "5X"])
def test_an_invalid_or_too_small_limit_is_refused(mprofpp, tmp_path, wrong):
    done = mprofpp("run", "-o", "x.dat", f"--max-size={wrong}", "true")
    assert done.status == 125
    assert len(done.said) == 1 and "--max-size" in done.said[0]
    assert not (tmp_path / "x.dat").exists()
