"""Every failure is reported in one line on stderr, with a documented exit status, and loses no data."""

import os
import subprocess

import pytest


def one_line(done, status, *words):
    assert done.status == status
    assert done.err.startswith("mprofpp: ")
    assert done.err.count("\n") == 1, done.err
    assert done.says(*words), done.err
    assert "terminate" not in done.err and "what()" not in done.err


def test_no_command_at_all(mprofpp):
    one_line(mprofpp(), 2, "--help")


def test_an_unknown_command_is_refused_with_a_suggestion(mprofpp):
    one_line(mprofpp("./a.out", "x"), 2, "./a.out", "mprofpp run ./a.out")


def test_a_misspelt_command_is_refused_with_a_similar_one(mprofpp):
    one_line(mprofpp("plto", "x.dat"), 2, "plto", "did you mean mprofpp plot?")
    one_line(mprofpp("peke"), 2, "peke", "did you mean mprofpp peak?")
    one_line(mprofpp("--hlp"), 2, "--hlp", "did you mean --help?")


def test_an_option_before_its_command_is_refused_with_the_right_order(mprofpp):
    one_line(mprofpp("-C", "run", "true"), 2, "-C: no such command", "mprofpp run -C PROGRAM")


def test_an_option_of_another_command_is_refused_with_that_command(mprofpp):
    one_line(mprofpp("attach", "--min-span", "1ms", "1"), 2, "--min-span", "mprofpp run has it")
    one_line(mprofpp("plot", "--interval", "1"), 2, "--interval", "mprofpp run has it")


def test_a_misspelt_option_is_refused_with_a_similar_one(mprofpp):
    one_line(mprofpp("plot", "--flmae"), 2, "--flmae: no such option", "did you mean --flame?")


@pytest.mark.parametrize("command", ["run", "plot", "peak"])
def test_an_unknown_option(mprofpp, command):
    one_line(mprofpp(command, "--no-such-option"), 125 if command == "run" else 2, "--no-such-option")


@pytest.mark.parametrize("words", [[], ["-C"], ["--"]])
def test_run_without_a_program(mprofpp, words, tmp_path):
    one_line(mprofpp("run", *words), 125, "program")
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_is_not_found(mprofpp, tmp_path):
    one_line(mprofpp("run", "no-such-program"), 127, "no-such-program")
    assert list(tmp_path.iterdir()) == []


def test_a_program_of_this_folder_is_refused_with_the_right_path(mprofpp, tmp_path):
    (tmp_path / "a.out").write_text("x")
    one_line(mprofpp("run", "a.out"), 127, "a.out: no such program", "./a.out")
    assert os.listdir(tmp_path) == ["a.out"]


@pytest.mark.parametrize("pid", ["abc", "0", "-5", "1.5", "99999999999"])
def test_a_mark_for_something_that_is_not_a_pid(mprofpp, pid):
    one_line(mprofpp("mark", "-p", pid, "text"), 2, "--pid", f"'{pid}' is not a pid")


def test_a_whole_command_in_quotes(mprofpp, tmp_path):
    one_line(mprofpp("run", "python3 x.py"), 127, "python3 x.py: no such program", "separately")
    one_line(mprofpp("run", "./a.out --fast"), 127, "./a.out --fast: no such program", "separately")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", ["LANG=C", "_a1=", "TEXT=two words"])
def test_a_variable_before_the_program(mprofpp, word):
    one_line(mprofpp("run", word, "true"), 127, f"{word}: no such program", f"env {word}")


@pytest.mark.parametrize("word", ["=x", "1=x", "a-b=c"])
def test_a_program_with_an_equals_sign_is_not_a_variable(mprofpp, word):
    done = mprofpp("run", word)
    one_line(done, 127, word)
    assert "env" not in done.err


def test_a_folder_as_the_program(mprofpp, tmp_path):
    (tmp_path / "folder").mkdir()
    one_line(mprofpp("run", "./folder"), 126, "./folder", "it is a directory")


def test_a_python_script_that_does_not_exist_is_not_a_recording_of_python(mprofpp, tmp_path):
    one_line(mprofpp("run", "no-such-script.py"), 127, "no-such-script.py: no such file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--trace", "--no-trace"])
