"""`plot -o x.html`: what a page gets of a recording. The page itself is tested in share/html."""

import collections
import json
import os
import pathlib
import random
import struct

import pytest

from conftest import install, needs
from page import Page

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
TEMPLATE = (
    '<!doctype html><meta charset="utf-8"><title>@TITLE@</title>'
    '<script type="application/octet-stream" id="recording">@RECORDING@</script>'
)
START = 1763637915
KIB = 1 / 1024


@pytest.fixture
def plot(mprofpp, tmp_path):
    """Writes the page of a recording, with a template of the test's own."""
    folder = install(tmp_path / "installed")
    page = folder / "share/mprofpp/html/page.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(TEMPLATE)
    mprofpp.executable = folder / "bin/mprofpp"

    def run(path, *options, status=0):
        done = mprofpp("plot", "-o", "x.html", *options, path)
        assert done.status == status, done.err
        if status != 0:
            return done
        assert done.text == "x.html\n"
        return Page((mprofpp.folder / "x.html").read_bytes())

    run.template = page
    return run


def write(tmp_path, text, name="x.dat"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def samples_of(path):
    """Returns the samples of the total and of each pid, as (seconds since the start, MiB)."""
    curves = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        kind, *fields = line.split()
        if kind == "MEM":
            curves[None].append((float(fields[1]), float(fields[0])))
        if kind == "CHLD":
            curves[int(fields[0])].append((float(fields[2]), float(fields[1])))
    start = min(curve[0][0] for curve in curves.values())
    return {pid: [(t - start, mib) for t, mib in curve] for pid, curve in curves.items()}


def has_point(points, t, mib, slack):
    return any(abs(at - t) <= slack and abs(value - mib) <= KIB / 2 for at, value in points)


# mprof gives each process of a tick a time of its own, a little after that of the tick
@pytest.mark.parametrize(
    "name, slack", [("kids-60", 2e-6), ("mprof-gunicorn-CM", 0.02), ("server-calls", 2e-6)]
)
def test_a_small_recording_has_every_sample(plot, name, slack):
    path = DATA / f"{name}.dat"
    page = plot(path)
    assert page["resolution"]["kind"] == "all"
    for pid, expected in samples_of(path).items():
        points = page.points(None if pid is None else page.process(pid))
        times = [t for t, _ in points]
        assert times == sorted(times)
        assert all(has_point(points, t, mib, slack) for t, mib in expected)
        calls = page["calls"]["n"]
        assert len(expected) <= len(points) <= len(expected) + 2 * calls


def test_samples_on_a_level_line_are_all_there(plot, tmp_path):
    lines = [f"MEM 100.0 {START + i / 10:.4f}" for i in range(300)]
    page = plot(write(tmp_path, "CMDLINE x\n" + "\n".join(lines) + "\n"))
    assert [round(t, 4) for t, _ in page.points()] == [i / 10 for i in range(300)]


def test_curves_have_a_gap_where_ticks_were_missed(plot, tmp_path):
    lines = [f"MEM {i}.0 {START + i + (100 if i >= 10 else 0)}.0" for i in range(20)]
    page = plot(write(tmp_path, "CMDLINE x\nMETA format 1\nMETA interval 1.0\n" + "\n".join(lines) + "\n"))
    assert [len(stroke) for stroke in page.strokes()] == [10, 10]


def test_the_figures_are_those_of_peak(plot, mprofpp):
    for name in ("server-calls", "kids-60", "every-kind", "mprof-gunicorn-CM"):
        page, peak = plot(DATA / f"{name}.dat"), mprofpp.peak(DATA / f"{name}.dat")
        assert page["peak"]["mib"] == peak["sampled_mib"]
        assert page["peak"]["at"] == pytest.approx(peak["sampled_at_s"])
        assert page["samples"] == peak["samples"]
        assert page["losses"] == peak["losses"] | {"damaged_lines": peak["damaged_lines"]}
        assert page["statistics"]["mean_mib"] == pytest.approx(peak["mean_mib"])
        assert len(page["processes"]) == len(peak["processes"])
        for ours, theirs in zip(page["processes"], peak["processes"]):
            assert (ours["pid"], ours["name"]) == (theirs["pid"], theirs["name"])
            sampled = ours["peak"] and ours["peak"]["mib"]
            assert sampled == theirs["sampled_mib"]
            assert ours["first"] == pytest.approx(theirs["first_seen_s"])
            parent = None if ours["parent"] is None else page["processes"][ours["parent"]]["pid"]
            assert parent in (None, theirs["parent"])


def test_the_figures_of_functions_are_those_of_peak_func(plot, mprofpp):
    for name in ("server-calls", "funcs-80", "every-kind", "mprof-python-func"):
        functions = plot(DATA / f"{name}.dat").functions()
        done = mprofpp("peak", "--func", "*", "--json", DATA / f"{name}.dat")
        expected = [json.loads(line) for line in done.text.splitlines()]
        assert len(functions) == len(expected)
        for theirs in expected:
            ours = functions[theirs["function"]]
            assert ours["calls"] == theirs["calls"]
            assert ours["seconds"] == theirs["seconds"]
            assert ours["added_mib"] == theirs["growth_mib"]
            assert ours["largest_mib"] == theirs["largest_growth_mib"]
            assert ours["peak_mib"] == theirs["peak_mib"]


def test_the_judgement_is_that_of_leak(plot, mprofpp):
    leak = plot(DATA / "kids-60.dat")["leak"]
    lines = mprofpp("leak", DATA / "kids-60.dat").text.splitlines()
    assert lines[0].split("\t")[1] == leak["words"]
    assert lines[1 : 1 + len(leak["lines"])] == [f"  {line}" for line in leak["lines"]]
    assert leak["verdict"] == "leak"
    assert len(leak["floors"]) == 12
    line = leak["line"]
    slope = (line["v1"] - line["v0"]) / (line["t1"] - line["t0"])
    assert slope == pytest.approx(0.1, rel=0.01)  # MiB/s
    assert line["low1"] <= line["v1"] <= line["high1"]


def test_calls_have_their_times_memory_and_lanes(plot):
    page = plot(DATA / "server-calls.dat")
    calls = page.calls()
    load = next(call for call in calls if call["rss1"] - call["rss0"] == 90)
    assert page["calls_complete"]
    assert load["t1"] - load["t0"] == pytest.approx(12)
    assert page["lanes"][load["lane"]]["process"] == load["process"]
    assert [call["t0"] for call in calls] == sorted(call["t0"] for call in calls)
    group = next(call for call in calls if call["flags"] & 8)
    assert group["count"] > 1
    ended = [call for call in calls if call["name"] != "jobs.wait"]  # it has no record of its end
    assert sum(call["count"] for call in ended) == sum(f["calls"] for f in page["functions"])


def test_a_window_restricts_everything(plot, mprofpp):
    path = DATA / "server-calls.dat"
    page = plot(path, "-w", "10,20")
    done = mprofpp("peak", "--json", "-w", "10,20", path)
    peak = json.loads(done.text)
    assert page["window"] == [10, 20]
    assert page["samples"] == peak["samples"]
    assert page["peak"]["mib"] == peak["sampled_mib"]
    inside = [t for t, _ in page.points() if 10 <= t <= 20]
    assert len(inside) >= page["samples"]
    assert all(call["t1"] >= 10 and call["t0"] <= 20 for call in page.calls())


def test_without_calls_there_are_no_calls_and_no_marks(plot):
    page = plot(DATA / "server-calls.dat", "-n")
    assert page["calls"]["n"] == 0
    assert page["functions"] == page["marks"] == page["lanes"] == []


def test_a_limit_and_a_title_are_in_the_page(plot):
    page = plot(DATA / "server-calls.dat", "--limit", "512MiB", "--title", "a <b>")
    assert page["title"] == "a <b>"
    assert b"<title>a &lt;b&gt;</title>" in page.html
    assert {"at": None, "what": "limit", "mib": 512.0, "process": None} in page["limits"]


def test_every_metric_of_every_process_has_a_curve(plot, tmp_path):
    text = (
        "CMDLINE x\nMETA format 1\nMETA tree CM\nMETA root 1\nPROC 1 1 0 1000.0 a a\nPROC 2 2 1 1000.0 b b\n"
    )
    for i in range(20):
        text += f"MEM {30 + i}.0 {1000 + i}.0 pss={20 + i}.0\nCHLD 2 {10 + i}.0 {1000 + i}.0 pss={5 + i}.0\n"
    path = write(tmp_path, text)
    page = plot(path, "--metric", "pss")
    assert (page["metric"], page["shown"]) == ("rss", "pss")
    assert page["metrics"] == ["rss", "pss"]
    assert [mib for _, mib in page.points(None, "pss")] == [20 + i for i in range(20)]
    assert [mib for _, mib in page.points(page.process(2), "pss")] == [5 + i for i in range(20)]
    assert [mib for _, mib in page.points(page.process(2), "rss")] == [10 + i for i in range(20)]
    done = plot(path, "--metric", "swap", status=1)
    assert len(done.said) == 1
    assert done.says("no swap", "run --metrics swap")


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "@RECORDING@",
    "@TITLE@",
    "\"'&<>`",
    "\u202eevil",
    "\x1b]0;x\x07",
    "x" * 10_000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_all_kinds_stay_data(plot, tmp_path, name):
    quoted = "".join(f"%{byte:02x}" for byte in name.encode())
    text = (
        f"CMDLINE {name}\nMETA format 1\nMETA root 7\nMETA host {quoted}\n"
        f"PROC 7 1 0 1000.0 {quoted} {quoted}\n"
        f"MEM 1.0 1000.0\nTITLE 7 1000.2 {quoted}\nMARK 1000.5 7 {quoted}\n"
        f"FUNC {quoted} 1.0 1000.0 2.0 1000.5 0 7 t7 1.0 2.0 -\nLIMIT 1000.5 {quoted} 5.0 7\nMEM 2.0 1001.0\n"
    )
    page = plot(write(tmp_path, text))
    empty = plot(write(tmp_path, "CMDLINE x\nMEM 1.0 1000.0\nMEM 2.0 1001.0\n", "y.dat"))
    for markup in (b"<script", b"</script", b"<title", b"<!"):
        assert page.html.count(markup) == empty.html.count(markup)
    assert not any(ord(c) < 32 and c != "\t" for c in json.dumps(page.json, ensure_ascii=False))
    assert all(len(text) <= 2001 for text in page["strings"])
    assert page["marks"][0]["text"] == page["processes"][0]["name"] == page["strings"][0]


def test_bytes_that_are_not_utf8_are_visible(plot, tmp_path):
    page = plot(write(tmp_path, b"CMDLINE \xff\xfe\nMEM 1.0 1000.0\nMARK 1000.0 0 %ff\nMEM 1.0 1001.0\n"))
    assert page["command"] == "\\xff\\xfe"


def test_numbers_of_all_sizes_are_numbers(plot, tmp_path):
    values = ["0", "-5.5", "1e300", "-1e300", "nan", "inf", "1e15", "0.0000001"]
    lines = "".join(f"MEM {value} {1000 + i}.0\n" for i, value in enumerate(values))
    page = plot(write(tmp_path, "CMDLINE x\n" + lines))
    json.loads(json.dumps(page.json, allow_nan=False))
    assert page.points() == [(0, 0), (1, -5.5), (7, 0)]
    assert page["losses"]["damaged_lines"] == 4  # those are not sizes of memory


def torn(content, seed):
    """Cuts, repeats and flips parts of a recording."""
    chance = random.Random(seed)
    content = bytearray(content)
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.randrange(len(content) // 2, len(content))])


@pytest.mark.parametrize("seed", range(12))
def test_a_torn_recording_has_a_page_or_one_clear_line(plot, mprofpp, tmp_path, seed):
    names = ["every-kind", "server-calls", "sparse", "mprof-python-func"]
    content = (DATA / f"{names[seed % 4]}.dat").read_bytes()
    path = write(tmp_path, torn(content, seed))
    done = mprofpp("plot", "-o", "x.html", path)
    assert done.status in (0, 1)
    assert len(done.said) <= 1
    if done.status == 0:
        page = Page((tmp_path / "x.html").read_bytes())
        json.dumps(page.json, allow_nan=False)
        page.calls()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a recording"),
        (b"CMDLINE x\n", "no memory samples"),
    ],
)
def test_what_is_not_a_recording_is_refused_in_one_line(plot, tmp_path, content, words):
    done = plot(write(tmp_path, content), status=1)
    assert len(done.said) == 1
    assert done.says(words)
    assert not (tmp_path / "x.html").exists()


