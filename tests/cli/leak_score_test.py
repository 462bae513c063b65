"""`mprofpp leak` is right about services of which the truth is known, and agrees with the reference.

The services are made up by scripts/leaks, two or more of each family. tests/data/leak_expected.jsonl has
what the reference implementation of the rules, a program of its own, answers about the same recordings.
"""

import concurrent.futures
import json
import subprocess
import sys

import pytest

from conftest import BUILD, ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from leaks import recordings, scoring  # noqa: E402

COMMAND = f"'{BUILD}/bin/mprofpp' leak --json"


def of_file(file):
    return [json.loads(line) for line in (ROOT / "tests/data" / file).read_text().splitlines()]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """(expected, label, answer) of each recording."""
    folder = tmp_path_factory.mktemp("services")
    all_expected = of_file("leak_expected.jsonl")
    labels = [recordings.write(folder, expected["family"], expected["seed"]) for expected in all_expected]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda label: scoring.answer_of(COMMAND, folder / label["file"]), labels)
        return list(zip(all_expected, labels, answers))


@pytest.fixture(scope="module")
def score(judged):
    score = scoring.Score()
    for _, label, answer in judged:
        score.add(label, answer)
    return score


def test_98_of_100_services_are_judged_rightly(score):
    assert score.all["recordings"] >= 100
    assert score.right >= 98, score.wrong


def test_no_steady_service_is_called_a_leak(score):
    assert score.all["steady services"] >= 60
    assert score.all["alarms"] == 0, score.wrong


def test_95_of_100_intervals_hold_the_rate_of_the_leak(score):
    assert score.all["rates"] >= 40
    assert score.coverage >= 95, score.wrong


def test_the_worker_that_leaks_is_named(score):
    assert score.all["named"] >= 6
    assert score.all["named rightly"] == score.all["named"], score.wrong


def test_each_judgement_is_that_of_the_reference(judged):
    differ = {label["file"]: scoring.differences(answer, expected) for expected, label, answer in judged}
    assert {file: found for file, found in differ.items() if found} == {}


def test_what_a_leak_has_kept_is_its_rate_times_its_time(judged):
    leaks = [answer for _, _, answer in judged if answer["verdict"] == "leak"]
    assert len(leaks) >= 40
    for leak in leaks:
        hours = (leak["to_s"] - leak["from_s"]) / 3600
        assert leak["kept_mib"] == pytest.approx(leak["rate_mib_h"] * hours)


def test_the_recordings_are_whole(judged):
    assert {answer["damaged_lines"] for _, _, answer in judged} == {0}


def run_script(*words):
    command = [sys.executable, "-B", ROOT / "scripts/score_leaks", "--build", BUILD, *words]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)


def test_the_script_scores_a_folder_of_labelled_recordings(tmp_path):
    label = recordings.write(tmp_path, "leak", 1)
    (tmp_path / "labels.jsonl").write_text(json.dumps(label) + "\n")
    done = run_script(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "right       100.0 %" in done.stdout


def test_the_script_fails_if_a_verdict_is_wrong(tmp_path):
    label = {**recordings.write(tmp_path, "leak", 1), "verdict": "steady", "ok": ["steady"]}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label) + "\n")
    done = run_script(tmp_path)
    assert done.returncode == 1
    assert "leak-1.dat: leak (grows); right is steady" in done.stdout
    assert "alarms      1000.0 in 1000 (1 of 1)" in done.stdout


def test_the_script_lists_what_another_judge_says(tmp_path):
    other = tmp_path / "judge"
    other.write_text('#!/bin/sh\necho \'{"verdict": "unsure", "why": "noise", "pid": null}\'\nexit 3\n')
    other.chmod(0o755)
    done = run_script("--recordings", 1, "--reference", other)
    assert done.returncode == 1
    assert "verdict steady, not unsure" in done.stdout


def test_the_script_says_what_to_do_without_a_build(tmp_path):
    done = subprocess.run(
        [ROOT / "scripts/score_leaks", "--build", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "is not built (scripts/test builds build/dev)" in done.stderr
