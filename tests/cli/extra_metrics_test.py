"""`--metrics` records more metrics. The summary of `run -C` says how much the sum of RSS counts twice."""

import contextlib
import os
import pathlib
import re
import subprocess

import pytest

from conftest import ROOT, ended, killed_at_the_end, recorded, wait_until
from recording import Recording

FAMILY = ["/usr/bin/python3", "-I", "-S", ROOT / "tests/programs/family.py"]


def extras_of(line):
    """The key=value fields of a line."""
    return {key: float(mib) for key, mib in re.findall(r" (\w+)=([\d.]+)", line)}


def lines_of_kind(path, kind):
    return [line for line in path.read_text().splitlines() if line.startswith(kind + " ")]


def readings(path, *metrics):
    """Returns (MEM value, extra values) of each MEM line that has all of these metrics."""
    found = ((float(line.split()[1]), extras_of(line)) for line in lines_of_kind(path, "MEM"))
    return [(mib, extras) for mib, extras in found if set(metrics) <= set(extras)]


# What is recorded


def test_the_metrics_are_in_every_line_after_the_fields_that_mprof_reads(mprofpp, program):
    options = ["-C", "-M", "-T", "20ms", "--metrics", "pss,uss,swap,vms,anon,file"]
    with recorded(mprofpp, options, lambda ready: program("idle", 3, ready, 20)) as (run, path):
        wait_until(lambda: len(readings(path, "pss", "file")) > 5, "all metrics are read")
        ended(run)
    rss, extras = readings(path, "pss", "uss", "swap", "vms", "anon", "file")[-1]
    assert extras["uss"] < extras["pss"] < rss < extras["vms"]
    assert extras["anon"] + extras["file"] == pytest.approx(rss, abs=1)
    children = [extras_of(line) for line in lines_of_kind(path, "CHLD")]
    assert any({"pss", "uss", "swap", "vms", "anon", "file"} <= set(extras) for extras in children)
    meta = Recording(path).meta
    assert meta["metrics"] == ["pss", "uss", "swap", "vms", "anon", "file"]
    assert meta["metric_cost"][0].startswith("swap=0.0")


def test_a_value_is_the_sum_of_the_kernels_values_for_each_process(mprofpp, program):
    options = ["-C", "-M", "-T", "20ms", "--metrics", "pss,anon"]
    with recorded(mprofpp, options, lambda ready: program("idle", 3, ready, 20)) as (run, path):
        count = len(readings(path, "pss"))
        wait_until(lambda: len(readings(path, "pss")) > count + 2, "the metrics are read again")
        root = Recording(path).meta["root"][0]
        pids = pathlib.Path(f"/proc/{root}/task/{root}/children").read_text().split()
        rollups = [pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in [root, *pids]]
        pss = sum(int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) for text in rollups) / 1024
        assert readings(path, "pss")[-1][1]["pss"] == pytest.approx(pss, abs=0.5)
        ended(run)


def test_mprof_reads_a_recording_with_metrics_and_draws_it(mprofpp, program, mprof):
    done = mprofpp.record(
        "-C", "-M", "-T", "20ms", "--metrics", "pss,uss,swap,vms,anon,file", program("tree", 20, 300, 2)
    )
    read = mprof.read_mprofile_file(str(done.path))
    assert read["mem_usage"] == pytest.approx(done.recording.values)
    assert sum(map(len, read["children"].values())) == len(done.recording.children)
    picture = mprofpp.folder / "x.png"
    command = ["/usr/bin/python3-mprof", "plot", "-o", picture, done.path]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"MPLBACKEND": "Agg"})
    assert picture.stat().st_size > 0


def test_a_mapped_file_raises_file_and_not_anon(mprofpp, program):
    data = mprofpp.folder / "data"
    data.write_bytes(os.urandom(1 << 20) * 64)
    options = ["-T", "20ms", "--metrics", "anon,file"]
    with recorded(mprofpp, options, lambda ready: program("mapping", data, ready)) as (run, path):
        wait_until(lambda: any(e["file"] > 64 for _, e in readings(path, "file")), "the file counts")
        ended(run)
    metrics = mprofpp.peak(path)["metrics"]
    assert 64 < metrics["file"]["peak_mib"] < 68
    assert metrics["anon"]["peak_mib"] < 2