def test_a_window_without_samples_is_an_error(plot):
    done = plot(DATA / "server-calls.dat", "-w", "1000,2000", status=1)
    assert done.says("has no samples in that window")


@pytest.mark.parametrize(
    "option",
    [
        ["--flame"],
        ["--stack"],
        ["--panels"],
        ["--slope"],
        ["--clock"],
        ["--utc"],
        ["--size", "800x600"],
        ["--dpi", "96"],
        ["--theme", "dark"],
        ["--color", "function"],
        ["--color-by", "function"],
        ["--term"],
        ["--label", "a"],
    ],
)
def test_options_of_pictures_are_refused(plot, mprofpp, option):
    done = mprofpp("plot", "-o", "x.html", DATA / "funcs-80.dat", *option)
    assert done.status == 2
    assert len(done.said) == 1
    assert done.says(option[0], "not for a page")


def test_a_page_shows_one_recording(plot, mprofpp):
    done = mprofpp("plot", "-o", "x.html", DATA / "funcs-80.dat", DATA / "kids-60.dat")
    assert done.status == 2
    assert done.says("one recording")


def test_the_format_decides_for_stdout_and_for_the_default_name(plot, mprofpp):
    done = mprofpp("plot", "--format", "html", "-o", "-", DATA / "funcs-80.dat")
    assert Page(done.out)["samples"] == 200
    done = mprofpp("plot", "--format", "html", DATA / "funcs-80.dat")
    assert done.text == "funcs-80.html\n"
    done = mprofpp("plot", "-o", "X.HTM", DATA / "funcs-80.dat")
    assert Page((mprofpp.folder / "X.HTM").read_bytes())["samples"] == 200


