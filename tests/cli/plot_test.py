"""`mprofpp plot` as a command; what the pictures look like is tested where they are drawn."""

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


def test_an_unknown_suffix_is_refused_in_one_line_that_lists_the_known(mprofpp, tree, tmp_path):
    for name in ("x.gif", "x", "x.dat"):
        done = mprofpp("plot", "-o", name, tree.path)
        assert done.status in (1, 2)
        assert done.err.count("\n") == 1
        assert done.says(".png", ".svg", ".pdf")
        assert not (tmp_path / name).exists()


def test_without_a_name_the_picture_is_called_as_the_recording_and_its_path_printed(mprofpp, tree, tmp_path):
    done = mprofpp("plot", tree.path)
    assert done.status == 0
    assert done.text.strip().endswith("recording1.png")
    assert (tmp_path / "recording1.png").exists()


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


def test_the_peak_is_at_the_same_time_in_the_summary_in_peak_and_in_the_picture(mprofpp, program, tmp_path):
    done = mprofpp.record("-T", "10ms", program("tree", 30, 400, 0))
    moment = re.search(r"peak .*? (at [^,)]*)", done.err)[1]
    assert f" {moment}" in mprofpp("peak", done.path).text
    assert mprofpp("plot", "-o", "x.svg", done.path).status == 0
    assert any(f"MiB {moment}" in text for text in texts_of(tmp_path / "x.svg"))


def test_a_title_can_be_given(mprofpp, tree, tmp_path):
    assert mprofpp("plot", "-t", "My server <1>", "-o", "x.svg", tree.path).status == 0
    assert "My server &lt;1&gt;" in (tmp_path / "x.svg").read_text()


def test_an_option_may_stand_behind_a_negative_index(mprofpp, tmp_path):
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


def test_a_full_disk_leaves_no_half_picture(mprofpp, tree, tmp_path):
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


def test_the_program_that_was_started_is_named_beside_its_children(mprofpp, tree, tmp_path):
    assert mprofpp("plot", "-o", "x.svg", tree.path).status == 0
    report = mprofpp.peak(tree.path)
    root = next(p for p in report["processes"] if p["root"])
    assert f"{root['name']} {root['pid']}" in texts_of(tmp_path / "x.svg")


@pytest.mark.parametrize("metric", ["rss", "pss", "uss"])
def test_the_axis_names_the_metric(mprofpp, program, tmp_path, metric):
    recording = mprofpp.record("-C", "-M", "--backend", metric, program("tree", 30, 300, 2))
    assert mprofpp("plot", "-o", "x.svg", recording.path).status == 0
    assert metric.upper() in texts_of(tmp_path / "x.svg")


def test_a_recorder_that_stood_still_leaves_a_gap_in_the_picture(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    run = mprofpp.start("run", "-q", "-o", output, "-T", "10ms", "sleep", "600")
    with killed_at_the_end(run):
        wait_until(lambda: lines_of(output) > 16, "the recording begins")
        stop(run)
        subprocess.run(["sleep", "0.2"], check=True)  # what is drawn: a fifth of a second of silence
        seen = lines_of(output)
        run.send_signal(signal.SIGCONT)
        wait_until(lambda: lines_of(output) > seen + 5, "it goes on")
        run.terminate()
        run.wait()
    assert mprofpp("plot", "-o", "x.svg", "x.dat").status == 0
    assert any(re.search(r"suspended for .+s", text) for text in texts_of(tmp_path / "x.svg"))


def test_a_window_in_the_wrong_order_is_put_right(mprofpp, tree):
    for window, name in (("0.1,0.2", "right.svg"), ("0.2,0.1", "wrong.svg")):
        assert mprofpp("plot", "-w", window, "-o", name, tree.path).status == 0
    assert (mprofpp.folder / "right.svg").read_text() == (mprofpp.folder / "wrong.svg").read_text()


def test_a_picture_that_would_be_a_directory_or_a_full_device_is_refused_in_one_line(mprofpp, tree, tmp_path):
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
def test_a_file_that_holds_nothing_to_draw_is_refused_in_one_line(mprofpp, tmp_path, content, words):
    (tmp_path / "x.dat").write_bytes(content)
    done = mprofpp("plot", "x.dat", "-o", "x.png")
    assert done.status == 1
    assert len(done.said) == 1
    assert done.says("x.dat", words)
    assert not (tmp_path / "x.png").exists()


def without_fonts(folder):
    """The environment of a system on which no font is installed."""
    (folder / "fonts.conf").write_text("<fontconfig></fontconfig>\n")
    return os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_without_a_font_there_is_no_picture_of_boxes_but_what_to_install(mprofpp, tmp_path, suffix):
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
