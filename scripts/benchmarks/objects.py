"""Looks at the objects of a program that has a million of them."""

import contextlib
import os
import subprocess
import sys
import time

from benchmarks.harness import ROOT

sys.path.insert(0, str(ROOT / "tests/cli"))

from door_client import Client  # noqa: E402
from suites import find_interpreters  # noqa: E402

TARGET = ROOT / "tests/programs/python/door_target.py"
HEAP = """
import gc, time
class Node:
    def __init__(self, number, parent):
        self.number, self.name, self.parent, self.children = number, "node %d" % number, parent, [parent]
nodes = [Node(i, cache) for i in range(200000)]
rows = [{"id": i, "tags": [nodes[i]], "at": (nodes[i], i)} for i in range(200000)]
gc.collect()
def list_objects():
    begin = time.perf_counter()
    gc.get_objects()
    return time.perf_counter() - begin
"""
LIST = "best = min(main.list_objects() for i in range(3)); print(best * 1e9, len(main.gc.get_objects()))"


def connect(name):
    """Connects to a door that is about to open."""
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            return Client(name)
        time.sleep(0.001)


@contextlib.contextmanager
def door(bench, python):
    """Runs the program, and yields a connection to it and its pid."""
    name = f"@mprofpp-bench-{os.getpid()}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MPROFPP")}
    environment |= {
        "LD_PRELOAD": str(bench.build / "lib/mprofpp/libmprofpp-agent.so"),
        "MPROFPP_CONSOLE": "1",
    }
    process = subprocess.Popen(
        [python, TARGET, name, HEAP],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        client = connect(name)
        process.stdout.readline()
        yield client, process.pid
    finally:
        process.communicate()


def look(client, verb, options):
    """Returns the nanoseconds for which the program had to wait."""
    answer = client.ask(verb, b"main.nodes", options=b"max-pause=60000\n" + options, patience=60000)
    assert answer.status == "done", answer.message
    return answer.held


def peak_of(pid):
    """Returns the peak of a program's memory in KiB, which starts again from its memory now."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    with open(f"/proc/{pid}/clear_refs", "w", encoding="utf-8") as refs:
        refs.write("5")
    return peak


def measure(client, pid):
    """Returns the time of gc.get_objects() in ms, those of looks as multiples of it, and MiB of a census."""
    listed, count = client.run(LIST, options=b"script").out.split()
    listed = float(listed)
    look(client, b"objects", b"")
    peak_of(pid)
    before = peak_of(pid)
    census = min(look(client, b"objects", b"") for _ in range(3))
    memory = (peak_of(pid) - before) / 1024
    instances = look(client, b"instances", b"type=Node")
    sizes, held = look(client, b"objects", b"sizes"), look(client, b"objects", b"of")
    return (
        listed / 1e6,
        census / listed,
        instances / listed,
        sizes / listed,
        held / listed,
        memory,
        int(count),
    )


def bench_objects(bench):
    print("\na look at a million objects, in times of gc.get_objects() in the same run")
    for name, python in find_interpreters().items():
        if python is None:
            continue
        with door(bench, python) as (client, pid):
            listed, census, instances, sizes, held, memory, count = bench.median(lambda: measure(client, pid))
        is_new = name != "system" and tuple(map(int, name.split("."))) >= (3, 12)
        most = 1.3 if is_new else 3
        what = f"{name}: a census of {count / 1e6:.2f} million objects"
        bench.row(what, f"{census:.2f} x {listed:.1f} ms", f"<= {most} x", census <= most)
        bench.row("  memory for that", f"{memory:.2f} MiB", "<= 2 MiB", memory <= 2)
        bench.row("  instances of a type; sizes; what a list holds",
                  f"{instances:.1f} x; {sizes:.1f} x; {held:.1f} x", "")  # fmt: skip
