"""Entering running Pythons, and requests to them."""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import time

from benchmarks.harness import ROOT, output_of, timed_output

PYTHON = "/usr/bin/python3"
WORK = ROOT / "tests/programs/inject/work.py"
LIMITS = {"busy": (30, 2), "selects": (30, 2), "joins": (80, 25)}  # ms: to the answer, stopped
NAMES = {"busy": "a busy loop", "selects": "a select loop", "joins": "a lock wait"}
MANY = """
import sys, threading
stop = threading.Event()
def wait(depth):
    return wait(depth - 1) if depth else stop.wait()
for _ in range(200): threading.Thread(target=wait, args=(10,), daemon=True).start()
print(flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def running(*command):
    """Runs a program that prints a line when it is ready. Yields the pid of the Python."""
    process = subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    try:
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield int(children[0]) if children else process.pid
    finally:
        process.communicate("")


def look(bench, pid):
    """Returns the ms that `mprofpp stacks` takes, for which Python waited, and the process was stopped."""
    command = (bench.mprofpp, "stacks", "--json", "--max-pause", "10s", pid)
    elapsed, answer = timed_output(bench.folder, *command)
    process = json.loads(answer)
    return elapsed, process["held_ms"], process["stopped_ms"] or 0


def bare_start(bench):
    """Returns the ms that mprofpp takes to do nothing."""
    return timed_output(bench.folder, bench.mprofpp, "--version")[0]


def first_look(bench, kind):
    with running(PYTHON, WORK, kind) as pid:
        return look(bench, pid)


def gdb_call(kind):
    """Returns the ms in which gdb calls a function in such a program, as tools that are based on it do."""
    with running(PYTHON, WORK, kind) as pid:
        begin = time.monotonic()
        output_of("gdb", "-p", pid, "-batch", "-nx", "-ex", "call (int)Py_IsInitialized()")
        return (1000 * (time.monotonic() - begin),)


def later_looks(bench, *command):
    """Returns a look at a program that was looked at before."""
    with running(*command) as pid:
        look(bench, pid)
        return look(bench, pid)


def idle_cost(bench):
    """Returns how many threads a program has more, and how often it wakes up in a second, after a look."""
    with running(PYTHON, WORK, "reads") as pid:
        before = len(list(pathlib.Path(f"/proc/{pid}/task").iterdir()))
        look(bench, pid)
        time.sleep(0.2)
        first = wakeups(pid)
        time.sleep(1)
        threads = len(list(pathlib.Path(f"/proc/{pid}/task").iterdir()))
        return threads - before, wakeups(pid) - first


def wakeups(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return sum(int(line.split()[1]) for line in text.splitlines() if "ctxt_switches" in line)


def bench_entries(bench):
    for kind, (most, most_stopped) in LIMITS.items():
        elapsed, _, stopped = bench.median(lambda kind=kind: first_look(bench, kind))
        bench.row(
            f"to the first answer, {NAMES[kind]}", f"{elapsed:.1f} ms", f"<= {most} ms", elapsed <= most
        )
        limit = f"<= {most_stopped} ms"
        bench.row("  stopped for", f"{stopped:.2f} ms", limit, stopped <= most_stopped)
        if shutil.which("gdb"):
            gdb = bench.median(lambda kind=kind: gdb_call(kind))[0]
            bench.row(
                "  gdb calls a function in it in", f"{gdb:.0f} ms", f"{gdb / elapsed:.1f} times as long"
            )


def bench_door(bench):
    print("\nthe door into running Pythons, with the start of mprofpp")
    if sys.platform != "linux" or not pathlib.Path(PYTHON).exists():
        print(f"  SKIP: no {PYTHON}")
        return
    bench.row("the start of mprofpp alone", f"{bench.median(lambda: (bare_start(bench),))[0]:.1f} ms", "")
    bench_entries(bench)
    recorded = [bench.mprofpp, "run", "-q", "-f", "-o", bench.folder / "door.dat", PYTHON, WORK, "reads"]
    elapsed = bench.median(lambda: later_looks(bench, *recorded))[0]
    bench.row("a request to a program that run has started", f"{elapsed:.1f} ms", "<= 5 ms", elapsed <= 5)
    elapsed, held, _ = bench.median(lambda: later_looks(bench, PYTHON, "-c", MANY))
    bench.row("the stacks of 200 threads", f"{elapsed:.1f} ms", "<= 20 ms", elapsed <= 20)
    bench.row("  Python waits for", f"{held:.1f} ms", "<= 5 ms", held <= 5)
    threads, wakes = bench.median(lambda: idle_cost(bench))
    bench.row(
        "threads, and wakeups in a second, after that",
        f"{threads:.0f}, {wakes:.0f}",
        "0, 0",
        threads == wakes == 0,
    )
