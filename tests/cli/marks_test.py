"""Marks of recorded programs, from the program through the recorder to the recording."""

import collections
import os
import pathlib
import shutil
import signal
import struct
import subprocess

import pytest

from conftest import (
    AGENT, install, is_alive, killed_at_the_end, lines_of, needs, unsanitized, wait_until,
)  # fmt: skip
from recording import Recording
from ring import MAGIC, stamp_of

AGENT_MEMORY = 0.5  # MiB that the library itself may use; a ring would add at least 0.3


@pytest.fixture
def marks(program):
    """Returns the command line of a program that does these actions."""
    return lambda actions: program("marks", *actions.split())


def run_folder(pid):
    """The folder of rings to which that process belongs."""
    entries = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    (folder,) = (entry.split(b"=", 1)[1] for entry in entries if entry.startswith(b"MPROFPP_RUN="))
    return pathlib.Path(os.fsdecode(folder))


def values_of(path):
    """The samples of a recording so far. The file may not exist yet."""
    return Recording(path).values if path.exists() else []


def text_of(path):
    return path.read_text() if path.exists() else ""


# Calls


def test_a_call_is_recorded_with_its_name_times_level_and_memory(mprofpp, marks):
    actions = "begin outer begin inner take 30 sleep 50 end inner end outer"
    recording = mprofpp.record(marks(actions)).recording
    inner, outer = recording.calls
    assert (inner.name, inner.level, outer.name, outer.level) == ("inner", 1, "outer", 0)
    assert inner.rss_out - inner.rss_in == pytest.approx(30, abs=1)
    assert 0.05 <= inner.seconds <= outer.seconds
    assert outer.t_in <= inner.t_in <= inner.t_out <= outer.t_out
    assert {inner.pid, outer.pid} == {recording.processes[0].pid}


def test_the_memory_of_a_call_is_its_own_reading_if_only_one_process_is_recorded(mprofpp, marks):
    call = mprofpp.record(marks("begin f take 20 end f sleep 250")).recording.call("f")
    assert (call.mib_in, call.mib_out) == (call.rss_in, call.rss_out)


def test_calls_of_a_child_have_the_value_of_the_curve_that_they_are_drawn_on(mprofpp, marks, tmp_path):
    path, taken, drawn = tmp_path / "x.dat", tmp_path / "taken", tmp_path / "drawn"
    command = marks(f"fork ( take 5 begin f wait {taken} end f wait {drawn} ) take 50 join")
    with killed_at_the_end(mprofpp.start("run", "-q", "-C", "-T", "10ms", "-o", path, *command)) as run:
        wait_until(lambda: max(values_of(path), default=0) > 55, "the parent's memory is sampled")
        taken.touch()
        wait_until(lambda: Recording(path).calls_of("f"), "the call is recorded")
        drawn.touch()
        assert run.wait() == 0
    call = Recording(path).call("f")
    assert call.rss_out < 20
    assert 55 < call.mib_out < 70


def test_names_may_contain_any_bytes(mprofpp, program):
    command = program("marks", "mark", "größer, 100 % $x$ \\", "begin", "", "end", "")
    recording = mprofpp.record(command).recording
    assert recording.marks[0][2] == "größer, 100 % $x$ \\"
    assert recording.call("").level == 0


def test_mprof_reads_the_calls(mprofpp, marks, mprof):
    done = mprofpp.record(marks("begin outer begin inner end inner end outer mark x calls f 1000"))
    calls = mprof.read_mprofile_file(str(done.path))["func_timestamp"]
    assert {"outer", "inner", "f"} <= set(calls)


def test_calls_of_children_are_recorded_even_without_their_memory(mprofpp, marks):
    recording = mprofpp.record(marks("fork ( begin f end f sleep 200 ) join")).recording
    call = recording.call("f")
    assert call.pid in [process.pid for process in recording.processes]
    assert call.pid != recording.processes[0].pid
    assert call.pid in recording.exits


