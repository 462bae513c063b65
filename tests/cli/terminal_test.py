"""Charts of text: `mprofpp plot --term`, and what plot prints on a terminal.

The terminals are pseudoterminals, whose size the test sets."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios

import pytest

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
GOLDEN = DATA.parent / "golden"
CHARTS = json.loads((GOLDEN / "terminal.json").read_text())
PLAIN = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "PATH": os.environ["PATH"]}


def chart(mprofpp, *words, **variables):
    """The chart that is printed into a pipe."""
    done = mprofpp("plot", "--term", *words, cwd=DATA, env=PLAIN | variables)
    assert done.status == 0, done.err
    return done.text


def read_all(terminal):
    """Reads until the last process has closed the terminal."""
    text = b""
    with contextlib.suppress(OSError):  # EIO
        while part := os.read(terminal, 1 << 16):
            text += part
    return text.decode().replace("\r\n", "\n")


def on_terminal(mprofpp, *words, columns=80, rows=24, **variables):
    """Returns what the command prints on a terminal of that size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    command = subprocess.Popen(
        mprofpp.command(*words),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=mprofpp.folder,
        env=PLAIN | variables,
    )
    os.close(theirs)
    text = read_all(ours)
    os.close(ours)
    assert command.wait() == 0, text
    return text


def without_colours(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_of_text_is_the_same_as_the_accepted_one(mprofpp, name):
    drawn = chart(mprofpp, *CHARTS[name])
    accepted = (GOLDEN / f"{name}.txt").read_text()
    assert drawn == accepted, f"{name} has changed: look at it (scripts/approve --show), then scripts/approve"


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_but_text_and_colours_is_printed(mprofpp, name):
    text = without_colours(chart(mprofpp, *CHARTS[name]))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_a_chart_in_a_pipe_has_80_columns_and_no_colours(mprofpp):
    text = chart(mprofpp, "server-calls.dat")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) == 80


def test_no_picture_is_written_unless_it_is_named(mprofpp):
    before = sorted(mprofpp.folder.iterdir())
    assert mprofpp("plot", "--term", DATA / "flat.dat").status == 0
    assert sorted(mprofpp.folder.iterdir()) == before
    done = mprofpp("plot", "--term", DATA / "flat.dat", "-o", "x.svg")
    assert done.status == 0
    assert done.text.endswith("\nx.svg\n") and "64.0 MiB" in done.text
    assert (mprofpp.folder / "x.svg").exists()


@pytest.mark.parametrize("columns, rows", [(20, 8), (80, 24), (200, 60)])
def test_a_chart_fits_the_terminal_and_leaves_a_line_for_the_prompt(mprofpp, columns, rows):
    text = on_terminal(mprofpp, "plot", "--term", DATA / "server-calls.dat", columns=columns, rows=rows)
    lines = without_colours(text).splitlines()
    assert len(lines) == rows - 1
    assert max(map(len, lines)) <= columns
    assert "\x1b[38;5;" in text


def test_columns_and_lines_replace_the_size_of_the_terminal(mprofpp):
    options = ["plot", "--term", DATA / "server-calls.dat"]
    lines = without_colours(on_terminal(mprofpp, *options, COLUMNS="60", LINES="15")).splitlines()
    assert len(lines) == 14 and max(map(len, lines)) == 60


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}, {"CLICOLOR": "0"}])
def test_a_terminal_without_colours_gets_none(mprofpp, variables):
    assert "\x1b" not in on_terminal(mprofpp, "plot", "--term", DATA / "server-calls.dat", **variables)


def test_an_old_terminal_gets_its_sixteen_colours(mprofpp):
    text = on_terminal(mprofpp, "plot", "--term", DATA / "server-calls.dat", TERM="xterm")
    assert "\x1b[" in text and "38;5;" not in text


@pytest.mark.parametrize("words", [["--color", "never"], ["--color=never"], ["--col", "never"]])
def test_color_never_is_without_colours_on_a_terminal(mprofpp, words):
    assert "\x1b" not in on_terminal(mprofpp, "plot", "--term", *words, DATA / "server-calls.dat")


@pytest.mark.parametrize("variables", [{"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}])
def test_colours_can_be_forced_into_a_pipe(mprofpp, variables):
    assert "\x1b[" in chart(mprofpp, "server-calls.dat", **variables)
    assert "\x1b[" in chart(mprofpp, "server-calls.dat", "--color", "always", NO_COLOR="1")
    assert "\x1b" not in chart(mprofpp, "server-calls.dat", NO_COLOR="1", **variables)


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "POSIX"}, {"TERM": "linux"}])
def test_a_locale_without_utf8_gets_ascii(mprofpp, variables):
    assert chart(mprofpp, "ugly.dat", **variables).isascii()
    assert not chart(mprofpp, "ugly.dat").isascii()


def test_plot_prints_a_chart_next_to_the_path_of_the_picture_only_on_a_terminal(mprofpp):
    text = on_terminal(mprofpp, "plot", DATA / "flat.dat", "-o", "x.svg", rows=20)
    lines = without_colours(text).splitlines()
    assert lines[0].startswith("./flat") and lines[-1] == "x.svg" and len(lines) == 19
    assert mprofpp("plot", DATA / "flat.dat", "-o", "y.svg").text == "y.svg\n"


def test_every_command_that_prints_has_color(mprofpp):
    for command in (
        "run",
        "attach",
        "mark",
        "span",
        "plot",
        "peak",
        "leak",
        "loadtest",
        "lines",
        "list",
        "rm",
        "clean",
        "help",
    ):
        assert "--color WHEN" in mprofpp(command, "--help").text, command
    assert "\x1b" not in on_terminal(mprofpp, "list", "--color", "never")
    refused = mprofpp("list", "--color", "blue")
    assert refused.status == 2 and refused.says("--color blue", "auto, always or never")


def test_color_of_plot_still_takes_what_color_by_takes(mprofpp):
    options = ["--size", "100x30", "--flame", "--color", "always"]
    by = chart(mprofpp, "server-calls.dat", *options, "--color-by", "growth")
    colours = {"FORCE_COLOR": "1"}
    old = chart(mprofpp, "server-calls.dat", "--size", "100x30", "--flame", "--color", "growth", **colours)
    short = chart(mprofpp, "server-calls.dat", "--size", "100x30", "--flame", "--co=growth", **colours)
    assert by == old == short


@pytest.mark.parametrize(
    "words",
    [
        ["--term", "--size", "19x24", "flat.dat"],
        ["--term", "--size", "80", "flat.dat"],
        ["--term", "-o", "-", "--format", "png", "flat.dat"],
        ["--term", "-w", "100,200", "flat.dat"],
        ["--term", "missing.dat"],
        ["--term", "README.md"],
        ["--term", "--color", "red", "flat.dat"],
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(mprofpp, words):
    done = mprofpp("plot", *words, cwd=DATA)
    assert done.status in (1, 2)
    assert done.out == b"" and len(done.err.splitlines()) == 1


def test_a_torn_recording_is_drawn_as_far_as_it_goes(mprofpp):
    whole = (DATA / "server-calls.dat").read_bytes()
    (mprofpp.folder / "torn.dat").write_bytes(whole[: len(whole) // 2])
    done = mprofpp("plot", "--term", "torn.dat")
    assert done.status == 0 and "MiB" in done.text
