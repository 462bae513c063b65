"""memory_usage(): the memory of a process, or of this one while it calls a function."""

from __future__ import annotations

import os
import time

from mprofpp import backends, memory
from mprofpp.sampler import HighestMark, sampled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, TextIO, Tuple, Union

    Sample = Tuple[float, float]
    Call = Tuple[Callable[..., Any], Tuple[Any, ...], Dict[str, Any]]

_ENOUGH_SAMPLES = 5  # a call with fewer is repeated if the caller has asked for repetitions
_SHORTEST_INTERVAL = 1e-6  # seconds, of repetitions
_TICKS_PER_FLUSH = 50


def memory_usage(
    proc: Any = -1,
    interval: float = 0.1,
    timeout: Optional[float] = None,
    timestamps: bool = False,
    include_children: bool = False,
    multiprocess: bool = False,
    max_usage: bool = False,
    retval: bool = False,
    stream: Optional[TextIO] = None,
    backend: Optional[str] = None,
    max_iterations: Optional[int] = None,
) -> Any:
    """Returns the memory of a process, or of this process while it calls a function, in MiB.

    proc: a pid, as a number or as text (-1 is this process); a subprocess.Popen; or a function, which is
        called: f, (f,), (f, args) or (f, args, kwargs).
    interval: seconds between two samples.
    timeout: seconds after which the samples of a process end. Without it, a pid gets one sample, and a Popen
        is sampled until it exits. A function always runs to its end.
    timestamps: samples are pairs (MiB, seconds since 1970).
    include_children: adds the memory of all descendants.
    multiprocess: of a pid or Popen, each sample is a list: its own memory, then that of each descendant.
    max_usage: returns only the largest sample, a float.
    retval: of a function, returns a pair: the samples, and what the function returned.
    stream: writes the samples there as lines of a recording, and returns None.
    backend: see choose_backend().
    max_iterations: of a function: it is called again, up to this number of calls, with a tenth of the
        interval each time, as long as there are fewer than five samples. It is called once if this is not
        given.

    A function is sampled by a thread of this process; see the module sampler for what that means. The first
    sample is from before the call and the last one from after it. An exception of the function is raised.

    Raises TypeError and ValueError for arguments that are not as described, KeyError for an unknown backend,
    and for processes what the module memory raises.
    """
    options = _Options(interval, timeout, timestamps or stream is not None, include_children, max_usage)
    options.backend = backends.choose_backend(backend)
    options.multiprocess = multiprocess
    options.stream = stream
    call = _call_in(proc)
    if call is not None:
        result = _usage_of_call(call, options, max_iterations or 1)
        if stream is not None:
            return None
        return result if retval else result[0]
    pid, is_running = _process_in(proc, timeout)
    return _usage_of_process(pid, is_running, options)


class _Options:
    def __init__(
        self,
        interval: float,
        timeout: Optional[float],
        timestamps: bool,
        include_children: bool,
        max_usage: bool,
    ) -> None:
        if interval < 0:
            raise ValueError(f"the interval is {interval} seconds; it must not be negative")
        self.interval = interval
        self.timeout = timeout
        self.timestamps = timestamps
        self.include_children = include_children
        self.max_usage = max_usage
        self.backend = ""
        self.multiprocess = False
        self.stream: Optional[TextIO] = None


def _call_in(proc: Any) -> Optional[Call]:
    """Returns the function that is to be called, and its arguments; None if it is a process."""
    if callable(proc):
        return proc, (), {}
    if not isinstance(proc, (list, tuple)):
        return None
    if not 1 <= len(proc) <= 3:
        raise ValueError(f"a function is (f,), (f, args) or (f, args, kwargs), not {len(proc)} values")
    if not callable(proc[0]):
        raise TypeError(f"the first value is the function that is called, and {proc[0]!r} is not one")
    args = proc[1] if len(proc) > 1 else ()
    kwargs = proc[2] if len(proc) > 2 else {}
    return proc[0], args, kwargs