def test_marks_of_a_process_that_was_never_sampled_are_recorded(mprofpp, marks):
    recording = mprofpp.record("-T", "1", "-C", marks("fork ( mark seen ) join sleep 100")).recording
    ((_, pid, text),) = recording.marks
    assert text == "seen"
    assert pid in [process.pid for process in recording.processes]


def test_many_processes_are_told_apart(mprofpp, marks):
    command = marks("begin parent " + "fork ( begin child sleep 50 end child ) " * 20 + "join end parent")
    recording = mprofpp.record("-C", command).recording
    calls = recording.calls_of("child")
    assert len({call.pid for call in calls}) == 20
    assert {call.level for call in calls} == {1}  # within the parent's call, which they have inherited
    assert len([call for call in recording.calls_of("parent") if "open" in call.flags]) == 20


@unsanitized
def test_marks_of_a_process_that_has_become_another_user_are_recorded_in_time(mprofpp, marks):
    if os.geteuid() != 0:
        pytest.skip("SKIP: only root can become another user")
    needs("setpriv")
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*nobody, "test", "-r", AGENT], check=False).returncode != 0:
        pytest.skip("SKIP: other users may not read the built library")
    # without the bell the recorder would read them only at the end, and they do not fit into the rings
    command = [*nobody, *marks("calls f 5000 " + "sleep 20 calls f 20000 " * 20)]
    recording = mprofpp.record("-C", "-T", "1h", command).recording
    assert recording.lost_count("marks") == 0
    assert sum(count for _, count in recording.groups) + len(recording.calls) == 405000


# Ends


@pytest.mark.parametrize("ending", ["die", "sleep 1"])
def test_every_call_that_had_ended_survives_and_open_calls_are_flagged(mprofpp, marks, ending):
    recording = mprofpp.record(marks(f"begin outer begin ended end ended begin inner {ending}")).recording
    assert recording.call("ended").flags in ([], ["reused"])
    for name in ("inner", "outer"):
        call = recording.call(name)
        assert call.flags == ["open"]
        assert call.t_out == pytest.approx(recording.exit_times[call.pid], abs=1e-6)


def test_open_calls_end_when_their_program_executes_another(mprofpp, marks):
    recording = mprofpp.record(marks("begin before exec begin after sleep 200 end after")).recording
    before, after = recording.call("before"), recording.call("after")
    assert before.flags == ["open"]
    assert before.t_out <= after.t_in
    assert (after.level, after.pid) == (0, before.pid)


def test_a_timeout_ends_open_calls(mprofpp, marks):
    done = mprofpp.record("--timeout", "0.3", "--kill", marks("begin f sleep 60000"))
    assert done.recording.call("f").flags == ["open"]


# While it runs


@pytest.mark.parametrize("interval", ["0.1", "1h"])
def test_a_call_is_in_the_file_as_soon_as_it_has_ended(mprofpp, marks, tmp_path, interval):
    path, end = tmp_path / "x.dat", tmp_path / "end"
    actions = marks(f"begin f end f begin longer wait {end} end longer")
    with killed_at_the_end(mprofpp.start("run", "-q", "-T", interval, "-o", path, *actions)) as process:
        wait_until(lambda: "\nFUNC f " in text_of(path), "the call is recorded")
        wait_until(lambda: "\nOPEN " in text_of(path), "the open call is recorded")
        end.touch()
        assert process.wait() == 0
    recording = Recording(path)
    assert recording.open_calls == ["longer"]
    assert recording.call("longer").flags in ([], ["reused"])


def test_no_folder_is_left_behind(mprofpp, marks, tmp_path):
    end = tmp_path / "end"
    path = tmp_path / "x.dat"
    words = ["run", "-q", "-o", path, *marks(f"mark begun wait {end}")]
    with killed_at_the_end(mprofpp.start(*words)) as process:
        wait_until(lambda: "\nMARK" in text_of(path), "the mark is recorded")
        folder = run_folder(Recording(path).processes[0].pid)
        assert list(folder.glob("*.ring"))
        end.touch()
        process.wait()
    assert not folder.exists()