def test_a_pattern_that_the_shell_has_expanded_to_a_file(mprofpp, option, tmp_path):
    (tmp_path / "app.py").write_text("")
    one_line(mprofpp("run", option, "app.py", "true"), 125, option, "'app.py' is a file here", "'app.*'")
    assert os.listdir(tmp_path) == ["app.py"]


def test_a_function_may_have_the_name_of_the_program(mprofpp, tmp_path):
    (tmp_path / "main").write_text("")
    assert mprofpp.record("--trace", "main", "--trace", "app.*", ["true"]).status == 0


def test_a_span_name_of_two_words_without_quotes(mprofpp):
    one_line(mprofpp("span", "load", "tables", "--", "true"), 127, "tables", '"load tables" -- COMMAND')


def test_an_empty_argument_as_the_program(mprofpp, tmp_path):
    one_line(mprofpp("run", ""), 127)
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_is_not_executable(mprofpp, tmp_path):
    (tmp_path / "text").write_text("x")
    one_line(mprofpp("run", "./text"), 126, "./text")


@pytest.mark.parametrize(
    "interval",
    ["0", "-1", "-0.5s", "0.0", "1e-9", "nan", "inf", "1e300", "400d", "", "fast", "0x10", "1,5"],
)
def test_an_invalid_interval(mprofpp, interval, tmp_path):
    one_line(mprofpp("run", "-T", interval, "touch", "started"), 125, "--interval")
    assert list(tmp_path.iterdir()) == []


def test_an_option_without_its_value(mprofpp):
    one_line(mprofpp("run", "-T"), 125, "value")


def test_an_output_in_a_folder_that_does_not_exist(mprofpp, tmp_path):
    one_line(mprofpp("run", "-o", "no/such/x.dat", "touch", "started"), 125, "no/such/x.dat", "-o")
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_a_folder(mprofpp, tmp_path):
    (tmp_path / "folder").mkdir()
    for options in ([], ["-f"]):
        one_line(mprofpp("run", *options, "-o", "folder", "touch", "started"), 125, "folder")
    assert not (tmp_path / "started").exists()


