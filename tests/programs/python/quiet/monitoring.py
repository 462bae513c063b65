"""Another user of sys.monitoring, which takes all tool ids and measures the coverage of lines."""

import asyncio
import sys

from mprofpp import profile

if not hasattr(sys, "monitoring"):
    raise SystemExit("no sys.monitoring here")
monitoring = sys.monitoring
events = monitoring.events
seen = []


@profile
def plain(n): return n + 1
@profile
def fails(): raise ValueError
@profile
def numbers():
    for i in range(2):
        yield plain(i)
@profile
async def awaits():
    await asyncio.sleep(0)
    return list(numbers())


def everything():
    plain(1)
    try:
        fails()
    except ValueError:
        pass
    generator = numbers()
    next(generator)
    generator.close()
    asyncio.run(awaits())


def note(event):
    def callback(code, *details):
        if code.co_filename == __file__:
            where = [x if isinstance(x, int) else type(x).__name__ for x in details]
            seen.append((event, code.co_name, *where))
    return callback


for tool in range(5):
    monitoring.use_tool_id(tool, f"tool {tool}")
names = ["PY_START", "PY_RETURN", "PY_YIELD", "PY_RESUME", "PY_THROW", "PY_UNWIND", "RAISE", "LINE", "CALL"]
for name in names:
    monitoring.register_callback(1, getattr(events, name), note(name))
monitoring.set_events(1, sum(getattr(events, name) for name in names))
everything()
monitoring.set_events(1, 0)
print(len(seen), *seen, sep="\n")

lines = set()


def cover(code, line):
    lines.add((code.co_name, line))
    return monitoring.DISABLE


monitoring.register_callback(3, events.LINE, cover)
for again in range(2):
    lines.clear()
    for f in (plain, fails, numbers, awaits, everything):
        monitoring.set_local_events(3, f.__code__, events.LINE)
    everything()
    print(again, *sorted(lines))
    monitoring.restart_events()
for tool in range(5):
    print(monitoring.get_tool(tool), monitoring.get_events(tool))
    monitoring.free_tool_id(tool)
everything()
