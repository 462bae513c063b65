"""Sparse recordings: what is read from them is what a dense recording of the same run gives."""

import random
import signal
import subprocess

import pytest

from conftest import ROOT, killed_at_the_end, needs, wait_until
from recording import Recording

SECOND = 1_000_000  # microseconds, the unit in which times are exact
INTERVAL = SECOND // 10
START = 1_795_000_000 * SECOND


def in_seconds(microseconds):
    return f"{microseconds // SECOND}.{microseconds % SECOND:06}"


class MadeUpRun:
    """The dense recording of a process tree of which little changes from tick to tick.

    Processes are born, renamed, exit, and reuse pids; some cannot be read at some ticks; ticks are missed,
    and the machine sleeps.
    """

    def __init__(self, seed, tree, ticks=400, metrics=False, ends=True):
        self.random = random.Random(seed)
        self.tree = tree
        self.metrics = metrics
        self.now = START
        self.root = 50.0
        self.children = {}
        self.starts = 10
        self.text = self.header()
        for _ in range(ticks):
            self.tick()
        if ends:
            self.end()

    def header(self):
        settings = {"format": 1, "interval": 0.1, "metric": "rss", "root": 100, "tree": self.tree}
        lines = ["CMDLINE made up", *(f"META {key} {value}" for key, value in settings.items())]
        start = in_seconds(START)
        lines += [f"META start {start}", f"PROC 100 1 1 {start} root root"]
        return "".join(line + "\n" for line in lines)

    def write(self, line):
        self.text += line + "\n"

    def happens(self, percent):
        return self.random.uniform(0, 100) < percent

    def changed(self, mib):
        """Memory changes by whole pages, and a tick in twenty. A new process is 0 MiB large before that."""
        if mib and not self.happens(5):
            return mib
        return max(1.0, mib + self.random.randrange(-500, 700) * 4 / 1024)

    def tick(self):
        missed = self.random.randrange(1, 30) if self.happens(2) else 0
        self.now += INTERVAL * (1 + missed)
        if self.happens(1):
            self.now += 5 * SECOND
            self.write(f"LOST {in_seconds(self.now)} suspended 5.000000")
        self.change_processes()
        self.sample()
        self.mark()
        if missed:
            self.write(f"LOST {in_seconds(self.now)} ticks {missed}")

    def change_processes(self):
        if self.tree == "-":
            return
        if len(self.children) < 6 and self.happens(4):
            pid = self.random.choice([pid for pid in range(101, 109) if pid not in self.children])
            self.starts += 1
            self.children[pid] = 0.0
            self.introduce(pid, "child")
        for pid in list(self.children):
            if self.happens(0.7):
                self.write(f"PEAK {pid} {self.children[pid] + 7:.6f} hwm")
                self.write(f"EXIT {pid} {in_seconds(self.now)} 0")
                del self.children[pid]
            elif self.happens(0.7):
                self.introduce(pid, "renamed")

    def introduce(self, pid, name):
        self.write(f"PROC {pid} {self.starts} 100 {in_seconds(self.now)} {name}{pid} {name}{pid}")

    def sample(self):
        self.root = self.changed(self.root)
        self.children = {pid: self.changed(mib) for pid, mib in self.children.items()}
        readable = [pid for pid in self.children if not self.happens(0.3)]
        total = self.root + ("C" in self.tree) * sum(self.children[pid] for pid in readable)
        self.write(f"MEM {total:.6f} {in_seconds(self.now)}{self.extra(total)}")
        for pid in readable if "M" in self.tree else []:
            mib = self.children[pid]
            self.write(f"CHLD {pid} {mib:.6f} {in_seconds(self.now)}{self.extra(mib)}")

    def extra(self, mib):
        return f" pss={mib / 2:.6f}" if self.metrics else ""

    def mark(self):
        if not self.happens(5):
            return
        pid = self.random.choice([100, *self.children])
        begin, end = in_seconds(self.now - self.random.randrange(3 * SECOND)), in_seconds(self.now)
        name = self.random.choice(["app.load", "app.parse", "app.store"])
        self.write(f"FUNC {name} 50 {begin} 51 {end} 0 {pid} t{pid} - - -")

    def end(self):
        samples = [line.split() for line in self.text.splitlines() if line.startswith("MEM ")]
        peak = max(samples, key=lambda fields: float(fields[1]))
        self.write(f"END {in_seconds(self.now)} interrupted {len(samples)} {peak[1]} {peak[2]}")


