"""Marks for mprofpp, which records the memory of programs over time, and what replaces memory_profiler.

Under `mprofpp run`, every call of a decorated function, every block and every mark becomes part of the
recording: the recorder then provides its own `mark`, `profile` and `timestamp`, which take precedence over
these. In a program that is not recorded nothing happens, and `profile` returns the function unchanged.

    from mprofpp import mark, profile, record

    @profile
    def load(): ...

    with profile.timestamp("parse"): ...

    mark("phase 2")

    with record("x.dat", children=True): ...      # records this process from inside

`mprofpp.memory_profiler` has the functions of memory_profiler 0.61, `%load_ext mprofpp` its magics, and
`pytest --mprofpp` measures tests. All of that is imported when it is used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from mprofpp.ipython import load_ipython_extension
    from mprofpp.recording import record
    from mprofpp.ways import engine

__all__ = ["engine", "mark", "profile", "record", "timestamp"]


class timestamp:
    """A context manager that marks a block of code under a name."""

    def __init__(self, name: str = "<block>") -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        return None


class _Profile:
    """Marks the calls of a function for mprofpp. `@profile` and `@profile(...)` do the same."""

    timestamp = timestamp

    def __call__(self, func: Any = None, **options: Any) -> Any:
        if func is None:
            return self
        if not callable(func) and not hasattr(func, "__func__"):
            raise ValueError("Value must be callable")
        return func


profile = _Profile()


def mark(text: str) -> None:
    """Marks this moment with a text, in a recording that `record` makes of this process."""
    import sys

    recording = sys.modules.get("mprofpp.recording")
    if recording is not None:
        recording.mark_all(text)


def __getattr__(name: str) -> Any:
    from mprofpp.names import find

    return find(name)