def test_a_recording_from_stdin_has_a_page(plot, mprofpp):
    with open(DATA / "funcs-80.dat", "rb") as stdin:
        done = mprofpp("plot", "--format", "html", "-o", "-", "-", stdin=stdin)
    assert done.status == 0, done.err
    assert Page(done.out).functions()["__main__.f0"]["calls"] == 16


def test_without_the_built_page_it_is_said_what_is_missing(plot):
    plot.template.unlink()
    done = plot(DATA / "funcs-80.dat", status=1)
    assert len(done.said) == 1
    assert done.says("page.html", "npm", ".svg")


def test_a_file_that_is_not_the_page_is_refused(plot):
    plot.template.write_text("<title></title>")
    done = plot(DATA / "funcs-80.dat", status=1)
    assert done.says("page.html", "not the template")


def test_the_source_of_lines_is_in_the_page(plot, mprofpp, tmp_path):
    needs("python3")
    program = tmp_path / "app.py"
    program.write_text("@profile\ndef work():\n    x = [0] * 200_000\n    del x\n\nwork()\n")
    recording = mprofpp.record("--lines", ["python3", program])
    if "\nLINE " not in recording.recording.path.read_text():
        pytest.skip("SKIP: lines are not counted here")
    (table,) = plot(recording.recording.path)["lines"]
    assert table["function"].endswith("work")
    assert [row["source"] for row in table["rows"]][:3] == [
        "@profile",
        "def work():",
        "    x = [0] * 200_000",
    ]
    assert table["rows"][2]["count"] == 1


