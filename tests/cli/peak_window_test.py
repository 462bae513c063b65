"""`mprofpp peak` for a window of time, and all its figures."""

import json

import pytest

RECORDING = """CMDLINE job
META format 1
META interval 0.5
META start 1000.0
META root 7
MEM 10.0 1000.0
PEAK 7 90.0 hwm
MEM 20.0 1001.0
MEM 40.0 1002.0
PEAK 7 95.0 hwm
LOST 1002.5 ticks 3
MEM 30.0 1003.0
EXIT 7 1003.5 0
PEAK 7 99.0 hwm
END 1003.5 ended 4 40.0 1002.0
"""


@pytest.fixture
def peak(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text(RECORDING)

    def json_of(*options):
        return json.loads(mprofpp("peak", "--json", *options, "x.dat").text)

    return json_of


def test_json_has_the_mean_the_end_the_duration_and_the_slope(peak):
    told = peak()
    assert told["peak_mib"] == 99.0
    assert (told["mean_mib"], told["end_mib"], told["samples"], told["duration_s"]) == (25.0, 30.0, 4, 3.0)
    assert told["slope_mib_per_hour"] == pytest.approx(8 * 3600)
    counts = {"ticks": 3, "marks": 0, "processes": 0, "censuses": 0}
    assert told["losses"] == {**counts, "suspended_s": 0.0, "change_mib": 0.0}


def test_a_window_has_its_own_samples_peak_and_losses(peak):
    told = peak("-w", "0.5,1.5")
    assert (told["sampled_mib"], told["samples"], told["losses"]["ticks"]) == (20.0, 1, 0)
    assert peak("--from", "2")["sampled_mib"] == 40.0
    assert peak("--to", "1")["end_mib"] == 20.0


def test_a_peak_of_the_kernel_counts_only_if_it_was_reached_within_the_window(peak):
    assert peak("-w", "0.5,1.5")["kernel_mib"] is None
    assert peak("--from", "0", "--to", "2")["kernel_mib"] == 95.0
    assert peak("--from", "1.5")["peak_mib"] == 99.0


def test_the_peak_of_a_tree_counts_only_in_the_whole_recording(mprofpp, tmp_path):
    lines = RECORDING.replace("META root 7", "META root 7\nMETA tree C").replace("99.0 hwm", "99.0 tree-max")
    (tmp_path / "x.dat").write_text(lines)
    whole, window = (
        json.loads(mprofpp("peak", "--json", *options, "x.dat").text) for options in ([], ["--from", "2.5"])
    )
    assert whole["largest_process_mib"] == 99.0
    assert window["peak_mib"] == 30.0


def test_times_still_count_from_the_start_of_the_recording(peak):
    assert peak("--from", "1.5")["sampled_at_s"] == 2.0


def test_losses_are_a_line_of_the_text(mprofpp, peak):
    assert "  3 ticks missed\n" in mprofpp("peak", "x.dat").text
    assert "missed" not in mprofpp("peak", "--to", "1", "x.dat").text
    assert (
        "  mean 25.000 MiB, at the end 30.000 MiB, 4 samples in 3.0 s" in mprofpp("peak", "-v", "x.dat").text
    )


def test_a_window_that_is_empty_or_ends_before_it_starts_is_refused_in_one_line(mprofpp, peak):
    done = mprofpp("peak", "-w", "50,60", "x.dat")
    assert done.status == 1 and done.says("x.dat", "has no samples in that window")
    done = mprofpp("peak", "--from", "3", "--to", "1", "x.dat")
    assert done.status == 2 and done.says("--from 3 --to 1", "3 is after 1")
    done = mprofpp("peak", "-w", "1,2", "--to", "1", "x.dat")
    assert done.status == 2 and done.says("--window")


def test_calls_outside_the_window_do_not_count(mprofpp, tmp_path):
    calls = [f"FUNC f 10.0 {1000 + n}.1 12.0 {1000 + n}.2 0 7 t7 {n}0.0 {n}5.0 -" for n in (1, 2, 3)]
    (tmp_path / "x.dat").write_text(RECORDING + "\n".join(calls) + "\n")
    told = json.loads(mprofpp("peak", "--json", "--func", "f", "-w", "1.5,2.5", "x.dat").text)
    assert (told["calls"], told["peak_mib"]) == (1, 25.0)


def test_old_abbreviations_of_options_still_work(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text(RECORDING + "FUNC f 10.0 1001.1 12.0 1001.2 0\n")
    assert mprofpp("peak", "--f", "f", "x.dat").text.startswith("x.dat\t")
    assert mprofpp("plot", "--f", "-o", "x.svg", "x.dat").status == 0
