"""Processes that live between two samples: they report themselves when they exit, or they are counted."""

import os
import struct
import subprocess
from time import monotonic_ns

import pytest

from conftest import needs, unsanitized, unshared
from recording import Recording
from ring import stamp_of

pytestmark = unsanitized  # sanitized programs use more memory and do not load the agent

RARELY = ("-C", "-M", "-T", "10")  # one sample at the start, one at the end
MIB = 40


def record_child(mprofpp, command):
    """Returns the recording, and the pid of the child, which the program prints."""
    done = mprofpp.record(*RARELY, command)
    assert done.status == 0
    return done.recording, int(done.out)


def peak_of(recording, pid):
    return max((mib for its, mib, source in recording.peaks if its == pid and source == "hwm"), default=None)


def seen(recording):
    return {process.pid for process in recording.processes} - {int(recording.meta["root"][0])}


@pytest.mark.parametrize("how", ["return", "exit", "_exit", "_Exit", "quick_exit", "signal"])
def test_a_child_between_two_samples_is_recorded_however_it_exits(mprofpp, program, how):
    recording, pid = record_child(mprofpp, program("leave", how, MIB))
    (child,) = {process.name for process in recording.processes if process.pid == pid}
    assert child == "leave"
    assert MIB <= peak_of(recording, pid) < MIB + 10
    assert pid in recording.exits
    assert mprofpp.peak(recording.path)["peak_mib"] >= MIB


@pytest.mark.parametrize("how", ["abort", "kill"])
def test_a_child_that_is_killed_reports_nothing_and_is_counted(mprofpp, program, how):
    recording, pid = record_child(mprofpp, program("leave", how, MIB))
    assert pid in seen(recording) or recording.lost_count("processes") >= 1


def test_a_vforked_child_does_not_report_its_parents_memory(mprofpp, program):
    recording, pid = record_child(mprofpp, program("leave", "vfork", MIB))
    assert peak_of(recording, pid) is None


def test_memory_shared_with_the_parent_is_not_the_peak_of_a_program_that_a_child_becomes(mprofpp, program):
    recording, pid = record_child(mprofpp, program("leave", "exec", MIB))
    assert peak_of(recording, pid) < MIB / 2


def test_memory_that_a_program_used_before_it_became_another_counts(mprofpp, program):
    command = ["sh", "-c", '"$@"; :', "sh", *program("leave", "exec", MIB, "itself")]
    recording = mprofpp.record(*RARELY, command).recording
    (pid,) = seen(recording)
    assert MIB <= peak_of(recording, pid) < MIB + 10


def test_the_summary_mentions_children_that_are_not_included(mprofpp, program):
    done = mprofpp.record("-T", "10", program("leave", "exit", MIB))
    assert done.says("children are not included", "add them with -C")
    assert seen(done.recording) == set()


def test_all_processes_of_a_build_are_listed_with_their_peaks(mprofpp, tmp_path):
    needs("make")
    targets = " ".join(f"t{i}" for i in range(115))
    (tmp_path / "source").write_text("text")
    (tmp_path / "Makefile").write_text(f"all: {targets}\n{targets}:\n\t@cp source $@\n")
    done = mprofpp.record("-C", "-M", ["make", "-j2"])
    copies = [process.pid for process in done.recording.of_name("cp")]
    assert len(copies) == 115
    assert all(peak_of(done.recording, pid) > 0 for pid in copies)
    table = mprofpp("peak", "-M", done.path).text
    assert sum("cp" in line.split() for line in table.splitlines()) == 115


def test_without_the_agent_children_are_only_counted(mprofpp):
    done = mprofpp.record(*RARELY, "--no-marks", ["bash", "-c", "for i in {1..73}; do /bin/true; done"])
    recording = done.recording
    assert len(seen(recording)) + recording.lost_count("processes") >= 73
    assert "true" not in recording.names()[2:]


def test_a_script_that_becomes_another_program_has_the_exact_peak_of_that_program(mprofpp, tmp_path):
    """pyenv does it: its scripts start some programs and then exec the wanted one."""
    report = "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
    (tmp_path / "shim").write_text(
        "#!/bin/bash\n/bin/true\n/bin/true\n"
        f"exec /usr/bin/python3 -c \"b = bytearray(b'x' * ({MIB} << 20)); del b; {report}\"\n"
    )
    (tmp_path / "shim").chmod(0o755)
    done = mprofpp.record("-T", "10", [tmp_path / "shim"])
    own = round(int(done.out) / 1024, 6)  # rounded as in the file
    assert MIB < own <= mprofpp.peak(done.path)["peak_mib"] < own + 4


