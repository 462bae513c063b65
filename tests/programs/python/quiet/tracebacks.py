"""Exceptions, warnings and logs that contain the place they come from. The last exception goes to stderr."""

import asyncio
import logging
import sys
import traceback
import warnings

from mprofpp import profile

logging.basicConfig(format="%(filename)s:%(lineno)d %(funcName)s %(message)s", stream=sys.stdout)


@profile
def warns():
    warnings.warn("here", stacklevel=1)
    warnings.warn("at the caller", stacklevel=2)
    logging.warning("logged")
    logging.warning("logged for the caller", stacklevel=2)


@profile
def fails(n):
    if n:
        return fails(n - 1)
    raise ValueError("on purpose")


@profile
def numbers():
    try:
        yield 1
    finally:
        traceback.print_stack(file=sys.stdout)
        yield fails(1)


@profile
async def awaits(n):
    if n:
        return await awaits(n - 1)
    await asyncio.sleep(0)
    return fails(2)


class Closing:
    @profile
    def __enter__(self): return self
    @profile
    def __exit__(self, *error): raise KeyError("while closing")


warns()
for attempt in (
    lambda: fails(3),
    lambda: list(numbers()),
    lambda: asyncio.run(awaits(3)),
    lambda: next(map(fails, [2])),
):
    try:
        attempt()
    except ValueError:
        print(traceback.format_exc(), sys.exc_info()[0])
print(sys.exc_info())
with Closing():
    fails(1)
