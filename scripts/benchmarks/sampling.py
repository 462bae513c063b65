"""The cost of samples: CPU time, lost ticks and memory of the recorder, for many processes and for one."""

import contextlib
import pathlib
import subprocess
import time

from benchmarks.harness import output_of
from benchmarks.recordings import lost_ticks

CHILDREN = 1000
MANY_CHILDREN = 500
WINDOW = 3.0  # seconds over which a rate is measured


def cpu_ns(pid):
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def high_water_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def wait_for(path):
    while not path.exists():
        time.sleep(0.01)


@contextlib.contextmanager
def recorded_children(bench, options, count, mib=0):
    """Records `count` idle children that share `mib` MiB. Yields recorder, recording and pids."""
    ready, output = bench.folder / "ready", bench.folder / "children.dat"
    for path in (ready, output):
        path.unlink(missing_ok=True)
    command = [
        bench.mprofpp,
        "run",
        "-q",
        "-o",
        output,
        *options,
        bench.programs / "idle",
        str(count),
        ready,
        str(mib),
    ]
    run = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        wait_for(ready)
        time.sleep(1.5)  # until all are found, named and sampled more than once
        root = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()[0]
        yield run, output, pathlib.Path(f"/proc/{root}/task/{root}/children").read_text().split()
    finally:
        run.stdin.close()
        run.wait()


def missed_between(output, begin, end):
    """Returns the number of ticks that a recording says were missed in that time."""
    missed = 0
    with open(output, encoding="utf-8") as lines:
        for line in lines:
            fields = line.split()
            if fields[0] == "LOST" and fields[2] == "ticks" and begin < float(fields[1]) <= end:
                missed += int(fields[3])
    return missed


def cost_of_children(bench, options, interval_ms, count=CHILDREN, mib=0, bare_loop="bare_pread"):
    """Returns ns per process-sample, the same for the bare loop, and the fraction of ticks that were kept."""
    window = max(WINDOW, 5 * interval_ms / 1000)
    with recorded_children(bench, [*options, "-T", f"{interval_ms}ms"], count, mib) as (
        run,
        output,
        children,
    ):
        begin, cpu = time.time(), cpu_ns(run.pid)
        time.sleep(window)
        end, cpu = time.time(), cpu_ns(run.pid) - cpu
        run.send_signal(19)  # SIGSTOP: the bare loop has the machine to itself
        bare = output_of(bench.bare / bare_loop, interval_ms * 1000, int(window), *children).split()
        run.send_signal(18)
    due = (end - begin) / (interval_ms / 1000)
    samples = due - missed_between(output, begin, end)
    ours = cpu / max(samples * (len(children) + 1), 1)
    return ours, float(bare[0]) * 1e9 / int(bare[1]), samples / due


def bench_children(bench):
    print(f"\n{CHILDREN} children at 10 ms")
    for options, label, most in (
        (["-C", "--dense"], "-C", 1.5),
        (["-C", "-M", "--dense"], "-C -M", 1.5),
        (["-C", "-M", "--sparse"], "-C -M --sparse", 1.1),
    ):
        ours, bare, kept = bench.median(lambda o=options: cost_of_children(bench, o, 10))
        bench.row(
            f"{label}: CPU per process-sample, ours : bare pread",
            f"{ours:.0f} : {bare:.0f} ns = {ours / bare:.2f}",
            f"<= {most}",
        )
        bench.row(f"{label}: ticks kept", f"{kept:.1%}", ">= 98 %")
    ours, bare, _ = bench.median(lambda: cost_of_children(bench, ["-C", "-M"], 100, MANY_CHILDREN))
    ours, bare = (ns * 10 * (MANY_CHILDREN + 1) / 1e9 for ns in (ours, bare))
    bench.row(
        f"-C -M, {MANY_CHILDREN} idle children at 100 ms: part of a core, ours : bare pread",
        f"{ours:.2%} : {bare:.2%}",
        "<= 2 %",
    )
    forker = subprocess.Popen([bench.bare / "bare_fork", "100"])
    try:
        ours, bare, kept = bench.median(lambda: cost_of_children(bench, ["-C"], 10))
    finally:
        forker.kill()
        forker.wait()
    bench.row(
        "-C, with 100 forks a second: ours : bare pread",
        f"{ours:.0f} : {bare:.0f} ns = {ours / bare:.2f}",
        "<= 2",
    )
    bench.row("-C, with 100 forks a second: ticks kept", f"{kept:.1%}", ">= 98 %")


def missed_at_one_millisecond(bench):
    output = bench.folder / "interval.dat"
    timer = subprocess.Popen([bench.bare / "bare_timer", "1000", "5"], stdout=subprocess.PIPE, text=True)
    output_of(bench.mprofpp, "run", "-q", "-f", "-T", "1ms", "-o", output, "sleep", "5")
    return lost_ticks(output), int(timer.communicate()[0])


def bench_interval(bench):
    print("\n1 process at 1 ms for 5 s")
    lost, bare = bench.median(lambda: missed_at_one_millisecond(bench))
    bench.row(
        "ticks lost, ours : a bare timer at the same time", f"{lost:.0f} : {bare:.0f}", "at most 5 more"
    )


def lost_of_family(bench, options):
    """Returns the ticks lost while eight children that share 200 MiB are recorded for 3 s."""
    with recorded_children(bench, ["-C", "-M", "-T", "10ms", *options], 8, 200) as (_, output, _):
        before = lost_ticks(output)
        time.sleep(WINDOW)
        return lost_ticks(output) - before


def bench_metrics(bench):
    print("\nPSS of 100 processes of 50 MiB at 1 s")
    ours, bare, kept = bench.median(
        lambda: cost_of_children(bench, ["-C", "--backend", "pss"], 1000, 100, 50, "bare_rollup")
    )
    bench.row(
        "CPU per process-sample, ours : bare smaps_rollup",
        f"{ours / 1e3:.0f} : {bare / 1e3:.0f} us = {ours / bare:.2f}",
        "<= 1.1",
    )
    print("\nSix metrics in addition to RSS, 8 children that share 200 MiB, at 10 ms for 3 s")
    extra = ["--metrics", "pss,uss,swap,vms,anon,file"]
    without, with_them = bench.median(lambda: (lost_of_family(bench, []), lost_of_family(bench, extra)))
    bench.row("ticks lost, without : with them", f"{without:.0f} : {with_them:.0f}", "no more")


def recorder_mib(bench, count):
    with recorded_children(bench, ["-C", "-M", "-T", "10ms"], count) as (run, _, _):
        time.sleep(1)
        return (high_water_mib(run.pid),)


def bench_memory(bench):
    print("\nThe recorder's own resident set")
    bench.row("with one process", f"{bench.median(lambda: recorder_mib(bench, 0))[0]:.1f} MiB", "<= 5 MiB")
    bench.row(
        "with 1000 processes",
        f"{bench.median(lambda: recorder_mib(bench, CHILDREN))[0]:.1f} MiB",
        "<= 16 MiB",
    )