def test_twenty_thousand_processes_are_recorded_or_counted(mprofpp, program):
    recording = mprofpp.record("-C", program("swarm", 20_000)).recording
    assert recording.end is not None
    assert len(seen(recording)) + recording.lost_count("processes") >= 20_000


def record_alone(mprofpp, *options, count, program):
    """Records the program in a pid namespace in which no other process starts any."""
    container = unshared("--pid", "--fork", "--mount-proc")
    path = mprofpp.folder / "alone.dat"
    words = [mprofpp.executable, "run", "-f", "-o", path, *options, *program("swarm", count)]
    command = [str(word) for word in [*container, *words]]
    subprocess.run(command, cwd=mprofpp.folder, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return Recording(path)


@pytest.mark.parametrize("interval", ["1ms", "10ms", "100ms", "10"])
def test_processes_that_are_being_reaped_are_counted(mprofpp, program, interval):
    options = ("-C", "-M", "-T", interval, "--no-marks")
    recording = record_alone(mprofpp, *options, count=3000, program=program)
    assert len(seen(recording)) + recording.lost_count("processes") >= 3000


@pytest.mark.parametrize("interval", ["1ms", "100ms"])
def test_all_processes_are_recorded_if_all_report_their_exit(mprofpp, program, interval):
    recording = record_alone(mprofpp, "-C", "-M", "-T", interval, count=3000, program=program)
    assert len(seen(recording)) == 3000
    # a process whose start takes many ticks is counted before it can report
    assert recording.lost_count("processes") < 100


def test_a_program_with_a_sandbox_of_its_own_is_not_made_to_report(mprofpp, program):
    """It is not known which calls it may make, and a report may kill it."""
    with open("/proc/self/status", encoding="ascii") as status:
        if "Seccomp_filters:" not in status.read():
            pytest.skip("SKIP: the kernel does not count filters")
    sandbox = [str(word) for word in program("refuse", "kcmp", 1)]
    if subprocess.run([*sandbox, "true"], capture_output=True, check=False).returncode == 77:
        pytest.skip("SKIP: no filter may be set here")
    recording, pid = record_child(mprofpp, [*sandbox, *program("leave", "exit", MIB)])
    # the first or the last sample may include it
    assert peak_of(recording, pid) is None or pid in {pid for pid, _, _ in recording.children}
    assert pid in seen(recording) or recording.lost_count("processes") >= 1

    mprofpp.command = lambda *words: [*sandbox, mprofpp.executable, *(str(word) for word in words)]
    recording, pid = record_child(mprofpp, program("leave", "exit", MIB))
    assert MIB <= peak_of(recording, pid)


@pytest.fixture
def exits(run):
    """The pipe for reports, which no recorder reads."""
    os.mkfifo(run.folder / "exits")
    pipe = os.open(run.folder / "exits", os.O_RDWR | os.O_NONBLOCK)
    yield pipe
    os.close(pipe)


def test_a_report_has_the_values_of_the_kernel(run, exits, program):
    command = [str(word) for word in program("leave", "exit", MIB, "itself")]
    process = subprocess.Popen(command, env=run.environment())
    assert process.wait() == 0
    record = os.read(exits, 4096)
    stamp, pid, parent, why, begun, name, time, rss, vms = struct.unpack("<IIIIQ16sQQQ", record)
    assert (stamp, pid, parent, why) == (stamp_of(run.agent), process.pid, os.getpid(), 0)
    assert name.rstrip(b"\0") == b"leave"
    assert MIB << 20 <= rss < (MIB + 10) << 20 and vms > rss
    assert 0 < begun <= time <= monotonic_ns()


def test_a_full_pipe_delays_no_process_and_tears_no_report(run, exits, program):
    command = [str(word) for word in program("swarm", 3000)]
    assert subprocess.run(command, env=run.environment(), check=False).returncode == 0
    records = b""
    while True:
        try:
            records += os.read(exits, 65536)
        except BlockingIOError:
            break
    assert len(records) % 64 == 0 and 0 < len(records) // 64 <= 3001
    stamps = {struct.unpack_from("<I", records, at)[0] for at in range(0, len(records), 64)}
    assert stamps == {stamp_of(run.agent)}
