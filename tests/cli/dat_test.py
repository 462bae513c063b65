"""The recording as a file: complete lines, readable by mprof, safe whatever happens to the recorder."""

import os
import random
import signal
import subprocess
import time

import pytest

from conftest import BUILD, is_alive, killed_at_the_end, line_with, lines_of, wait_until
from recording import Recording

EVIL_WORDS = [
    "a\nMEM 1 2",
    "tab\t",
    "ret\rurn",
    "$HOME $x$",
    "back\\slash",
    "quo\"te's",
    "",
    "%41",
    "ä€😀",
    b"\xff\xfe",
    "\x01\x7f",
]


def read_by(mprof, path):
    """Reads the file with memory_profiler. Raises an exception if mprof would print a traceback."""
    return mprof.read_mprofile_file(str(path))


def mprof_peak(path):
    """The lines of mprof's own `peak`: the total, then the children by pid."""
    done = subprocess.run(
        ["/usr/bin/python3-mprof", "peak", path], capture_output=True, text=True, check=True
    )
    total, *children = done.stdout.splitlines()
    peaks = {int(line.split()[1]): float(line.split()[2]) for line in children}
    return float(total.split("\t")[-1].split()[0]), peaks


# The header


def test_the_header_says_how_the_recording_was_made(mprofpp, program):
    recording = mprofpp.record("-C", "-T", "50ms", program("arguments", "a b", "-5")).recording
    assert recording.lines[0].startswith("CMDLINE ")
    assert recording.lines[1] == "META format 1"
    meta = recording.meta
    assert meta["version"] == [
        subprocess.run(
            [BUILD / "bin/mprofpp", "--version"], capture_output=True, text=True, check=True
        ).stdout.split()[1]
    ]
    assert float(meta["interval"][0]) == 0.05
    assert meta["metric"] == ["rss"]
    assert meta["host"] == [os.uname().nodename]
    assert meta["tree"] == ["C"]
    assert meta["page_size"] == [str(os.sysconf("SC_PAGESIZE"))]
    assert abs(float(meta["start"][0]) - recording.times[0]) < 5
    assert meta["argv"] == [*(str(word) for word in program("arguments", "a b", "-5"))]


def test_the_header_contains_the_exact_arguments_of_the_command(mprofpp, program):
    recording = mprofpp.record(program("arguments", *EVIL_WORDS)).recording
    words = [w if isinstance(w, bytes) else w.encode() for w in EVIL_WORDS]
    assert [w.encode("utf-8", "surrogateescape") for w in recording.meta["argv"][1:]] == words


def test_the_file_is_text_in_utf8_with_one_record_a_line(mprofpp, program):
    recording = mprofpp.record("-C", "-M", "-T", "5ms", program("tree", 5, 100, 2)).recording
    text = recording.bytes.decode("utf-8")
    assert text.endswith("\n")
    assert "\r" not in text
    for line in recording.lines:
        assert line == line.strip() and " " in line and "  " not in line


def test_memory_has_six_decimals_and_time_at_least_four(mprofpp):
    recording = mprofpp.record(["true"]).recording
    for line in recording.lines:
        if line.startswith("MEM "):
            _, memory, t = line.split(" ")
            assert len(memory.split(".")[1]) == 6
            assert len(t.split(".")[1]) >= 4


def test_the_end_line_summarises_the_recording(mprofpp, program):
    recording = mprofpp.record("-T", "10ms", program("grow", 5, 50, 6)).recording
    t, _why, samples, peak, t_peak = recording.end[:5]
    assert int(samples) == len(recording.samples)
    assert float(peak) == recording.peak
    assert (float(peak), float(t_peak)) in recording.samples
    assert float(t) == recording.times[-1]
    assert recording.lines[-1].startswith("END ")


# mprof reads what we write


