"""record: a recording of this process that the process makes of itself."""

from __future__ import annotations

import os

from mprofpp import dat, ways

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from typing import Any, List, Optional, Union

_running: List[record] = []
_PATIENCE = 10  # seconds until the program must have started to record


class record:
    """Records the memory of this process while the block runs:

        with record("x.dat", children=True) as recording:
            recording.mark("phase 2")

    path: the file.
    children: whether the memory of all descendants is added.
    multiprocess: whether each descendant has a curve of its own.
    interval: seconds between samples.
    overwrite: whether the file may exist.
    native: True requires the program mprofpp, False the thread in Python. By default the program records if
        it is on PATH.

    `way` is what records: "mprofpp attach" or "pure Python (a thread)". Raises FileExistsError if the file
    exists, FileNotFoundError if the program is required and missing, OSError if the file cannot be written,
    and ValueError for an interval that is not positive.
    """

    def __init__(
        self,
        path: Union[str, os.PathLike[str]],
        *,
        children: bool = False,
        multiprocess: bool = False,
        interval: float = 0.1,
        overwrite: bool = False,
        native: Optional[bool] = None,
    ) -> None:
        if not interval > 0:
            raise ValueError(f"the interval is {interval} seconds; it must be positive")
        self.path = os.path.abspath(os.fspath(path))
        self.children = children
        self.multiprocess = multiprocess
        self.interval = interval
        self.overwrite = overwrite
        self.way = ""
        self._recorder: Any = None
        self._pid = 0  # of the process that records; a forked child does not
        self._native = native

    def start(self) -> record:
        """Starts to record. The first sample has been made when this returns."""
        program = None if self._native is False else ways.program()
        if program is None and self._native:
            raise FileNotFoundError("the program mprofpp is not on PATH")
        if os.path.exists(self.path) and not self.overwrite:
            raise FileExistsError(f"{self.path} already exists (overwrite=True replaces it)")
        recorder: Any = _Thread(self) if program is None else _Program(self, program)
        recorder.start()
        self._recorder, self.way = recorder, recorder.WAY
        self._pid = os.getpid()
        _running.append(self)
        return self

    def stop(self) -> None:
        """Completes the recording. Raises OSError if a part of it could not be written."""
        if self._recorder is None or self._pid != os.getpid():
            return
        recorder, self._recorder = self._recorder, None
        _running.remove(self)
        recorder.stop()

    def mark(self, text: str) -> None:
        """Marks this moment in this recording with a text."""
        if self._recorder is not None and self._pid == os.getpid():
            self._recorder.mark(text)

    def __enter__(self) -> record:
        return self.start()

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<record {self.path}: {self.way or 'not started'}>"


def mark_all(text: str) -> None:
    """Marks this moment in all recordings that this process makes of itself."""
    for recording in list(_running):
        recording.mark(text)


class _Thread:
    WAY = "pure Python (a thread)"

    def __init__(self, wanted: record) -> None:
        from mprofpp.tree_recorder import TreeRecorder

        self.writer = dat.Writer(wanted.path, wanted.overwrite)
        self.recorder = TreeRecorder(
            self.writer, os.getpid(), wanted.interval, wanted.children, wanted.multiprocess
        )
        self.mark = self.recorder.mark

    def start(self) -> None:
        try:
            self.recorder.start()
        except BaseException:
            self.writer.close()
            raise

    def stop(self) -> None:
        try:
            self.recorder.stop()
        finally:
            self.writer.close()


class _Program:
    WAY = "mprofpp attach"

    def __init__(self, wanted: record, program: str) -> None:
        self.program = program
        options = ["-C"] * wanted.children + ["-M"] * wanted.multiprocess + ["-f"] * wanted.overwrite
        self.command = [program, "attach", "-q", "-T", f"{wanted.interval:.6f}", *options, "-o", wanted.path]
        self.path = wanted.path
        self.process: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        import subprocess

        before = self._identity()
        command = [*self.command, str(os.getpid())]
        # in a session of its own, so that Ctrl-C reaches this process only
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._wait_for_a_sample(before)

    def _identity(self) -> Any:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _has_sample(self, before: Any) -> bool:
        if self._identity() in (None, before):
            return False
        with open(self.path, "rb") as file:
            return b"\nMEM " in file.read()

    def _wait_for_a_sample(self, before: Any) -> None:
        import time

        assert self.process is not None
        deadline = time.monotonic() + _PATIENCE
        while not self._has_sample(before):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise OSError(self._message() or f"mprofpp has not started to write {self.path}")
            time.sleep(0.001)

    def _message(self) -> str:
        """Waits for the end of the recorder. Returns what it has printed. Kills it if it does not end."""
        import subprocess

        assert self.process is not None
        try:
            text: bytes = self.process.communicate(timeout=_PATIENCE)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            text = self.process.communicate()[1]
        return text.decode("utf-8", "replace").strip()

    def mark(self, text: str) -> None:
        import subprocess

        command = [self.program, "mark", "-p", str(os.getpid()), "--", text]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()  # a program that runs in the background may pass on that SIGINT is ignored
        message = self._message()
        if self.process.returncode != 0:
            raise OSError(message or f"mprofpp has not completed {self.path}")
