"""Which line each call of a function is in, so that what the memory gains can be added to that line.

Each call has a state of its own, also while it is suspended, so recursion, threads, tasks and generators
never mix. A line includes what other functions add that it calls, but not what inner calls of the same
function add: those count for their own lines. Nothing is counted while a generator waits at `yield`. So the
increments of a function, without its first row, add up to the memory at the end of its calls minus that at
their start.
"""

from __future__ import annotations

from sys import _getframe as getframe

from mprofpp import backends, memory, statm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Dict, List, Optional, Union

    Raw = Union[bytes, float]
    Row = List[Any]


def _as_it_is(raw: Any) -> float:
    return raw  # type: ignore[no-any-return]


class LineCounts:
    """What the lines of a function, and of the functions that are defined in it, have added."""

    __slots__ = ("code", "rows", "read", "mib_of", "running", "slow", "latest")

    def __init__(self, code: CodeType, backend: str, include_children: bool) -> None:
        self.code = code
        # line -> [MiB that it added, the most MiB after it, how often it ran]; the first is that of the calls
        self.rows: Dict[int, Row] = {}
        self.running = 0  # calls that run now
        self.latest: Raw = 0.0  # as the slow reader has it
        self.slow = backends.reader(backend, include_children, code.co_filename)
        self.read: Callable[[], Raw] = self.slow
        self.mib_of: Callable[[Any], float] = _as_it_is
        if backend == "psutil" and not include_children and memory.has_proc():
            self.read, self.mib_of = statm.raw_reader(), statm.mib_of

    def reading(self) -> Raw:
        """Returns a reading whose value is known. The program may have closed the file of the fast reader,
        and may have no descriptor left for the slow one: then nothing is added until there is one."""
        try:
            raw = self.read()
            self.mib_of(raw)
        except (OSError, ValueError, IndexError):
            self.read, self.mib_of = self._read_slowly, _as_it_is
            raw = self.read()
        return raw

    def _read_slowly(self) -> Raw:
        try:
            self.latest = self.slow()
        except OSError:
            pass
        return self.latest


class LineCall:
    """A call of a function whose lines are counted."""

    __slots__ = ("counts", "rows", "first_line", "read", "row", "raw", "mib", "outer", "also")

    def __init__(self, counts: LineCounts, also: Optional[LineCall]) -> None:
        self.counts = counts
        self.rows = counts.rows
        self.first_line = counts.code.co_firstlineno
        self.read = counts.read
        self.row: Optional[Row] = None  # of the line that runs
        self.raw: Any = None  # the reading at its start
        self.mib = 0.0  # of that
        self.outer: Optional[LineCall] = None  # of the same function, which waits for this one
        self.also = also  # the same call, as another profiler counts it

    def begin(self, frame: FrameType, calls: Dict[FrameType, LineCall]) -> None:
        """Starts the call. The memory that was added before its first line counts for that line."""
        self.resume(frame, calls)
        code = self.counts.code
        if frame.f_code is not code:
            return
        row = self.rows.get(code.co_firstlineno)
        if row is None:
            row = self.rows[code.co_firstlineno] = [self.mib, 0.0, 0]
        row[1] = max(row[1], self.mib)
        row[2] += 1

    def resume(self, frame: FrameType, calls: Dict[FrameType, LineCall]) -> None:
        """Starts the call, or lets it go on, without counting it."""
        counts = self.counts
        self.raw = counts.reading()
        self.mib = counts.mib_of(self.raw)
        self.outer = self._outer_of(frame, calls) if counts.running else None
        counts.running += 1
        if self.outer is not None:  # its line gets what was added until now
            self.outer.settle(self.raw, self.mib)

    def _outer_of(self, frame: FrameType, calls: Dict[FrameType, LineCall]) -> Optional[LineCall]:
        around = frame.f_back
        while around is not None:
            call = calls.get(around)
            while call is not None:
                if call.counts is self.counts:
                    return call
                call = call.also
            around = around.f_back
        return None

    def settle(self, raw: Raw, mib: float) -> None:
        """Adds to the line that runs what was added since the reading before."""
        row = self.row
        if row is not None:
            row[0] += mib - self.mib
        self.raw = raw
        self.mib = mib

    def pause(self) -> None:
        """Ends the call, or its turn if it is suspended."""
        counts = self.counts
        raw = counts.reading()
        mib = counts.mib_of(raw)
        self.settle(raw, mib)
        row = self.row
        if row is not None and mib > row[1]:
            row[1] = mib
        counts.running -= 1
        if self.outer is not None:
            self.outer.raw, self.outer.mib = raw, mib
            self.outer = None

    def start_line(self, line: int) -> None:
        """Ends the line that runs and starts another one. Most lines do not change the text that was read,
        and then there is nothing to add."""
        row = self.row
        if row is not None:
            try:
                raw = self.read()
                if raw != self.raw:
                    mib = self.counts.mib_of(raw)
                    row[0] += mib - self.mib
                    self.mib = mib
                    self.raw = raw
            except (OSError, ValueError, IndexError):
                raw = self.counts.reading()
                self.read = self.counts.read
                self.settle(raw, self.counts.mib_of(raw))
            if self.mib > row[1]:
                row[1] = self.mib
        row = self.rows.get(line)
        if row is None:
            row = self.rows[line] = [0.0, 0.0, 0]
        self.row = row
        if line != self.first_line:  # a function of one line counts its calls there
            row[2] += 1


class Watched:
    """The functions whose lines are counted at this moment, by the identity of their code. That is faster
    than the code itself, whose hash is computed from all of its content."""

    def __init__(self) -> None:
        self.counts: Dict[int, List[LineCounts]] = {}
        self.calls: Dict[FrameType, LineCall] = {}

    def add(self, code: CodeType, counts: LineCounts) -> None:
        self.counts.setdefault(id(code), []).append(counts)

    def remove(self, code: CodeType, counts: LineCounts) -> None:
        """Calls that run are counted to their end."""
        remaining = [other for other in self.counts[id(code)] if other is not counts]
        if remaining:
            self.counts[id(code)] = remaining
        else:
            del self.counts[id(code)]

    def begin(self, frame: FrameType) -> Optional[LineCall]:
        """Starts the call of that frame. Returns None if no profiler counts it."""
        call = None
        for counts in self.counts.get(id(frame.f_code), ()):
            call = LineCall(counts, call)
            call.begin(frame, self.calls)
        if call is not None:
            self.calls[frame] = call
        return call

    def resume(self, frame: FrameType) -> Optional[LineCall]:
        """Lets a call go on in the line in which it waited. Nothing is kept of a call that waits, because
        some are closed without a report, and what they refer to must be freed then."""
        call = None
        for counts in self.counts.get(id(frame.f_code), ()):
            call = LineCall(counts, call)
            call.row = counts.rows.get(frame.f_lineno)
            call.resume(frame, self.calls)
        if call is not None:
            self.calls[frame] = call
        return call

    def pause(self, frame: FrameType) -> None:
        """Ends the call of that frame, or its turn."""
        call = self.calls.pop(frame, None)
        while call is not None:
            call.pause()
            call = call.also


def start_line(call: Optional[LineCall], line: int) -> None:
    while call is not None:
        call.start_line(line)
        call = call.also


watched = Watched()


def nested_codes(code: CodeType) -> List[CodeType]:
    """Returns the code and that of all functions, lambdas, comprehensions and classes that it defines."""
    found = [code]
    for outer in found:
        found.extend(constant for constant in outer.co_consts if hasattr(constant, "co_code"))
    return found


__all__ = ["LineCall", "LineCounts", "getframe", "nested_codes", "start_line", "watched"]
