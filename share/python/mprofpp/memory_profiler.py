"""memory_profiler 0.61 under another name: `from mprofpp.memory_profiler import profile, memory_usage`.

The tables look the same, and their numbers are those of `mprofpp lines`, which differ in loops that free
memory, recursion, threads, generators, and where a profiled function calls another. Nothing else needs to be
installed.
"""

from __future__ import annotations

from mprofpp import timestamp, ways
from mprofpp.backends import choose_backend
from mprofpp.line_profiler import CodeMap, Counting, LineProfiler
from mprofpp.log_file import LogFile
from mprofpp.table import show_results
from mprofpp.time_stamper import TimeStamper
from mprofpp.usage import memory_usage
from mprofpp.wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, TextIO

    from mprofpp.ipython import MemitResult, load_ipython_extension

__all__ = [
    "CodeMap",
    "LineProfiler",
    "LogFile",
    "TimeStamper",
    "choose_backend",
    "memory_usage",
    "profile",
    "show_results",
]
__version__ = "0.61.0"  # the version of memory_profiler that this replaces


class _OneCall(Counting):
    """Counts the lines of one call, and prints their table."""

    def __init__(self, func: Any, stream: Optional[TextIO], precision: int, backend: str) -> None:
        super().__init__(LineProfiler(backend=backend))
        self.profiler.add_function(func)
        self.stream = stream
        self.precision = precision

    def finish(self) -> None:
        show_results(self.profiler, self.stream, self.precision)


def profile(
    func: Any = None, stream: Optional[TextIO] = None, precision: int = 1, backend: str = "psutil"
) -> Any:
    """Decorates a function: after each call, the table of its lines is written.

    stream: where to (default: sys.stdout). precision: decimals of the MiB. backend: see choose_backend().

    In a program that `mprofpp lines` has started, the native agent counts the lines, and `mprofpp lines`
    prints one table for all calls. Raises ValueError if func cannot be called, and KeyError for an unknown
    backend.
    """
    if func is None:
        return lambda f: profile(f, stream=stream, precision=precision, backend=backend)
    import mprofpp

    marked = mprofpp.profile(func)  # raises ValueError
    if ways.counts_lines_natively():
        return marked
    chosen = choose_backend(backend)
    if not hasattr(func, "__code__") and hasattr(func, "__func__"):  # a classmethod or staticmethod
        return type(func)(profile(func.__func__, stream, precision, backend))
    if chosen == "tracemalloc":
        import tracemalloc

        tracemalloc.start()
    return wrap(func, lambda: _OneCall(func, stream, precision, chosen))


setattr(profile, "timestamp", timestamp)  # marks a block if the program is recorded


def __getattr__(name: str) -> Any:
    if name not in ("MemitResult", "load_ipython_extension"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mprofpp import ipython

    return getattr(ipython, name)


if __name__ == "__main__":
    from mprofpp.__main__ import main

    main()
