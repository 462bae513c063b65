"""The memory of processes, as the kernel reports it in /proc.

All sizes are in bytes. The functions raise ProcessLookupError if there is no such process, PermissionError if
the process belongs to someone else, and Unavailable if this system cannot know the number.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, List

PROC = "/proc"
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
MIB = float(1 << 20)


class Unavailable(NotImplementedError):
    """This system does not report the number."""


def has_proc() -> bool:
    """Returns whether this system reports memory in /proc, as Linux does."""
    return os.path.exists(f"{PROC}/self/statm")


def _read(pid: int | str, name: str) -> bytes:
    try:
        with open(f"{PROC}/{pid}/{name}", "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        if not has_proc():
            raise Unavailable(f"{name} of a process needs {PROC}, which this system does not have") from None
        if os.path.exists(f"{PROC}/{pid}"):
            raise Unavailable(f"this kernel has no {PROC}/PID/{name}") from None
        raise ProcessLookupError(f"there is no process {pid}") from None
    except ProcessLookupError:  # it has exited, and was not waited for
        raise ProcessLookupError(f"there is no process {pid} any more") from None


def resident(pid: int | str = "self") -> int:
    """Returns the resident memory (RSS). A process that has exited but was not waited for has 0."""
    if has_proc():
        return int(_read(pid, "statm").split()[1]) * PAGE
    return _resident_elsewhere(os.getpid() if pid == "self" else int(pid))


def _resident_elsewhere(pid: int) -> int:
    """Without /proc, asks psutil if it is installed, and ps otherwise."""
    try:
        import psutil
    except ImportError:
        return resident_by_ps(pid)
    try:
        return int(psutil.Process(pid).memory_info()[0])
    except psutil.NoSuchProcess:
        raise ProcessLookupError(f"there is no process {pid}") from None
    except psutil.AccessDenied as error:
        raise PermissionError(str(error)) from None
    except OSError:  # psutil needs /proc on Linux, and it was there only when psutil was imported
        return resident_by_ps(pid)


def resident_by_ps(pid: int) -> int:
    """Returns the resident memory that the command ps reports."""
    import subprocess

    command = ["ps", "-o", "rss=", "-p", str(pid)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        raise Unavailable("memory cannot be read: this system has neither /proc nor psutil nor ps") from None
    text = done.stdout.strip()
    if text.isdigit():
        return int(text) * 1024
    if has_proc() and not os.path.exists(f"{PROC}/{pid}"):
        raise ProcessLookupError(f"there is no process {pid}")
    raise Unavailable(f"memory cannot be read: ps reports none for process {pid}")


def _sizes(text: bytes) -> Dict[bytes, int]:
    """Returns the sizes in a file of lines like `Pss:  12 kB`."""
    rows = (line.split() for line in text.splitlines())
    return {row[0][:-1]: int(row[1]) * 1024 for row in rows if len(row) == 3 and row[2] == b"kB"}


def proportional(pid: int | str = "self") -> int:
    """Returns the proportional set (PSS): each shared page is split among the processes that share it."""
    return _sizes(_read(pid, "smaps_rollup")).get(b"Pss", 0)


def unique(pid: int | str = "self") -> int:
    """Returns the unique set (USS): the pages that no other process shares."""
    sizes = _sizes(_read(pid, "smaps_rollup"))
    private = (b"Private_Clean", b"Private_Dirty", b"Private_Hugetlb")
    return sum(sizes.get(kind, 0) for kind in private)


def highest(pid: int | str = "self") -> int:
    """Returns the largest resident memory that the process has had (VmHWM); 0 if it has exited."""
    text = _read(pid, "status")
    at = text.find(b"VmHWM:")
    return int(text[at + 6 :].split(None, 1)[0]) * 1024 if at >= 0 else 0


def forget_highest() -> bool:
    """Lets the kernel's mark of the largest memory of this process start again from what it has now. The
    process then also reads a smaller ru_maxrss about itself. Returns whether the kernel allows it."""
    if not has_proc():
        return False
    try:
        fd = os.open(f"{PROC}/self/clear_refs", os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.write(fd, b"5") == 1
    except OSError:
        return False
    finally:
        os.close(fd)


def descendants(pid: int) -> List[int]:
    """Returns the pids of all descendants. A process that exits meanwhile may or may not be among them."""
    if os.path.exists(f"{PROC}/{pid}/task/{pid}/children"):
        return list(_descendants_by_lists(pid))
    if not has_proc():
        return _descendants_elsewhere(pid)
    return _descendants_by_parents(pid)


def _descendants_by_lists(pid: int) -> Iterator[int]:
    try:
        threads = os.listdir(f"{PROC}/{pid}/task")
    except OSError:
        return
    for thread in threads:
        try:
            children = _read(pid, f"task/{thread}/children").split()
        except (OSError, Unavailable):
            continue
        for child in map(int, children):
            yield child
            yield from _descendants_by_lists(child)


def _descendants_by_parents(pid: int) -> List[int]:
    """For kernels without lists of children."""
    children: Dict[int, List[int]] = {}
    for name in filter(str.isdigit, os.listdir(PROC)):
        try:
            parent = int(_read(name, "stat").rpartition(b")")[2].split()[1])
        except (OSError, Unavailable):
            continue
        children.setdefault(parent, []).append(int(name))
    found = [pid]
    for ancestor in found:
        found.extend(children.get(ancestor, []))
    return found[1:]


def _descendants_elsewhere(pid: int) -> List[int]:
    try:
        import psutil
    except ImportError:
        raise Unavailable(
            "child processes cannot be found: this system has neither /proc nor psutil"
        ) from None
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]
