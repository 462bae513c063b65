"""Writes recordings as Python can make them. The format is described in share/doc/format.md of mprofpp."""

from __future__ import annotations

import os
import re
import threading
import time

from mprofpp import memory
from mprofpp.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Iterable, List, Optional

_ESCAPED = re.compile(rb"[\x00-\x20\x7f%$\\]")


def _percent(match: re.Match[bytes]) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in match[0])


def field(text: str) -> str:
    """Returns the text as one field of a line."""
    encoded = _ESCAPED.sub(_percent, text.encode("utf-8", "surrogateescape"))
    written = encoded.decode("utf-8", "surrogateescape")
    written = "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in written)
    return {"": "-", "-": "%2D"}.get(written, written)


def command_for_people(arguments: Iterable[str]) -> str:
    """Returns the text of a CMDLINE line: memory_profiler's reader needs it to have no `$` and no other
    lines."""
    words = (f'"{word}"' if " " in word or not word else word for word in arguments)
    text = " ".join(words).replace("$", r"\$").encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


class Writer:
    """A recording that is being written. Each call writes whole lines at once, from any thread."""

    def __init__(self, path: str | os.PathLike[str], overwrite: bool) -> None:
        """Raises FileExistsError if there is such a file and it is not to be overwritten, and OSError."""
        self.file: IO[bytes] = open(path, "wb" if overwrite else "xb", buffering=0)
        self.lock = threading.Lock()
        self._take_file()

    def _take_file(self) -> None:
        """Keeps other recorders from writing to the file meanwhile."""
        try:
            import fcntl

            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (ImportError, OSError):
            pass

    def write(self, *lines: str) -> None:
        text = "".join(f"{line}\n" for line in lines).encode()
        with self.lock:
            self.file.write(text)

    def header(self, pid: int, arguments: List[str], interval: float, tree: str) -> None:
        argv = " ".join(map(field, arguments)) or "-"
        settings = {
            "format": "1",
            "version": VERSION,
            "recorder": "python",
            "interval": f"{interval:.6f}",
            "metric": "rss",
            "page_size": str(memory.PAGE),
            "start": f"{time.time():.6f}",
            "root": str(pid),
            "tree": tree,
            "argv": argv,
        }
        metas = [f"META {key} {value}" for key, value in settings.items()]
        self.write(f"CMDLINE {command_for_people(arguments)}", *metas)

    def close(self) -> None:
        self.file.close()


class Clock:
    """Times since 1970 that do not jump when the clock of the machine is set."""

    def __init__(self) -> None:
        self.base = time.time() - time.monotonic()

    def now(self) -> float:
        return self.base + time.monotonic()


def mem_line(mib: float, at: float) -> str:
    return f"MEM {mib:.6f} {at:.6f}"


def child_line(pid: int, mib: float, at: float) -> str:
    return f"CHLD {pid} {mib:.6f} {at:.6f}"


def mark_line(at: float, pid: int, text: str) -> str:
    return f"MARK {at:.6f} {pid} {field(text)}"


def end_line(at: float, reason: str, samples: int, peak: Optional[float], peak_at: float) -> str:
    return f"END {at:.6f} {reason} {samples} {peak or 0.0:.6f} {peak_at:.6f}"