def evenly_spaced(text):
    """Moves the ticks of a real recording to the times that they would have if none had been late.

    A reader takes the ticks that a sparse recording leaves out for evenly spaced. Only if all are will every
    digit be the same. A recording that was killed gets an end, because a sparse one may hold back ten
    seconds.
    """
    lines, start, tick, interval = [], None, -1, INTERVAL
    for line in text.splitlines():
        fields = line.split(" ")
        place = {"MEM": 2, "CHLD": 3}.get(fields[0])
        tick += fields[0] == "MEM"
        if fields[:2] == ["META", "interval"]:
            interval = round(float(fields[2]) * SECOND)
        if place:
            start = start or round(float(fields[place]) * SECOND)
            fields[place] = in_seconds(start + tick * interval)
        lines.append(" ".join(fields) + "\n")
    if not lines[-1].startswith("END "):
        end = in_seconds(start + tick * interval)
        lines.append(f"END {end} ended {tick + 1} 0 {end}\n")
    return "".join(lines)


@pytest.fixture(name="both")
def fixture_both(program, tmp_path):
    """Writes a recording twice, dense and sparse, under the same name in two folders."""

    def write(text, *options):
        paths = [tmp_path / kind / "x.dat" for kind in ("dense", "sparse")]
        for path in paths:
            path.parent.mkdir(exist_ok=True)
        paths[0].write_text(text)
        subprocess.run([*program("thin_out"), *options, *paths], check=True)
        assert "ticks=" in paths[1].read_text()
        return paths

    return write


def windows_of(path):
    samples = Recording(path).samples
    length = samples[-1][1] - samples[0][1]
    parts = [(0.1, 0.5), (0.31, 0.34), (0.7, 0.71)]
    return [[], *(["-w", f"{begin * length:.3f},{end * length:.3f}"] for begin, end in parts)]


REPORTS = [
    ["peak", "-v"],
    ["peak", "-M", "-v"],
    ["peak", "--json"],
    ["peak", "--func", "*", "-v"],
    ["peak", "--func", "*", "--json"],
    ["leak", "-v"],
    ["leak", "--json"],
]
PICTURES = [[], ["--stack"], ["--flame"], ["-s"]]


def report(mprofpp, words, path):
    """Returns all that a command prints in the folder of a recording."""
    done = mprofpp(*words, "x.dat", cwd=path.parent)
    return done.status, done.out, done.err


def assert_equal_reports(mprofpp, dense, sparse):
    for window in windows_of(dense):
        for words in REPORTS:
            words = [*words, *window]
            assert report(mprofpp, words, sparse) == report(mprofpp, words, dense), words


def picture(mprofpp, words, path):
    output = path.with_suffix(".png")
    mprofpp("plot", *words, "-o", output, "x.dat", cwd=path.parent)
    return output.read_bytes() if output.exists() else b""


def assert_equal_pictures(mprofpp, dense, sparse):
    for window in windows_of(dense):
        for words in PICTURES:
            words = [*words, *window]
            assert picture(mprofpp, words, sparse) == picture(mprofpp, words, dense), words


@pytest.mark.parametrize("tree", ["-", "C", "M", "CM"])
@pytest.mark.parametrize("seed", range(3))
def test_reports_of_a_made_up_run_are_equal(mprofpp, both, tree, seed):
    dense, sparse = both(MadeUpRun(seed, tree, metrics=seed == 2).text)
    assert_equal_reports(mprofpp, dense, sparse)
    assert sparse.stat().st_size < dense.stat().st_size


@pytest.mark.parametrize("tree", ["-", "C", "M", "CM"])
def test_pictures_of_a_made_up_run_are_equal(mprofpp, both, tree):
    dense, sparse = both(MadeUpRun(9, tree).text)
    assert_equal_pictures(mprofpp, dense, sparse)


@pytest.mark.parametrize("name", ["server-calls", "mprof-gunicorn-CM"])
def test_reports_and_pictures_of_a_real_run_are_equal(mprofpp, both, name):
    dense, sparse = both(evenly_spaced((ROOT / f"tests/data/{name}.dat").read_text()))
    assert_equal_reports(mprofpp, dense, sparse)
    assert_equal_pictures(mprofpp, dense, sparse)


