"""What counting objects costs while a program is recorded."""

import os
import pathlib
import resource
import subprocess
import sys

PYTHON = "/usr/bin/python3"
SECONDS = 12
INTERVAL = 30  # seconds, of which the share of a core is printed
MILLION = f"""
import time
class Node: __slots__ = ("next",)
nodes = [None]
for i in range(1_000_000):
    node = Node(); node.next = nodes[-1]; nodes.append(node)
time.sleep({SECONDS})
"""


def cpu_of(bench, *options):
    """Returns the CPU seconds of a recorder and a program of many objects, and the number of censuses."""
    path = bench.folder / "objects.dat"
    command = [bench.mprofpp, "run", "-q", "-f", "-T", "1", *options, "-o", path, PYTHON, "-c", MILLION]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([os.fspath(word) for word in command], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, path.read_text().count(" - ")


def cost_of_census(bench):
    without, _ = cpu_of(bench)
    with_censuses, censuses = cpu_of(bench, "--objects", "1s")
    return ((with_censuses - without) / max(censuses, 1),)


def bench_recorded_objects(bench):
    print("\ncounting a million objects while they are recorded")
    if sys.platform != "linux" or not pathlib.Path(PYTHON).exists():
        print(f"  SKIP: no {PYTHON}")
        return
    seconds = bench.median(lambda: cost_of_census(bench))[0]
    bench.row("CPU time of a census, in the program and the recorder", f"{1000 * seconds:.1f} ms", "")
    share = 100 * seconds / INTERVAL
    bench.row(f"with --objects {INTERVAL}s, of a core", f"{share:.2f} %", "< 0.2 %", share < 0.2)
