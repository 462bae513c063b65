"""`mprofpp run`: options, the environment of the program, and messages."""

import os
import re
import signal
import subprocess
import sys

import pytest

from conftest import BUILD, killed_at_the_end, unsanitized
from recording import Recording
from ring import own_filters

PRINT_ARGUMENTS = "import sys; print(sys.argv[1:])"


def script(folder, name, text, executable=False):
    path = folder / name
    path.write_text(text)
    if executable:
        path.chmod(0o755)
    return path


# The program's arguments


@pytest.mark.parametrize(
    "words",
    [
        ["-5", "x"],
        ["-1"],
        ["--", "-o", "x.dat"],
        ["-C", "-M", "-T", "0.1", "--help", "--version"],
        ["", " ", "a b", "tab\there", "line\nbreak", "$HOME", "*", "'\"\\", "-"],
        ["--output=elsewhere.dat"],
        [b"\xff\xfe\x80", b"caf\xc3\xa9"],
    ],
)
def test_all_arguments_after_the_program_are_passed_on_byte_for_byte(mprofpp, program, words):
    done = mprofpp.record(program("arguments", *words))
    expected = b"".join((w if isinstance(w, bytes) else w.encode()) + b"\0" for w in words)
    assert done.out == expected
    assert done.status == 0


def test_a_command_line_of_half_a_million_bytes_is_passed_on_and_can_be_read_back(mprofpp, program, mprof):
    words = ["x" * 130_000] * 4
    done = mprofpp.record(program("arguments", *words))
    assert len(done.out) == 4 * 130_001
    assert mprofpp("list").status == 0
    assert mprofpp.peak(done.path)["sampled_mib"] == pytest.approx(done.recording.peak, abs=0.001)
    assert mprof.read_mprofile_file(str(done.path))["mem_usage"]


def test_a_program_whose_name_starts_with_a_dash_can_be_run_after_two_dashes(mprofpp, tmp_path):
    script(tmp_path, "-strange", '#!/bin/sh\necho "$@"\n', executable=True)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = mprofpp("run", "-q", "-o", "x.dat", "--", "-strange", "-o", env=environment)
    assert done.text == "-o\n"


def test_stdout_contains_only_the_output_of_the_program(mprofpp):
    done = mprofpp.record(["echo", "-5", "x"])
    assert done.out == b"-5 x\n"


def test_stdin_is_read_by_the_program(mprofpp):
    done = mprofpp.record(["cat"], stdin=None, input=b"some input\n")
    assert done.out == b"some input\n"


def test_a_program_is_found_in_the_path_and_started_without_a_shell(mprofpp):
    done = mprofpp.record(["printf", "%s|", "$HOME", "a b"])
    assert done.out == b"$HOME|a b|"


# What the program inherits


def inherited_under(command, mprofpp, **options):
    own = subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout
    recorded = mprofpp.record(command, **options).text
    return own, recorded


def test_the_program_inherits_signals_descriptors_and_limits_as_if_started_directly(mprofpp, program):
    own, recorded = inherited_under(program("inherited"), mprofpp)
    assert recorded == own


def test_a_blocked_and_an_ignored_signal_stay_blocked_and_ignored(mprofpp, program):
    def spoil():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGTERM})
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    own, recorded = inherited_under(program("inherited"), mprofpp, preexec_fn=spoil)
    assert f"blocked {int(signal.SIGUSR2)}" in own
    assert f"ignored {int(signal.SIGCHLD)}" in own
    assert f"ignored {int(signal.SIGHUP)}" in own
    assert recorded == own


def test_an_open_descriptor_is_passed_on(mprofpp, program, tmp_path):
    with open(tmp_path / "open", "w") as file:
        own, recorded = inherited_under(program("inherited"), mprofpp, pass_fds=[file.fileno()])
        assert f"open {file.fileno()}" in own
    assert recorded == own


PRINT_ENVIRONMENT = ["/usr/bin/env", "-0"]


def environment_under(mprofpp, *options, environment):
    done = mprofpp.record(*options, PRINT_ENVIRONMENT, env=environment)
    return [entry for entry in done.out.split(b"\0") if entry]


def test_the_program_runs_in_the_folder_of_the_caller(mprofpp, tmp_path):
    assert mprofpp.record(["pwd"]).text == f"{tmp_path}\n"


def test_without_marks_the_environment_is_that_of_the_caller_byte_for_byte(mprofpp):
    environment = {b"PATH": b"/usr/bin:/bin", b"MARK": b"a b\nc", b"BYTES": b"\xff=", b"LD_PRELOAD": b""}
    entries = environment_under(mprofpp, "--no-marks", environment=environment)
    assert entries == [name + b"=" + value for name, value in environment.items()]


