"""`mprofpp leak`: the verdict on a recording, what shows it, and what it needs."""

import json
import subprocess

import pytest

START = 1000
HEADER = "CMDLINE job\nMETA format 1\nMETA interval 1\nMETA metric rss\nMETA root 7\n"


def recording_of(memory, length=600, header=HEADER):
    """Returns a recording with one sample a second. `memory` is a function of the time."""
    return header + "".join(f"MEM {memory(t):.6f} {START + t}.0\n" for t in range(length + 1))


def tree_of(root, workers, length=600, extra=""):
    """Returns a recording of a tree. `workers` has the pid of each child and its function of the time."""
    lines = [HEADER + "META tree CM\n", f"PROC 7 70 1 {START} master master\n"]
    lines += [f"PROC {pid} {pid}0 7 {START} worker worker\n" for pid in workers]
    for t in range(length + 1):
        readings = {pid: memory(t) for pid, memory in workers.items() if memory(t) is not None}
        lines.append(f"MEM {root(t) + sum(readings.values()):.6f} {START + t}.0\n")
        lines += [f"CHLD {pid} {mib:.6f} {START + t}.0\n" for pid, mib in readings.items()]
    return "".join(lines) + extra


def leaking(t):
    """6 MiB a minute, with a request every ten seconds."""
    return 50 + t / 10 + (20 if t % 10 == 5 else 0)


def steady(t):
    return 50 + (20 if t % 10 == 5 else 0)


def filling(t):
    """A cache that has been filled half."""
    return 50 + 100 * (1 - 2.718281828 ** (-t / 300))


@pytest.fixture
def judge(mprofpp, tmp_path):
    """Judges the text of a recording, and returns the result of the command."""

    def judged(text, *options):
        (tmp_path / "x.dat").write_text(text)
        return mprofpp("leak", *options, "x.dat")

    return judged


@pytest.fixture
def fields(judge):
    return lambda text, *options: json.loads(judge(text, "--json", *options).text)


def test_a_leak_has_its_rate_and_interval_and_the_status_1(judge, fields):
    done = judge(recording_of(leaking))
    assert done.status == 1
    assert done.text.startswith("x.dat\tleak: +360 MiB/h (95 %: ")
    told = fields(recording_of(leaking))
    assert (told["verdict"], told["why"]) == ("leak", "grows")
    assert told["low_mib_h"] < 360 < told["high_mib_h"]
    assert told["rate_mib_h"] == pytest.approx(360, rel=0.01)
    assert len(told["floors_mib"]) == 12


def test_a_steady_recording_has_a_bound_and_the_status_0(judge, fields):
    done = judge(recording_of(steady))
    assert done.status == 0
    assert done.text == "x.dat\tsteady; a leak below 0.987 MiB/h would not show\n"
    assert fields(recording_of(steady))["high_mib_h"] == pytest.approx(0.0625 / (0.38 * 600) * 3600)


def test_one_that_cannot_be_decided_says_why_and_how_long_to_record_and_has_the_status_3(judge, fields):
    done = judge(recording_of(filling))
    assert done.status == 3
    assert done.text.startswith("x.dat\tnot enough to tell: the growth slows down, and would level off near ")
    assert done.text.splitlines()[0].endswith("; record 30 min in all")
    told = fields(recording_of(filling))
    assert (told["verdict"], told["why"]) == ("unsure", "slowing")
    assert told["level_mib"] == pytest.approx(150, rel=0.1)
    assert told["more_s"] > 600


def test_the_status_of_several_recordings_is_the_worst(mprofpp, tmp_path):
    memory = {"leak": leaking, "steady": steady, "unsure": filling}
    for name, function in memory.items():
        (tmp_path / f"{name}.dat").write_text(recording_of(function))
    assert mprofpp("leak", "steady.dat", "unsure.dat").status == 3
    assert mprofpp("leak", "unsure.dat", "leak.dat", "steady.dat").status == 1
    done = mprofpp("leak", "leak.dat", "missing.dat", "steady.dat")
    assert done.status == 2
    assert done.says("missing.dat") and len(done.text.splitlines()) > 2


def test_a_step_within_a_leak_is_printed_and_not_part_of_its_rate(judge, fields):
    stepped = recording_of(lambda t: leaking(t) + (30 if t >= 300 else 0))
    assert "  one step of +30.0 MiB at 5 min" in judge(stepped).text
    told = fields(stepped)
    assert told["low_mib_h"] < 360 < told["high_mib_h"]


def test_the_worker_that_leaks_is_named(judge, fields):
    tree = tree_of(steady, {8: steady, 9: leaking, 10: steady})
    told = fields(tree)
    assert (told["verdict"], told["pid"], told["name"]) == ("leak", 9, "worker")
    assert [process["verdict"] for process in told["processes"]] == ["steady", "steady", "leak", "steady"]
    assert "  in worker 9; 3 are steady\n" in judge(tree).text


def test_a_number_of_processes_that_grows_is_a_leak_of_the_tree(judge, fields):
    born = {pid: (lambda t, pid=pid: 20 if t >= 10 * (pid - 8) else None) for pid in range(8, 68)}
    told = fields(tree_of(steady, born))
    assert (told["verdict"], told["pid"], told["growth_of"]) == ("leak", None, "number")
    assert "there are more and more of them" in judge(tree_of(steady, born)).text