@pytest.mark.parametrize("options", [[], ["-C"], ["-M"], ["-C", "-M"]])
def test_mprof_reads_every_recording_and_finds_the_same_peaks(mprofpp, mprof, program, options):
    done = mprofpp.record(*options, "-T", "10ms", program("tree", 20, 300, 3))
    read = read_by(mprof, done.path)
    assert len(read["mem_usage"]) == len(done.recording.samples)
    total, children = mprof_peak(done.path)
    ours = mprofpp.peak(done.path)
    assert total == pytest.approx(ours["sampled_mib"], abs=0.001)
    sampled = {p["pid"]: p["sampled_mib"] for p in ours["processes"] if not p["root"]}
    assert len(children) == (3 if "-M" in options else 0)
    for pid, mib in children.items():
        assert mib == pytest.approx(sampled[pid], abs=0.001)


def test_mprof_reads_a_recording_of_a_command_with_every_evil_word(mprofpp, mprof, program):
    done = mprofpp.record(program("arguments", *EVIL_WORDS))
    read = read_by(mprof, done.path)
    assert "arguments" in read["cmd_line"]
    assert "\n" not in read["cmd_line"].rstrip("\n")


def test_mprof_reads_a_recording_of_a_process_with_an_evil_name(mprofpp, mprof, program):
    done = mprofpp.record("-T", "10ms", program("rename", "a $b\n%c ) (", 1200))
    read_by(mprof, done.path)
    assert done.recording.names()[-1] == "a $b\n%c ) ("


def test_mprof_plots_a_recording(mprofpp, mprof, program, tmp_path):
    done = mprofpp.record("-C", "-M", "-T", "10ms", program("tree", 20, 200, 2))
    picture = tmp_path / "mprof.png"
    subprocess.run(
        ["/usr/bin/python3-mprof", "plot", "-o", picture, done.path],
        check=True,
        capture_output=True,
        env=os.environ | {"MPLBACKEND": "Agg"},
    )
    assert picture.stat().st_size > 1000


# Nothing is lost


def test_a_killed_recorder_loses_at_most_a_second_and_leaves_complete_lines(mprofpp, mprof, tmp_path):
    chance = random.Random(20261120)
    seconds_lost = []
    for number in range(8):
        output = tmp_path / f"{number}.dat"
        run = mprofpp.start("run", "-o", output, "-T", "5ms", "sleep", "20")
        with killed_at_the_end(run):
            wait_until(lambda: lines_of(output) > 12, "the recording starts")
            time.sleep(chance.uniform(0, 0.3))  # at a random moment of a tick
            t = time.time()
            run.send_signal(signal.SIGKILL)
            run.wait()
        recording = Recording(output)
        root = int(recording.meta["root"][0])
        if is_alive(root):
            os.kill(root, signal.SIGKILL)
        assert recording.end is None
        seconds_lost.append(t - recording.times[-1])
        if not recording.torn:
            read_by(mprof, output)
        assert mprofpp("peak", output).status == 0
    assert sorted(seconds_lost)[-2] < 1  # a busy machine may have delayed it once


