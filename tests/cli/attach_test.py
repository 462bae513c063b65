"""`mprofpp attach`: processes that run already."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

from conftest import PATIENCE, is_alive, killed_at_the_end, lines_of, state_of, wait_until
from recording import Recording


def running(tmp_path, *command, **options):
    """A process for as long as the test lasts; ends when its standard input ends."""
    return killed_at_the_end(subprocess.Popen(command, stdin=subprocess.PIPE, cwd=tmp_path, **options))


def idle(program, tmp_path, children=0, mib=0, name="ready"):
    ready = tmp_path / name
    command = [str(word) for word in program("idle", children, ready, mib)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    wait_until(ready.exists, "the program is ready")
    return killed_at_the_end(process)


def attached(mprofpp, tmp_path, *words):
    """Attaches, and comes back when the recording has begun."""
    output = tmp_path / "x.dat"
    options = ["-o", output, "-T", "10ms"]
    recorder = mprofpp.start("attach", *options, *words, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: lines_of(output) > 12, "the recording begins")
    return recorder, output


def test_the_targets_end_is_the_recordings_and_no_failure(mprofpp, program, tmp_path):
    with idle(program, tmp_path, mib=30) as target:
        recorder, output = attached(mprofpp, tmp_path, target.pid)
        target.stdin.close()
        target.wait()
        err = recorder.communicate()[1]
    assert recorder.returncode == 0
    assert "the target ended after" in err
    recording = Recording(output)
    assert recording.end[1] == "ended"
    assert min(recording.values) > 25
    assert target.pid in recording.exits


def test_ctrl_c_ends_the_recording_and_leaves_the_target_alone(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        recorder, output = attached(mprofpp, tmp_path, target.pid)
        recorder.send_signal(signal.SIGINT)
        recorder.communicate()
        assert recorder.returncode == 0
        assert is_alive(target.pid)
    assert Recording(output).end[1] == "interrupted"


def test_several_targets_are_summed_and_each_has_its_line(mprofpp, program, tmp_path):
    first = idle(program, tmp_path, mib=40, name="one")
    second = idle(program, tmp_path, mib=20, name="two")
    with first as one, second as two:
        done = mprofpp("attach", "-M", "-t", "0.2", "-o", "x.dat", one.pid, two.pid)
    recording = Recording(tmp_path / "x.dat")
    assert done.status == 0
    assert 60 < recording.peak < 70
    assert 40 < max(recording.child(one.pid)) < 45
    assert 20 < max(recording.child(two.pid)) < 25


def test_who_is_named_twice_is_one_target(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        done = mprofpp("attach", "-M", "-t", "50ms", "-o", "x.dat", target.pid, target.pid)
    recording = Recording(tmp_path / "x.dat")
    assert recording.meta["root"] == [str(target.pid)]
    assert recording.children == []
    assert sum("recording idle" in line for line in done.said) == 1


def test_children_that_are_born_later_are_found(mprofpp, tmp_path):
    with running(tmp_path, "sh", "-c", "read go; sleep 30 & wait") as target:
        recorder, output = attached(mprofpp, tmp_path, "-C", "-M", target.pid)
        target.stdin.write(b"go\n")
        target.stdin.flush()
        wait_until(lambda: b" sleep sleep%2030" in output.read_bytes(), "the child is seen")
        child = Recording(output).of_name("sleep")[0]
        recorder.terminate()
        recorder.communicate()
        os.kill(child.pid, signal.SIGKILL)
    assert child.parent == target.pid
    assert Recording(output).child(child.pid)


def test_a_name_means_the_program_of_that_name(mprofpp, tmp_path):
    with running(tmp_path, "sh", "-c", "exec -a attach-me sleep 30", executable="/bin/bash") as target:
        command = pathlib.Path(f"/proc/{target.pid}/cmdline")
        wait_until(lambda: command.read_bytes().startswith(b"attach-me"), "exec")
        done = mprofpp("attach", "-t", "50ms", "-o", "x.dat", "attach-me")
    assert done.status == 0
    assert Recording(tmp_path / "x.dat").meta["root"] == [str(target.pid)]


def test_of_a_server_and_its_children_the_server_is_meant(mprofpp, program, tmp_path):
    alias = tmp_path / "oneserver"
    alias.symlink_to(program("idle")[0])
    ready = tmp_path / "ready"
    with running(tmp_path, alias, "3", ready) as target:
        wait_until(ready.exists, "the server is ready")
        done = mprofpp("attach", "-t", "50ms", "-o", "x.dat", "oneserver")
        assert done.status == 0
        assert Recording(tmp_path / "x.dat").meta["root"] == [str(target.pid)]


def test_a_name_of_several_programs_is_refused_with_a_list(mprofpp, program, tmp_path):
    alias = tmp_path / "twoservers"
    alias.symlink_to(program("idle")[0])
    ready = [tmp_path / "one", tmp_path / "two"]
    first, second = (running(tmp_path, alias, "0", file) for file in ready)
    with first as one, second as two:
        wait_until(lambda: all(file.exists() for file in ready), "both are ready")
        done = mprofpp("attach", "-o", "x.dat", "twoservers")
    assert done.status == 1
    assert done.says(str(one.pid)) and done.says(str(two.pid))
    assert not (tmp_path / "x.dat").exists()


@pytest.mark.parametrize("nobody", ["99999999", "no-such-program"])
def test_nobody_to_attach_to_is_one_line_and_no_file(mprofpp, tmp_path, nobody):
    done = mprofpp("attach", "-o", "x.dat", nobody)
    assert done.status == 1
    assert len(done.said) == 1 and nobody in done.said[0]
    assert not (tmp_path / "x.dat").exists()


def test_it_does_not_attach_to_itself(mprofpp, tmp_path):
    command = ["sh", "-c", 'exec "$0" attach -o x.dat $$', mprofpp.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is mprofpp itself" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_does_not_run_yet_is_waited_for(mprofpp, program, tmp_path):
    alias = tmp_path / "latecomer"
    alias.symlink_to(program("idle")[0])
    output = tmp_path / "x.dat"
    recorder = mprofpp.start("attach", "-q", "--wait", "-t", "50ms", "-o", output, "latecomer")
    with killed_at_the_end(recorder), running(tmp_path, alias, "0", tmp_path / "ready") as target:
        assert recorder.wait() == 0
    assert Recording(output).meta["root"] == [str(target.pid)]


def rests_of(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])


def test_of_several_all_are_waited_for_at_the_same_time(mprofpp, program, tmp_path):
    """One that comes and goes before the other is there was not waited for in vain, nor for good."""
    output = tmp_path / "x.dat"
    for name in "firstcomer", "secondcomer":
        (tmp_path / name).symlink_to(program("idle")[0])
    first, second = ([tmp_path / name, "0", tmp_path / "ready"] for name in ("firstcomer", "secondcomer"))
    options = ["-q", "--wait", "-t", "50ms", "-o", output]
    with killed_at_the_end(mprofpp.start("attach", *options, "firstcomer", "secondcomer")) as recorder:
        with running(tmp_path, *first):
            wait_until((tmp_path / "ready").exists, "the first one runs")
            seen = rests_of(recorder)
            wait_until(lambda: rests_of(recorder) > seen + 3, "it was looked for again")
        with running(tmp_path, *second) as two, running(tmp_path, *first) as one:
            assert recorder.wait(PATIENCE) == 0
    assert Recording(output).meta["root"] == [str(one.pid), str(two.pid)]


def cpu_seconds(process):
    return int(pathlib.Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e9


def test_waiting_takes_little_of_a_busy_machine(mprofpp):
    """Somebody is born all the time, and every birth could be the one that is waited for."""
    with killed_at_the_end(mprofpp.start("attach", "-q", "--wait", "nobody-of-that-name")) as recorder:
        wait_until(lambda: rests_of(recorder) > 5, "it waits")
        begin, used = time.monotonic(), cpu_seconds(recorder)
        script = "i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); (:) & (:); done; wait"
        subprocess.run(["sh", "-c", script], check=True)
        share = (cpu_seconds(recorder) - used) / (time.monotonic() - begin)
    assert share < 0.3


def test_a_time_out_of_0_is_none(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        recorder, output = attached(mprofpp, tmp_path, "-t", "0", target.pid)
        count = lines_of(output)
        wait_until(lambda: lines_of(output) > count + 20, "the recording goes on")
        recorder.terminate()
        recorder.communicate()


# run -a, as in mprof


@pytest.mark.parametrize("option", ["-a", "--attach", "--att", "-aM"])
def test_run_with_mprofs_option_attaches(mprofpp, program, tmp_path, option):
    with idle(program, tmp_path, mib=30) as target:
        done = mprofpp("run", option, "-t", "0.2", "-o", "x.dat", target.pid)
        assert is_alive(target.pid)
    assert done.status == 0  # mprof attach: the end of the time is no failure
    recording = Recording(tmp_path / "x.dat")
    assert recording.meta["root"] == [str(target.pid)]
    assert recording.end[1] == "timeout"
    assert recording.peak > 30


def test_it_takes_names_and_options_behind_them_as_attach_does(mprofpp, program, tmp_path):
    alias = tmp_path / "attach-me-too"
    alias.symlink_to(program("idle")[0])
    ready = tmp_path / "ready"
    with running(tmp_path, alias, "0", ready) as target:
        wait_until(ready.exists, "the program is ready")
        done = mprofpp("run", "-a", "attach-me-too", "-t", "0.1", "-o", "x.dat")
    assert done.status == 0
    assert Recording(tmp_path / "x.dat").meta["root"] == [str(target.pid)]


def test_it_fails_as_attach_does(mprofpp, tmp_path):
    nobody = mprofpp("run", "-a", "-o", "x.dat", "no-such-program")
    assert nobody.status == 1 and len(nobody.said) == 1
    nothing = mprofpp("run", "-a")
    assert nothing.status == 2 and nothing.says("attach", "no process to record")
    assert list(tmp_path.iterdir()) == []


def test_behind_the_program_the_option_is_the_programs(mprofpp):
    assert mprofpp.record(["echo", "-a"]).text == "-a\n"


# Other users


def test_another_users_process_has_rss_and_says_that_pss_is_refused(mprofpp, program, tmp_path, somebody):
    theirs, folder = somebody
    with idle(program, tmp_path, mib=20) as target:
        attach = ["attach", "-t", "50ms", target.pid]
        rss = mprofpp(*attach, "-o", folder / "rss.dat", **theirs)
        pss = mprofpp(*attach, "-o", folder / "pss.dat", "--backend", "pss", **theirs)
    assert rss.status == 0 and Recording(folder / "rss.dat").peak > 20
    assert pss.status == 1
    assert pss.said[-1].startswith(f"mprofpp: {folder}/pss.dat: has no sample: pss of another user's")
    assert not pss.says("peak") and not pss.says("next")
    recording = Recording(folder / "pss.dat")
    assert recording.samples == []  # a gap, not zeros
    t, why, count, peak, t_peak = recording.end
    assert (why, count, float(peak), t_peak) == ("timeout", "0", 0, t)


def test_a_target_that_ends_before_it_is_read_leaves_no_figures(mprofpp):
    """It has ended when attach finds it, and is not reaped yet."""
    with killed_at_the_end(subprocess.Popen(["true"])) as target:
        wait_until(lambda: state_of(target.pid) == "Z", "it has ended")
        done = mprofpp("attach", "-q", "-o", "x.dat", target.pid)
    assert done.status == 1
    assert done.err == "mprofpp: x.dat: has no sample: the process ended before its memory could be read\n"


def test_a_process_of_the_same_user_needs_no_rights(mprofpp, program, somebody):
    theirs, folder = somebody
    ready = folder / "ready"
    command = [str(word) for word in program("idle", 0, ready, 20)]
    with running(folder, *command, **theirs) as target:
        wait_until(ready.exists, "the program is ready")
        options = ["-t", "50ms", "--backend", "uss", "-o", folder / "x.dat"]
        done = mprofpp("attach", *options, target.pid, **theirs)
    assert done.status == 0
    assert Recording(folder / "x.dat").peak > 20
