"""Lines of Python functions: what it costs to count what each adds to the memory."""

import os
import shutil
import subprocess
import sys

from benchmarks.harness import ROOT

sys.path.insert(0, str(ROOT / "tests/cli"))

from ring import Run  # noqa: E402
from suites import SYSTEM, find_interpreters  # noqa: E402


def nanoseconds(bench, words, python, *arguments):
    """Runs tests/bench/lines.py. Its lines are counted as the words say; None runs it without the agent."""
    folder = bench.folder / "run"
    run = Run(folder, bench.build / "lib/mprofpp/libmprofpp-agent.so")
    environment = os.environ if words is None else run.environment(MPROFPP_LINES=words)
    command = [python, ROOT / "tests/bench/lines.py", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    shutil.rmtree(folder)
    return float(done.stdout)


def bare_reading(bench):
    """Returns nanoseconds of the system call that an exact line needs."""
    command = [bench.bare / "bare_statm", "100000"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def lines_of(bench, python):
    plain = nanoseconds(bench, None, python, "plain", "bare", 5, 100_000)
    exact = nanoseconds(bench, "exact,replace", python, "profiled", "bare", 3, 10_000)
    reused = nanoseconds(bench, "reuse,replace", python, "profiled", "bare", 5, 100_000)
    return plain, exact - plain, reused - plain


def loops_of(bench, python):
    """Returns nanoseconds of a line of a loop of 100,000 iterations: not profiled, exact and reused."""
    plain = nanoseconds(bench, None, python, "plain", "work", 3, 100_000)
    exact = nanoseconds(bench, "exact,replace", python, "profiled", "work", 1, 100_000)
    return plain, exact, nanoseconds(bench, "reuse,replace", python, "profiled", "work", 3, 100_000)


def theirs_of(bench):
    bare = nanoseconds(bench, None, SYSTEM, "profiled", "bare", 1, 2_000)
    return bare, nanoseconds(bench, None, SYSTEM, "profiled", "work", 1, 100_000)


def bench_lines_of(bench, python, theirs):
    plain, exact, reused = bench.median(lambda: lines_of(bench, python))
    bare = bare_reading(bench)
    bench.row("a line, exact", f"{exact:.0f} of {plain:.1f} ns", "<= 1300 ns", exact <= 1300)
    bench.row("a line, exact, to the bare reading of statm", f"{exact / bare:.2f} of {bare:.0f} ns", "")
    bench.row("a line, readings reused", f"{reused:.0f} of {plain:.1f} ns", "<= 100 ns", reused <= 100)
    plain, exact, reused = bench.median(lambda: loops_of(bench, python))
    what = "a loop of 100,000 iterations, to the plain one"
    bench.row(f"{what}, reused", f"{reused / plain:.1f}", "<= 10", reused <= 10 * plain)
    bench.row(f"{what}, exact", f"{exact / plain:.1f}", "")
    if theirs:
        bench.row(f"{what}, memory_profiler", f"{theirs[1] / plain:.1f}", "")


def bench_lines(bench):
    has_theirs = [SYSTEM, "-c", "import memory_profiler"]
    has_theirs = subprocess.run(has_theirs, capture_output=True, check=False).returncode == 0
    theirs = bench.median(lambda: theirs_of(bench)) if has_theirs else None
    for name, python in find_interpreters().items():
        if python is None:
            continue
        print(f"\nPython {name}, {python}")
        bench_lines_of(bench, python, theirs if name == "system" else None)
        if theirs and name == "system":
            bench.row("a line, memory_profiler", f"{theirs[0]:.0f} ns", "")
