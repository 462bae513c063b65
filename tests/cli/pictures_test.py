"""What `mprofpp plot` draws: golden pictures, and what must be in a picture whatever it looks like."""

import json
import os
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import pytest

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
GOLDEN = DATA.parent / "golden"
PICTURES = json.loads((GOLDEN / "pictures.json").read_text())
SVG = "{http://www.w3.org/2000/svg}"


class Picture:
    """An SVG, as a reader and as a program see it."""

    def __init__(self, path):
        self.root = ElementTree.parse(path).getroot()

    @property
    def texts(self):
        return [element.text for element in self.root.iter(f"{SVG}text")]

    @property
    def tooltips(self):
        return [t.text for shape in self.root.iter() for t in shape.findall(f"{SVG}title")][1:]

    @property
    def is_finite(self):
        values = [value for element in self.root.iter() for value in element.attrib.values()]
        return not any(re.search(r"\b(nan|inf)\b", value) for value in values)

    def has(self, *texts):
        missing = [text for text in texts if text not in self.texts]
        assert not missing, f"missing: {missing}, there: {self.texts}"


@pytest.fixture
def draw(mprofpp):
    def drawn(*words):
        environment = os.environ | {"TZ": "UTC"}
        done = mprofpp("plot", *words, "-o", mprofpp.folder / "x.svg", cwd=DATA, env=environment)
        assert done.status == 0, done.err
        return Picture(mprofpp.folder / "x.svg")

    return drawn


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_was_accepted(draw, mprofpp, name):
    draw(*PICTURES[name])
    drawn = (mprofpp.folder / "x.svg").read_text()
    accepted = (GOLDEN / f"{name}.svg").read_text()
    assert drawn == accepted, f"{name} has changed: look at it (scripts/approve --show), then scripts/approve"


@pytest.mark.parametrize("name", PICTURES)
def test_every_tooltip_is_one_line_and_every_number_finite(draw, name):
    picture = draw(*PICTURES[name])
    assert picture.tooltips
    assert all(tooltip and "\n" not in tooltip for tooltip in picture.tooltips)
    assert picture.is_finite


def test_the_processes_of_a_server_are_named_with_their_peaks(draw):
    picture = draw("mprof-gunicorn-CM.dat")
    picture.has("total (3 processes)", "child 17541", "child 17542", "363.6 MiB at 5.1 s")
    picture.has("/usr/bin/gunicorn -c gunicorn_config.py profile_server:app")


def test_titles_and_parents_are_in_the_legend(draw):
    picture = draw("server-calls.dat")
    picture.has("gunicorn: worker [app:app] 1201 ← 1200", "python3 worker.py 1202 ← 1200", "RSS")


def test_eighty_calls_are_five_rows(draw):
    picture = draw("funcs-80.dat")
    picture.has("f0", "f1", "f2", "f3", "f4", "calls", "time", "growth")
    assert picture.texts.count("16") == 5
    assert sum("f0 · " in tooltip for tooltip in picture.tooltips) == 16


def test_without_function_marks_there_are_none(draw):
    picture = draw("funcs-80.dat", "-n")
    assert "functions" not in picture.texts
    assert any(text.startswith("26.0 MiB at") for text in picture.texts)


def test_marks_open_and_grouped_calls_are_told(draw):
    picture = draw("server-calls.dat")
    picture.has("phase 2", "wait", "12000")
    assert any("had not ended" in tooltip for tooltip in picture.tooltips)


def test_a_flame_names_lanes_and_boxes(draw):
    picture = draw("server-calls.dat", "--flame")
    picture.has("gunicorn: worker [app:app] 1201 · main thread", "python3 worker.py 1202 · greenlet 4")
    assert picture.texts.count("load") == 2
    assert "load · 6.0 s · +151.0 MiB (41.0 MiB → 192.0 MiB)" in picture.tooltips


def test_colours_of_growth_have_a_key_with_the_same_amount_at_both_ends(draw):
    picture = draw("server-calls.dat", "--flame", "--color", "growth")
    picture.has("memory freed or added by a call", "−151.0 MiB", "+151.0 MiB")