def _process_in(proc: Any, timeout: Optional[float]) -> Tuple[int, Callable[[], bool]]:
    """Returns the pid, and a function that returns whether there are more samples to take."""
    if hasattr(proc, "pid") and hasattr(proc, "poll"):
        return proc.pid, lambda: proc.poll() is None
    if isinstance(proc, str) and proc.isdecimal():
        proc = int(proc)
    if not isinstance(proc, int):
        raise TypeError(f"proc is a pid, a Popen or a function with its arguments, not {proc!r}")
    return (os.getpid() if proc == -1 else proc), lambda: timeout is not None


def _usage_of_call(call: Call, options: _Options, max_iterations: int) -> Tuple[Any, Any]:
    func, args, kwargs = call
    interval = options.interval
    while True:
        samples, returned = _sample_call(lambda: func(*args, **kwargs), interval, options)
        max_iterations -= 1
        if len(samples) >= _ENOUGH_SAMPLES or max_iterations == 0 or interval < _SHORTEST_INTERVAL:
            break
        interval /= 10
    if options.stream is not None:
        for sample in samples:
            options.stream.write(_line("MEM", *sample))
    if options.max_usage:
        return max(mib for mib, _ in samples), returned
    if options.timestamps:
        return samples, returned
    return [mib for mib, _ in samples], returned


def _sample_call(call: Callable[[], Any], interval: float, options: _Options) -> Tuple[List[Sample], Any]:
    is_own_rss = options.backend == "psutil" and not options.include_children and memory.has_proc()
    read = memory_reader(options.backend, options.include_children)
    sampler, samples = sampled(read, interval, HighestMark() if is_own_rss else None)
    sampler.start()
    try:
        returned = call()
    except BaseException:
        sampler.end()
        raise
    sampler.stop()
    return samples, returned


def memory_reader(backend: str, include_children: bool) -> Callable[[], float]:
    """Returns a function that reads the MiB of this process."""
    pid = os.getpid()
    return lambda: backends.memory_of(pid, backend, include_children)


def _line(kind: str, mib: float, at: float) -> str:
    return f"{kind} {mib:.6f} {at:.4f}\n"


class _ProcessSamples:
    """The samples of a process: in a list, as the largest of them, or as lines of a stream."""

    def __init__(self, pid: int, options: _Options) -> None:
        self.pid = pid
        self.options = options
        self.kept: List[Any] = []
        self.largest = -1.0
        self.ticks = 0

    def take(self) -> None:
        options = self.options
        now = time.time()
        mib = backends.memory_of(self.pid, options.backend, options.include_children)
        self.largest = max(self.largest, mib)
        self.ticks += 1
        if options.stream is not None:
            self._write(options.stream, mib, now)
        elif not options.max_usage:
            self.kept.append(self._sample(mib, now))

    def _children(self) -> List[Tuple[int, float]]:
        return list(backends.memory_of_children(self.pid, self.options.backend))

    def _sample(self, mib: float, now: float) -> Any:
        own: Any = (mib, now) if self.options.timestamps else mib
        return [own, *(child for _, child in self._children())] if self.options.multiprocess else own

    def _write(self, stream: TextIO, mib: float, now: float) -> None:
        stream.write(_line("MEM", mib, now))
        if self.options.multiprocess:
            for pid, child in self._children():
                stream.write(_line(f"CHLD {pid}", child, now))
        if self.ticks % _TICKS_PER_FLUSH == 0:
            stream.flush()

    def result(self) -> Union[None, float, List[Any]]:
        if self.options.stream is not None:
            return None
        return self.largest if self.options.max_usage else self.kept


def _usage_of_process(pid: int, is_running: Callable[[], bool], options: _Options) -> Any:
    samples = _ProcessSamples(pid, options)
    most = (
        None if options.timeout is None else max(int(round(options.timeout / (options.interval or 0.1))), 1)
    )
    due = time.monotonic()
    while True:
        try:
            samples.take()
        except ProcessLookupError:
            if samples.ticks == 0:
                raise
            return samples.result()  # it has ended since the last sample
        due += options.interval
        time.sleep(max(due - time.monotonic(), 0.0))
        if samples.ticks == most or not is_running():
            return samples.result()
