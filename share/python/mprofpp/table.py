"""The table of lines, byte for byte as memory_profiler 0.61 prints it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, TextIO

    from mprofpp.line_profiler import LineProfiler

_ROW = "{0:>6} {1:>12} {2:>12}  {3:>10}   {4:<}"
_HEADER = _ROW.format("Line #", "Mem usage", "Increment", "Occurrences", "Line Contents")


def _row(number: int, measures: Any, source: List[str], precision: int) -> str:
    line = source[number - 1] if number <= len(source) else "\n"
    if not measures:
        return _ROW.format(number, "", "", "", line)
    added, most, count = measures
    width = precision + 4
    return _ROW.format(
        number, f"{most:{width}.{precision}f} MiB", f"{added:{width}.{precision}f} MiB", count, line
    )


def show_results(prof: LineProfiler, stream: Optional[TextIO] = None, precision: int = 1) -> None:
    """Writes a table for each function that ran, to stdout by default. Memory is in MiB with that many
    decimals.

    Mem usage is the most memory after the line, Increment the sum of what the line added, and Occurrences how
    often it ran. The first row is that of the calls: the most memory at the start of one, the memory at the
    start of the first one, and their number.
    """
    import linecache

    stream = sys.stdout if stream is None else stream
    for filename, lines in prof.code_map.items():
        source = linecache.getlines(filename)
        stream.write(f"Filename: {filename}\n\n{_HEADER}\n{'=' * len(_HEADER)}\n")
        for number, measures in lines:
            stream.write(_row(number, measures, source, precision))
        stream.write("\n\n")
