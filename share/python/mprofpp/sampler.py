"""A thread that reads the memory of this process at regular times.

Python runs the thread between other code, so while a function in C holds the interpreter's lock, no reading
is made. The kernel's mark of the largest memory fills that gap: if it has risen since the last reading, the
new mark was reached in between, and is a sample of its own. So the largest sample is the largest memory that
there was.
"""

from __future__ import annotations

import threading
import time

from mprofpp import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Tuple

    Sample = Tuple[float, float]  # MiB, and seconds since 1970


_LATE = 0.25  # MiB; the kernel's counters may be late by that much, and less is not worth a sample


class HighestMark:
    """The kernel's mark of the largest memory of this process. It starts again from what the process has now,
    so the process reads a smaller ru_maxrss afterwards."""

    def __init__(self) -> None:
        memory.forget_highest()
        self.before = self._read()

    @staticmethod
    def _read() -> float:
        try:
            return memory.highest() / memory.MIB
        except (OSError, memory.Unavailable):
            return 0.0

    def risen_to(self) -> float:
        """Returns the mark in MiB if it has risen since the last call, and 0 otherwise."""
        before, self.before = self.before, self._read()
        return self.before if self.before > before else 0.0


class Sampler:
    """Calls `take` with a reading at once, every `interval` seconds, and at the end.

    `read` returns MiB. With `marks`, what the kernel has marked between two readings is passed as well, with
    the time of the second of them. An exception of `read` or `take` ends the samples, and stop() raises it.
    """

    def __init__(
        self,
        read: Callable[[], float],
        take: Callable[[Sample], None],
        interval: float,
        marks: Optional[HighestMark] = None,
    ) -> None:
        self._read = read
        self._take = take
        self._interval = max(interval, 0.0)
        self._marks = marks
        self._ends = threading.Event()
        self._error: Optional[BaseException] = None
        self._thread = threading.Thread(target=self._run, name="mprofpp", daemon=True)

    def start(self) -> None:
        self._sample()
        self._thread.start()

    def end(self) -> None:
        """Ends the thread."""
        self._ends.set()
        self._thread.join()

    def stop(self) -> None:
        """Ends the thread and makes the last sample."""
        self.end()
        if self._error is not None:
            raise self._error
        self._sample()

    def _sample(self) -> None:
        now = time.time()
        mib = self._read()
        mark = self._marks.risen_to() if self._marks is not None else 0.0
        if mark > mib + _LATE:
            self._take((mark, now))
        self._take((mib, now))

    def _run(self) -> None:
        due = time.monotonic()
        try:
            while True:
                due = max(due + self._interval, time.monotonic())
                if self._ends.wait(max(due - time.monotonic(), 0.0)):
                    return
                self._sample()
        except BaseException as error:
            self._error = error


def sampled(
    read: Callable[[], float], interval: float, marks: Optional[HighestMark]
) -> Tuple[Sampler, List[Sample]]:
    """Returns a sampler and the list to which it appends its samples."""
    samples: List[Sample] = []
    return Sampler(read, samples.append, interval, marks), samples
