"""The Python package by itself: memory_usage(), the import, the plugin of pytest, and the lines."""

import os
import subprocess
import sys

from benchmarks.harness import ROOT, cpu_and_mib

sys.path.insert(0, str(ROOT / "tests/cli"))

from suites import SYSTEM, find_interpreters  # noqa: E402

PACKAGE = ROOT / "share/python"
USAGE = """
import sys, time
from {module} import memory_usage
def call(): pass
memory_usage(call, max_iterations=1)
count = {count}
begin = time.perf_counter()
for _ in range(count): memory_usage(call, max_iterations=1)
print((time.perf_counter() - begin) / count * 1e3)
"""
IMPORT = (
    "import time; begin = time.perf_counter(); import {module}; print((time.perf_counter() - begin) * 1e3)"
)
SHIM = "from mprofpp.memory_profiler import *\nfrom mprofpp.memory_profiler import profile\n"
TESTS = "import pytest\n@pytest.mark.parametrize('n', range(2000))\ndef test(n): pass\n"


def number(python, *words, path):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONWARNINGS": "ignore"}
    command = [python, *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def has(python, module):
    return (
        subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
    )


def usage(python, module, count):
    return number(python, "-c", USAGE.format(module=module, count=count), path=[PACKAGE])


def seconds_of_tests(bench, *options):
    """Returns the CPU time of a run, because the difference is small and the machine may be busy."""
    path = bench.folder / "test_many.py"
    path.write_text(TESTS)
    words = ["env", f"PYTHONPATH={PACKAGE}", SYSTEM, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return cpu_and_mib(*words, path)[0]


def cost_of_a_test(bench):
    """Returns milliseconds that the plugin adds to a test."""
    plain = seconds_of_tests(bench)
    return ((seconds_of_tests(bench, "-p", "mprofpp.pytest_plugin", "--mprofpp") - plain) / 2000 * 1e3,)


def line(bench, python, iterations, path):
    lines = ROOT / "tests/bench/lines.py"
    plain = number(python, lines, "plain", "bare", 5, 100_000, path=path)
    return (number(python, lines, "profiled", "bare", 3, iterations, path=path) - plain) / 1e3


def bare_reading(bench):
    command = [bench.bare / "bare_statm", "100000"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1e3


def bench_lines_of(bench, name, python):
    shim = bench.folder / "shim"
    shim.mkdir(exist_ok=True)
    (shim / "memory_profiler.py").write_text(SHIM)
    (ours, bare) = bench.median(lambda: (line(bench, python, 20_000, [shim, PACKAGE]), bare_reading(bench)))
    bench.row(f"{name}: a line", f"{ours:.2f} us", "<= 2.5 us", ours <= 2.5)
    bench.row(f"{name}: a line, to the bare reading of statm", f"{ours / bare:.1f} of {bare:.2f} us", "")
    return ours


def bench_package(bench):
    print(f"\nThe Python package, {SYSTEM}")
    theirs = has(SYSTEM, "memory_profiler")
    (ours,) = bench.median(lambda: (usage(SYSTEM, "mprofpp.memory_profiler", 200),))
    bench.row("memory_usage() of an empty function", f"{ours:.2f} ms", "<= 2 ms", ours <= 2)
    (start,) = bench.median(lambda: (number(SYSTEM, "-c", IMPORT.format(module="mprofpp"), path=[PACKAGE]),))
    bench.row("import mprofpp", f"{start:.2f} ms", "<= 5 ms", start <= 5)
    if has(SYSTEM, "pytest"):
        (more,) = bench.median(lambda: cost_of_a_test(bench))
        bench.row("a test with --mprofpp: CPU time", f"{more:.3f} ms", "<= 0.2 ms", more <= 0.2)
    if theirs:
        (that,) = bench.median(lambda: (usage(SYSTEM, "memory_profiler", 5),))
        bench.row(
            "memory_usage(): memory_profiler : mprofpp", f"{that:.1f} : {ours:.2f} ms = {that / ours:.0f}", ""
        )
        that = number(SYSTEM, "-c", IMPORT.format(module="memory_profiler"), path=[])
        bench.row(
            "import: memory_profiler : mprofpp", f"{that:.0f} : {start:.2f} ms = {that / start:.0f}", ""
        )
        (that,) = bench.median(lambda: (line(bench, SYSTEM, 2_000, []),))
    for name, python in find_interpreters().items():
        if python is not None:
            ours = bench_lines_of(bench, name, python)
    if theirs:  # the system's interpreter is the last one
        bench.row("a line: memory_profiler : mprofpp", f"{that:.1f} : {ours:.2f} us = {that / ours:.0f}", "")