def test_only_the_asked_process_is_judged(fields, judge):
    tree = tree_of(steady, {8: steady, 9: leaking})
    assert fields(tree, "--pid", "8")["verdict"] == "steady"
    assert fields(tree, "--pid", "9")["verdict"] == "leak"
    done = judge(tree, "--pid", "33")
    assert done.status == 2
    assert done.says("x.dat", "process 33 was not seen", "mprofpp leak -v")
    assert fields(recording_of(leaking), "--pid", "7")["verdict"] == "leak"
    done = judge(recording_of(leaking), "--pid", "33")
    assert done.status == 2 and done.says("x.dat", "process 33 was not seen")


def test_verbose_prints_every_process(judge):
    lines = judge(tree_of(steady, {8: steady, 9: leaking}), "-v").text.splitlines()
    assert [line.split("  ")[1] for line in lines[-4:]] == ["total", "master 7", "worker 8", "worker 9"]


def test_a_window_is_judged_alone(fields):
    starts_late = recording_of(lambda t: leaking(max(t, 900)), length=1800)
    assert fields(starts_late, "--to", "15m")["verdict"] == "steady"
    told = fields(starts_late, "--from", "15m")
    assert told["verdict"] == "leak"
    assert told["from_s"] >= 900


def test_growth_below_the_given_size_does_not_count(fields):
    slow = recording_of(lambda t: 50 + t / 3000)
    assert fields(slow)["verdict"] == "leak"
    assert fields(slow, "--min", "1MiB")["verdict"] == "steady"


def test_a_leak_reaches_a_limit(judge, fields):
    assert (
        "  reaches the limit of 512.0 MiB in 1 h 7 min\n"
        in judge(recording_of(leaking), "--limit", "512MiB").text
    )
    assert fields(recording_of(leaking), "--limit", "512MiB")["limit_reached_h"] == pytest.approx(
        1.11, abs=0.02
    )
    recorded = recording_of(leaking) + f"LIMIT {START + 1} memory.max 256.0 0\n"
    assert fields(recorded)["limit_mib"] == 256
    machine = recording_of(leaking, header=HEADER + "META ram 1024.0\n")
    assert fields(machine)["limit_mib"] in (None, 1024)
    assert "limit" not in judge(recording_of(steady), "--limit", "512MiB").text
    assert (
        "  is above the limit of 64.0 MiB already\n" in judge(recording_of(leaking), "--limit", "64MiB").text
    )
    others = recording_of(leaking) + f"LIMIT {START + 1} memory.max 256.0 33\n"
    assert fields(others)["limit_mib"] is None


def test_memory_without_pages_of_files_decides_if_it_was_recorded(judge, fields):
    def metrics(rss, uss):
        lines = [HEADER + "META metrics uss\n"]
        lines += [f"MEM {rss(t):.6f} {START + t}.0 uss={uss(t):.6f}\n" for t in range(601)]
        return "".join(lines)

    cached = metrics(rss=leaking, uss=steady)
    told = fields(cached)
    assert (told["verdict"], told["metric"]) == ("steady", "uss")
    assert [(other["metric"], other["verdict"]) for other in told["other_metrics"]] == [("rss", "leak")]
    assert "  judged by uss\n  by rss: leak: +360 MiB/h" in judge(cached).text
    assert fields(cached, "--metric", "rss")["verdict"] == "leak"
    done = judge(cached, "--metric", "pss")
    assert done.status == 2
    assert done.says("x.dat", "has no readings of pss", "mprofpp run --metrics pss records it")


