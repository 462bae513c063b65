"""Pictures of `mprofpp plot`: golden files, and what a picture must contain whatever it looks like."""

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
    """The texts and numbers in an SVG."""

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
def test_a_picture_is_the_same_as_the_accepted_one(draw, mprofpp, name):
    draw(*PICTURES[name])
    drawn = (mprofpp.folder / "x.svg").read_text()
    accepted = (GOLDEN / f"{name}.svg").read_text()
    assert drawn == accepted, f"{name} has changed: look at it (scripts/approve --show), then scripts/approve"


@pytest.mark.parametrize("name", PICTURES)
def test_every_tooltip_is_one_line_and_every_number_is_finite(draw, name):
    picture = draw(*PICTURES[name])
    assert picture.tooltips
    assert all(tooltip and "\n" not in tooltip for tooltip in picture.tooltips)
    assert picture.is_finite


def test_the_processes_of_a_server_have_names_and_peaks(draw):
    picture = draw("mprof-gunicorn-CM.dat")
    picture.has("total", "peak 363.6 MiB", "child 17541", "child 17542", "363.6 MiB at 5.1 s")
    picture.has("/usr/bin/gunicorn -c gunicorn_config.py profile_server:app")


def test_titles_are_at_the_ends_of_curves_and_parents_in_the_legend(draw):
    draw("server-calls.dat").has("gunicorn: worker [app:app] 1201", "python3 worker.py 1202", "RSS")
    stack = draw("server-calls.dat", "--stack")
    stack.has("gunicorn: worker [app:app] 1201 ← 1200", "python3 worker.py 1202 ← 1200")


def test_eighty_calls_are_five_rows(draw):
    picture = draw("funcs-80.dat")
    picture.has("f0", "f1", "f2", "f3", "f4", "calls", "time", "added", "largest")
    assert picture.texts.count("16") == 5
    assert any(tooltip.startswith("f0 · ") and "16 calls" in tooltip for tooltip in picture.tooltips)


def test_function_marks_can_be_left_out(draw):
    picture = draw("funcs-80.dat", "-n")
    assert "functions" not in picture.texts
    assert any(text.startswith("26.0 MiB at") for text in picture.texts)


def test_marks_and_open_and_grouped_calls_are_shown(draw):
    picture = draw("server-calls.dat")
    picture.has("phase 2", "wait", "12,000")
    assert any("had not ended" in tooltip for tooltip in picture.tooltips)


def test_a_flame_chart_has_names_of_lanes_and_boxes(draw):
    picture = draw("server-calls.dat", "--flame")
    picture.has("gunicorn: worker [app:app] 1201 · main thread", "python3 worker.py 1202 · greenlet 4")
    assert picture.texts.count("load") == 2
    assert "load · 6.0 s · +151.0 MiB (41.0 MiB → 192.0 MiB)" in picture.tooltips


def test_colours_of_growth_have_a_symmetric_key(draw):
    picture = draw("server-calls.dat", "--flame", "--color", "growth")
    picture.has("memory freed or added by a call", "−151.0 MiB", "+151.0 MiB")


def test_calls_have_the_colour_of_their_process_or_of_their_function(draw):
    def colours(*options):
        shapes = draw("server-calls.dat", "--flame", *options).root.iter(f"{SVG}rect")
        return [shape.get("fill") for shape in shapes]

    assert colours("--color", "process") == colours()
    assert colours("--color", "function") != colours()


def test_clock_times_are_times_of_the_day(draw):
    picture = draw("server-calls.dat", "--utc")
    picture.has("20 Nov 2025, UTC", "11:25:30", "261.1 MiB at 11:25:30.5 in load")


def test_a_window_shows_only_what_is_in_it(draw):
    picture = draw("server-calls.dat", "-w", "28,45s")
    picture.has("run", "30s")
    assert "load" not in picture.texts
    assert "phase 2" not in picture.texts


def test_several_recordings_have_labels_or_file_names(draw):
    picture = draw("mprof-gunicorn-CM.dat", "mprof-python-func.dat", "--label", "the server")
    picture.has("2 recordings", "the server", "mprof-python-func.dat")


def test_a_slope_has_a_unit_that_fits_the_recording(draw):
    assert any(text.endswith("iB/s") for text in draw("kids-60.dat", "-s").texts)


def test_a_spike_of_one_sample_is_drawn_and_labelled(draw, mprofpp):
    path = mprofpp.folder / "spike.dat"
    with path.open("w") as file:
        for i in range(200_000):
            file.write(f"MEM {5000 if i == 123_456 else 100} {1000 + i / 10:.4f}\n")
    draw(path).has("4.88 GiB at 3 h 25 min 46 s")


@pytest.mark.parametrize("line", ["MEM -5 1001", "MEM nan 1001", "MEM 8e12 1001", "CHLD 9 -3 1001"])
def test_unlikely_values_give_a_picture(draw, mprofpp, line):
    path = mprofpp.folder / "absurd.dat"
    path.write_text(f"CMDLINE x\nMEM 5 1000\n{line}\nMEM 6 1002\n")
    assert draw(path).is_finite


@pytest.mark.parametrize("line", ["MEM 1e13 1001", "MEM 1e300 1001", "MEM inf 1001", "CHLD 9 -1e300 1001"])
def test_an_impossible_amount_of_memory_is_a_damaged_line(draw, mprofpp, line):
    path = mprofpp.folder / "absurd.dat"
    path.write_text(f"CMDLINE x\nMEM 5 1000\n{line}\nMEM 6 1002\n")
    picture = draw(path)
    assert picture.is_finite
    picture.has("6.0 MiB at 2.0 s")
    assert mprofpp("peak", path).says("skipped 1 damaged line", "line 3", "invalid memory")


@pytest.mark.parametrize("window", ["500,600", "-9,-5"])
def test_an_empty_window_is_refused_in_one_line(mprofpp, window):
    done = mprofpp("plot", DATA / "funcs-80.dat", f"-w{window}", "-o", "x.png")
    assert done.status == 1
    assert len(done.said) == 1
    assert done.says("no samples in that window", "it lasts 19.9 s")
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
def test_an_invalid_command_line_is_refused_in_one_line(mprofpp, words):
    done = mprofpp("plot", *words)
    assert done.status == 2
    assert len(done.said) == 1


def test_an_unknown_suffix_is_refused_with_the_known_ones(mprofpp):
    done = mprofpp("plot", DATA / "funcs-80.dat", "-o", "x.gif")
    assert done.says(".gif", ".png", ".svg", ".pdf")


@pytest.mark.parametrize("suffix, magic", [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<svg")])
def test_a_picture_has_the_size_and_resolution_of_the_options(mprofpp, suffix, magic):
    output = mprofpp.folder / f"x.{suffix}"
    options = ["--flame", "--size", "800x600", "--dpi", "192", "-o", output]
    done = mprofpp("plot", DATA / "server-calls.dat", *options)
    assert done.status == 0, done.err
    content = output.read_bytes()
    assert content.startswith(magic)
    if suffix == "png":
        assert content[16:24] == (800).to_bytes(4, "big") + (600).to_bytes(4, "big")