def test_the_next_recorder_removes_the_folder_of_a_killed_one(mprofpp, marks, tmp_path):
    end, path = tmp_path / "end", tmp_path / "x.dat"
    words = ["run", "-q", "-o", path, *marks(f"begin f mark begun wait {end}")]
    with killed_at_the_end(mprofpp.start(*words)) as process:
        wait_until(lambda: "\nMARK" in text_of(path), "the mark is recorded")
        pid = Recording(path).processes[0].pid
        folder = run_folder(pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert folder.exists()
    end.touch()
    wait_until(lambda: not is_alive(pid), "the program has exited")
    mprofpp.record(marks("mark x"))
    assert not folder.exists()


# Many


def test_every_lost_call_is_counted(mprofpp, marks):
    recording = mprofpp.record("--all-calls", marks("begin all calls f 300000 end all")).recording
    assert len(recording.calls_of("f")) + recording.lost_count("marks") >= 300000


def calls_made(recording, name):
    """The number of calls with lines of their own and of those in sums."""
    return len(recording.calls_of(name)) + sum(count for known, count in recording.groups if known == name)


def test_no_short_call_is_lost_however_many_there_are(mprofpp, marks):
    recording = mprofpp.record(marks("begin all calls f 3000000 end all")).recording
    assert calls_made(recording, "f") == 3000000
    assert recording.lost_count("marks") == 0
    assert len(recording.calls_of("f")) < 1000
    assert {group.level for group in recording.group_lines if group.name == "f"} == {1}


def test_there_may_be_more_functions_than_places_for_sums(mprofpp, marks):
    places, names = 1024, [f"f{number}" for number in range(3000)]
    actions = [f"calls {name} 400 sleep {int(name.endswith('99')) * 30}" for name in names * 2]
    recording = mprofpp.record(marks(" ".join(actions))).recording
    made = len(recording.calls) + sum(count for _, count in recording.groups)
    assert made <= 2 * 3000 * 400 <= made + recording.lost_count("marks")
    summed = {name for name, _ in recording.groups}
    assert len(summed & set(names)) > places


def crowd(mprofpp, program, tmp_path, *words):
    """Returns a recording, and the calls of "busy" and "within" that its program has counted."""
    counts = tmp_path / "counts"
    threads, calls, rounds, *ending = words
    recording = mprofpp.record(program("crowd", threads, calls, rounds, counts, *ending)).recording
    made = struct.unpack(f"{counts.stat().st_size // 8}Q", counts.read_bytes())
    return recording, sum(made[0::2]), sum(made[1::2])


@pytest.mark.parametrize("threads, calls, rounds", [(3, 100000, 1), (40, 3000, 1), (4, 3000, 30)])
def test_all_calls_of_many_threads_are_recorded_or_counted_as_lost(
    mprofpp, program, tmp_path, threads, calls, rounds
):
    recording, busy, within = crowd(mprofpp, program, tmp_path, threads, calls, rounds)
    told = calls_made(recording, "busy") + calls_made(recording, "within")
    assert (busy, within) == (threads * calls * rounds, threads * rounds * -(-calls // 7) * 4)
    assert 2 * told + recording.lost_count("marks") == 2 * (busy + within)
    assert not any("open" in call.flags for call in recording.calls)
    if recording.lost_count("marks") == 0:
        levels = collections.Counter()
        for group in recording.group_lines:
            levels[group.name, group.level] += group.count
        for call in recording.calls:
            levels[call.name, call.level] += 1
        assert levels == {("busy", 0): busy} | {("within", level): within // 4 for level in (1, 2, 3, 4)}


@pytest.mark.parametrize("ending", ["exit", "kill"])
def test_no_call_is_missing_when_threads_end_with_their_process(mprofpp, program, tmp_path, ending):
    threads = 3
    recording, busy, within = crowd(mprofpp, program, tmp_path, threads, 300000, 1, ending)
    told = calls_made(recording, "busy") + calls_made(recording, "within")
    lost = recording.lost_count("marks") / 2
    # a thread counts a call shortly after its start, and may have been interrupted in between
    assert abs(told + lost - busy - within) <= 2 * threads
    assert len([call for call in recording.calls if "open" in call.flags]) <= 5 * threads


def test_a_name_that_is_new_after_a_pause_is_known_when_its_calls_are_read(mprofpp, marks):
    """The recorder reads an idle process less and less often, but must not get sums before their names."""
    names = [f"f{i}" for i in range(6)]
    actions = "calls f 5000 " + " ".join(f"sleep 700 calls {name} 3000" for name in names)
    recording = mprofpp.record(marks(actions)).recording
    assert {name: calls_made(recording, name) for name in names} == dict.fromkeys(names, 3000)


def test_a_long_call_among_very_many_short_ones_is_recorded_while_it_is_open(mprofpp, marks, tmp_path):
    path, end = tmp_path / "x.dat", tmp_path / "end"
    actions = marks(f"calls f 100000 begin f begin g wait {end} end g end f calls f 5000")
    with killed_at_the_end(mprofpp.start("run", "-q", "-o", path, *actions)) as process:
        wait_until(lambda: text_of(path).count("\nOPEN ") == 2, "the open calls are recorded")
        end.touch()
        assert process.wait() == 0
    recording = Recording(path)
    assert recording.open_calls == ["f", "g"]
    assert calls_made(recording, "f") == 105001
    assert max(call.seconds for call in recording.calls_of("f")) >= 1
    assert (recording.call("g").level, recording.lost_count("marks")) == (1, 0)


def test_calls_have_their_levels_even_if_too_many_are_pending(mprofpp, marks):
    actions = "calls f 5000 " + "begin d " * 100 + "sleep 50 " + "end d " * 100
    recording = mprofpp.record(marks(actions)).recording
    assert sorted(call.level for call in recording.calls_of("d")) == list(range(100))


def test_summed_calls_and_the_calls_around_them_survive_a_kill(mprofpp, marks):
    recording = mprofpp.record(marks("calls f 100000 begin f begin g die")).recording
    assert calls_made(recording, "f") == 100001
    open_calls = {call.name: call.level for call in recording.calls if call.flags == ["open"]}
    assert open_calls == {"f": 0, "g": 1}


def test_a_child_inherits_calls_that_were_not_reported_yet(mprofpp, marks):
    actions = "calls f 5000 begin f fork ( begin g sleep 50 end g calls f 3000 ) join end f"
    recording = mprofpp.record("-C", marks(actions)).recording
    assert recording.call("g").level == 1
    assert calls_made(recording, "f") == 5001 + 1 + 3000
    assert [call.pid for call in recording.calls if "open" in call.flags] == [recording.call("g").pid]
    assert recording.lost_count("marks") == 0


def test_calls_that_were_not_reported_yet_end_at_an_exec(mprofpp, marks):
    recording = mprofpp.record(marks("calls f 5000 begin f exec begin g sleep 50 end g")).recording
    assert calls_made(recording, "f") == 5001
    assert [call.name for call in recording.calls if call.flags == ["open"]] == ["f"]
    assert recording.call("g").level == 0


def test_every_call_has_a_line_with_all_calls(mprofpp, marks):
    recording = mprofpp.record("--all-calls", marks("calls f 2000")).recording
    assert len(recording.calls_of("f")) == 2000
    assert recording.meta["calls"] == ["all"]


def test_short_calls_have_lines_with_a_small_min_span(mprofpp, marks):
    recording = mprofpp.record("--min-span", "1ns", marks("calls f 1000")).recording
    assert calls_made(recording, "f") == 1000
    # a machine's clock may read the same twice, so that a call took no time
    assert len(recording.calls_of("f")) > 900
    assert recording.meta["min_span"] == ["0.000000"]


def test_readings_are_used_again_unless_exact_ones_are_wanted(mprofpp, marks):
    command = marks("calls f 50")
    reused = mprofpp.record(command).recording.calls_of("f")
    assert any("reused" in call.flags for call in reused)
    exact = mprofpp.record("--exact", command).recording
    assert not any("reused" in call.flags for call in exact.calls_of("f"))
    assert exact.meta["readings"] == ["exact"]


# Memory


@pytest.fixture
def with_20_mib(mprofpp, marks, tmp_path):
    """Records actions in a program that also holds 20 MiB for some samples."""
    seen, path = tmp_path / "seen", tmp_path / "x.dat"

    def recorded(*options_and_actions):
        *options, actions = options_and_actions
        for old in (seen, path):
            old.unlink(missing_ok=True)
        words = ["run", "-q", "-o", path, *options, *marks(f"{actions} take 20 wait {seen}")]
        with killed_at_the_end(mprofpp.start(*words)) as process:
            wait_until(lambda: path.exists() and sum(v > 20 for v in Recording(path).values) > 2, "20 MiB")
            seen.touch()
            assert process.wait() == 0
        return Recording(path)

    return recorded


@unsanitized
def test_the_memory_of_rings_does_not_count(with_20_mib):
    def memory(*words):  # the kernel's count is off by some pages, and sometimes by many
        return min(with_20_mib(*words).values[-1] for _ in range(3))

    plain = memory("--no-marks", "")
    assert memory("mark x") - plain < AGENT_MEMORY
    assert memory("calls f 20000") - plain < AGENT_MEMORY


@unsanitized
def test_the_kernels_peak_does_not_count_rings_either(mprofpp, with_20_mib):
    peak = mprofpp.peak(with_20_mib("mark x").path)
    assert peak["peak_mib"] - peak["sampled_mib"] < AGENT_MEMORY


# Without marks


def test_without_marks_no_library_is_loaded(mprofpp, marks):
    recording = mprofpp.record("--no-marks", marks("begin f end f mark x")).recording
    assert (recording.calls, recording.marks) == ([], [])
    assert recording.meta["marks"] == ["none"]


@pytest.mark.parametrize("option", ["--exact", "--all-calls", "--trace=x", "--no-trace=x", "--min-span=1ms"])
def test_options_for_marks_are_refused_without_marks(mprofpp, option):
    done = mprofpp("run", "--no-marks", option, "true")
    assert done.status == 125
    assert done.says(option.split("=")[0])


@pytest.mark.parametrize("time", ["x", "-1ms", ""])
def test_an_invalid_shortest_span_is_refused(mprofpp, time):
    done = mprofpp("run", f"--min-span={time}", "true")
    assert done.status == 125
    assert done.says("--min-span")


def test_a_program_that_makes_no_marks_gets_no_ring(mprofpp, tmp_path):
    end, path = tmp_path / "end", tmp_path / "x.dat"
    script = f"while ! test -e {end}; do sleep 0.01; done"
    with killed_at_the_end(mprofpp.start("run", "-q", "-o", path, "sh", "-c", script)) as process:
        wait_until(lambda: lines_of(path) > 20, "a few samples are recorded")
        entries = run_folder(Recording(path).processes[0].pid).iterdir()
        assert not [entry.name for entry in entries if entry.name.endswith(".ring")]
        end.touch()
        process.wait()


# Other places


@pytest.mark.parametrize("name", ["with a space", "with:colon", "with$ORIGIN"])
def test_an_installation_may_be_in_a_folder_that_ld_preload_cannot_name(mprofpp, marks, tmp_path, name):
    mprofpp.executable = install(tmp_path / name) / "bin/mprofpp"
    assert [text for *_, text in mprofpp.record(marks("mark x")).recording.marks] == ["x"]


def test_without_the_library_the_program_is_recorded_without_marks(mprofpp, marks, tmp_path):
    folder = install(tmp_path / "moved")
    (folder / "lib/mprofpp/libmprofpp-agent.so").unlink()
    mprofpp.executable = folder / "bin/mprofpp"
    done = mprofpp.record("-v", marks("mark x"))
    assert done.status == 0
    assert done.recording.marks == []
    assert done.says("no marks")


# Hostile rings


def heading(pid, start, **changes):
    fields = {
        "magic": MAGIC,
        "stamp": stamp_of(AGENT),
        "slots": 64,
        "segment": 0,
        "reserved": 64,
        "tallies": 0,
    }
    fields |= changes
    body = bytearray(4096)
    struct.pack_into("<IIIII", body, 0, fields["magic"], fields["stamp"], fields["slots"], pid, pid)
    struct.pack_into("<QQII", body, 24, start, 1, fields["segment"], 0)
    struct.pack_into("<QQI", body, 64, fields["reserved"], 0, fields["tallies"])
    return bytes(body)


def hostile_rings(pid, start):
    slots = b"".join(struct.pack("<Q", i + 1) + os.urandom(56) for i in range(64))
    leave = [2, 0, 0, 0, 7, 2**64 - 1]
    leaves = b"".join(struct.pack("<QBBBBIQQQQQQ", i + 1, *leave, i, 0, 0, 0, 0) for i in range(64))
    table = bytes(32768)
    yield b""
    yield os.urandom(100_000)
    yield heading(pid, start) + table + slots
    yield heading(pid, start, segment=1, reserved=2**63 - 1) + table + slots
    yield heading(pid, start, segment=2) + table + leaves
    yield heading(pid, start, slots=2**31)
    yield heading(pid, start, tallies=2**32 - 1) + table + slots + os.urandom(3 * 86016 - 7)
    yield heading(1, 1) + table + slots


def test_a_program_that_writes_anything_into_its_rings_harms_neither_recorder_nor_recording(
    mprofpp, marks, tmp_path
):
    end, path = tmp_path / "end", tmp_path / "x.dat"
    words = ["run", "-q", "-o", path, *marks(f"begin f mark begun wait {end} mark done end f")]
    with killed_at_the_end(mprofpp.start(*words)) as process:
        wait_until(lambda: "\nMARK" in text_of(path), "the mark is recorded")
        root = Recording(path).processes[0]
        folder = run_folder(root.pid)
        for number, ring in enumerate(hostile_rings(root.pid, root.start)):
            (folder / "x.new").write_bytes(ring)
            (folder / "x.new").rename(folder / f"{root.pid}.1.{number}.ring")
        os.mkfifo(folder / "pipe.new")
        (folder / "pipe.new").rename(folder / "pipe.ring")
        (folder / "link.new").symlink_to("/etc/passwd")
        (folder / "link.new").rename(folder / "link.ring")
        samples = lines_of(path)
        wait_until(lambda: lines_of(path) > samples + 10, "more samples are recorded")
        end.touch()
        assert process.wait() == 0
    recording = Recording(path)
    assert [text for *_, text in recording.marks if text in ("begun", "done")] == ["begun", "done"]
    assert recording.call("f").level >= 0
    assert mprofpp("peak", path).err == ""
    assert not folder.exists()


def test_a_bell_that_rings_all_the_time_does_not_delay_the_samples(mprofpp, tmp_path):
    end, path = tmp_path / "end", tmp_path / "x.dat"
    script = f"yes > $MPROFPP_RUN/bell & while ! test -e {end}; do sleep 0.01; done; kill $!"
    with killed_at_the_end(mprofpp.start("run", "-q", "-o", path, "sh", "-c", script)) as process:
        wait_until(lambda: lines_of(path) > 25, "a few samples are recorded")
        end.touch()
        assert process.wait() == 0
