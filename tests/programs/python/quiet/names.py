"""Everything that Python reports about functions."""

import asyncio
import functools
import inspect
import pickle
import sys
import weakref

from mprofpp import profile


def generator(): yield 1
async def coroutine(): return 1
async def asynchronous(): yield 1


@profile
def documented(a, b: int = 2, *rest, c, **others) -> str:
    """Its help."""
    return "x"


class Thing:
    @profile
    def method(self): return self
    @classmethod
    @profile
    def made(cls): return cls()
    @profile
    @staticmethod
    def static(): return 1
    @property
    @profile
    def value(self): return 1


marked = [profile(f) for f in (generator, coroutine, asynchronous)]
print(sys.modules["__main__"].__file__ == __file__, __name__, sys.argv)
print([name for name in vars() if name[0] != "_"])
print(marked == [generator, coroutine, asynchronous], hasattr(documented, "__wrapped__"))
for kind in (
    inspect.isfunction, inspect.isgeneratorfunction, inspect.iscoroutinefunction,
    inspect.isasyncgenfunction, asyncio.iscoroutinefunction, inspect.ismethod,
):  # fmt: skip
    print(kind.__name__, [kind(f) for f in [documented, *marked, Thing.made, Thing.static, Thing.method]])
print(inspect.signature(documented), inspect.getfullargspec(documented), documented.__annotations__)
print(inspect.getsource(documented), inspect.getdoc(documented), inspect.getsourcelines(Thing.made)[1])
for f in (documented, *marked, Thing.method, Thing.static):
    code = f.__code__
    print(f.__name__, f.__qualname__, f.__module__, f.__defaults__, f.__closure__, f.__dict__)
    print(code.co_name, code.co_flags, code.co_firstlineno, code.co_consts, code.co_names, code.co_code)
    print(pickle.loads(pickle.dumps(f)) is f, weakref.getweakrefcount(f), sys.getrefcount(f.__code__))
thing = Thing()
print(thing.method() is thing, pickle.loads(pickle.dumps(thing.method))().__class__, type(Thing.made()))
print(thing.value, inspect.signature(Thing.made), functools.partial(documented, c=1)(2))
documented.__code__ = (lambda a, b=2, *rest, c, **others: "y").__code__
print(documented(1, c=3), len(inspect.stack()), sys._getframe().f_code.co_name)
