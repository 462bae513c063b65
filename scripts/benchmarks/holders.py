"""Finds who holds an object of a program that has a million of them."""

import json

from benchmarks.objects import LIST, door, find_interpreters

TARGETS = b"main.nodes[123456]\nmain.rows[7]['tags']\nmain.nodes"
OBJGRAPH = """
import objgraph, time
begin = time.perf_counter()
objgraph.find_backref_chain(main.nodes[123456], objgraph.is_proper_module)
print(time.perf_counter() - begin)
"""


def ask(client, verb, options):
    """Returns the nanoseconds for which the program had to wait, and the answer."""
    answer = client.ask(verb, TARGETS, options=b"max-pause=60000\n" + options, patience=60000)
    assert answer.status == "done", answer.message
    return answer.held, json.loads(answer.out)


def measure(client):
    """Returns the time of gc.get_objects() in ms, those of chains and of a trial collection as multiples
    of it, the bytes of the index for each reference, and the number of objects."""
    listed, count = client.run(LIST, options=b"script").out.split()
    listed = float(listed)
    ask(client, b"holders", b"")  # loads our code
    held, answer = min((ask(client, b"holders", b"") for _ in range(3)), key=lambda pair: pair[0])
    assert all(found["chains"] for found in answer["targets"])
    trial, _ = min((ask(client, b"gc", b"collect") for _ in range(3)), key=lambda pair: pair[0])
    return listed / 1e6, held / listed, trial / listed, answer["index_bytes"] / answer["edges"], int(count)


def objgraph_time(client, listed):
    """Returns the time of a chain of objgraph as a multiple; None if it is not installed."""
    answer = client.run(OBJGRAPH, options=b"script")
    return float(answer.out) * 1000 / listed if answer.status == "done" else None


def bench_holders(bench):
    print("\nwho holds three of a million objects, in times of gc.get_objects() in the same run")
    for name, python in find_interpreters().items():
        if python is None:
            continue
        with door(bench, python) as (client, _):
            listed, held, trial, size, count = bench.median(lambda: measure(client))
            objgraph = objgraph_time(client, listed)
        what = f"{name}: index and chains of {count / 1e6:.2f} million objects"
        bench.row(what, f"{held:.1f} x {listed:.1f} ms", "<= 15 x", held <= 15)
        bench.row("  memory of the index", f"{size:.1f} B a reference", "<= 24 B", size <= 24)
        bench.row("  a trial collection", f"{trial:.1f} x", "")
        if objgraph is not None:
            bench.row("  one chain of objgraph", f"{objgraph:.0f} x", "")
