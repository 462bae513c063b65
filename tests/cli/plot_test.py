"""`mprofpp plot` as a command. Other tests check what the pictures look like."""

import os
import pathlib
import re
import shutil
import signal
import subprocess

import pytest

from conftest import killed_at_the_end, lines_of, stop, wait_until

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
MAGIC = {"png": b"\x89PNG\r\n", "svg": b"<", "pdf": b"%PDF-"}


@pytest.fixture
def tree(mprofpp, program):
    return mprofpp.record("-C", "-M", "-T", "10ms", program("tree", 30, 400, 2))


@pytest.mark.parametrize("suffix", MAGIC)
def test_the_suffix_decides_the_format_and_no_display_is_needed(mprofpp, tree, tmp_path, suffix):
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = mprofpp("plot", "-o", f"x.{suffix}", tree.path, env=environment)
    assert done.status == 0, done.err
    picture = (tmp_path / f"x.{suffix}").read_bytes()
    assert picture.startswith(MAGIC[suffix])
    assert len(picture) > 1000


def test_an_unknown_suffix_is_refused_in_one_line_that_lists_the_known_ones(mprofpp, tree, tmp_path):
    for name in ("x.gif", "x", "x.dat"):
        done = mprofpp("plot", "-o", name, tree.path)
        assert done.status in (1, 2)
        assert done.err.count("\n") == 1
        assert done.says(".png", ".svg", ".pdf")
        assert not (tmp_path / name).exists()


def test_without_a_name_the_picture_is_named_after_the_recording_and_its_path_is_printed(
    mprofpp, tree, tmp_path
):
    done = mprofpp("plot", tree.path)
    assert done.status == 0
    assert done.text.strip().endswith("recording1.png")
    assert (tmp_path / "recording1.png").exists()


def test_the_name_of_the_picture_has_the_suffix_of_the_requested_format(mprofpp, tree, tmp_path):
    done = mprofpp("plot", "--format", "svg", tree.path)
    assert done.text == "recording1.svg\n"
    assert (tmp_path / "recording1.svg").read_bytes().startswith(MAGIC["svg"])


def test_without_a_file_the_newest_recording_is_drawn(mprofpp, tmp_path):
    for day in ("01", "02"):
        (tmp_path / f"mprofile_202601{day}000000.dat").write_text("CMDLINE x\nMEM 1.0 1\nMEM 2.0 2\n")
    done = mprofpp("plot")
    assert done.says("mprofile_20260102000000.dat")
    assert (tmp_path / "mprofile_20260102000000.png").exists()


def test_the_picture_names_command_processes_and_peak(mprofpp, tree, tmp_path):
    assert mprofpp("plot", "-o", "x.svg", tree.path).status == 0
    svg = (tmp_path / "x.svg").read_text()
    words = re.sub(r"<[^>]*>", " ", svg)
    report = mprofpp.peak(tree.path)
    assert "tree 30 400 2" in words
    for process in report["processes"]:
        if not process["root"]:
            assert str(process["pid"]) in words
    assert f"{report['sampled_mib']:.1f} MiB" in words


def test_the_time_of_the_peak_is_the_same_in_the_summary_in_peak_and_in_the_picture(
    mprofpp, program, tmp_path
):
    done = mprofpp.record("-T", "10ms", program("tree", 30, 400, 0))
    moment = re.search(r"peak .*? (at [^,)]*)", done.err)[1]
    assert f" {moment}" in mprofpp("peak", done.path).text
    assert mprofpp("plot", "-o", "x.svg", done.path).status == 0
    assert any(f"MiB {moment}" in text for text in texts_of(tmp_path / "x.svg"))


def test_a_title_can_be_given(mprofpp, tree, tmp_path):
    assert mprofpp("plot", "-t", "My server <1>", "-o", "x.svg", tree.path).status == 0
    assert "My server &lt;1&gt;" in (tmp_path / "x.svg").read_text()


def test_an_option_may_follow_a_negative_index(mprofpp, tmp_path):
    (tmp_path / "mprofile_20260101000000.dat").write_text("CMDLINE x\nMEM 1.0 1\nMEM 2.0 2\n")
    assert mprofpp("plot", "-1", "-o", "x.png").status == 0
    assert (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    "name", ["mprof-gunicorn-CM.dat", "mprof-python-func.dat", "kids-60.dat", "funcs-80.dat"]
)
def test_recordings_of_mprof_are_drawn(mprofpp, tmp_path, name):
    shutil.copy(DATA / name, tmp_path)
    assert mprofpp("plot", "-o", "x.png", name).status == 0
    assert (tmp_path / "x.png").stat().st_size > 5000


def test_a_picture_that_cannot_be_written_is_one_line_and_status_1(mprofpp, tree):
    for path in ("/no/such/folder/x.png", "/dev/full/x.png", "/proc/x.svg"):
        done = mprofpp("plot", "-o", path, tree.path)
        assert done.status == 1
        assert done.err.count("\n") == 1
        assert done.says(path)


