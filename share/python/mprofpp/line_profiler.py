"""LineProfiler: what each line of functions adds to the memory of this process."""

from __future__ import annotations

import sys
import threading

from mprofpp import backends, timestamp, ways
from mprofpp.line_calls import LineCounts, nested_codes, watched
from mprofpp.wrapping import Around, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

    Measures = Dict[int, List[Any]]


def _source_of(filename: str) -> List[str]:
    """Returns the lines of a file, or of a cell of a notebook, which has none; empty if there is no
    source."""
    import linecache

    return linecache.getlines(filename)


class CodeMap(dict):  # type: ignore[type-arg]
    """The measures of each function: code -> line -> [MiB that it added, the most MiB after it, how often it
    ran]. The first line of a function stands for its calls."""

    def __init__(self, include_children: bool, backend: str) -> None:
        super().__init__()
        self.include_children = include_children
        self.backend = backend
        self._toplevel: List[Tuple[str, LineCounts]] = []
        self._counts: List[Tuple[CodeType, LineCounts]] = []

    def add(self, code: CodeType, toplevel_code: Optional[CodeType] = None) -> None:
        """Adds a function, and those that it defines. Prints a line to stderr if its source cannot be
        found."""
        if code in self:
            return
        filename = code.co_filename
        if not _source_of(filename):
            where = f"mprofpp: {code.co_name}: its source {filename} cannot be found, so it gets no table"
            print(f"{where} (write the function to a file)", file=sys.stderr)
            return
        counts = LineCounts(code, self.backend, self.include_children)
        self._toplevel.append((filename, counts))
        for part in nested_codes(code):
            self[part] = counts.rows
            self._counts.append((part, counts))

    def counted(self) -> List[Tuple[CodeType, LineCounts]]:
        return self._counts

    def items(self) -> Iterator[Tuple[str, Iterator[Tuple[int, Any]]]]:  # type: ignore[override]
        """Yields the file of each function that ran and, for each of its lines, the number and the
        measures."""
        import inspect

        for filename, counts in self._toplevel:
            if counts.rows:
                lines, first = inspect.getsourcelines(counts.code)
                numbers = range(first, first + len(lines))
                yield filename, ((number, counts.rows.get(number)) for number in numbers)


class Counting(Around):
    """Counts the lines of a call."""

    def __init__(self, profiler: LineProfiler) -> None:
        self.profiler = profiler

    def enter(self) -> None:
        self.profiler.enable_by_count()

    def leave(self) -> None:
        self.profiler.disable_by_count()


class LineProfiler:
    """Counts what the lines of functions add, in MiB.

    backend is a name for choose_backend(); include_children adds the memory of all descendants; max_mem is a
    size in MiB at or above which a line enters the debugger, instead of being counted.
    """

    timestamp = timestamp

    def __init__(self, **kw: Any) -> None:
        self.backend = backends.choose_backend(kw.get("backend"))
        self.code_map = CodeMap(kw.get("include_children", False), self.backend)
        self.max_mem: Optional[float] = kw.get("max_mem")
        self.enable_count = 0
        self._lock = threading.RLock()  # of the count and what follows from it
        self.reports = _debugger(self) if self.max_mem is not None else ways.line_reports()

    @property
    def way(self) -> str:
        """How lines are reported: "sys.monitoring", "sys.settrace" or "pdb"."""
        name: str = self.reports.NAME
        return name

    def __call__(self, func: Any = None, precision: int = 1) -> Any:
        """Decorates a function. precision is for compatibility and has no effect."""
        if func is None:
            return lambda f: self(f, precision=precision)
        import mprofpp

        if not hasattr(func, "__code__") and hasattr(func, "__func__"):  # a classmethod or staticmethod
            return type(func)(self(func.__func__))
        self.add_function(func)
        mprofpp.profile(func)  # its calls are marked, too, if the program is recorded
        return self.wrap_function(func)

    def add_function(self, func: Callable[..., Any]) -> None:
        """Lets the lines of a Python function be counted while the profiler is enabled."""
        code = getattr(func, "__code__", None)
        if code is None:
            import warnings

            warnings.warn(f"Could not extract a code object for the object {func!r}", stacklevel=2)
            return
        self.code_map.add(code)

    def wrap_function(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Returns a function of the same kind that is counted when it is called."""
        return wrap(func, lambda: Counting(self))

    def runctx(self, cmd: Any, globals: Dict[str, Any], locals: Dict[str, Any]) -> LineProfiler:
        """Executes a statement and counts the added functions meanwhile."""
        self.enable_by_count()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable_by_count()
            for code, _ in self.code_map.counted():
                self.reports.forget(code)
        return self

    def enable_by_count(self) -> None:
        """Starts to count, until as many calls of disable_by_count()."""
        with self._lock:
            self.enable_count += 1
            if self.enable_count == 1:
                for code, counts in self.code_map.counted():
                    self.reports.watch(code)
                    watched.add(code, counts)
        self.reports.enable()

    def disable_by_count(self) -> None:
        if self.enable_count == 0:
            return
        self.reports.disable()
        with self._lock:
            self.enable_count -= 1
            if self.enable_count == 0:
                for code, counts in self.code_map.counted():
                    watched.remove(code, counts)

    enable = enable_by_count
    disable = disable_by_count

    def __enter__(self) -> LineProfiler:
        self.enable_by_count()
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        self.disable_by_count()


def _debugger(profiler: LineProfiler) -> Any:
    from mprofpp.debugging import MemoryBreakpoint

    return MemoryBreakpoint(profiler)