def test_the_function_whose_calls_explain_the_growth_is_named(judge, fields):
    """`keep` adds 64 KiB a call and is called unevenly, `other` keeps nothing."""
    lines, kept, seed = [HEADER], 0, 1
    for t in range(601):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        lines.append(f"MEM {50 + kept / 16:.6f} {START + t}.0\n")
        busy = (t // 60) % 2 == 0
        for k in range(4 if busy and seed >> 20 & 1 else 0):
            kept += 1
            at = START + t + 0.1 + k / 10
            lines.append(f"FUNC app.keep 50.0 {at} 50.0 {at + 0.05:.2f} 0 7 t7 50.0 50.0 -\n")
        if seed >> 16 & 1:
            at = START + t + 0.6
            lines.append(f"FUNC app.other 50.0 {at} 50.0 {at + 0.05:.2f} 0 7 t7 50.0 50.0 -\n")
    told = fields("".join(lines))
    assert told["verdict"] == "leak"
    assert told["function_why"] == "numbers of calls"
    assert told["per_call"]["function"] == "app.keep"
    assert told["per_call"]["low_kib"] <= 64 <= told["per_call"]["high_kib"]
    assert "/call (95 %: " in judge("".join(lines)).text


def test_recorded_lines_that_grow_are_printed(judge):
    lines = "LINE 7 app.handle app.py 10 10 5 50.0 50.0\nLINE 7 app.handle app.py 10 12 500 110.0 59.5\n"
    assert (
        "  line app.py:12 in app.handle  +59.5 MiB, 500 times\n" in judge(recording_of(leaking) + lines).text
    )


def test_a_clock_that_was_set_back_and_a_gap_are_reported(judge, fields):
    back = recording_of(leaking).replace(f" {START + 300}.0\n", f" {START + 100}.0\n", 1)
    assert fields(back)["skipped_samples"] == 1
    assert "  note: skipped 1 sample from when the clock had been set back\n" in judge(back).text
    gap = recording_of(leaking) + "".join(f"MEM {leaking(t):.6f} {START + t}.0\n" for t in range(900, 1200))
    assert "  note: no samples for 5 min\n" in judge(gap).text


def test_a_window_that_is_too_short_or_has_no_samples_is_not_a_question_of_recording_longer(judge):
    assert "; choose a window of 2 min\n" in judge(recording_of(steady), "--to", "5s").text
    jump = recording_of(steady, length=60) + f"MEM 50.0 {START + 100000}.0\n"
    assert "not enough to tell: most of the time has no samples; judge a part" in judge(jump).text


def test_too_few_samples_are_not_enough_to_tell(judge, fields):
    done = judge(recording_of(steady, length=5))
    assert done.status == 3
    assert done.text == "x.dat\tnot enough to tell: too few samples; record 2 min in all\n"
    assert fields(recording_of(steady, length=5))["rate_mib_h"] is None


def test_a_recording_without_samples_is_refused_in_one_line(judge):
    done = judge(HEADER + "PROC 7 70 1 1000 job job\n")
    assert (done.status, len(done.said)) == (2, 1)
    assert done.says("x.dat", "no memory samples")
    done = judge(recording_of(steady), "--from", "2h")
    assert done.status == 2 and done.says("x.dat", "has no samples in that window")


def test_rates_beyond_sense_are_judged_without_nonsense(judge, fields):
    huge = recording_of(lambda t: 1e6 * t)
    assert judge(huge).status in (1, 3)
    assert fields(huge)["rate_mib_h"] == pytest.approx(3.6e9, rel=0.01)
    done = judge(recording_of(lambda t: float("nan")))
    assert (done.status, len(done.said)) == (2, 1)


@pytest.mark.parametrize(
    "options, words",
    [
        (["--min", "much"], ["--min much", "is not a size"]),
        (["--min", "0"], ["--min 0", "must be more than 0"]),
        (["--limit", "-3MiB"], ["--limit -3MiB"]),
        (["--pid", "x"], ["--pid x", "is not a pid"]),
        (["--metric", "heap"], ["--metric heap", "is not a metric"]),
        (["--metric", "vms"], ["--metric vms", "cannot be judged", "use rss, pss, uss or anon"]),
        (["--json", "--markdown"], ["--json", "cannot be combined with --markdown"]),
        (["--from", "5", "--to", "2"], ["--from"]),
    ],
)
def test_wrong_usage_is_one_line_and_the_status_2(judge, options, words):
    done = judge(recording_of(steady), *options)
    assert (done.status, done.text, len(done.said)) == (2, "", 1)
    assert done.says(*words)


def test_a_verdict_that_cannot_be_printed_is_not_a_verdict(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text(recording_of(steady))
    with open("/dev/full", "w") as full:
        done = subprocess.run(mprofpp.command("leak", "x.dat"), cwd=tmp_path, stdout=full, check=False)
    assert done.returncode == 2


def test_markdown_is_one_table_of_all_recordings(mprofpp, tmp_path):
    (tmp_path / "a.dat").write_text(recording_of(leaking))
    (tmp_path / "b.dat").write_text(recording_of(steady))
    rows = mprofpp("leak", "--markdown", "a.dat", "b.dat").text.splitlines()
    assert rows[:2] == ["| Recording | Verdict | Details |", "| --- | --- | --- |"]
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| a.dat", "| b.dat"]


def test_a_sparse_recording_has_the_verdict_of_its_dense_twin(mprofpp, program):
    verdicts = []
    for kind in ("--dense", "--sparse"):
        done = mprofpp.record(kind, "-T", "10ms", "-q", ["sleep", "1"])
        told = json.loads(mprofpp("leak", "--json", done.path).text)
        verdicts.append((told["verdict"], told["why"]))
    assert verdicts == [("steady", "flat")] * 2


def test_the_newest_recording_is_judged_if_none_is_named(mprofpp, tmp_path):
    (tmp_path / "mprofile_20240101000000.dat").write_text(recording_of(leaking))
    done = mprofpp("leak")
    assert done.status == 1
    assert done.text.startswith("mprofile_20240101000000.dat\tleak")


def test_stdin_is_judged(mprofpp):
    assert mprofpp("leak", "-", stdin=None, input=recording_of(leaking).encode()).status == 1


def test_l_and_li_are_still_list(mprofpp, tmp_path):
    (tmp_path / "mprofile_20240101000000.dat").write_text(recording_of(steady))
    listed = mprofpp("list").text
    assert mprofpp("l").text == listed
    assert mprofpp("li").text == listed
