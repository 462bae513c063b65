"""TimeStamper: when functions start and end, and the memory at those times, as lines of a recording."""

from __future__ import annotations

import sys
import threading
import time

from mprofpp import backends
from mprofpp.wrapping import Around, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, TextIO, Tuple

    Moment = Tuple[float, float]  # MiB, and seconds since 1970


class _Levels(threading.local):
    current = -1


class _Call(Around):
    """A call, or a block of code."""

    def __init__(self, stamper: TimeStamper, func: Any, filename: str) -> None:
        self.stamper = stamper
        self.filename = filename
        self.moments: List[Moment] = []
        stamper.levels.current += 1
        stamper.functions[func].append(self.moments)
        stamper.stack[func].append(stamper.levels.current)
        self.moments.append(stamper.moment(filename))

    def finish(self) -> None:
        self.moments.append(self.stamper.moment(self.filename))
        self.stamper.levels.current -= 1


class _Block:
    def __init__(self, stamper: TimeStamper, func: Any) -> None:
        self.stamper = stamper
        self.func = func
        self.call: Optional[_Call] = None

    def __enter__(self) -> None:
        self.call = _Call(self.stamper, self.func, "<unknown>")

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if self.call is not None:
            self.call.finish()


def _name_of(func: Any) -> str:
    return str(getattr(func, "__name__", type(func).__name__))


class TimeStamper:
    """Records the start and the end of every call of the decorated functions, and of blocks."""

    def __init__(self, backend: Optional[str] = None, include_children: bool = False) -> None:
        self.backend = backends.choose_backend(backend)
        self.include_children = include_children
        self.functions: Dict[Any, List[List[Moment]]] = {}
        self.stack: Dict[Any, List[int]] = {}
        self.levels = _Levels()

    @property
    def current_stack_level(self) -> int:
        """The level of the innermost call in this thread; -1 outside of all."""
        return self.levels.current

    def moment(self, filename: str) -> Moment:
        """Returns the memory in MiB and the time in seconds since 1970."""
        return backends.reader(self.backend, self.include_children, filename)(), time.time()

    def __call__(self, func: Any = None, precision: Any = None) -> Any:
        """Decorates a function. precision is for compatibility and has no effect."""
        if func is None:
            return lambda f: self(f, precision=precision)
        if not callable(func):
            raise ValueError("Value must be callable")
        import mprofpp

        self.add_function(func)
        mprofpp.profile(func)
        return self.wrap_function(func)

    def timestamp(self, name: str = "<block>") -> _Block:
        """Returns a context manager for a block of code."""
        key = (name,)
        self.add_function(key)
        return _Block(self, key)

    def add_function(self, func: Any) -> None:
        self.functions.setdefault(func, [])
        self.stack.setdefault(func, [])

    def wrap_function(self, func: Callable[..., Any]) -> Callable[..., Any]:
        filename = getattr(getattr(func, "__code__", None), "co_filename", "<unknown>")
        return wrap(func, lambda: _Call(self, func, filename))

    def show_results(self, stream: Optional[TextIO] = None) -> None:
        """Writes a FUNC line for each call that has ended, to stdout by default."""
        stream = sys.stdout if stream is None else stream
        for func, calls in self.functions.items():
            name = f".{func[0]}" if isinstance(func, tuple) else f"{func.__module__}.{_name_of(func)}"
            for moments, level in zip(calls, self.stack[func]):
                if len(moments) == 2:
                    (mib_in, t_in), (mib_out, t_out) = moments
                    name = name.replace(" ", "_")
                    stream.write(f"FUNC {name} {mib_in:.4f} {t_in:.4f} {mib_out:.4f} {t_out:.4f} {level}\n")