def test_reports_and_pictures_of_a_run_of_today_are_equal(mprofpp, both):
    script = "for i in 1 2 3 4; do (sleep 0.$i; exec sleep 0.$i) & done; wait; sleep 0.3"
    done = mprofpp.record("-C", "-M", "-T", "10ms", ["sh", "-c", script])
    dense, sparse = both(evenly_spaced(done.path.read_text()))
    assert_equal_reports(mprofpp, dense, sparse)
    assert_equal_pictures(mprofpp, dense, sparse)


def mprof(*words):
    needs("python3-mprof")
    command = ["/usr/bin/python3-mprof", *(str(word) for word in words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_mprof_reads_the_same_peaks_from_both(both):
    dense, sparse = both(MadeUpRun(1, "CM").text)
    assert mprof("peak", sparse).split("\t")[1:] == mprof("peak", dense).split("\t")[1:]


def test_mprof_draws_the_same_curves_of_both(both, tmp_path, monkeypatch):
    """mprof marks each sample with a cross, of which a sparse recording has fewer. They are off here."""
    image = pytest.importorskip("matplotlib.image")
    (tmp_path / "matplotlibrc").write_text("backend: Agg\nlines.markersize: 0\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    run = MadeUpRun(2, "CM")
    without_calls = "".join(line for line in run.text.splitlines(True) if not line.startswith("FUNC"))
    pictures = []
    for path in both(without_calls):
        output = path.with_suffix(".png")
        mprof("plot", "-t", "title", "-o", output, path)
        pictures.append(image.imread(output))
    difference = abs(pictures[0] - pictures[1]).max(axis=2)
    assert difference.max() < 0.3  # of 1: a line of two segments and one of many have other edges


def values_by_process(text):
    """Returns {pid: {(µs, MiB)}} of all CHLD lines, and those of the MEM lines as pid 0."""
    values = {}
    for line in text.splitlines():
        kind, *fields = line.split(" ")
        if kind == "MEM":
            values.setdefault(0, set()).add((microseconds(fields[1]), float(fields[0])))
        if kind == "CHLD":
            values.setdefault(int(fields[0]), set()).add((microseconds(fields[2]), float(fields[1])))
    return values


def microseconds(seconds):
    whole, fraction = seconds.split(".")
    return int(whole) * SECOND + int(fraction)


def test_what_is_read_from_a_recording_that_is_cut_anywhere_was_so(mprofpp, both):
    """Every peak of every process is a value that it had at that time, wherever the file is torn."""
    dense, sparse = both(MadeUpRun(5, "CM", ticks=150).text)
    had = values_by_process(dense.read_text())
    text = sparse.read_bytes()
    first_line = text.index(b"\n", text.index(b"MEM ")) + 1
    for size in range(first_line, len(text), 97):
        sparse.write_bytes(text[:size])
        peak = mprofpp.peak(sparse)
        children = [process for process in peak["processes"] if not process["root"]]
        for pid, found in [(0, peak), *((child["pid"], child) for child in children)]:
            if found["sampled_mib"] is not None:
                at = START + round(found["sampled_at_s"] * SECOND)
                assert (at, found["sampled_mib"]) in had[pid], (size, pid)


# The recorder


def samples_of(path):
    return [line.split() for line in path.read_text().splitlines() if line.startswith("MEM ")]


def test_an_idle_program_has_few_lines_and_all_of_its_samples(mprofpp):
    done = mprofpp.record("--sparse", "-T", "10ms", ["sleep", "1"])
    lines = samples_of(done.path)
    peak = mprofpp.peak(done.path)
    assert peak["samples"] == int(Recording(done.path).end[2]) > len(lines)
    assert "META sparse 0" in done.path.read_text()


def test_a_small_recording_is_dense(mprofpp):
    done = mprofpp.record("-T", "10ms", ["sleep", "0.3"])
    lines = samples_of(done.path)
    assert len(lines) == int(Recording(done.path).end[2])
    assert not any("ticks=" in field for fields in lines for field in fields)


def children_in(path):
    """Returns the pids of the processes that have whole lines."""
    lines = path.read_text().splitlines(True)
    return {line.split()[1] for line in lines if line.startswith("CHLD ") and line.endswith("\n")}


def test_a_recorder_that_is_killed_leaves_what_it_knew(mprofpp, program, tmp_path):
    """The kill may come at any time; what is read is what was written until then."""
    output = tmp_path / "x.dat"
    command = ["run", "-q", "--sparse", "-C", "-M", "-T", "10ms", "-o", output]
    command += program("idle", 3, tmp_path / "ready", 20)
    with killed_at_the_end(mprofpp.start(*command, stdin=subprocess.PIPE)) as recorder:
        wait_until((tmp_path / "ready").exists, "the program is ready")
        wait_until(lambda: len(children_in(output)) == 3, "the children are recorded")
        recorder.send_signal(signal.SIGKILL)
        recorder.wait()
    peaks = mprofpp.peak(output)
    assert peaks["sampled_mib"] > 15
    assert len(peaks["processes"]) == 4


def test_a_smallest_change_makes_a_recording_sparse_and_peaks_stay_exact(mprofpp, program):
    done = mprofpp.record("--min-change", "64MiB", "-T", "10ms", program("grow", 5, 50, 10))
    assert "META sparse 67108864" in done.path.read_text()
    peak = mprofpp.peak(done.path)
    assert peak["sampled_mib"] == max(mib for mib, _ in Recording(done.path).samples)
    assert peak["sampled_mib"] > 45


@pytest.mark.parametrize("option", ["--sparse", "--min-change=1MiB"])
def test_dense_and_sparse_cannot_be_combined(mprofpp, option):
    done = mprofpp("run", "--dense", option, "true")
    assert done.status == 125
    assert len(done.said) == 1 and done.says("--dense", "cannot be combined")


def test_an_invalid_size_is_refused(mprofpp):
    done = mprofpp("run", "--min-change", "much", "true")
    assert done.status == 125
    assert done.says("--min-change: 'much' is not a valid size")


@pytest.mark.parametrize("option", ["--mi", "--min", "--min-"])
def test_old_abbreviations_of_min_span_work(mprofpp, option):
    assert "META min_span 0.005" in mprofpp.record(option, "5ms", ["true"]).path.read_text()


# Small changes


def test_with_a_smallest_change_the_peaks_of_all_processes_stay_exact(mprofpp, both):
    dense, sparse = both(MadeUpRun(6, "CM").text, "--min-change", str(100 * 1024))
    assert sparse.stat().st_size < dense.stat().st_size
    exact, thinned = (
        {process["pid"]: process["sampled_mib"] for process in mprofpp.peak(path)["processes"]}
        for path in (dense, sparse)
    )
    root = exact.pop(100), thinned.pop(100)
    assert thinned == exact
    assert abs(root[0] - root[1]) < 0.1  # it has no series of its own


def test_what_was_left_out_is_said_with_the_figures(mprofpp, both):
    _, sparse = both(MadeUpRun(6, "CM").text, "--min-change", str(100 * 1024))
    assert "changes up to 100.0 KiB left out" in mprofpp("peak", sparse).text
    assert "changes up to 100.0 KiB left out" in mprofpp("peak", "--func", "*", sparse).text
    assert mprofpp.peak(sparse)["losses"]["change_mib"] == 100 / 1024
    assert mprofpp("plot", "-o", "x.svg", sparse).status == 0
    assert "changes up to 100.0 KiB left out" in (mprofpp.folder / "x.svg").read_text()


def test_with_a_smallest_change_the_values_of_a_tick_add_up(both):
    """Whatever was left out: at a tick with a line, MEM minus the children is the root's own memory."""
    dense, sparse = both(MadeUpRun(7, "CM", ticks=200).text, "--min-change", str(500 * 1024))
    assert roots_of(sparse).items() <= roots_of(dense).items()


def roots_of(path):
    """Returns the memory of the root at each tick that has a MEM line, without what a reader rounds."""
    roots, values, total, now = {}, {}, None, None
    for line in path.read_text().splitlines():
        kind, *fields = line.split()
        if kind == "MEM":
            if total is not None:
                roots[now] = round(total - sum(values.values()), 3)
            if "ticks=0" in fields or not any(field.startswith("ticks=") for field in fields):
                values = {}
            total, now = float(fields[0]), fields[1]
        elif kind == "CHLD":
            values[fields[0]] = float(fields[1])
        elif kind in ("EXIT", "PROC") and total is not None:
            roots[now] = round(total - sum(values.values()), 3)
            total = None
            values.pop(fields[0], None)
    return roots