def test_a_full_disk_leaves_no_incomplete_picture(mprofpp, tree, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "none", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: no permission to mount a small disk")
    try:
        done = mprofpp("plot", "-o", disk / "x.png", tree.path)
        assert done.status == 1
        assert done.says("no space left")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_torn_recording_is_drawn_with_one_warning(mprofpp, tree, tmp_path):
    torn = tmp_path / "torn.dat"
    torn.write_bytes(tree.path.read_bytes()[:-100])
    done = mprofpp("plot", "-o", "x.png", torn)
    assert done.status == 0
    assert len(done.said) == 1
    assert (tmp_path / "x.png").exists()


def texts_of(path):
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text())


def test_the_program_that_was_started_is_named_next_to_its_children(mprofpp, tree, tmp_path):
    assert mprofpp("plot", "-o", "x.svg", tree.path).status == 0
    report = mprofpp.peak(tree.path)
    root = next(p for p in report["processes"] if p["root"])
    assert f"{root['name']} {root['pid']}" in texts_of(tmp_path / "x.svg")


@pytest.mark.parametrize("metric", ["rss", "pss", "uss"])
def test_the_axis_names_the_metric(mprofpp, program, tmp_path, metric):
    recording = mprofpp.record("-C", "-M", "--backend", metric, program("tree", 30, 300, 2))
    assert mprofpp("plot", "-o", "x.svg", recording.path).status == 0
    assert metric.upper() in texts_of(tmp_path / "x.svg")


def test_a_stopped_recorder_leaves_a_gap_in_the_picture(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-o", output, "-T", "10ms", "sleep", "600")
    with killed_at_the_end(run):
        wait_until(lambda: lines_of(output) > 16, "the recording starts")
        stop(run)
        subprocess.run(["sleep", "0.2"], check=True)  # the gap to draw: a fifth of a second
        seen = lines_of(output)
        run.send_signal(signal.SIGCONT)
        wait_until(lambda: lines_of(output) > seen + 5, "the recording goes on")
        run.terminate()
        run.wait()
    assert mprofpp("plot", "-o", "x.svg", "x.dat").status == 0
    assert any(re.search(r"suspended for .+s", text) for text in texts_of(tmp_path / "x.svg"))


def test_a_window_that_ends_before_it_starts_is_refused_with_a_message(mprofpp, tree):
    done = mprofpp("plot", "-w", "0.2,0.1", "-o", "wrong.svg", tree.path)
    assert done.status == 2
    assert done.says("--window 0.2,0.1", "0.2 is after 0.1")
    assert not (mprofpp.folder / "wrong.svg").exists()


def test_one_sample_is_a_point_with_its_time(mprofpp, tmp_path):
    (tmp_path / "x.dat").write_text("CMDLINE x\nMEM 12.5 1000000000\n")
    assert mprofpp("plot", "--utc", "-o", "x.svg", "x.dat").status == 0
    texts = texts_of(tmp_path / "x.svg")
    assert {"12.5 MiB", "at 01:46:40"} <= set(texts)
    assert "01:46:40" not in texts  # its axis has no ticks


def test_recordings_with_the_same_name_are_told_apart_by_their_folders(mprofpp, tmp_path):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.dat").write_text("CMDLINE x\nMEM 1.0 1\nMEM 2.0 2\n")
    assert mprofpp("plot", "-o", "x.svg", "before/x.dat", "after/x.dat").status == 0
    assert {"before/x.dat", "after/x.dat"} <= set(texts_of(tmp_path / "x.svg"))
    assert mprofpp("plot", "-o", "y.svg", "before/x.dat", "after/x.dat", "--label", "old").status == 0
    assert {"old", "after/x.dat"} <= set(texts_of(tmp_path / "y.svg"))


def test_a_window_does_not_show_a_kernel_peak_of_another_time(mprofpp, tmp_path):
    header = "CMDLINE grow\nMETA format 1\nMETA root 9\nMETA tree -\nPROC 9 1 8 1000 grow grow\n"
    ticks = [f"MEM {10 + i} {1000 + i}\n" + ("PEAK 9 500.0 hwm\n" if i == 7 else "") for i in range(10)]
    (tmp_path / "x.dat").write_text(header + "".join(ticks))
    assert mprofpp("plot", "-o", "all.svg", "x.dat").status == 0
    assert mprofpp("plot", "-w", "1,4", "-o", "window.svg", "x.dat").status == 0
    assert any(text.startswith("kernel's peak 500.0 MiB") for text in texts_of(tmp_path / "all.svg"))
    window = texts_of(tmp_path / "window.svg")
    assert "14.0 MiB at 4.00 s" in window
    assert not any("kernel" in text or "500" in text for text in window)


def test_a_directory_or_a_full_device_as_the_picture_is_refused_in_one_line(mprofpp, tree, tmp_path):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "full.png").symlink_to("/dev/full")
    for name, words in (("folder.png", "is a directory"), ("full.png", "no space left")):
        done = mprofpp("plot", "-o", name, tree.path)
        assert done.status == 1
        assert len(done.said) == 1
        assert done.says(words)
    assert not list((tmp_path / "folder.png").iterdir())


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "nothing was recorded"),
        (b"CMDLINE x\n", "no memory samples"),
        (b"hello world\n", "is not a recording"),
        (bytes(range(256)) * 10, "is not a recording"),
        (b"META format 2\nMEM 1 1\n", "format 2"),
    ],
)
def test_a_file_without_anything_to_draw_is_refused_in_one_line(mprofpp, tmp_path, content, words):
    (tmp_path / "x.dat").write_bytes(content)
    done = mprofpp("plot", "x.dat", "-o", "x.png")
    assert done.status == 1
    assert len(done.said) == 1
    assert done.says("x.dat", words)
    assert not (tmp_path / "x.png").exists()


