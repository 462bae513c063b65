"""The exit status of `mprofpp run` is that of the program, as in a shell."""

import signal

import pytest


def of_a_shell(command, mprofpp):
    import subprocess

    quoted = " ".join(str(word) for word in command)
    return subprocess.run(["sh", "-c", f"{quoted}; exit $?"], capture_output=True, check=False).returncode


@pytest.mark.parametrize("status", [0, 1, 3, 100, 124, 125, 255])
@pytest.mark.parametrize("options", [[], ["-E"], ["--exit-code"], ["-C"]])
def test_the_status_is_that_of_the_program(mprofpp, program, status, options):
    assert mprofpp.record(*options, program("end", "status", status)).status == status


@pytest.mark.parametrize("number, status", [(11, 139), (9, 137), (15, 143), (2, 130), (6, 134), (1, 129)])
@pytest.mark.parametrize("options", [[], ["-E"]])
def test_death_by_signal_n_is_128_plus_n_as_in_a_shell(mprofpp, program, number, status, options):
    command = program("end", "signal", number)
    assert mprofpp.record(*options, command).status == status
    assert of_a_shell(command, mprofpp) == status


def test_the_status_is_known_although_the_caller_ignores_sigchld(mprofpp, program):
    """Daemons ignore SIGCHLD, and their children inherit that. The kernel reports no exit then."""

    def ignore():
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    assert mprofpp.record(program("end", "status", 3), preexec_fn=ignore).status == 3


def test_the_exit_code_option_is_silent(mprofpp, program):
    with_option = mprofpp.record("-q", "-E", program("end", "status", 3))
    assert (with_option.status, with_option.err) == (3, "")


def test_no_exit_code_gives_zero_as_in_mprof(mprofpp, program):
    assert mprofpp.record("--no-exit-code", program("end", "status", 3)).status == 0
    assert mprofpp.record("--no-exit-code", program("end", "signal", 9)).status == 0


def test_no_exit_code_does_not_hide_that_nothing_was_run(mprofpp):
    assert mprofpp.record("--no-exit-code", ["/no/such/program"]).status == 127


@pytest.mark.parametrize("name", ["no-such-program-anywhere", "/no/such/program", "./nothing"])
def test_a_program_that_does_not_exist_is_127_in_one_line_and_leaves_no_file(mprofpp, name, tmp_path):
    done = mprofpp("run", name)
    assert done.status == 127
    assert len(done.said) == 1
    assert done.says(name)
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_cannot_be_executed_is_126_in_one_line_and_leaves_no_file(mprofpp, tmp_path):
    (tmp_path / "text").write_text("no program")
    for name in ("./text", "/etc", "/etc/passwd"):
        done = mprofpp("run", name)
        assert done.status == 126
        assert len(done.said) == 1
        assert done.says(name)
    assert [file.name for file in tmp_path.iterdir()] == ["text"]


def test_a_program_whose_interpreter_is_missing_is_126_or_127_as_in_a_shell(mprofpp, tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    done = mprofpp("run", "./script")
    assert done.status in (126, 127)
    assert len(done.said) == 1


def test_the_recording_contains_the_status(mprofpp, program):
    recording = mprofpp.record(program("end", "signal", 11)).recording
    assert recording.exits[int(recording.meta["root"][0])] == 139
