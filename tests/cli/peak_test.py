"""`mprofpp peak` prints the true peak and the sampled one."""

import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess

import pytest

from conftest import unsanitized

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"


def first_line(done):
    name, value = done.text.splitlines()[0].split("\t")
    assert value.endswith(" MiB")
    return name, float(value.removesuffix(" MiB"))


def test_a_file_without_processes_has_no_table_of_them(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("CMDLINE x\nMEM 1.0 1\nMEM 2.0 2\n")
    assert mprofpp("peak", "-M", "x.dat").text == mprofpp("peak", "x.dat").text


def test_the_first_line_is_that_of_mprof(mprofpp, program):
    done = mprofpp.record(program("spike", 30, 300))
    printed = mprofpp("peak", done.path).text
    assert re.match(rf"{re.escape(str(done.path))}\t\d+\.\d{{3}} MiB\n", printed)


def test_a_spike_of_five_milliseconds_is_found_in_twenty_of_twenty_runs(mprofpp, program, kernel_peak):
    true_peak = statistics.median(kernel_peak(program("spike", 64, 5)) for _ in range(3))
    for _ in range(20):
        done = mprofpp.record(program("spike", 64, 5))
        assert first_line(mprofpp("peak", done.path))[1] == pytest.approx(true_peak, rel=0.01)


def test_peak_says_which_number_was_sampled_and_which_is_the_kernels(mprofpp, program):
    done = mprofpp.record("-T", "10", program("spike", 64, 5))
    line = mprofpp("peak", done.path).text.splitlines()[1]
    sampled, kernel = re.search(r"sampled ([\d.]+) MiB at .*, kernel ([\d.]+) MiB", line).groups()
    assert float(sampled) < 5
    assert 64 < float(kernel) < 67


@unsanitized
def test_the_kernels_peak_is_not_that_of_the_launching_program(mprofpp, tmp_path):
    """ru_maxrss of a child starts at the size of the process that forked it."""
    big = (
        "import subprocess, sys; memory = bytearray(300 << 20); "
        "sys.exit(subprocess.run(sys.argv[1:]).returncode)"
    )
    output = tmp_path / "x.dat"
    subprocess.run(
        ["/usr/bin/python3", "-c", big, mprofpp.executable, "run", "-q", "-o", output, "/bin/true"],
        check=True,
    )
    assert first_line(mprofpp("peak", output))[1] < 5


@unsanitized
def test_the_kernels_peak_is_that_of_the_program_even_if_mprofpp_is_larger(mprofpp, kernel_peak):
    true_peak = kernel_peak(["/bin/true"])
    for _ in range(10):
        done = mprofpp.record(["/bin/true"])
        report = mprofpp.peak(done.path)
        assert report["peak_mib"] <= max(true_peak * 1.3, true_peak + 1)


def test_the_peak_of_a_reaped_child_is_not_mistaken_for_that_of_the_root(mprofpp, program):
    command = ["sh", "-c", " ".join(map(str, program("spike", 200, 300))) + "; true"]
    done = mprofpp.record(command)
    assert first_line(mprofpp("peak", done.path))[1] < 20


def test_the_largest_single_process_is_reported_for_a_root_with_children(mprofpp, program):
    command = ["sh", "-c", " ".join(map(str, program("spike", 200, 300))) + "; true"]
    done = mprofpp.record("-C", "-M", command)
    tree_max = [mib for _, mib, source in done.recording.peaks if source == "tree-max"]
    assert tree_max and 200 < tree_max[-1] < 210


def test_a_tree_has_no_kernel_peak(mprofpp, program):
    done = mprofpp.record("-C", "-T", "10ms", program("tree", 30, 300, 2))
    report = mprofpp.peak(done.path)
    assert report["kernel_mib"] is None
    assert report["peak_mib"] == report["sampled_mib"] > 85


def test_a_tree_that_is_only_its_root_has_a_kernel_peak(mprofpp, program):
    done = mprofpp.record("-C", program("spike", 64, 5))
    assert mprofpp.peak(done.path)["kernel_mib"] > 64


def test_the_kernels_peak_is_never_below_the_sampled_one(mprofpp, program):
    for command in (program("grow", 3, 10, 30), program("spike", 30, 100), program("tree", 10, 200, 3)):
        for options in ([], ["-C"], ["-M"], ["-C", "-M"]):
            done = mprofpp.record(*options, "-T", "3ms", command)
            report = mprofpp.peak(done.path)
            for part in [report, *report["processes"]]:
                if part["kernel_mib"] is not None and part["sampled_mib"] is not None:
                    assert part["kernel_mib"] >= part["sampled_mib"]


def test_no_process_is_charged_with_the_memory_of_others(mprofpp, program):
    done = mprofpp.record("-C", "-M", "-T", "10ms", program("tree", 20, 400, 3))
    for process in mprofpp.peak(done.path)["processes"]:
        assert 20 < process["sampled_mib"] < 25
        assert 20 < process["kernel_mib"] < 25


def test_children_are_listed_as_mprof_lists_them(mprofpp, program):
    done = mprofpp.record("-M", "-T", "10ms", program("tree", 20, 300, 2))
    lines = mprofpp("peak", done.path).text.splitlines()
    assert sum(re.fullmatch(r"  Child \d+\t\t\t\d+\.\d{3} MiB", line) is not None for line in lines) == 2


def test_json_has_its_fields(mprofpp, program):
    done = mprofpp.record("-M", "-T", "10ms", program("tree", 20, 300, 2))
    report = mprofpp.peak(done.path)
    assert report["schema"] == 1
    assert report["file"] == str(done.path)
    assert report["metric"] == "rss"
    assert set(report) >= {
        "peak_mib",
        "sampled_mib",
        "sampled_at_s",
        "kernel_mib",
        "kernel_source",
        "processes",
    }
    assert 0 <= report["sampled_at_s"] < 10
    assert report["kernel_source"] in ("hwm", "rusage", "tree-max")
    for process in report["processes"]:
        assert set(process) >= {
            "pid",
            "start",
            "name",
            "command",
            "parent",
            "sampled_mib",
            "sampled_at_s",
            "kernel_mib",
            "root",
        }
    assert sum(process["root"] for process in report["processes"]) == 1


def test_json_of_a_name_that_is_not_utf8_is_still_json(mprofpp, tmp_path):
    done = mprofpp.record([b"/usr/bin/printf", b"\xff\xfe\n"])
    assert json.loads(mprofpp("peak", "--json", done.path).out)["schema"] == 1


def test_without_a_file_peak_uses_the_newest_and_names_it(mprofpp, tmp_path):
    for name, mib in (("mprofile_20260101000000.dat", 1), ("mprofile_20260201000000.dat", 2)):
        (tmp_path / name).write_text(f"CMDLINE x\nMEM {mib}.0 1\n")
    done = mprofpp("peak")
    assert first_line(done) == ("mprofile_20260201000000.dat", 2.0)
    assert done.says("mprofile_20260201000000.dat")


@pytest.mark.parametrize("command", ["peak", "plot"])
def test_without_a_file_a_recording_with_a_name_of_its_own_is_used_if_it_is_the_newest(
    mprofpp, tmp_path, command
):
    own, named = tmp_path / "mprofile_20260101000000.dat", tmp_path / "server.dat"
    for path, written in ((own, 1000), (named, 2000)):
        path.write_text("CMDLINE x\nMEM 1.0 1\nMEM 1.0 2\n")
        os.utime(path, (written, written))
    assert mprofpp(command).says("using the newest recording, server.dat")
    os.utime(own, (3000, 3000))
    assert mprofpp(command).says(f"using the newest recording, {own.name}")
    named.unlink()
    own.unlink()
    done = mprofpp(command)
    assert done.status == 1 and done.says("no recording in this folder", "mprofpp run")


@pytest.mark.parametrize("word, mib", [("0", 1), ("1", 2), ("-1", 2), ("-2", 1)])
def test_an_index_counts_from_the_oldest_or_back_from_the_newest(mprofpp, tmp_path, word, mib):
    for name, value in (("mprofile_20260101000000.dat", 1), ("mprofile_20260201000000.dat", 2)):
        (tmp_path / name).write_text(f"CMDLINE x\nMEM {value}.0 1\n")
    assert first_line(mprofpp("peak", word))[1] == mib


def test_several_files_have_a_block_each_even_if_one_is_bad(mprofpp, tmp_path):
    (tmp_path / "a.dat").write_text("MEM 1.0 1\n")
    (tmp_path / "b.dat").write_text("not a recording\n")
    (tmp_path / "c.dat").write_text("MEM 3.0 1\n")
    done = mprofpp("peak", "a.dat", "b.dat", "gone.dat", "c.dat")
    assert done.status == 1
    assert "a.dat\t1.000 MiB" in done.text
    assert "c.dat\t3.000 MiB" in done.text
    assert done.says("b.dat") and done.says("gone.dat")
    assert len(done.said) == 2


@pytest.mark.parametrize(
    "name", ["mprof-gunicorn-CM.dat", "mprof-python-func.dat", "kids-60.dat", "funcs-80.dat"]
)
def test_peaks_in_recordings_of_mprof_are_those_that_mprof_finds(mprofpp, mprof, tmp_path, name):
    shutil.copy(DATA / name, tmp_path)
    theirs = subprocess.run(
        ["/usr/bin/python3-mprof", "peak", name], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    ours = [line for line in mprofpp("peak", name).text.splitlines() if not line.startswith("  sampled")]
    assert ours[0] == theirs[0]
    assert set(ours[1:]) == {line for line in theirs[1:] if not line.startswith("  Child 0\t")}


@unsanitized
def test_reading_a_long_recording_takes_little_memory(mprofpp, tmp_path, kernel_peak):
    path = tmp_path / "long.dat"
    with open(path, "w") as file:
        file.write("CMDLINE long\n")
        for i in range(0, 1_000_000, 1000):
            file.write(
                "".join(f"MEM {100 + j % 7}.500000 {1000 + j / 100:.4f}\n" for j in range(i, i + 1000))
            )
    assert kernel_peak([mprofpp.executable, "peak", path]) < 32


def python(code):
    return ["/usr/bin/python3", "-I", "-c", code]


PROGRAMS = {
    "touched pages": lambda program, _: program("spike", 64, 5),
    "touched pages, for long": lambda program, _: program("spike", 8, 100),
    "growth": lambda program, _: program("grow", 5, 10, 20),
    "a bytes object": lambda *_: python("b'x' * (50 << 20)"),
    "many small objects": lambda *_: python("[str(i) for i in range(500_000)]"),
    "imports": lambda *_: python("import decimal, email.message, json, unittest"),
    "perl": lambda *_: ["perl", "-e", "$x = 'x' x (30 << 20)"],
    "awk": lambda *_: ["awk", "BEGIN { for (i = 0; i < 300000; ++i) a[i] = i }"],
    "dd": lambda *_: ["dd", "if=/dev/zero", "of=/dev/null", "bs=40M", "count=2", "status=none"],
    "a mapped file": lambda program, folder: program("mapping", folder / "data", folder / "ready"),
}


def same_each_time():
    """Returns the start of a command line whose peak is the same in every run, or nothing if that is not
    allowed.

    The kernel maps pages of a file around the one that is touched. Their number depends on the address, which
    is random, and makes a difference of 0.3 MiB. The kernel also counts pages on each CPU separately: the sum
    that GNU time gets can miss up to 31 pages of each kind and CPU, while VmHWM includes all of them.
    """
    command = ["setarch", "-R", "taskset", "-c", str(min(os.sched_getaffinity(0)))]
    if shutil.which("setarch") is None or shutil.which("taskset") is None:
        return []
    allowed = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return command if allowed else []


@unsanitized
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_kernels_peak_agrees_with_gnu_time(mprofpp, program, kernel_peak, tmp_path, name):
    (tmp_path / "data").write_bytes(b"x" * (24 << 20))
    steady = same_each_time()
    command = [*steady, *PROGRAMS[name](program, tmp_path)]
    kernel_peak(command)  # the first run reads files from disk and compiles the modules that Python imports
    done = mprofpp.record("--no-marks", command)  # GNU time runs the program without our library
    assert done.status == 0
    theirs = [kernel_peak(command) for _ in range(1 if steady else 5)]
    ours = mprofpp.peak(done.path)["kernel_mib"]
    assert min(theirs) - max(0.3, min(theirs) * 0.02) <= ours <= max(theirs) + max(0.3, max(theirs) * 0.02)


def test_all_times_in_a_recording_of_days_have_minutes(mprofpp, tmp_path):
    (tmp_path / "days.dat").write_text(
        "META start 1000\nMETA root 7\nMETA tree CM\n"
        "PROC 7 1 1 1000 server server\nPROC 8 1 7 131000 worker worker\n"
        "MEM 10 1000\nMEM 30 131000\nCHLD 8 15 131000\nMEM 30 141000\nCHLD 8 15 141000\n"
    )
    printed = mprofpp("peak", "-M", "days.dat").text
    assert "at 1 d 12 h 7 min\n" in printed
    assert re.search(r" the start +1 d 14 h 53 min +7 server\n", printed)
    assert re.search(r" 1 d 12 h 7 min +1 d 14 h 53 min +8 worker\n", printed)
