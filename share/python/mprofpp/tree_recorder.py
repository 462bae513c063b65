"""Records processes from a thread of this process: what `record` does where the program mprofpp is
missing."""

from __future__ import annotations

import os
import threading
import time

from mprofpp import dat, memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Set, Tuple


def _stat(pid: int) -> Tuple[str, int, int]:
    """Returns the name of a process, its parent, and its start in clock ticks since boot."""
    with open(f"{memory.PROC}/{pid}/stat", "rb") as file:
        name, _, rest = file.read().partition(b"(")[2].rpartition(b")")
    fields = rest.split()
    return name.decode("utf-8", "surrogateescape"), int(fields[1]), int(fields[19])


def command_of(pid: int) -> List[str]:
    """Returns the arguments of a process, and its name if it has none or this system does not show them."""
    try:
        with open(f"{memory.PROC}/{pid}/cmdline", "rb") as file:
            words = file.read().rstrip(b"\0").split(b"\0")
        return [word.decode("utf-8", "surrogateescape") for word in words if word] or [_stat(pid)[0]]
    except OSError:
        import sys

        return [sys.executable or "python3", *sys.argv] if pid == os.getpid() else [str(pid)]


class TreeRecorder:
    """Writes the memory of a process, and of its descendants if they are wanted, until stop()."""

    def __init__(
        self, writer: dat.Writer, pid: int, interval: float, children: bool, multiprocess: bool
    ) -> None:
        self.writer = writer
        self.pid = pid
        self.interval = interval
        self.children = children
        self.multiprocess = multiprocess
        self.clock = dat.Clock()
        self.known: Set[int] = set()
        self.samples = 0
        self.missed = 0
        self.peak: Optional[float] = None
        self.peak_at = 0.0
        self._ends = threading.Event()
        self._error: Optional[OSError] = None
        self._thread = threading.Thread(target=self._run, name="mprofpp record", daemon=True)

    def start(self) -> None:
        tree = ("C" if self.children else "") + ("M" if self.multiprocess else "")
        self.writer.header(self.pid, command_of(self.pid), self.interval, tree or "-")
        self.tick()
        self._thread.start()

    def stop(self, reason: str = "ended") -> None:
        """Makes the last sample and completes the file. Raises OSError if it could not be written."""
        self._ends.set()
        self._thread.join()
        if self._error is not None:
            raise self._error
        self.tick()
        now = self.clock.now()
        lines = self._peak_lines()
        if self.missed:
            lines.append(f"LOST {now:.6f} ticks {self.missed}")
        self.writer.write(*lines, dat.end_line(now, reason, self.samples, self.peak, self.peak_at))

    def mark(self, text: str) -> None:
        self.writer.write(dat.mark_line(self.clock.now(), self.pid, text))

    def _peak_lines(self) -> List[str]:
        try:
            return [f"PEAK {self.pid} {memory.highest(self.pid) / memory.MIB:.6f} hwm"]
        except (OSError, memory.Unavailable):
            return []

    def _run(self) -> None:
        due = time.monotonic()
        try:
            while True:
                due += self.interval
                late = max(int((time.monotonic() - due) / self.interval), 0)
                self.missed += late
                due += late * self.interval
                if self._ends.wait(max(due - time.monotonic(), 0.0)):
                    return
                self.tick()
        except OSError as error:  # such as a full disk
            self._error = error

    def tick(self) -> None:
        """Writes the lines of one moment."""
        now = self.clock.now()
        wants_children = self.children or self.multiprocess
        found = memory.descendants(self.pid) if wants_children else []
        sizes = self._sizes([self.pid, *found])
        if not sizes.get(self.pid):
            return
        lines = self._births(sizes, now) + self._exits(sizes, now)
        total = sum(sizes.values()) if self.children else sizes[self.pid]
        lines.append(dat.mem_line(total, now))
        if self.multiprocess:
            lines += [dat.child_line(pid, mib, now) for pid, mib in sizes.items() if pid != self.pid]
        self.writer.write(*lines)
        self.samples += 1
        if self.peak is None or total > self.peak:
            self.peak, self.peak_at = total, now

    @staticmethod
    def _sizes(pids: List[int]) -> Dict[int, float]:
        """Returns the MiB of each process that has not exited."""
        sizes = {}
        for pid in pids:
            try:
                size = memory.resident(pid)
            except (OSError, ValueError, IndexError):
                continue
            if size:
                sizes[pid] = size / memory.MIB
        return sizes

    def _births(self, sizes: Dict[int, float], now: float) -> List[str]:
        lines = []
        for pid in sizes.keys() - self.known:
            self.known.add(pid)
            try:
                name, parent, start = _stat(pid)
            except (OSError, IndexError, ValueError):
                continue
            words = dat.field(" ".join(command_of(pid)))
            lines.append(f"PROC {pid} {start} {parent} {now:.6f} {dat.field(name)} {words}")
        return lines

    def _exits(self, sizes: Dict[int, float], now: float) -> List[str]:
        gone = self.known - sizes.keys()
        self.known -= gone
        return [f"EXIT {pid} {now:.6f} -" for pid in gone]
