"""LogFile: a stream for tables that writes to a logger."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_INFO = 20  # logging.INFO


class LogFile:
    """A file-like object whose text goes to the logger `name` (None: the root logger). With
    reportIncrementFlag, only titles, headers and the rows of lines that have added memory."""

    def __init__(self, name: Optional[str] = None, reportIncrementFlag: bool = False) -> None:
        import logging

        self.logger = logging.getLogger(name)
        self.reportIncrementFlag = reportIncrementFlag

    def write(self, msg: str, level: int = _INFO) -> None:
        if not self.reportIncrementFlag or self._is_wanted(msg):
            self.logger.log(level, msg)

    def _is_wanted(self, msg: str) -> bool:
        if "Filename:" in msg or "Line Contents" in msg:
            return True
        import re

        amounts = re.findall(r"(-?\d+(?:\.\d+)?) MiB", msg)
        return len(amounts) > 1 and float(amounts[1]) > 0

    def flush(self) -> None:
        for handler in self.logger.handlers:
            handler.flush()
