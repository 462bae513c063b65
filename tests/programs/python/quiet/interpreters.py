"""Subinterpreters. Functions are marked in the main interpreter; the others have a decorator of their own."""

import sys

from mprofpp import profile

try:
    import _interpreters as interpreters
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        raise SystemExit("no interpreters here")

SOURCE = """
import os
write = lambda text, write=os.write: write(1, text.encode())
def decorate(f): return f
@decorate
def recursive(n): return 0 if n == 0 else 1 + recursive(n - 1)
def numbers():
    yield 1
    yield 2
class Thing:
    def __del__(self): write('gone\\n')
thing, suspended = Thing(), numbers()
print(recursive(10), list(numbers()), next(suspended), hasattr(__builtins__, 'profile'))
"""


@profile
def run(interpreter):
    sys.stdout.flush()
    interpreters.run_string(interpreter, SOURCE)


others = [interpreters.create() for _ in range(3)]
for interpreter in others * 2:
    run(interpreter)
for interpreter in others:
    interpreters.destroy(interpreter)
print("the end")