def without_fonts(folder):
    """Returns the environment of a system without installed fonts."""
    (folder / "fonts.conf").write_text("<fontconfig></fontconfig>\n")
    return os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_without_a_font_plot_says_what_to_install_and_draws_no_boxes(mprofpp, tmp_path, suffix):
    path = mprofpp.record(["true"]).path
    done = mprofpp("plot", "-o", f"x.{suffix}", path, env=without_fonts(tmp_path))
    assert done.status == 1
    assert len(done.said) == 1 and done.says("no font is installed", "fonts-dejavu-core", ".svg")
    assert not (tmp_path / f"x.{suffix}").exists()


def test_without_a_font_an_svg_is_the_same(mprofpp, tmp_path):
    path = mprofpp.record(["true"]).path
    assert mprofpp("plot", "-o", "a.svg", path).status == 0
    assert mprofpp("plot", "-o", "b.svg", path, env=without_fonts(tmp_path)).status == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


METRICS = "MEM 30 1000.0 anon=20 file=10\nMEM 40 1001.0 anon=25 file=15\n"


def test_a_stack_of_metrics_does_not_take_the_file_for_a_metric(mprofpp, tmp_path):
    (tmp_path / "m.dat").write_text(METRICS)
    for options in (["--stack", "m.dat"], ["--stack=anon,file", "m.dat"], ["m.dat", "--stack"]):
        done = mprofpp("plot", *options, "-o", "x.svg")
        assert done.status == 0, done.err
    assert mprofpp("plot", "--stack=anon,file", "m.dat", "-o", "x.svg").status == 0
    assert "anon + file" in (tmp_path / "x.svg").read_text()


def test_several_metrics_are_curves_in_pictures_and_in_text(mprofpp, tmp_path):
    (tmp_path / "m.dat").write_text(METRICS)
    assert mprofpp("plot", "--metric", "rss,anon", "m.dat", "-o", "x.svg").status == 0
    picture = (tmp_path / "x.svg").read_text()
    assert "total in RSS" in picture and "total in ANON" in picture
    text = mprofpp("plot", "--term", "--metric", "rss,file", "m.dat").out.decode()
    assert "total in RSS" in text and "total in FILE" in text and "ANON" not in text


def test_several_metrics_without_a_reading_in_the_window_are_refused(mprofpp, tmp_path):
    (tmp_path / "m.dat").write_text(
        "MEM 30 1000.0 pss=20 swap=1\n" + "".join(f"MEM 30 {t}.0\n" for t in range(1001, 1030))
    )
    assert mprofpp("plot", "--metric", "rss,pss", "-w", "10,20", "m.dat", "-o", "x.svg").status == 0
    done = mprofpp("plot", "--metric", "pss,swap", "-w", "10,20", "m.dat", "-o", "x.svg")
    assert done.status == 1 and done.err.count("\n") == 1
    assert done.says("no samples")


def test_a_metric_that_the_recording_lacks_is_refused_in_one_line_with_those_that_it_has(mprofpp, tmp_path):
    (tmp_path / "m.dat").write_text(METRICS)
    assert mprofpp("plot", "--metric", "anon", "-o", "x.svg", "m.dat").status == 0
    for option in (["--metric", "pss"], ["--metric", "rss,pss"], ["--stack=pss"]):
        done = mprofpp("plot", *option, "-o", "y.svg", "m.dat")
        assert done.status == 1
        assert done.err.count("\n") == 1
        assert done.says("m.dat: has no pss, only rss, anon and file")
        assert not (tmp_path / "y.svg").exists()


def test_the_shortest_abbreviation_of_label_keeps_its_meaning(mprofpp, tmp_path):
    (tmp_path / "m.dat").write_text(METRICS)
    assert mprofpp("plot", "--l", "name", "-o", "x.svg", "m.dat").status == 0
