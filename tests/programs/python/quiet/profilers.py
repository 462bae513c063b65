"""The counts of the standard library's profilers."""

import cProfile
import profile as deterministic
import pstats
import sys
import trace

from mprofpp import profile


@profile
def fibonacci(n): return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
@profile
def numbers(n):
    for i in range(n):
        yield fibonacci(i)
@profile
def fails(): raise ValueError


def everything():
    for n in numbers(9):
        assert sorted([n, 1], key=lambda x: -x)
    try:
        fails()
    except ValueError:
        pass


for kind in (cProfile.Profile, deterministic.Profile):
    counter = kind()
    counter.runcall(everything)
    stats = pstats.Stats(counter)
    rows = sorted(
        (name.split(" at ")[0], line, primitive, calls, len(callers))
        for (_, line, name), (primitive, calls, _, _, callers) in stats.stats.items()
    )
    print(kind, *rows, sep="\n")
lines = trace.Trace(count=1, trace=0, countfuncs=0, countcallers=0)
lines.runfunc(everything)
print(*sorted((line, n) for (file, line), n in lines.results().counts.items() if file == __file__))
print(sys.getprofile(), sys.gettrace())
