"""Measures what a call of a function costs. Prints nanoseconds per call.

calls.py marked BURSTS CALLS: of a function that is decorated with @profile, if a recorder provides the
decorator. Prints the median of bursts with a pause between them, in which the recorder catches up.

calls.py plain BURSTS CALLS: of a function that is not decorated, in a program that uses no decorator. Prints
the best of bursts without pauses, since the difference is a few nanoseconds.
"""

import statistics
import sys
import time

PAUSE = 0.03  # seconds


def plain():
    pass


def burst(function, calls):
    begin = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - begin) / calls * 1e9


def bursts_with_pauses(function, count, calls):
    for _ in range(count):
        time.sleep(PAUSE)
        yield burst(function, calls)


def main(what, count, calls):
    if what == "plain":
        return min(burst(plain, calls) for _ in range(count))
    return statistics.median(bursts_with_pauses(marked, count, calls))


if sys.argv[1] == "marked":

    @profile  # noqa: F821 pylint: disable=undefined-variable
    def marked():
        pass


print(main(sys.argv[1], *map(int, sys.argv[2:])))
