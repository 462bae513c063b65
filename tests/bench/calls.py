"""calls.py marked BURSTS CALLS: what a call costs of a function that is decorated with @profile, where
somebody gives that: the median of bursts with a pause between them, in which the recorder catches up.

calls.py plain BURSTS CALLS: the same of a function that is not, in a program that knows no decorator: the
best of bursts without pauses, since a few nanoseconds are asked for.

Prints nanoseconds a call.
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
