"""Sessions of pdb in functions, generators, coroutines and threads, and after an exception."""

import asyncio
import io
import pdb
import sys
import threading

from mprofpp import profile


def debug(*commands):
    typed = io.StringIO("\n".join([*commands, "c", ""]))
    session = pdb.Pdb(stdin=typed, stdout=sys.stdout, nosigint=True, readrc=False)
    session.set_trace(sys._getframe(1))


@profile
def inner(n):
    x = n + 1
    return x * 2


@profile
def outer(n):
    y = n
    debug("w", "p y", "n", "s", "s", "n", "p x", "u", "p y", "d", "r", "n", "b inner", "c", "a", "cl 1")
    y = inner(1)
    y += inner(2)
    return y + inner(3)


@profile
def last():
    debug("w", "n", "n")


@profile
def numbers():
    for i in range(3):
        yield i
        debug("p i", "n", "n", "p i", "r")


@profile
async def awaits():
    await asyncio.sleep(0)
    debug("n", "n", "s", "w")
    await asyncio.sleep(0)
    return inner(4)


@profile
def fails():
    z = 3
    raise ValueError(z)


print(outer(5))
last()
print(list(numbers()))
print(asyncio.run(awaits()))
thread = threading.Thread(target=outer, args=(6,))
thread.start()
thread.join()
try:
    fails()
except ValueError as error:
    session = pdb.Pdb(stdin=io.StringIO("w\np z\nu\nl\nq\n"), stdout=sys.stdout, nosigint=True, readrc=False)
    session.reset()
    session.interaction(None, error.__traceback__)
print(sys.gettrace() is None)
