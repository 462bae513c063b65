"""memory_profiler's backends: which memory is read, and how. All sizes are in MiB."""

from __future__ import annotations

import os
import sys

from mprofpp import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterator, List, Optional, Tuple

NAMES = ("psutil", "psutil_pss", "psutil_uss", "posix", "tracemalloc")
_METRICS: Dict[str, Callable[[int], int]] = {
    "psutil": memory.resident,
    "psutil_pss": memory.proportional,
    "psutil_uss": memory.unique,
    "posix": memory.resident_by_ps,
}


def _has_rollup() -> bool:
    return os.path.exists(f"{memory.PROC}/self/smaps_rollup")


def _is_available(name: str) -> bool:
    if name in ("psutil_pss", "psutil_uss"):
        return _has_rollup()
    return name != "posix" or os.name == "posix"


def choose_backend(new_backend: Optional[str] = None) -> str:
    """Returns the name of the backend that is used for that one.

    psutil is RSS, psutil_pss PSS and psutil_uss USS, all of them read from /proc; psutil itself is not
    needed. posix is RSS as ps reports it, and tracemalloc what the file of the profiled function has
    allocated. If this system does not have the one that is wanted, warns and returns "psutil". Raises
    KeyError for another name.
    """
    if new_backend is None:
        return NAMES[0]
    if new_backend not in NAMES:
        raise KeyError(f"there is no backend {new_backend!r}; use one of {', '.join(NAMES)}")
    if _is_available(new_backend):
        return new_backend
    import warnings

    warnings.warn(f"{new_backend} can not be used, {NAMES[0]} used instead", stacklevel=2)
    return NAMES[0]


def memory_of_children(pid: int, backend: str = "psutil") -> Iterator[Tuple[int, float]]:
    """Yields the pid and the MiB of each descendant that is alive and may be read."""
    metric = _METRICS[backend]
    for child in memory.descendants(pid):
        try:
            yield child, metric(child) / memory.MIB
        except (ProcessLookupError, PermissionError):
            continue


def memory_of(pid: int, backend: str = "psutil", include_children: bool = False) -> float:
    """Returns the MiB of a process, -1 for this one, with or without its descendants.

    Raises the exceptions of the module memory; RuntimeError for tracemalloc, which needs a source file.
    """
    if backend == "tracemalloc":
        raise RuntimeError("There is no access to source file of the profiled function")
    pid = os.getpid() if pid == -1 else pid
    try:
        own = _METRICS[backend](pid) / memory.MIB
    except ProcessLookupError as error:
        raise _as_psutil(error, "NoSuchProcess", pid) from None
    except PermissionError as error:
        raise _as_psutil(error, "AccessDenied", pid) from None
    if not include_children:
        return own
    return own + sum(mib for _, mib in memory_of_children(pid, backend))


def _as_psutil(error: OSError, name: str, pid: int) -> Exception:
    """A program that handles psutil's exceptions has imported psutil, and may go on handling them."""
    psutil = sys.modules.get("psutil")
    if psutil is None:
        return error
    both = type(name, (getattr(psutil, name), type(error)), {"__str__": lambda self: str(error)})
    made: Exception = both(pid)
    return made


def traced_in(filename: str) -> float:
    """Returns the MiB that code of the file has allocated and not freed, as tracemalloc knows it."""
    import tracemalloc

    if not tracemalloc.is_tracing():
        tracemalloc.start()
    statistics: List[tracemalloc.Statistic] = tracemalloc.take_snapshot().statistics("filename")
    return sum(s.size for s in statistics if s.traceback[0].filename == filename) / memory.MIB


def reader(
    backend: str, include_children: bool = False, filename: Optional[str] = None
) -> Callable[[], float]:
    """Returns a function that reads the MiB of this process; with tracemalloc, those of the file."""
    if backend != "tracemalloc":
        return lambda: memory_of(-1, backend, include_children)
    source = filename or "<unknown>"
    if source == "<unknown>":
        raise RuntimeError("There is no access to source file of the profiled function")
    return lambda: traced_in(source)