def write_many(path, header, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write(header)
        file.writelines(lines)
    return path


def test_a_spike_of_one_sample_is_kept_among_millions(plot, tmp_path):
    count, spike = 1_000_000, 654_321
    chance = random.Random(3)
    lines = (
        f"MEM {900 if i == spike else 100 + chance.random() * 9:.6f} {START + i / 100:.4f}\n"
        for i in range(count)
    )
    page = plot(write_many(tmp_path / "x.dat", "CMDLINE x\n", lines))
    points = page.points()
    assert page["resolution"]["kind"] == "columns"
    assert page["samples"] == count
    highest = max(points, key=lambda point: point[1])
    assert highest[1] == 900
    assert highest[0] == pytest.approx(spike / 100, abs=1e-4)
    assert points[0][0] == 0
    assert points[-1][0] == pytest.approx((count - 1) / 100, abs=1e-4)
    assert len(page.html) > 1_000_000  # the room is used


def columns_of(samples, width):
    """Returns the first, lowest, highest and last value of each column."""
    columns = collections.defaultdict(list)
    for t, mib in samples:
        columns[int(t // width)].append(mib)
    return {key: (mibs[0], min(mibs), max(mibs), mibs[-1]) for key, mibs in columns.items()}


def test_each_column_has_its_first_lowest_highest_and_last_sample(plot, tmp_path):
    chance = random.Random(4)
    samples = [(i / 100, chance.randrange(1, 99_999) / 1024) for i in range(1_000_000)]
    lines = (f"MEM {mib:.6f} {START + t:.4f}\n" for t, mib in samples)
    page = plot(write_many(tmp_path / "x.dat", "CMDLINE x\n", lines))
    (series,) = page["series"]
    shown = columns_of([(t + 1e-7, mib) for t, mib in page.points()], series["column"])
    expected = columns_of([(t + 1e-7, round(mib * 1024) / 1024) for t, mib in samples], series["column"])
    differing = [key for key in expected if shown.get(key) != expected[key]]
    # a sample on the edge between two columns may be in either, because times are rounded
    assert len(differing) <= len(expected) / 100


def crowd(processes, ticks):
    chance = random.Random(5)
    yield f"PROC 100 1 1 {START}.0 swarm swarm\n"
    for pid in range(1000, 1000 + processes):
        yield f"PROC {pid} {pid} 100 {START}.0 w w%20{pid}\n"
    for tick in range(ticks):
        mibs = [chance.randrange(9_999) / 1024 for _ in range(processes)]
        yield f"MEM {sum(mibs):.6f} {START + tick}.0\n"
        yield from (f"CHLD {1000 + i} {mib:.6f} {START + tick}.0\n" for i, mib in enumerate(mibs))


TREE = "CMDLINE x\nMETA format 1\nMETA interval 1.0\nMETA tree CM\nMETA root 100\n"


def test_a_thousand_processes_fit(plot, tmp_path):
    page = plot(write_many(tmp_path / "x.dat", TREE, crowd(1000, 700)))
    assert len(page["processes"]) == 1001
    assert len(page["series"]) == 1002
    assert page["processes_left_out"] == 0
    total = next(series for series in page["series"] if series["process"] is None)
    assert total["column"] < page["resolution"]["seconds"]  # it is finer than the processes


def calls_of(processes, count):
    chance = random.Random(6)
    for i in range(count):
        pid = 1000 + i % processes
        t = START + i / 50 + chance.random() / 100
        length = 30 if i % 10_000 == 7 else chance.random() / 10
        grown = 500 if i % 10_000 == 8 else chance.random()
        rss = 10 + 90 * chance.random()
        if i % 50 == 0:
            yield f"MEM 100.0 {t:.4f}\n"
        yield (
            f"FUNC app.f{i % 40} 1.0 {t:.6f} 1.0 {t + length:.6f} 0 {pid} t{pid} "
            f"{rss:.6f} {rss + grown:.6f} -\n"
        )


def test_of_many_calls_the_longest_and_those_that_grew_most_stay(plot, tmp_path, mprofpp):
    count = 200_000
    processes = [f"PROC {1000 + i} {i + 1} 100 {START}.0 w w\n" for i in range(60)]
    path = write_many(tmp_path / "x.dat", TREE, [*processes, *calls_of(60, count)])
    page = plot(path)
    calls = page.calls()
    assert not page["calls_complete"]
    assert len(calls) > 20_000
    assert len(calls) + sum(lane["left_out"] for lane in page["lanes"]) == count
    assert sum(1 for call in calls if call["t1"] - call["t0"] > 29) == count / 10_000
    assert sum(1 for call in calls if call["rss1"] - call["rss0"] > 499) == count / 10_000
    assert sum(function["calls"] for function in page["functions"]) == count
    done = mprofpp("peak", "--func", "*", "--json", path)
    for theirs in map(json.loads, done.text.splitlines()):
        assert page.functions()[theirs["function"]]["added_mib"] == theirs["growth_mib"]


def test_names_that_would_fill_the_page_are_shortened(plot, tmp_path):
    chance = random.Random(7)

    def name():
        return "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(2_000))

    lines = [
        f"FUNC {name()} 1.0 {START + i}.0 1.0 {START + i}.5 0 7 t7 1.0 2.0 -\nMARK {START + i}.1 7 {name()}\n"
        f"MEM 1.0 {START + i}.6\n"
        for i in range(3_000)
    ]
    page = plot(write_many(tmp_path / "x.dat", "CMDLINE x\nMETA format 1\n", lines))
    assert len(page["functions"]) + page["functions_left_out"] == 3_000
    assert len(page["marks"]) + page["marks_left_out"] == 3_000
    assert page["samples"] == 3_000


def test_bursts_of_samples_are_complete(plot, tmp_path):
    """A part of a recording may have a thousand times more samples than the rest."""
    times = [float(i) for i in range(2000)] + [round(2000 + i / 1000, 3) for i in range(50_000)]
    lines = [f"MEM {100 + i * 37 % 101}.0 {START + t:.3f}" for i, t in enumerate(times)]
    page = plot(write(tmp_path, "CMDLINE x\n" + "\n".join(lines) + "\n"))
    assert page["resolution"]["kind"] == "all"
    assert [round(t, 3) for t, _ in page.points()] == times


def test_processes_have_the_names_and_colours_of_still_pictures(plot, tmp_path):
    page = plot(DATA / "server-calls.dat")
    hues = [process["hue"] for process in page["processes"] if process["hue"] is not None]
    assert hues and len(set(hues)) == len(hues)
    header = "CMDLINE x\nMETA format 1\nMETA interval 1.0\n"
    header += f"PROC 7 1 1 {START}.0 gunicorn:%20worke gunicorn:%20worker%20[app]\n"
    ticks = "".join(f"MEM 9.0 {START + i}.0\nCHLD 7 9.0 {START + i}.0\n" for i in range(20))
    (process,) = plot(write(tmp_path, header + ticks))["processes"]
    assert process["label"] == "gunicorn: worker [app]"


def test_a_verdict_that_excludes_nothing_is_not_called_steady(plot, tmp_path):
    random_numbers = random.Random(3)

    def judged(low, count, step):
        lines = [f"MEM {random_numbers.uniform(low, 1000):.3f} {START + i * step:.3f}" for i in range(count)]
        return plot(write(tmp_path, "CMDLINE x\nMETA format 1\n" + "\n".join(lines) + "\n"))["leak"]

    short, long = judged(10, 24, 0.05), judged(990, 400, 600)
    assert short["words"].startswith("steady so far: ")
    assert long["words"].startswith("steady; a leak below ")


def test_a_recording_that_vanishes_is_one_clear_line(plot, tmp_path):
    done = plot(tmp_path / "nowhere.dat", status=1)
    assert len(done.said) == 1
    assert done.says("nowhere.dat")
