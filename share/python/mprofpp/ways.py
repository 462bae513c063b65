"""Which parts of mprofpp work in this process: the native ones where they are, pure Python otherwise."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_LINES = "MPROFPP_LINES"  # the recorder sets it for programs whose lines the agent counts


def has_agent() -> bool:
    """Returns whether mprofpp's agent is loaded, because `mprofpp run` or `mprofpp lines` has started
    this."""
    mark = getattr(sys.modules.get("mprofpp"), "mark", None)
    return mark is not None and not hasattr(mark, "__code__")  # the agent's is not written in Python


def counts_lines_natively() -> bool:
    """Returns whether the agent counts lines, so that `mprofpp lines` will print the tables."""
    return has_agent() and "replace" in os.environ.get(_LINES, "").split(",")


def line_reports() -> Any:
    """Returns the module that reports lines in this interpreter."""
    from mprofpp import line_monitoring, line_tracing

    return line_monitoring if line_monitoring.take_tool() else line_tracing


def program() -> str | None:
    """Returns the path of the program mprofpp; None if it is not on PATH."""
    import shutil

    return shutil.which("mprofpp")


def engine() -> str:
    """Returns a line about what is used here: for marks, for the lines of functions, and for recordings."""
    agent = "native agent" if has_agent() else "none, the program is not recorded"
    lines = "native agent" if counts_lines_natively() else f"pure Python ({line_reports().NAME})"
    recorder = program() or "pure Python (a thread)"
    return f"marks: {agent}; lines: {lines}; record: {recorder}"
