"""Reports of lines by sys.settrace, for CPython before 3.12. A trace function that the program has set, such
as that of a debugger or of coverage, goes on getting all events."""

from __future__ import annotations

import sys
import threading

from mprofpp.line_calls import start_line, watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Optional

    from mprofpp.line_calls import LineCall

    Trace = Callable[[FrameType, str, Any], Any]

NAME = "sys.settrace"


class _OfThread(threading.local):
    depth = 0
    ours: Optional[Trace] = None
    theirs: Optional[Trace] = None


_thread = _OfThread()


class _FrameTrace:
    """The trace function of a counted frame. The frame keeps it while it is suspended."""

    __slots__ = ("call", "theirs")

    def __init__(self, call: LineCall) -> None:
        self.call = call
        self.theirs: Optional[Trace] = None

    def event(self, frame: FrameType, event: str, arg: Any) -> Trace:
        if event == "line":
            call = self.call
            call.start_line(frame.f_lineno)
            if call.also is not None:
                start_line(call.also, frame.f_lineno)
        elif event == "return":  # also of a generator that waits at yield
            watched.pause(frame)
        if self.theirs is not None:
            self.theirs = self.theirs(frame, event, arg)
        return self.event


def _trace(frame: FrameType, event: str, arg: Any) -> Optional[Trace]:
    """Is called when code starts or goes on."""
    if id(frame.f_code) not in watched.counts:
        return None
    is_resumed = isinstance(getattr(frame.f_trace, "__self__", None), _FrameTrace)
    call = watched.resume(frame) if is_resumed else watched.begin(frame)
    return None if call is None else _FrameTrace(call).event


def _trace_with(theirs: Trace) -> Trace:
    def trace(frame: FrameType, event: str, arg: Any) -> Optional[Trace]:
        ours = _trace(frame, event, arg)
        wanted = theirs(frame, event, arg)
        if (
            sys.gettrace() is not trace and _thread.depth
        ):  # some put themselves in our place when they are called
            sys.settrace(trace)
        if ours is None:
            return wanted  # type: ignore[no-any-return]
        ours.__self__.theirs = wanted  # type: ignore[attr-defined]
        return ours

    return trace


def watch(code: CodeType) -> None:
    """All code is traced while enable() is in effect."""


def forget(code: CodeType) -> None:
    """See watch()."""


def enable() -> None:
    """Traces this thread until as many calls of disable()."""
    if _thread.depth == 0:
        _thread.theirs = sys.gettrace()
        _thread.ours = _trace if _thread.theirs is None else _trace_with(_thread.theirs)
        sys.settrace(_thread.ours)
    _thread.depth += 1


def disable() -> None:
    """A trace function that the program has set meanwhile stays."""
    if _thread.depth == 0:
        return
    _thread.depth -= 1
    if _thread.depth == 0 and sys.gettrace() is _thread.ours:
        sys.settrace(_thread.theirs)
