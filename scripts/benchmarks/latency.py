"""The time that recording adds before the start of a program and after its exit."""

import os
import statistics
import subprocess
import time

from benchmarks.harness import output_of


def start_and_end(command, file):
    begin = time.monotonic_ns()
    subprocess.run([*command, file], check=True)
    end = time.monotonic_ns()
    first, last = (int(word) for word in file.read_text().split())
    return (first - begin) / 1e6, (end - last) / 1e6


def attach_to_first_sample(bench):
    """Returns the ms from the start of `mprofpp attach` to its first sample."""
    output = bench.folder / "attach.dat"
    begin = time.time()
    output_of(bench.mprofpp, "attach", "-q", "-f", "-t", "50ms", "-o", output, os.getpid())
    first = next(line for line in output.read_text().splitlines() if line.startswith("MEM "))
    return ((float(first.split()[2]) - begin) * 1e3,)


def bench_latency(bench):
    print("\nThe cost of a run at its start and its end")
    times, file, output = bench.bare / "times", bench.folder / "times", bench.folder / "latency.dat"
    recorded = [bench.mprofpp, "run", "-q", "-f", "-o", output, times]
    ours, direct = (
        [
            statistics.median(column)
            for column in zip(*(start_and_end(command, file) for _ in range(4 * bench.times)))
        ]
        for command in (recorded, [times])
    )
    bench.row("start to the program's first instruction", f"{ours[0] - direct[0]:.2f} ms more", "<= 5 ms")
    bench.row("exit of the program to exit of mprofpp", f"{ours[1] - direct[1]:.2f} ms more", "<= 5 ms")
    attached = bench.median(lambda: attach_to_first_sample(bench))[0]
    bench.row("attach to the first sample", f"{attached:.2f} ms", "<= 10 ms")
