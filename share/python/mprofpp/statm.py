"""The resident memory of this process, read as fast as Python can: from a file that stays open."""

from __future__ import annotations

import os
from functools import partial

from mprofpp import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

MIB_PER_PAGE = memory.PAGE / memory.MIB
_LENGTH = 64  # bytes; the number of resident pages is among the first thirty
_OUT_OF_THE_WAY = 200  # descriptors below are left to the program, which may expect to get the lowest ones


class _Open:
    """The open file. A forked child needs one of its own, with the same number."""

    fd: Optional[int] = None


def _open() -> int:
    fd = os.open(f"{memory.PROC}/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    try:
        import fcntl

        moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
    except (ImportError, OSError):  # no such descriptor is allowed
        return fd
    os.close(fd)
    return moved


def _is_ours(fd: int) -> bool:
    """Returns whether the program has not closed our file and opened another one with its number."""
    try:
        return os.readlink(f"{memory.PROC}/self/fd/{fd}").endswith("/statm")
    except OSError:
        return False


def _open_in_child() -> None:
    if _Open.fd is None:
        return
    if not _is_ours(_Open.fd):
        _Open.fd = None
        return
    try:
        fd = os.open(f"{memory.PROC}/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # the old one would go on reading the parent's memory
        os.close(_Open.fd)
        _Open.fd = None
        return
    os.dup2(fd, _Open.fd, inheritable=False)
    os.close(fd)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_open_in_child)


def raw_reader() -> Callable[[], bytes]:
    """Returns a function that reads the text of statm, for mib_of(). The function raises OSError if the
    program has closed the file; another call of raw_reader() then opens it again."""
    if _Open.fd is None or not _is_ours(_Open.fd):
        _Open.fd = _open()
    return partial(os.pread, _Open.fd, _LENGTH, 0)


def mib_of(text: bytes) -> float:
    """Returns the resident memory in MiB. Raises ValueError or IndexError if the text is not that of
    statm."""
    return int(text.split(b" ", 2)[1]) * MIB_PER_PAGE
