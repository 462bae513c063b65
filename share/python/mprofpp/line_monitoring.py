"""Reports of lines by sys.monitoring, from CPython 3.12 on. Functions that are not selected run as fast as
ever."""

from __future__ import annotations

import sys

from mprofpp.line_calls import getframe, start_line, watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Dict, List, Optional, Set, Tuple

NAME = "sys.monitoring"
_jumps: Dict[Tuple[int, int, int], int] = {}  # code, from and to -> the line of both
_watching: Set[int] = set()  # id of code whose lines are reported
_kept: List[CodeType] = []  # that code, so that its identity stays its own


def _started(code: CodeType, offset: int) -> None:
    if id(code) in watched.counts:
        watched.begin(getframe(1))


def _line(code: CodeType, line: int) -> None:
    call = watched.calls.get(getframe(1))
    if call is None:
        return
    call.start_line(line)
    if call.also is not None:
        start_line(call.also, line)


def _line_of(code: CodeType, offset: int) -> Optional[int]:
    return next((line for first, end, line in code.co_lines() if first <= offset < end), None)


def _jumped(code: CodeType, offset: int, target: int) -> Any:
    """A jump backwards to the line that runs starts it again, and that is not reported as a start.
    sys.settrace counts it, too."""
    key = (id(code), offset, target)
    line = _jumps.get(key)
    if line is None:
        start = _line_of(code, target)
        line = start if start == _line_of(code, offset) and target <= offset else None
        if line is None:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined]
        _jumps[key] = line
    start_line(watched.calls.get(getframe(1)), line)


def _returned(code: CodeType, offset: int, value: Any) -> None:
    watched.pause(getframe(1))


def _resumed(code: CodeType, offset: int, error: Any = None) -> None:
    if id(code) in watched.counts:
        watched.resume(getframe(1))


def _unwound(code: CodeType, offset: int, error: Any) -> None:
    if id(code) in _watching:
        watched.pause(getframe(1))


class _Tool:
    """Our number among the tools of sys.monitoring; None if other tools use all of them."""

    number: Optional[int] = None


def take_tool() -> bool:
    """Takes a number that no other tool has. Returns whether there is one. Safe to call again."""
    if _Tool.number is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return False
    for number in (4, 3, monitoring.PROFILER_ID):
        if monitoring.get_tool(number) is None:
            monitoring.use_tool_id(number, "mprofpp")
            _Tool.number = number
            _register(monitoring, number)
            return True
    return False


def _register(monitoring: Any, number: int) -> None:
    events = monitoring.events
    callbacks = {
        events.PY_START: _started,
        events.LINE: _line,
        events.JUMP: _jumped,
        events.PY_RETURN: _returned,
        events.PY_YIELD: _returned,
        events.PY_RESUME: _resumed,
        events.PY_THROW: _resumed,
        events.PY_UNWIND: _unwound,
    }
    for event, callback in callbacks.items():
        monitoring.register_callback(number, event, callback)
    monitoring.set_events(
        number, events.PY_UNWIND | events.PY_THROW
    )  # which cannot be had for some code only


def watch(code: CodeType) -> None:
    """Lets the lines of that code be reported, until forget()."""
    if id(code) in _watching:
        return
    _watching.add(id(code))
    _kept.append(code)
    events = sys.monitoring.events  # type: ignore[attr-defined]
    of_code = events.PY_START | events.LINE | events.JUMP | events.PY_RETURN
    of_code |= events.PY_YIELD | events.PY_RESUME
    sys.monitoring.set_local_events(_Tool.number, code, of_code)  # type: ignore[attr-defined]


def forget(code: CodeType) -> None:
    """Ends the reports, unless a profiler still counts the code."""
    if id(code) not in _watching or id(code) in watched.counts:
        return
    sys.monitoring.set_local_events(_Tool.number, code, 0)  # type: ignore[attr-defined]
    _watching.discard(id(code))
    for key in [key for key in _jumps if key[0] == id(code)]:
        del _jumps[key]
    _kept[:] = [other for other in _kept if other is not code]


def enable() -> None:
    """Reports come from all threads at all times."""


def disable() -> None:
    """Calls that no profiler counts cost a look-up for each line."""