def test_each_sample_is_written_as_soon_as_it_is_taken(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-o", output, "-T", "0.2", "sleep", "20")
    with killed_at_the_end(run):
        wait_until(lambda: output.exists() and b"MEM" in output.read_bytes(), "the first sample")
        root = int(Recording(output).meta["root"][0])
        os.kill(root, signal.SIGKILL)
        assert run.wait() == 137


def test_a_full_disk_ends_the_recording_with_a_message_and_the_program_goes_on(mprofpp, tmp_path):
    disk, end = tmp_path / "disk", tmp_path / "end"
    disk.mkdir()
    os.mkfifo(end)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("SKIP: no permission to mount a small disk")
    try:
        program = ["sh", "-c", f"read go < {end}; echo went on"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        run = mprofpp.start("run", "-T", "1ms", "-o", disk / "x.dat", *program, **pipes)
        with killed_at_the_end(run):
            said = line_with("no space left", run.stderr)
            end.write_text("go\n")
            assert run.communicate()[0] == "went on\n"
        assert "x.dat" in said
        assert run.returncode == 125
        recording = Recording(disk / "x.dat")
        assert not recording.torn
        assert len(recording.samples) > 100
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_full_disk_does_not_replace_the_status_of_a_program_that_failed(mprofpp):
    done = mprofpp("run", "-o", "/dev/full", "sh", "-c", "exit 3")
    assert done.status == 3
    assert done.says("no space left")


def test_recording_into_a_pipe_works(mprofpp, tmp_path):
    done = mprofpp("run", "-q", "-o", "/dev/stdout", "true")
    assert done.status == 0
    assert done.text.startswith("CMDLINE true\n")


# Damage: the lines before it and after it are read, with one warning and status 0


def damaged(mprofpp, tmp_path, text):
    path = tmp_path / "damaged.dat"
    path.write_text(text)
    return mprofpp("peak", path), mprofpp("peak", "--json", path)


@pytest.mark.parametrize(
    "text",
    [
        "CMDLINE a\nMEM 1.5 1\nMEM 2.5 2\nMEM 9",  # the last line cut
        "CMDLINE a\nMEM 1.5 1\nMEM 2.5 2\nMEM 9.5 3",  # cut just before its newline
        "CMDLINE a\nMEM 1.5 1\nFUNC .load data 1 1 1 2 0\nMEM 2.5 2\n",  # a name with a space
        "CMDLINE a\nMEM 1.5 1\nMEM oops 2\nMEM 2.5 2\n",
        "CMDLINE a\nMEM 1.5 1\nMEM\nMEM 2.5 2\n",
    ],
)
def test_damage_costs_one_warning_and_its_own_line(mprofpp, tmp_path, text):
    for done in damaged(mprofpp, tmp_path, text):
        assert done.status == 0
        assert len(done.said) == 1
        assert done.says("damaged.dat", "damaged")
        assert b"2.5" in done.out


@pytest.mark.parametrize(
    "text",
    [
        "CMDLINE python -c a\nb\nMEM 1.5 1\nMEM 2.5 2\n",  # a newline in mprof's command
        "CMDLINE a\nMEM 1.5 1\n\nMEM 2.5 2\n",  # an empty line
        "CMDLINE a\nMEM 1.5 1\nFUTURE kind of line\nMEM 2.5 2\n",
        "FUNC f 1 0.5 1 1.5 0\nCMDLINE a\nMEM 1.5 1\nMEM 2.5 2\n",  # FUNC first, as mprof may write it
        "CMDLINE a\r\nMEM 1.5 1\r\nMEM 2.5 2\r\n",
    ],
)
def test_what_is_not_damage_is_read_without_a_warning(mprofpp, tmp_path, text):
    for done in damaged(mprofpp, tmp_path, text):
        assert done.status == 0
        assert done.err == ""
        assert b"2.5" in done.out


def test_a_second_run_that_mprof_appended_is_not_damage(mprofpp, tmp_path):
    for done in damaged(mprofpp, tmp_path, "CMDLINE a\nMEM 1.5 1\nCMDLINE b\nMEM 2.5 2\n"):
        assert done.status == 0
        assert len(done.said) == 1 and done.says("damaged.dat has 2 runs")
        assert b"2.5" in done.out


def test_a_recording_torn_at_any_byte_is_read(mprofpp, program, tmp_path):
    whole = mprofpp.record("-C", "-M", "-T", "20ms", program("tree", 5, 100, 2)).recording.bytes
    first_sample_end = whole.index(b"\n", whole.index(b"\nMEM ") + 1) + 1
    for length in range(first_sample_end, len(whole), max(1, len(whole) // 60)):
        path = tmp_path / "torn.dat"
        path.write_bytes(whole[:length])
        done = mprofpp("peak", path)
        assert done.status == 0
        assert len(done.said) == (0 if whole[length - 1] == ord("\n") else 1)
