"""`mprofpp attach`: recording processes that are already running."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

from conftest import PATIENCE, is_alive, killed_at_the_end, lines_of, state_of, wait_until
from recording import Recording


def running(tmp_path, *command, **options):
    """Runs a process until the end of the test, or until its standard input ends."""
    return killed_at_the_end(subprocess.Popen(command, stdin=subprocess.PIPE, cwd=tmp_path, **options))


def idle(program, tmp_path, children=0, mib=0, name="ready"):
    ready = tmp_path / name
    command = [str(word) for word in program("idle", children, ready, mib)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    wait_until(ready.exists, "the program is ready")
    return killed_at_the_end(process)


def attached(mprofpp, tmp_path, *words):
    """Attaches to processes. Returns when the recording has started."""
    output = tmp_path / "x.dat"
    options = ["-o", output, "-T", "10ms"]
    recorder = mprofpp.start("attach", *options, *words, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: lines_of(output) > 12, "the recording starts")
    return recorder, output


def test_the_recording_ends_with_the_target_and_is_not_a_failure(mprofpp, program, tmp_path):
    with idle(program, tmp_path, mib=30) as target:
        recorder, output = attached(mprofpp, tmp_path, target.pid)
        target.stdin.close()
        target.wait()
        err = recorder.communicate()[1]
    assert recorder.returncode == 0
    assert "the process exited after" in err
    recording = Recording(output)
    assert recording.end[1] == "ended"
    assert min(recording.values) > 25
    assert target.pid in recording.exits


def test_ctrl_c_ends_the_recording_and_the_target_goes_on(mprofpp, program, tmp_path):
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


def test_a_process_that_is_named_twice_is_one_target(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        done = mprofpp("attach", "-M", "-t", "50ms", "-o", "x.dat", target.pid, target.pid)
    recording = Recording(tmp_path / "x.dat")
    assert recording.meta["root"] == [str(target.pid)]
    assert recording.children == []
    assert sum("recording idle" in line for line in done.said) == 1


def test_children_that_are_started_later_are_recorded(mprofpp, tmp_path):
    with running(tmp_path, "sh", "-c", "read go; sleep 30 & wait") as target:
        recorder, output = attached(mprofpp, tmp_path, "-C", "-M", target.pid)
        target.stdin.write(b"go\n")
        target.stdin.flush()
        wait_until(lambda: b" sleep sleep%2030" in output.read_bytes(), "the child is recorded")
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


def test_a_name_that_fits_a_server_and_its_children_means_the_server(mprofpp, program, tmp_path):
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
def test_a_process_that_does_not_exist_is_one_line_and_no_file(mprofpp, tmp_path, nobody):
    done = mprofpp("attach", "-o", "x.dat", nobody)
    assert done.status == 1
    assert len(done.said) == 1 and nobody in done.said[0]
    assert not (tmp_path / "x.dat").exists()


def test_attach_does_not_claim_to_record_into_a_file_that_exists(mprofpp, program, tmp_path):
    (tmp_path / "x.dat").write_text("precious")
    with idle(program, tmp_path) as target:
        done = mprofpp("attach", "-o", "x.dat", target.pid)
    assert done.status == 1
    assert len(done.said) == 1 and done.says("x.dat", "-f overwrites it")


def test_attach_refuses_to_record_itself(mprofpp, tmp_path):
    command = ["sh", "-c", 'exec "$0" attach -o x.dat $$', mprofpp.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is mprofpp itself" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_attach_waits_for_a_program_that_does_not_run_yet(mprofpp, program, tmp_path):
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


def test_attach_waits_until_all_of_several_programs_run_at_the_same_time(mprofpp, program, tmp_path):
    """A program that starts and exits before the other one starts must run again when both are recorded."""
    output = tmp_path / "x.dat"
    for name in "firstcomer", "secondcomer":
        (tmp_path / name).symlink_to(program("idle")[0])
    first, second = ([tmp_path / name, "0", tmp_path / "ready"] for name in ("firstcomer", "secondcomer"))
    options = ["-q", "--wait", "-t", "50ms", "-o", output]
    with killed_at_the_end(mprofpp.start("attach", *options, "firstcomer", "secondcomer")) as recorder:
        with running(tmp_path, *first):
            wait_until((tmp_path / "ready").exists, "the first one runs")
            seen = rests_of(recorder)
            wait_until(lambda: rests_of(recorder) > seen + 3, "the recorder has looked again")
        with running(tmp_path, *second) as two, running(tmp_path, *first) as one:
            assert recorder.wait(PATIENCE) == 0
    assert Recording(output).meta["root"] == [str(one.pid), str(two.pid)]


def test_attach_does_not_take_a_process_that_has_exited_for_one_that_runs(mprofpp, program, tmp_path):
    """Its parent has not reaped it, so the kernel still lists it under its name."""
    output = tmp_path / "x.dat"
    alias = tmp_path / "revenant"
    alias.symlink_to(program("idle")[0])
    command = [alias, "0", tmp_path / "ready"]
    with killed_at_the_end(subprocess.Popen(command, stdin=subprocess.DEVNULL)) as dead:
        wait_until(lambda: state_of(dead.pid) == "Z", "it is a zombie")
        assert mprofpp("attach", "-o", output, "revenant").says("revenant: no such process")
        recorder = mprofpp.start("attach", "-q", "--wait", "-t", "50ms", "-o", output, "revenant")
        with killed_at_the_end(recorder):
            wait_until(lambda: rests_of(recorder) > 3, "the recorder has looked for it")
            with running(tmp_path, *command) as alive:
                assert recorder.wait(PATIENCE) == 0
    assert Recording(output).meta["root"] == [str(alive.pid)]


def cpu_seconds(process):
    return int(pathlib.Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e9


def test_waiting_takes_little_cpu_time_on_a_busy_machine(mprofpp):
    """Processes start all the time, and each of them could be the one that is waited for."""
    with killed_at_the_end(mprofpp.start("attach", "-q", "--wait", "nobody-of-that-name")) as recorder:
        wait_until(lambda: rests_of(recorder) > 5, "the recorder waits")
        begin, used = time.monotonic(), cpu_seconds(recorder)
        script = "i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); (:) & (:); done; wait"
        subprocess.run(["sh", "-c", script], check=True)
        share = (cpu_seconds(recorder) - used) / (time.monotonic() - begin)
    assert share < 0.3


def test_a_timeout_of_0_means_that_there_is_none(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        recorder, output = attached(mprofpp, tmp_path, "-t", "0", target.pid)
        count = lines_of(output)
        wait_until(lambda: lines_of(output) > count + 20, "the recording goes on")
        recorder.terminate()
        recorder.communicate()


# run -a, as in mprof


@pytest.mark.parametrize("option", ["-a", "--attach", "--att", "-aM"])
def test_run_with_the_option_of_mprof_attaches(mprofpp, program, tmp_path, option):
    with idle(program, tmp_path, mib=30) as target:
        done = mprofpp("run", option, "-t", "0.2", "-o", "x.dat", target.pid)
        assert is_alive(target.pid)
    assert done.status == 0  # as in mprof attach: a timeout is not a failure
    recording = Recording(tmp_path / "x.dat")
    assert recording.meta["root"] == [str(target.pid)]
    assert recording.end[1] == "timeout"
    assert recording.peak > 30


def test_run_a_takes_names_and_options_after_them_as_attach_does(mprofpp, program, tmp_path):
    alias = tmp_path / "attach-me-too"
    alias.symlink_to(program("idle")[0])
    ready = tmp_path / "ready"
    with running(tmp_path, alias, "0", ready) as target:
        wait_until(ready.exists, "the program is ready")
        done = mprofpp("run", "-a", "attach-me-too", "-t", "0.1", "-o", "x.dat")
    assert done.status == 0
    assert Recording(tmp_path / "x.dat").meta["root"] == [str(target.pid)]


def test_run_a_fails_as_attach_does(mprofpp, tmp_path):
    nobody = mprofpp("run", "-a", "-o", "x.dat", "no-such-program")
    assert nobody.status == 1 and len(nobody.said) == 1
    nothing = mprofpp("run", "-a")
    assert nothing.status == 2 and nothing.says("attach", "no process to record")
    assert list(tmp_path.iterdir()) == []


def test_an_option_after_the_program_belongs_to_the_program(mprofpp):
    assert mprofpp.record(["echo", "-a"]).text == "-a\n"


# Other users


def test_rss_of_another_users_process_is_recorded_and_pss_is_refused(mprofpp, program, tmp_path, somebody):
    theirs, folder = somebody
    with idle(program, tmp_path, mib=20) as target:
        attach = ["attach", "-t", "50ms", target.pid]
        rss = mprofpp(*attach, "-o", folder / "rss.dat", **theirs)
        pss = mprofpp(*attach, "-o", folder / "pss.dat", "--backend", "pss", **theirs)
    assert rss.status == 0 and Recording(folder / "rss.dat").peak > 20
    assert pss.status == 1
    assert pss.said[-1].startswith(f"mprofpp: {folder}/pss.dat: has no samples: reading pss of another")
    assert not pss.says("peak") and not pss.says("next")
    recording = Recording(folder / "pss.dat")
    assert recording.samples == []  # a gap, not zeros
    t, why, count, peak, t_peak = recording.end
    assert (why, count, float(peak), t_peak) == ("timeout", "0", 0, t)


def test_a_target_that_exits_before_it_is_read_leaves_no_figures(mprofpp):
    """The target has exited when attach finds it, but is still a zombie."""
    with killed_at_the_end(subprocess.Popen(["true"])) as target:
        wait_until(lambda: state_of(target.pid) == "Z", "it is a zombie")
        done = mprofpp("attach", "-q", "-o", "x.dat", target.pid)
    assert done.status == 1
    assert done.err == "mprofpp: x.dat: has no samples: the process exited before its memory could be read\n"


def test_recording_a_process_of_the_same_user_needs_no_privileges(mprofpp, program, somebody):
    theirs, folder = somebody
    ready = folder / "ready"
    command = [str(word) for word in program("idle", 0, ready, 20)]
    with running(folder, *command, **theirs) as target:
        wait_until(ready.exists, "the program is ready")
        options = ["-t", "50ms", "--backend", "uss", "-o", folder / "x.dat"]
        done = mprofpp("attach", *options, target.pid, **theirs)
    assert done.status == 0
    assert Recording(folder / "x.dat").peak > 20


def test_a_script_is_found_by_its_name(mprofpp, tmp_path):
    script = tmp_path / "some_service.py"
    script.write_text("import sys; print('ready', flush=True); sys.stdin.read()")
    with running(tmp_path, "/usr/bin/python3", "-u", script, stdout=subprocess.PIPE) as target:
        assert target.stdout.readline() == b"ready\n"
        for number, name in enumerate(("some_service.py", script)):
            done = mprofpp("attach", "-t", "50ms", "-o", f"{number}.dat", name)
            assert done.status == 0
            assert Recording(tmp_path / f"{number}.dat").meta["root"] == [str(target.pid)]


def test_attach_says_how_to_end_it_if_sigint_is_ignored(mprofpp, tmp_path):
    with running(tmp_path, "sleep", "30") as target:
        script = f'trap "" INT; exec "$0" attach -o x.dat {target.pid}'
        command = ["sh", "-c", script, mprofpp.executable]
        recorder = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        assert f"kill {recorder.pid} stops the recording" in recorder.stderr.readline()
        wait_until(lambda: lines_of(tmp_path / "x.dat") > 12, "the recording starts")
        recorder.terminate()
        recorder.communicate()
    assert recorder.returncode == 0


def test_a_recording_of_a_running_process_is_written_to_a_pipe(mprofpp, tmp_path):
    with running(tmp_path, "sleep", "30") as target:
        done = mprofpp("attach", "-q", "-t", "50ms", "-o", "-", str(target.pid))
    assert done.text.startswith("CMDLINE sleep 30")
    assert mprofpp("peak", "-", stdin=None, input=done.out).status == 0


def test_marks_and_spans_are_added_to_the_recording_of_a_running_process(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        recorder, output = attached(mprofpp, tmp_path, target.pid)
        assert mprofpp("mark", "-p", target.pid, "deployed", "twice").status == 0
        done = mprofpp("span", "-p", target.pid, "bench", "--", "sh", "-c", "exit 7")
        assert done.status == 7 and done.err == ""
        recorder.terminate()
        recorder.communicate()
    recording = Recording(output)
    assert [mark[1:] for mark in recording.marks] == [(target.pid, "deployed twice")]
    assert [(call.pid, call.name) for call in recording.calls] == [(target.pid, "bench")]


def test_a_mark_for_a_child_of_an_attached_process_finds_the_recording(mprofpp, program, tmp_path):
    with idle(program, tmp_path, children=1) as target:
        (child,) = pathlib.Path(f"/proc/{target.pid}/task/{target.pid}/children").read_text().split()
        recorder, output = attached(mprofpp, tmp_path, "-C", target.pid)
        assert mprofpp("mark", "-p", child, "from below").status == 0
        recorder.terminate()
        recorder.communicate()
    assert [text for _, _, text in Recording(output).marks] == ["from below"]


def test_a_mark_for_a_process_that_is_not_recorded_is_refused(mprofpp, program, tmp_path):
    with idle(program, tmp_path) as target:
        done = mprofpp("mark", "-p", target.pid, "deployed")
        assert done.status == 1
        assert done.says(f"process {target.pid}", "is not being recorded", "mprofpp attach")
        done = mprofpp("span", "-p", target.pid, "bench", "--", "true")
        assert done.status == 0 and done.says("is not being recorded", "running the command without a span")