def test_an_output_that_may_not_be_written(mprofpp, tmp_path):
    one_line(mprofpp("run", "-o", "/proc/x.dat", "touch", "started"), 125, "/proc/x.dat")
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_exists(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("precious")
    one_line(mprofpp("run", "-o", "x.dat", "touch", "started"), 125, "x.dat", "-f")
    assert (tmp_path / "x.dat").read_text() == "precious"
    assert not (tmp_path / "started").exists()


def test_an_output_name_with_an_unknown_percent_letter_or_variable(mprofpp, tmp_path):
    one_line(mprofpp("run", "-o", "x%y.dat", "touch", "started"), 125, "%p")
    environment = {k: v for k, v in os.environ.items() if k != "NO_SUCH_VARIABLE"}
    one_line(
        mprofpp("run", "-o", "%q{NO_SUCH_VARIABLE}.dat", "touch", "started", env=environment),
        125,
        "NO_SUCH_VARIABLE",
    )
    assert list(tmp_path.iterdir()) == []


READERS = [["peak"], ["peak", "--json"], ["plot", "-o", "out.png"], ["plot", "-o", "out.svg"]]


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    "name, content",
    [
        ("empty.dat", b""),
        ("binary.dat", bytes(range(256)) * 50),
        ("picture.dat", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        ("text.dat", b"Dear diary,\n"),
        ("header.dat", b"CMDLINE x\n"),
        ("newer.dat", b"CMDLINE x\nMETA format 2\nMEM 1 1\n"),
        ("new\nline.dat", b""),
        ("b\xff\xfed.dat".encode("latin-1"), b""),
    ],
)
def test_a_file_that_cannot_be_read_as_a_recording(mprofpp, tmp_path, command, name, content):
    name = name if isinstance(name, bytes) else name.encode()
    path = os.fsencode(tmp_path) + b"/" + name
    with open(path, "wb") as file:
        file.write(content)
    one_line(mprofpp(*command, path), 1)
    assert not (tmp_path / "out.png").exists()
    assert not (tmp_path / "out.svg").exists()
    with open(path, "rb") as file:
        assert file.read() == content


@pytest.mark.parametrize("command", READERS)
def test_a_file_that_does_not_exist(mprofpp, command):
    one_line(mprofpp(*command, "nosuch.dat"), 1, "nosuch.dat")


@pytest.mark.parametrize("command", READERS)
def test_a_folder_instead_of_a_file(mprofpp, command, tmp_path):
    (tmp_path / "folder").mkdir()
    one_line(mprofpp(*command, "folder"), 1, "folder", "directory")


@pytest.mark.parametrize("command", READERS)
def test_no_recording_in_the_folder(mprofpp, command):
    one_line(mprofpp(*command), 1, "mprofpp run")


@pytest.mark.parametrize("command", READERS)
def test_an_index_that_does_not_exist(mprofpp, tmp_path, command):
    (tmp_path / "mprofile_20260101000000.dat").write_text("MEM 1 1\n")
    one_line(mprofpp(*command, "7"), 1, "7")


def test_a_torn_file_is_read_with_a_warning(mprofpp, tmp_path):
    (tmp_path / "torn.dat").write_text("CMDLINE x\nMEM 1.5 1\nMEM 2.5 2\nMEM 7.")
    done = mprofpp("peak", "torn.dat")
    one_line(done, 0, "torn.dat", "line 4")
    assert "2.500 MiB" in done.text


def test_a_name_cannot_reverse_the_text_of_a_terminal_or_control_it(mprofpp, tmp_path):
    name = "\u202eevil\u009b2J"
    (tmp_path / "mprofile_20260101000000.dat").write_text(f"CMDLINE {name}\nMEM 1 1\n")
    listed = mprofpp("list").text
    assert not set(name) & set(listed) - set("evil2J")
    assert r"\xe2\x80\xaeevil\xc2\x9b2J" in listed


def test_names_with_newlines_and_bytes_that_are_not_utf8_can_be_recorded_and_read(mprofpp, tmp_path):
    for name in (b"a\nb.dat", b"\xff\xfe.dat", b"-x.dat", b" .dat"):
        path = os.fsencode(tmp_path) + b"/" + name
        done = mprofpp("run", "-o", path, "true")
        assert done.status == 0
        assert all(line.startswith("mprofpp: ") for line in done.err.splitlines())
        assert os.path.getsize(path) > 0
        assert mprofpp("peak", path).status == 0


@pytest.mark.parametrize("words", [["peak", "x.dat"], ["--help"], ["--version"], ["run", "--help"]])
def test_a_closed_stdout_does_not_cause_a_crash(mprofpp, tmp_path, words):
    (tmp_path / "x.dat").write_text("MEM 1 1\n")
    command = " ".join([f"'{mprofpp.executable}'", *words])
    done = subprocess.run(
        ["sh", "-c", f"{command} >&-; echo $? >&2"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert int(done.stderr.splitlines()[-1]) < 126


@pytest.mark.parametrize("words", [["peak", "x.dat"], ["list"], ["plot", "-o", "x.svg", "x.dat"], ["--help"]])
def test_a_result_that_cannot_be_written_is_a_failure(mprofpp, tmp_path, words):
    (tmp_path / "x.dat").write_text("MEM 1 1\nMEM 1 2\n")
    (tmp_path / "mprofile_20260101000000.dat").write_text("MEM 1 1\n")
    command = " ".join([f"'{mprofpp.executable}'", *words])
    for redirection in (">/dev/full", ">&-"):
        done = subprocess.run(
            ["sh", "-c", f"{command} {redirection}"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("mprofpp: stdout: cannot write")


@pytest.mark.parametrize("closed", ["<&- 2>&-", "2>&-", "<&- >&- 2>&-"])
def test_no_message_goes_into_the_recording_when_stderr_is_closed(mprofpp, tmp_path, closed):
    command = f"'{mprofpp.executable}' run -v -o x.dat true {closed}"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False).returncode == 0
    assert "mprofpp:" not in (tmp_path / "x.dat").read_text()


def test_run_works_with_stdin_stdout_and_stderr_closed(mprofpp, tmp_path):
    command = f"'{mprofpp.executable}' run -o x.dat touch started <&- >&- 2>&-"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert (tmp_path / "started").exists()
    text = (tmp_path / "x.dat").read_text()
    assert text.startswith("CMDLINE touch started\n")
    assert "mprofpp:" not in text


def test_a_picture_that_cannot_be_written(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("MEM 1.0 1\nMEM 1.0 2\n")
    one_line(mprofpp("plot", "x.dat", "-o", "no/such/x.png"), 1, "no/such/x.png: cannot write", "-o FILE")
