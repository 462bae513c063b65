"""Tasks that are cancelled, time out, share variables and alternate."""

import asyncio
import contextlib
import contextvars

from mprofpp import profile

variable = contextvars.ContextVar("variable", default=0)
order = []


@profile
async def worker(name, n):
    variable.set(n)
    for i in range(n):
        order.append((name, i, variable.get()))
        await asyncio.sleep(0)
    if name == "failing":
        raise ValueError(name)
    return name


@profile
@contextlib.asynccontextmanager
async def managed(name):
    order.append((name, "entered"))
    try:
        yield name
    finally:
        await asyncio.sleep(0)
        order.append((name, "left"))


@profile
async def numbers(n):
    try:
        for i in range(n):
            yield i
            await asyncio.sleep(0)
    finally:
        order.append("numbers closed")


@profile
async def main():
    print(await asyncio.gather(worker("a", 2), worker("b", 3), worker("failing", 1), return_exceptions=True))
    async with managed("x") as x, managed("y") as y:
        print(x, y, [i async for i in numbers(3)])
    async for i in numbers(5):
        if i == 1:
            break
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.001)
    task = asyncio.ensure_future(worker("cancelled", 100))
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True), task.get_coro().cr_frame)
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, order.copy), variable.get())


asyncio.run(main())
coroutine = worker("by hand", 2)
print(coroutine.send(None), coroutine.cr_running, coroutine.cr_frame.f_lineno, coroutine.__qualname__)
with contextlib.suppress(KeyError):
    coroutine.throw(KeyError)
print(coroutine.cr_frame, order)
