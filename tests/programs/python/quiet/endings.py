"""Code that runs while the interpreter exits: atexit, finalizers, suspended generators, daemon threads."""

import asyncio
import atexit
import gc
import sys
import threading

from mprofpp import profile

gc.disable()  # automatic collections could come at different times
say = sys.stdout.write


@profile
def numbers(name):
    try:
        yield 1
        yield 2
    finally:
        say(f"{name} is closed\n")


class Thing:
    @profile
    def __init__(self, name): self.name = name
    @profile
    def __del__(self): say(f"{self.name} is gone\n")


@profile
async def waits(forever):
    try:
        await forever
    finally:
        say("cancelled\n")


@profile
async def asynchronous():
    try:
        yield 1
    finally:
        say("finalized\n")


@profile
def spin(started):
    started.set()
    while True:
        list(numbers_quietly(3))


@profile
def numbers_quietly(n):
    for i in range(n):
        yield i


@profile
def block(started):
    started.set()
    threading.Event().wait()


@profile
def last():
    say(f"at exit {sum(1 for _ in numbers_quietly(3))}\n")


async def main():
    task = asyncio.ensure_future(waits(asyncio.get_running_loop().create_future()))
    generator = asynchronous()
    await generator.__anext__()
    await asyncio.sleep(0)
    return task, generator


def start(target):
    started = threading.Event()
    threading.Thread(target=target, args=(started,), daemon=True).start()
    started.wait()


atexit.register(last)
kept = [numbers("suspended"), numbers("never begun")]
next(kept[0])
cycle = Thing("in a cycle")
cycle.itself = cycle
del cycle
thing = Thing("a global")
leftover = asyncio.run(main())
loop = asyncio.new_event_loop()
unfinished = waits(loop.create_future())
unfinished.send(None)
start(spin)
start(block)
sys.modules["kept by sys"] = Thing("a module")
raise SystemExit(3)
