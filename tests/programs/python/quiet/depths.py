"""Finds out how deep each kind of recursion goes before it fails."""

import asyncio
import functools
import sys
import threading

from mprofpp import profile

deepest = 0


def note(n):
    global deepest
    deepest = n
    return n


@profile
def plain(n): return plain(note(n) + 1)
@profile
def through_c(n): return next(map(through_c, [note(n) + 1]))
@profile
def sorting(n): return sorted([note(n) + 1, 0], key=lambda m: m and sorting(m))
@profile
def numbers(n): yield from numbers(note(n) + 1)
@profile
async def awaits(n): return await awaits(note(n) + 1)
@profile
def catching(n):
    try:
        return catching(note(n) + 1)
    finally:
        note(n)
class Thing:
    @profile
    def __getattr__(self, name): return getattr(self, "x" + str(note(int(name[1:]) + 1)))
    @profile
    def __call__(self, n): return self(note(n) + 1)
    @property
    @profile
    def value(self): return note(deepest + 1) and self.value
reduced = functools.partial(plain)


def attempt(what, run):
    global deepest
    deepest = 0
    try:
        run()
    except RecursionError as error:
        # the message depends on what happened at that depth
        print(what, deepest, type(error).__name__)


def attempt_all():
    attempt("plain", lambda: plain(0))
    attempt("through C", lambda: through_c(0))
    attempt("sorting", lambda: sorting(0))
    attempt("generators", lambda: list(numbers(0)))
    attempt("coroutines", lambda: asyncio.run(awaits(0)))
    attempt("with finally", lambda: catching(0))
    attempt("callable", lambda: Thing()(0))
    attempt("properties", lambda: Thing().value)
    attempt("partial", lambda: reduced(0))


attempt_all()
sys.setrecursionlimit(300)
attempt_all()
thread = threading.Thread(target=attempt_all)
thread.start()
thread.join()