def test_marks_only_add_variables_of_our_own_and_entries_of_lists(mprofpp):
    environment = {b"ASAN_OPTIONS": b"a=1", b"MARK": b"a b\nc", b"LD_PRELOAD": b"", b"PATH": b"/usr/bin"}
    entries = environment_under(mprofpp, environment=environment)
    agent = os.fsencode(BUILD / "lib/mprofpp/libmprofpp-agent.so")
    assert entries[:4] == [
        b"ASAN_OPTIONS=a=1:verify_asan_link_order=0",
        b"MARK=a b\nc",
        b"LD_PRELOAD=" + agent,
        b"PATH=/usr/bin",
    ]
    ours = {b"MPROFPP_AGENT", b"MPROFPP_RUN", b"MPROFPP_SHORTEST"}
    ours |= {os.fsencode(name) for name in own_filters()}
    assert {entry.split(b"=")[0] for entry in entries[4:]} == ours
    assert b"MPROFPP_AGENT=" + agent in entries


@unsanitized
def test_a_preloaded_library_of_the_program_stays_first(mprofpp):
    library = b"libm.so.6"
    entries = environment_under(mprofpp, environment={b"LD_PRELOAD": library})
    assert entries[0].startswith(b"LD_PRELOAD=" + library + b":")


# Python


def test_a_python_file_is_run_by_the_interpreter(mprofpp, tmp_path):
    path = script(tmp_path, "x.py", PRINT_ARGUMENTS)
    assert mprofpp.record([path, "-3", "a"]).text == "['-3', 'a']\n"
    assert mprofpp.record(["x.py", "a"]).text == "['a']\n"


def test_a_python_file_whose_name_starts_with_python_is_a_python_file(mprofpp, tmp_path):
    script(tmp_path, "python_stats.py", PRINT_ARGUMENTS)
    assert mprofpp.record(["python_stats.py", "a"]).text == "['a']\n"


def test_the_interpreter_itself_is_not_run_by_another(mprofpp, tmp_path):
    script(tmp_path, "x.py", PRINT_ARGUMENTS)
    assert mprofpp.record("--python", ["/usr/bin/python3", "x.py", "a"]).text == "['a']\n"


def test_the_option_python_runs_a_file_or_a_module(mprofpp, tmp_path):
    script(tmp_path, "tool", PRINT_ARGUMENTS)
    script(tmp_path, "module.py", PRINT_ARGUMENTS)
    assert mprofpp.record("--python", ["tool", "a"]).text == "['a']\n"
    assert mprofpp.record("--python", ["module", "a"]).text == "['a']\n"


def test_nopython_executes_the_file_itself(mprofpp, tmp_path):
    path = script(tmp_path, "x.py", "#!/bin/sh\necho shell\n", executable=True)
    assert mprofpp.record("--nopython", [path]).text == "shell\n"


def test_nopython_on_a_file_without_the_executable_bit_is_126(mprofpp, tmp_path):
    path = script(tmp_path, "x.py", PRINT_ARGUMENTS)
    assert mprofpp.record("--nopython", [path]).status == 126


def test_a_script_that_names_its_interpreter_is_run_by_it(mprofpp, tmp_path):
    path = script(tmp_path, "x.py", f"#!{sys.executable} -B\n{PRINT_ARGUMENTS}", executable=True)
    done = mprofpp.record([path, "a"])
    assert done.text == "['a']\n"
    assert "-B" in done.recording.processes[-1].command.split()


# Options


@pytest.mark.parametrize(
    "written, seconds",
    [("0.05", 0.05), ("50ms", 0.05), ("20000us", 0.02), ("1e-2", 0.01), ("1m", 60), ("2", 2)],
)
def test_an_interval_is_in_seconds_or_has_a_unit(mprofpp, written, seconds):
    done = mprofpp.record("-T", written, ["true"])
    assert done.status == 0
    assert float(done.recording.meta["interval"][0]) == pytest.approx(seconds)


def test_options_may_be_shortened_joined_and_clustered(mprofpp, program):
    done = mprofpp.record("--multi", "--inc", "--int", "0.02", program("tree", 5, 100, 1))
    assert done.recording.meta["tree"] == ["CM"]
    done = mprofpp.record("-CMT20ms", program("tree", 5, 100, 1))
    assert done.recording.meta["tree"] == ["CM"]
    assert float(done.recording.meta["interval"][0]) == pytest.approx(0.02)


def test_the_default_name_is_that_of_mprof(mprofpp, tmp_path):
    assert mprofpp("run", "true").status == 0
    assert [re.fullmatch(r"mprofile_\d{14}\.dat", f.name) is not None for f in tmp_path.iterdir()] == [True]


def test_runs_that_start_in_the_same_second_do_not_share_a_file(mprofpp, tmp_path):
    runs = [mprofpp.start("run", "-q", "true") for _ in range(5)]
    assert [run.wait() for run in runs] == [0] * 5
    files = list(tmp_path.glob("mprofile_*.dat"))
    assert len(files) == 5
    assert all(Recording(file).end is not None for file in files)


def test_a_name_may_contain_pid_host_and_a_variable(mprofpp, tmp_path):
    done = mprofpp("run", "-o", "r%q{RANK}-%p-%h.dat", "sh", "-c", "echo $$", env=os.environ | {"RANK": "3"})
    assert (tmp_path / f"r3-{done.text.strip()}-{os.uname().nodename}.dat").exists()


