"""Wrappers of functions that stay what they wrap: a function, a coroutine function or a kind of generator."""

from __future__ import annotations

import functools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200  # bits of co_flags
_ITERABLE_COROUTINE = 0x100


class Around:
    """What a profiler does around a call. enter() and leave() are around each turn of it: a coroutine or
    generator has many, and anything else one. finish() follows the last one."""

    def enter(self) -> None:
        """The code is about to run."""

    def leave(self) -> None:
        """It waits or has ended."""

    def finish(self) -> None:
        """It has ended, also by an exception."""


def wrap(func: Callable[..., Any], start: Callable[[], Around]) -> Callable[..., Any]:
    """Returns a function of the same kind, whose calls call start() and then what it returns."""
    flags = getattr(getattr(func, "__code__", None), "co_flags", 0)
    if flags & _COROUTINE:
        made = _wrap_coroutine(func, start)
    elif flags & _ASYNC_GENERATOR:
        made = _wrap_async_generator(func, start)
    elif flags & (_GENERATOR | _ITERABLE_COROUTINE):
        made = _wrap_generator(func, start)
    else:
        made = _wrap_function(func, start)
    return functools.wraps(func)(made)


def _wrap_function(func: Callable[..., Any], start: Callable[[], Around]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        around = start()
        around.enter()
        try:
            return func(*args, **kwargs)
        finally:
            around.leave()
            around.finish()

    return call


def _turns(generator: Any, around: Around) -> Iterator[Any]:
    """Lets the generator run turn by turn. Returns what it returns."""
    resume, value = generator.send, None
    while True:
        around.enter()
        try:
            item = resume(value)
        except StopIteration as stop:
            return stop.value
        finally:
            around.leave()
        try:
            resume, value = generator.send, (yield item)
        except GeneratorExit:
            _turn(around, generator.close)
            raise
        except BaseException as error:  # is thrown into the generator
            resume, value = generator.throw, error


def _turn(around: Around, function: Callable[[], Any]) -> Any:
    around.enter()
    try:
        return function()
    finally:
        around.leave()


def _wrap_generator(func: Callable[..., Any], start: Callable[[], Around]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        around = start()
        try:
            return (yield from _turns(func(*args, **kwargs), around))
        finally:
            around.finish()

    return call


class _Awaitable:
    """Awaits a coroutine turn by turn."""

    def __init__(self, coroutine: Any, around: Around) -> None:
        self.coroutine = coroutine
        self.around = around

    def __await__(self) -> Any:
        return _turns(self.coroutine.__await__(), self.around)


def _wrap_coroutine(func: Callable[..., Any], start: Callable[[], Around]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        around = start()
        try:
            return await _Awaitable(func(*args, **kwargs), around)
        finally:
            around.finish()

    return call


def _wrap_async_generator(func: Callable[..., Any], start: Callable[[], Around]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        around = start()
        generator = func(*args, **kwargs)
        resume, value = generator.asend, None
        try:
            while True:
                try:
                    item = await _Awaitable(resume(value), around)
                except StopAsyncIteration:
                    return
                try:
                    resume, value = generator.asend, (yield item)
                except GeneratorExit:
                    await _Awaitable(generator.aclose(), around)
                    raise
                except BaseException as error:  # is thrown into the generator
                    resume, value = generator.athrow, error
        finally:
            around.finish()

    return call
