"""One of everything that can be marked. Its output must be the same with and without a recorder."""
import asyncio
import inspect
import pickle
import threading


@profile
def plain():
    return 1


@profile(precision=4)
def recursive(n):
    return 0 if n == 0 else recursive(n - 1)


@profile
def raising():
    raise ValueError("on purpose")


class Thing:
    @profile
    def method(self):
        return plain()

    @staticmethod
    @profile
    def static():
        return 2

    @profile
    @classmethod
    def made(cls):
        return cls()

    @property
    @profile
    def value(self):
        return 3


@profile
def counting(n):
    for i in range(n):
        yield i


@profile
async def inner():
    await asyncio.sleep(0)
    return 1


@profile
async def outer():
    return await inner()


@profile
async def several():
    return sum(await asyncio.gather(outer(), outer()))


assert plain() == 1
recursive(3)
try:
    raising()
except ValueError as error:
    lines = []
    at = error.__traceback__
    while at:
        lines.append(at.tb_frame.f_code.co_name)
        at = at.tb_next
    print(lines)
thing = Thing.made()
print(thing.method(), Thing.static(), thing.value)
print(list(counting(3)))
print(asyncio.run(several()))
thread = threading.Thread(target=plain)
thread.start()
thread.join()
with profile.timestamp("load data"):
    plain()
print(inspect.iscoroutinefunction(outer), inspect.isgeneratorfunction(counting), inspect.signature(counting))
print(pickle.loads(pickle.dumps(plain)) is plain, plain.__module__, plain.__name__)