def test_an_existing_file_is_not_overwritten_unless_forced(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("precious")
    refused = mprofpp("run", "-o", "x.dat", "touch", "started")
    assert refused.status == 125
    assert refused.says("x.dat", "-f")
    assert (tmp_path / "x.dat").read_text() == "precious"
    assert not (tmp_path / "started").exists()
    assert mprofpp("run", "-f", "-o", "x.dat", "true").status == 0
    assert Recording(tmp_path / "x.dat").end is not None


def test_a_program_that_cannot_be_started_does_not_replace_the_old_recording(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("precious")
    assert mprofpp("run", "-f", "-o", "x.dat", "/no/such/program").status == 127
    assert (tmp_path / "x.dat").read_text() == "precious"


def test_quiet_prints_no_message(mprofpp):
    assert mprofpp.record("-q", ["true"]).err == ""


def test_verbose_prints_more_and_a_log_file_gets_all_messages(mprofpp, tmp_path):
    plain = mprofpp.record(["true"])
    logged = mprofpp.record("-v", "--log", "log", ["true"])
    assert logged.status == 0
    assert (tmp_path / "log").exists()
    assert len(logged.said) >= len(plain.said)


def test_a_log_that_cannot_be_written_is_one_line_and_125(mprofpp):
    done = mprofpp("run", "--log", "/dev/null/log", "true")
    assert done.status == 125
    assert len(done.said) == 1


def test_help_lists_every_option_of_the_command(mprofpp):
    done = mprofpp("run", "--help")
    assert done.status == 0
    for option in (
        "-T, --interval",
        "-C, --include-children",
        "-M, --multiprocess",
        "-E, --exit-code",
        "--no-exit-code",
        "-o, --output",
        "-f, --force",
        "-q, --quiet",
        "-v, --verbose",
        "--log",
        "--python",
        "--nopython",
    ):
        assert option in done.text


# The summary


def test_the_summary_contains_peak_mean_end_duration_samples_and_file(mprofpp, program):
    done = mprofpp.record(program("spike", 64, 300))
    text = " ".join(done.said)
    for word in ("peak", "mean", "end", "samples", str(done.path)):
        assert word in text
    assert re.search(r"peak 6[4-9]\.\d MiB", text)
    assert re.search(r"\d+ samples", text)


def test_the_summary_ends_with_the_next_command(mprofpp):
    done = mprofpp.record(["true"])
    assert done.said[-1] == f"mprofpp: next: mprofpp plot {done.path}"


def test_the_next_command_can_be_pasted_into_a_shell(mprofpp, tmp_path):
    done = mprofpp("run", "-o", "a 'b' $c.dat", "true")
    command = done.said[-1].split("next: ")[1].replace("mprofpp plot", "printf %s")
    assert subprocess.run(["sh", "-c", command], capture_output=True, check=True).stdout == b"a 'b' $c.dat"


def test_the_summary_contains_the_true_and_the_sampled_peak_if_they_differ(mprofpp, program):
    done = mprofpp.record("-T", "10", program("spike", 64, 5))
    assert re.search(r"peak 6[4-9]\.\d MiB \(sampled \d+(\.\d+)? [KM]iB at", done.said[0])


def test_children_that_were_left_out_are_mentioned_if_they_matter(mprofpp, program):
    done = mprofpp.record(["sh", "-c", " ".join(map(str, program("spike", 300, 500))) + "; true"])
    line = next(line for line in done.said if "-C" in line)
    assert 295 < float(re.search(r"\+(\d+\.\d) MiB", line).group(1)) < 310


def test_children_that_do_not_matter_are_not_mentioned(mprofpp, program):
    done = mprofpp.record(program("spike", 50, 300))
    assert not any("-C" in line for line in done.said)


def test_an_option_of_ours_after_the_program_causes_a_hint(mprofpp):
    done = mprofpp.record(["echo", "-o", "elsewhere.dat"])
    assert done.out == b"-o elsewhere.dat\n"
    assert done.says("-o", "before")


def test_colours_are_used_on_terminals_only(mprofpp):
    assert "\033" not in mprofpp.record(["true"]).err


# The recorder and its surroundings


@unsanitized
def test_the_executable_does_not_link_drawing_libraries():
    linked = subprocess.run(["ldd", BUILD / "bin/mprofpp"], capture_output=True, text=True, check=True)
    assert "cairo" not in linked.stdout
    assert "pango" not in linked.stdout


def test_the_recorder_goes_on_when_the_reader_of_its_stderr_exits(mprofpp, tmp_path, program):
    """`mprofpp run … 2>&1 | head -1`: the program and the recording go on after stderr was closed."""
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-o", output, "-v", *program("spike", 5, 300), stderr=subprocess.PIPE)
    run.stderr.close()
    with killed_at_the_end(run):
        assert run.wait() == 0
    assert Recording(output).end is not None


def test_the_program_is_in_the_foreground_group(mprofpp, program):
    done = mprofpp.record(program("inherited"), start_new_session=True)
    lines = dict(line.split() for line in done.text.splitlines() if line.split()[0] in ("group", "session"))
    assert lines["group"] == lines["session"]