def test_memory_that_is_swapped_out_moves_from_rss_to_swap(mprofpp, program):
    if len(pathlib.Path("/proc/swaps").read_text().splitlines()) < 2:
        pytest.skip("SKIP: this machine has no swap")
    options = ["-T", "20ms", "--metrics", "swap"]
    with recorded(mprofpp, options, lambda ready: program("pageout", 64, ready)) as (run, path):
        wait_until(
            lambda: any(e["swap"] > 60 for _, e in readings(path, "swap")), "the memory is swapped out"
        )
        ended(run)
    rss, extras = readings(path, "swap")[-1]
    assert rss < 10 and 60 < extras["swap"] < 66


def test_attach_records_the_metrics_too(mprofpp, program):
    ready, path = mprofpp.folder / "ready", mprofpp.folder / "x.dat"
    victim = subprocess.Popen([*map(str, program("idle", 2, ready, 20))], stdin=subprocess.PIPE)
    with killed_at_the_end(victim):
        wait_until(ready.exists, "the program is ready")
        options = ["-q", "-C", "-T", "20ms", "--metrics", "pss,swap", "-o", path]
        with killed_at_the_end(mprofpp.start("attach", *options, victim.pid)) as attach:
            wait_until(lambda: path.exists() and len(readings(path, "pss", "swap")) > 2, "metrics are read")
            victim.communicate(b"")
            assert attach.wait() == 0
    assert 20 < mprofpp.peak(path)["metrics"]["pss"]["peak_mib"] < 25


# Options


@pytest.mark.parametrize("words", [["nonsense"], ["pss,nonsense"], ["pss,,nonsense"]])
def test_an_unknown_metric_is_refused_with_a_list_of_the_known_ones(mprofpp, words):
    done = mprofpp("run", "--metrics", *words, "true")
    assert done.status == 125
    assert done.says("--metrics", "rss, pss, uss, swap, vms, anon and file")
    assert mprofpp("attach", "--metrics", *words, "1").status == 2


def test_the_main_metric_and_repetitions_are_recorded_once(mprofpp):
    done = mprofpp.record("--backend", "pss", "--metrics", "pss,rss,rss,uss", ["sleep", "0.2"])
    assert done.recording.meta["metrics"] == ["rss", "uss"]
    assert list(extras_of(lines_of_kind(done.path, "MEM")[0])) == ["rss", "uss"]


# The cost


def test_the_summary_says_how_often_metrics_were_read_and_what_that_cost(mprofpp):
    done = mprofpp.record("-T", "20ms", "--metrics", "pss,swap", ["sleep", "0.5"])
    assert done.says("swap read", " each)")
    assert done.says("pss read", " each)")


def test_a_process_too_large_to_be_read_in_an_interval_is_reported_and_ticks_go_on(mprofpp, program):
    options = ["-T", "1ms", "--metrics", "pss"]
    with recorded(mprofpp, options, lambda ready: program("idle", 0, ready, 300)) as (run, path):
        count = len(Recording(path).samples)
        wait_until(lambda: len(Recording(path).samples) > count + 100, "it is sampled")
        said = ended(run)
    assert re.search(r"pss of some processes is missing: a reading takes about .*use a larger -T", said)
    assert max(extras["pss"] for _, extras in readings(path, "pss")) < 250


# peak -v


def test_peak_shows_other_metrics_address_space_and_percent_of_memory_only_with_v(mprofpp, program):
    done = mprofpp.record("-M", "-T", "20ms", "--metrics", "pss,swap", program("tree", 20, 300, 2))
    plain, detailed = mprofpp("peak", done.path).text, mprofpp("peak", "-v", "-M", done.path).text
    assert "pss" not in plain and "VSZ" not in plain
    assert re.search(r"^  [\d.]+ % of the machine's [\d.]+ [GM]iB$", detailed, re.MULTILINE)
    assert re.search(r"^  VSZ [\d.]+ MiB$", detailed, re.MULTILINE)
    assert re.search(r"^  pss [\d.]+ MiB at .*, \d+ readings?, .* each$", detailed, re.MULTILINE)
    assert re.search(r" PEAK +%MEM +VSZ +SWAP +PSS +FIRST +LAST +PROCESS$", detailed, re.MULTILINE)
    for process in mprofpp.peak(done.path)["processes"]:
        assert process["vsz_mib"] > process["sampled_mib"]
        assert set(process["metrics"]) == {"pss", "swap"}


