"""Prints what a loop takes, the best of several rounds: nanoseconds for each line that is executed.

lines.py plain|profiled bare|work ROUNDS ITERATIONS

The lines of `bare` do next to nothing, so that the difference is the cost of counting them. Those of
`work` are like those of real loops. `profiled` uses the decorator of memory_profiler, or ours if that has
replaced it.
"""

import io
import sys
import time


def bare(count):
    for i in range(count):
        a = i
        b = a
        c = b
        d = c
    return d


def work(count):
    kept = {}
    for i in range(count):
        text = f"key {i}"
        kept[text[:5]] = [text, i]
        if i % 100 == 0:
            kept.clear()
    return kept


LINES_OF_AN_ITERATION = {"bare": 5, "work": 4}


def main(which, name, rounds, iterations):
    function = {"bare": bare, "work": work}[name]
    if which == "profiled":
        from memory_profiler import profile  # pylint: disable=import-error,import-outside-toplevel

        function = profile(function, stream=io.StringIO())
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        function(iterations)
        best = min(best, time.perf_counter() - begin)
    return best / iterations / LINES_OF_AN_ITERATION[name] * 1e9


print(main(*sys.argv[1:3], *map(int, sys.argv[3:])))
