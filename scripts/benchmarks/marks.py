"""Marks of C programs."""

import pathlib
import subprocess
import tempfile

from benchmarks.harness import numbers_from
from benchmarks.recordings import calls_in, lost_marks


def bench_marks(bench):
    """Bursts that fit into the first ring. They show the cost for a program."""
    print("\nmarks of a C program")
    victim, output = bench.bare / "marks", bench.folder / "marks.dat"

    def recorded(*options):
        run = [bench.mprofpp, "run", "-q", "-f", "-o", output, *options]
        return numbers_from(*run, victim, 40, 900)

    exact, preads, pairs = bench.median(lambda: recorded("--exact"))
    bench.row(
        "a pair, --exact : two bare preads of statm",
        f"{exact:.0f} : {preads:.0f} ns = {exact / preads:.2f}",
        "<= 2100 ns",
    )
    reused, _, _ = bench.median(recorded)
    bench.row("a pair, readings reused", f"{reused:.0f} ns", "<= 100 ns")
    bench.row("calls recorded of those made", f"{calls_in(output)} of {pairs:.0f}", "all")
    silent, _, _ = bench.median(lambda: numbers_from(victim, 20, 100000))
    bench.row("a pair, without a recorder", f"{silent:.1f} ns", "<= 8 ns")
    unheard, _, _ = bench.median(
        lambda: numbers_from(bench.mprofpp, "run", "-q", "-f", "-o", output, "--no-marks", victim, 20, 100000)
    )
    bench.row("a pair under run --no-marks", f"{unheard:.1f} ns", "<= 8 ns")
    with tempfile.TemporaryDirectory(prefix="mprofpp-bench-", dir="/dev/shm") as rings:

        def ring():
            for path in pathlib.Path(rings).iterdir():
                path.unlink()
            return numbers_from(bench.bare / "ring", rings)

        record, clock = bench.median(ring)
        bench.row("a record in the ring, of which the clock", f"{record:.0f}, {clock:.0f} ns", "<= 35 ns")


def bench_crowd(bench):
    """Fifty processes that make marks as fast as they can."""
    print("\n50 processes x 20,000 marks at once")
    output = bench.folder / "crowd.dat"
    crowd = f"for i in $(seq 50); do '{bench.bare / 'marks'}' 1 10000 & done; wait"

    def record():
        command = [bench.mprofpp, "run", "-q", "-f", "-C", "-o", output, "sh", "-c", crowd]
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
        return calls_in(output), lost_marks(output)

    calls, lost = bench.median(record)
    bench.row("calls recorded, marks lost", f"{calls:.0f}, {lost:.0f}", f"{50 * 10100}, 0")