def test_the_percentage_refers_to_the_memory_of_the_recording_machine(mprofpp, program):
    done = mprofpp.record(program("spike", 64, 300))
    elsewhere = re.sub(rb"(?m)^META host_memory .*$", b"META host_memory 1000", done.path.read_bytes())
    done.path.write_bytes(elsewhere)
    report = mprofpp.peak(done.path)
    assert report["mem_percent"] == pytest.approx(report["peak_mib"] / 10)


# What the sum of RSS counts twice


@pytest.fixture
def other_interpreters():
    """Eight interpreters. The 4 MiB of the program itself are shared by all that run, which are many then."""
    command = ["/usr/bin/python3", "-I", "-S", "-c", "print(flush=True); input()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            process = stack.enter_context(killed_at_the_end(subprocess.Popen(command, **pipes)))
            process.stdout.readline()
        yield


def test_the_summary_says_how_much_of_a_tree_is_counted_twice(mprofpp, other_interpreters):
    """A parent of 200 MiB and eight forks. psutil adds them up to 1854 MiB, but it is 207 MiB."""

    def tree_is_read():
        return sum(rss > 1830 for rss, _ in readings(path, "pss")) > 1

    # the numbers are for the program alone: the agent would add some pages to each process
    options = ["-C", "--no-marks"]
    with recorded(mprofpp, options, lambda ready: [*FAMILY, 200, 8, ready]) as (run, path):
        wait_until(tree_is_read, "the whole tree has been read")
        said = ended(run)
    pss, rss = re.search(r"(\d+) MiB PSS; sum of RSS (\d+) MiB \(at ", said).groups()
    assert int(pss) == pytest.approx(207, abs=2)
    assert int(rss) == pytest.approx(1854, abs=20)


def test_the_summary_says_so_too_when_pss_is_recorded(mprofpp):
    options = ["-C", "--no-marks", "--metrics", "pss"]
    with recorded(mprofpp, options, lambda ready: [*FAMILY, 200, 8, ready]) as (run, path):
        wait_until(
            lambda: sum(rss > 1830 for rss, _ in readings(path, "pss")) > 1, "the whole tree has been read"
        )
        said = ended(run)
    assert re.search(r"\d+ MiB PSS; sum of RSS 18\d\d MiB \(at ", said)


def test_the_summary_says_that_a_tree_is_too_large_to_be_read_in_an_interval(mprofpp):
    options = ["-C", "-T", "1ms"]
    with recorded(mprofpp, options, lambda ready: [*FAMILY, 300, 2, ready]) as (run, path):
        wait_until(lambda: max(Recording(path).values) > 800, "the whole tree has been read")
        said = ended(run)
    assert re.search(
        r"PSS of one process takes about [\d.]+ ms to read, too long for an interval of 1.0 ms \(use",
        said,
    )


def test_with_backend_pss_the_peak_of_a_tree_is_its_real_memory(mprofpp, other_interpreters):
    options = ["-C", "--backend", "pss", "--no-marks"]
    with recorded(mprofpp, options, lambda ready: [*FAMILY, 200, 8, ready]) as (run, path):
        count = len(Recording(path).samples)
        wait_until(lambda: len(Recording(path).samples) > count + 2, "the whole tree has been read")
        last = Recording(path).values[-1]
        ended(run)
    assert last == pytest.approx(207, abs=2)


def test_a_single_process_has_no_line_about_sharing(mprofpp):
    done = mprofpp.record("-C", ["sleep", "0.2"])
    assert "PSS" not in done.err
    assert readings(done.path, "pss") == []


def test_sharing_far_below_the_peak_is_not_reported(mprofpp, tmp_path):
    """A shell and its child, then one process of 200 MiB in their place."""
    script = 'sleep 1000 & touch "$0"; read line; kill $!; wait; exec "$@"'
    big = tmp_path / "big"

    def command(ready):
        return ["sh", "-c", script, ready, *FAMILY, 200, 0, big]

    with recorded(mprofpp, ["-C"], command) as (run, path):
        wait_until(lambda: readings(path, "pss"), "the shell and its child were read")
        run.stdin.write("\n")
        run.stdin.flush()
        wait_until(lambda: max(Recording(path).values) > 200, "the large process was read")
        said = ended(run)
    assert re.search(r"peak (at least )?2\d\d\.", said)
    assert "PSS" not in said