def test_clock_times_are_times_of_the_day(draw):
    picture = draw("server-calls.dat", "--utc")
    picture.has("UTC", "11:25:30", "261.1 MiB at 11:25:30.5 in load")


def test_a_window_shows_only_what_is_in_it(draw):
    picture = draw("server-calls.dat", "-w", "28,45s")
    picture.has("run", "30s")
    assert "load" not in picture.texts
    assert "phase 2" not in picture.texts


def test_several_recordings_are_named_by_label_or_file(draw):
    picture = draw("mprof-gunicorn-CM.dat", "mprof-python-func.dat", "--label", "the server")
    picture.has("2 recordings", "the server", "mprof-python-func.dat")


def test_a_slope_is_told_in_mib_an_hour(draw):
    assert any(text.endswith("MiB/h") for text in draw("kids-60.dat", "-s").texts)


def test_a_spike_of_one_sample_is_drawn_and_labelled(draw, mprofpp):
    path = mprofpp.folder / "spike.dat"
    with path.open("w") as file:
        for i in range(200_000):
            file.write(f"MEM {5000 if i == 123_456 else 100} {1000 + i / 10:.4f}\n")
    draw(path).has("4.88 GiB at 3 h 25 min 46 s")


@pytest.mark.parametrize("line", ["MEM -5 1001", "MEM nan 1001", "MEM 8e12 1001", "CHLD 9 -3 1001"])
def test_absurd_values_give_a_picture(draw, mprofpp, line):
    path = mprofpp.folder / "absurd.dat"
    path.write_text(f"CMDLINE x\nMEM 5 1000\n{line}\nMEM 6 1002\n")
    assert draw(path).is_finite


@pytest.mark.parametrize("line", ["MEM 1e13 1001", "MEM 1e300 1001", "MEM inf 1001", "CHLD 9 -1e300 1001"])
def test_more_memory_than_there_can_be_is_a_damaged_line(draw, mprofpp, line):
    path = mprofpp.folder / "absurd.dat"
    path.write_text(f"CMDLINE x\nMEM 5 1000\n{line}\nMEM 6 1002\n")
    picture = draw(path)
    assert picture.is_finite
    picture.has("6.0 MiB at 2.0 s")
    assert mprofpp("peak", path).says("skipped 1 damaged line", "line 3", "no memory")


@pytest.mark.parametrize("window", ["500,600", "-9,-5"])
def test_an_empty_window_is_one_line_and_no_picture(mprofpp, window):
    done = mprofpp("plot", DATA / "funcs-80.dat", f"-w{window}", "-o", "x.png")
    assert done.status == 1
    assert len(done.said) == 1
    assert done.says("no sample in that window", "it lasts 19.9 s")
    assert not list(mprofpp.folder.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["--flame", "a.dat", "b.dat"],
        ["--stack", "a.dat", "b.dat"],
        ["-w", "5"],
        ["-w", "a,b"],
        ["--size", "1x1"],
        ["--size", "900"],
        ["--dpi", "none"],
        ["--theme", "pink"],
        ["--flame", "--color", "mood"],
        ["--color", "growth"],
        ["--label", "a", "--label", "b"],
        ["-o", "x.gif"],
        ["-o", "x"],
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused_in_one_line(mprofpp, words):
    done = mprofpp("plot", *words)
    assert done.status == 2
    assert len(done.said) == 1


def test_an_unknown_suffix_names_those_there_are(mprofpp):
    done = mprofpp("plot", DATA / "funcs-80.dat", "-o", "x.gif")
    assert done.says(".gif", ".png", ".svg", ".pdf")


@pytest.mark.parametrize("suffix, magic", [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<svg")])
def test_the_size_and_the_dots_per_inch_are_the_pictures(mprofpp, suffix, magic):
    output = mprofpp.folder / f"x.{suffix}"
    options = ["--flame", "--size", "800x600", "--dpi", "192", "-o", output]
    done = mprofpp("plot", DATA / "server-calls.dat", *options)
    assert done.status == 0, done.err
    content = output.read_bytes()
    assert content.startswith(magic)
    if suffix == "png":
        assert content[16:24] == (800).to_bytes(4, "big") + (600).to_bytes(4, "big")
