"""Marks of Python functions, and the agent at the start of an interpreter."""

import subprocess
import sys

from benchmarks.agent import later_with_agent
from benchmarks.harness import ROOT, numbers_from, output_of

sys.path.insert(0, str(ROOT / "tests/cli"))

from suites import SYSTEM, find_interpreters  # noqa: E402


def version_of(python):
    words = output_of(python, "-c", "import sys; print(*sys.version_info[:3])").split()
    return tuple(map(int, words))


def python_calls(bench, python):
    """Returns ns of a marked call with and without --exact, and of a plain call without run and with it."""
    calls = ROOT / "tests/bench/calls.py"
    run = [bench.mprofpp, "run", "-q", "-f", "-o", bench.folder / "calls.dat"]
    marked = [python, calls, "marked", 20, 900]
    plain = [python, calls, "plain", 100, 5000]
    commands = (
        [*run, "--exact", *marked],
        [*run, *marked],
        plain,
        [*run, *plain],
        [*run, "--trace", "somewhere.*", *plain],
    )
    return [numbers_from(*command)[0] for command in commands]


def memory_profiler_call(bench):
    calls = ROOT / "tests/bench/calls.py"
    options = ["-m", "memory_profiler", "--timestamp", "-o", bench.folder / "timestamps"]
    return numbers_from(SYSTEM, *options, calls, "marked", 5, 200)


def bench_python_calls(bench, name, python, theirs):
    def costs():
        exact, reused, bare, unmarked, untraced = python_calls(bench, python)
        return exact - bare, reused - bare, unmarked - bare, untraced - bare, bare

    exact, reused, unmarked, untraced, bare = bench.median(costs)
    bench.row(f"{name}: a pair, --exact", f"{exact:.0f} ns", "<= 2300 ns", exact <= 2300)
    if theirs:
        ratio = f"{theirs:.0f} : {exact:.0f} ns = {theirs / exact:.0f}"
        bench.row(f"{name}: memory_profiler : mprofpp", ratio, "")
    bench.row(f"{name}: a pair, readings reused", f"{reused:.0f} ns", "<= 150 ns", reused <= 150)
    limit = 3 if version_of(python) >= (3, 12) else 20
    more = f"{untraced:+.1f} of {bare:.1f} ns"
    bench.row(f"{name}: a call that --trace does not select", more, f"<= {limit} ns", untraced <= limit)
    more = f"{unmarked:+.1f} of {bare:.1f} ns"
    bench.row(f"{name}: a call, no function is selected", more, "0 +- 3 ns", unmarked <= 3)


def bench_python_start(bench, name, python):
    for options in ([], ["-S", "-E"]):
        words = [python, *options, "-c", "pass"]
        bare, more, processor = bench.median(lambda words=words: later_with_agent(bench, 40, *words))
        what = " ".join(["python3", *options, "-c pass"])
        value = f"{more:.2f}, {processor:.2f} of {bare:.1f} ms"
        bench.row(f"{name}: {what}: longer by, CPU", value, "<= 1 ms", processor <= 1)


def bench_python(bench):
    theirs = None
    has_theirs = [SYSTEM, "-c", "import memory_profiler"]
    if subprocess.run(has_theirs, capture_output=True, check=False).returncode == 0:
        (theirs,) = bench.median(lambda: memory_profiler_call(bench))
    for name, python in find_interpreters().items():
        if python is None:
            continue
        print(f"\nPython {'.'.join(map(str, version_of(python)))}, {python}")
        bench_python_calls(bench, name, python, theirs)
        bench_python_start(bench, name, python)
