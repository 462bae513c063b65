"""The recording of a cell of a notebook, and its chart."""

from __future__ import annotations

import os
import subprocess
import tempfile

from mprofpp import chart, memory, ways
from mprofpp.mprof import read_mprofile_file
from mprofpp.recording import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Tuple

_TITLE = "memory of the cell"


class CellRecording:
    """Records this process while a cell runs. path: where the recording stays; "" if it is removed at the
    end."""

    def __init__(self, path: str, interval: float, children: bool) -> None:
        self.is_kept = bool(path)
        self.folder = tempfile.TemporaryDirectory(prefix="mprofpp-")
        self.path = path or os.path.join(self.folder.name, "cell.dat")
        self.recording = record(self.path, children=children, interval=interval, overwrite=True)

    def run(self, function: Callable[[], Any]) -> Any:
        memory.forget_highest()  # so that the kernel's peak in the chart is that of the cell
        with self.recording:
            return function()

    def show(self, has_pictures: bool) -> None:
        """Prints a line about the cell, and shows its chart, as a picture or as text."""
        print(self._line())
        if has_pictures:
            from IPython.display import display

            display(self._output(), raw=True)
        else:
            print(self._plot("--term"), end="")
        self.folder.cleanup()

    def _output(self) -> Dict[str, str]:
        """Returns the picture as an image within HTML: nbconvert removes most of an SVG that is an output
        itself."""
        from base64 import b64encode

        data = b64encode(self._picture().encode()).decode()
        image = f'<img alt="{_TITLE}" src="data:image/svg+xml;base64,{data}">'
        return {"text/html": image, "text/plain": "<chart of the memory>"}

    def _plot(self, *options: str) -> str:
        """Returns what `mprofpp plot` prints; an empty text if it is missing."""
        program = ways.program()
        if program is None:
            return ""
        command = [program, "plot", "-t", _TITLE, *options, self.path]
        done = subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""

    def _points(self) -> List[Tuple[float, float]]:
        content = read_mprofile_file(self.path)
        start = content["timestamp"][0]
        return [(at - start, mib) for at, mib in zip(content["timestamp"], content["mem_usage"])]

    def _line(self) -> str:
        points = self._points()
        peak, first, last = max(mib for _, mib in points), points[0][1], points[-1][1]
        kept = f", in {self.path}" if self.is_kept else ""
        growth = f"growth {last - first:+.2f} MiB in {points[-1][0]:.2f} s"
        return f"peak memory: {peak:.2f} MiB, {growth} (recorded by {self.recording.way}{kept})"

    def _picture(self) -> str:
        drawn = self._plot("--format", "svg", "--size", "900x360", "-o", "-")
        if drawn:
            return drawn
        return chart.svg(self._points(), self._marks(), _TITLE)

    def _marks(self) -> List[Tuple[float, str]]:
        from urllib.parse import unquote

        start = read_mprofile_file(self.path)["timestamp"][0]
        with open(self.path, encoding="utf-8", errors="replace") as file:
            rows = [line.split() for line in file if line.startswith("MARK ")]
        return [(float(row[1]) - start, unquote(row[3])) for row in rows]
