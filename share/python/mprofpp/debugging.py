"""Enters pdb when the memory of the process is at or above a size while a profiled function runs."""

from __future__ import annotations

import sys

from mprofpp import backends
from mprofpp.line_calls import watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Optional

    from mprofpp.line_profiler import LineProfiler


class MemoryBreakpoint:
    """Takes the place of the reports of lines. It stops once; from then on the program is in pdb's hands."""

    NAME = "pdb"

    def __init__(self, profiler: LineProfiler) -> None:
        self.limit = profiler.max_mem or 0.0
        self.backend = profiler.backend
        self.is_done = False
        self.depth = 0
        self.theirs: Any = None

    def watch(self, code: CodeType) -> None:
        """All code is traced."""

    forget = watch

    def enable(self) -> None:
        if self.depth == 0 and not self.is_done:
            self.theirs = sys.gettrace()
            sys.settrace(self._trace)
        self.depth += 1

    def disable(self) -> None:
        self.depth -= 1
        if self.depth == 0 and sys.gettrace() == self._trace:
            sys.settrace(self.theirs)

    def _trace(self, frame: FrameType, event: str, arg: Any) -> Any:
        if self.is_done or id(frame.f_code) not in watched.counts:
            return None
        return self._trace_line

    def _trace_line(self, frame: FrameType, event: str, arg: Any) -> Any:
        if self.is_done:
            return None
        if event in ("line", "return"):
            mib = backends.reader(self.backend, False, frame.f_code.co_filename)()
            if mib >= self.limit:
                return self._stop(frame, event, arg, mib)
        return self._trace_line

    def _stop(self, frame: FrameType, event: str, arg: Any, mib: float) -> Any:
        import pdb

        self.is_done = True
        sys.stdout.write(
            f"Current memory {mib:.2f} MiB exceeded the maximum of {self.limit:.2f} MiB\n"
            "Stepping into the debugger \n"
        )
        debugger = pdb.Pdb()
        debugger.reset()
        around: Optional[FrameType] = frame
        while around is not None:  # so that up, return and next work in the callers, too
            around.f_trace = debugger.trace_dispatch
            debugger.botframe = around
            around = around.f_back
        debugger.set_step()
        sys.settrace(debugger.trace_dispatch)
        return debugger.trace_dispatch(frame, event, arg)
