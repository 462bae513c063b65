"""Every event that sys.settrace and sys.setprofile report, in threads too."""

import asyncio
import sys
import threading

from mprofpp import profile

seen = []


def tracer(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        frame.f_trace_opcodes = frame.f_code.co_name == "small"
        seen.append((event, frame.f_code.co_name, frame.f_lineno, repr(argument)[:9].split(" at ")[0]))
        return tracer
    return None


def profiler(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        seen.append((event, frame.f_code.co_name, frame.f_lineno, repr(argument).split(" at ")[0]))


@profile
def small(n): return len(str(n))
@profile
def fails(n): return 1 // n
@profile
def numbers():
    try:
        yield 1
        yield from (i for i in range(2))
    except KeyError:
        yield 5
@profile
async def awaits():
    await asyncio.sleep(0)
    return [x async for x in asynchronous()]
@profile
async def asynchronous():
    yield 1
    await asyncio.sleep(0)
    yield 2


def everything():
    small(10)
    try:
        fails(0)
    except ZeroDivisionError:
        pass
    for n in numbers():
        n += 1
    generator = numbers()
    next(generator)
    generator.throw(KeyError)
    generator.close()
    asyncio.run(awaits())


def say(what):
    print(what, len(seen), *seen, sep="\n")
    seen.clear()


sys.settrace(tracer)
everything()
sys.settrace(None)
say("settrace")
sys.setprofile(profiler)
everything()
sys.setprofile(None)
say("setprofile")
threading.settrace(tracer)
threading.setprofile(profiler)
thread = threading.Thread(target=everything)
thread.start()
thread.join()
threading.settrace(None)
threading.setprofile(None)
say("threads")
print(sys.gettrace(), sys.getprofile())
