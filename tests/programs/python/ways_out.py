"""Functions that end in every possible way. Prints how many calls each had and how many of them raised."""
import asyncio
import collections
import json

calls = collections.Counter()
raised = collections.Counter()


def returns():
    calls["returns"] += 1


def raises():
    calls["raises"] += 1
    raised["raises"] += 1
    raise ValueError


def passes_on():
    calls["passes_on"] += 1
    raised["passes_on"] += 1
    raises()


def handles():
    calls["handles"] += 1
    try:
        passes_on()
    except ValueError:
        returns()


def generates():
    calls["generates"] += 1
    for number in range(3):
        try:
            yield number
        except KeyError:
            pass


async def awaits():
    calls["awaits"] += 1
    try:
        await asyncio.sleep(0)
        handles()
    finally:
        returns()


async def is_cancelled():
    calls["is_cancelled"] += 1
    raised["is_cancelled"] += 1
    await asyncio.sleep(3600)


async def cancels():
    calls["cancels"] += 1
    task = asyncio.ensure_future(is_cancelled())
    await asyncio.gather(awaits(), awaits())
    task.cancel()
    await asyncio.wait([task])


def uses():
    calls["uses"] += 1
    generator = generates()
    next(generator)
    generator.throw(KeyError())
    generator.close()
    list(generates())
    next(generates())


for _ in range(5):
    returns()
    handles()
    uses()
    asyncio.run(cancels())
print(json.dumps({name: [count, raised[name]] for name, count in calls.items()}))
