"""An audit hook of the program sees no event that the program does not cause."""

import asyncio
import pdb  # noqa: F401 (imported now, so that it causes no events below)
import sys

from mprofpp import profile

seen = []


@profile
def early(): return 1
@profile
async def awaits(): await asyncio.sleep(0)


early()
asyncio.run(awaits())
sys.settrace(None)
sys.addaudithook(lambda event, arguments: seen.append((event, *map(type, arguments))))


@profile
def plain(n): return n
@profile
def numbers():
    yield plain(1)
    yield 2
class Thing:
    @profile
    @staticmethod
    def static(): return sum(numbers())
    @profile
    def method(self): return self.static()


print(Thing().method(), early())
asyncio.run(awaits())
sys.settrace(lambda *event: None)
print(Thing().method(), next(numbers()))
sys.settrace(None)
print(*[event for event in seen if event[0] != "import"], sep="\n")
