"""`run --watch-leak` and `plot --leak`. What they do after ten minutes is in tests/app."""

import os

import pytest


@pytest.mark.parametrize("options", [[], ["-C", "-M"], ["--sparse"], ["-q"], ["--no-marks"]])
def test_a_short_recording_that_is_watched_is_as_any_other(mprofpp, options):
    done = mprofpp.record("--watch-leak", "-T", "10ms", *options, ["sh", "-c", "sleep 0.2; exit 4"])
    assert done.status == 4
    assert not done.says("leak:") and not done.says("grows")
    assert "\nMARK " not in done.path.read_text()


def test_attach_watches_too(mprofpp):
    done = mprofpp("attach", "--watch-leak", "-t", "0.2", "-o", "x.dat", str(os.getpid()))
    assert done.status == 0
    assert "\nMEM " in (mprofpp.folder / "x.dat").read_text()


def test_the_picture_of_a_verdict_starts_with_it(mprofpp):
    lines = [f"MEM {100 + i / 60} {1763637915 + i}" for i in range(3601)]
    (mprofpp.folder / "x.dat").write_text("CMDLINE server\n" + "\n".join(lines) + "\n")
    assert mprofpp("plot", "--leak", "-o", "x.svg", "x.dat").status == 0
    picture = (mprofpp.folder / "x.svg").read_text()
    assert ">leak: +60.0 MiB/h (95 %: " in picture
    assert mprofpp("leak", "x.dat").status == 1


@pytest.mark.parametrize("view", ["--stack", "--stack=anon", "--panels"])
def test_a_verdict_needs_a_curve_to_be_drawn_on(mprofpp, view):
    done = mprofpp("plot", "--leak", view, "-o", "x.svg", "x.dat")
    assert done.status == 2
    assert len(done.said) == 1 and "--leak" in done.said[0] and view[:6] in done.said[0]
