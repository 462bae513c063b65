"""What programs import from memory_profiler's mprof: the reader of recordings, and `mprof run`."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    import os
    from typing import Any, Dict, Iterable, List, Union


class _Content:
    """What has been read of a recording."""

    def __init__(self, filename: Union[str, os.PathLike[str]]) -> None:
        self.filename = filename
        self.mem_usage: List[float] = []
        self.timestamp: List[float] = []
        self.func_timestamp: Dict[str, List[List[float]]] = {}
        self.children: Dict[str, List[Any]] = {}
        self.cmd_line: Any = None

    def take(self, line: str) -> None:
        """Raises ValueError or IndexError for a line that cannot be read."""
        kind, _, rest = line.partition(" ")
        values = rest.split(" ")
        if kind == "MEM":
            mib, at = float(values[0]), float(values[1])
            self.mem_usage.append(mib)
            self.timestamp.append(at)
        elif kind == "CHLD":
            self.children.setdefault(values[0], []).append((float(values[1]), float(values[2])))
        elif kind == "FUNC":
            mib_in, t_in, mib_out, t_out = map(float, values[1:5])
            level = [int(value) for value in values[5:6]]
            self.func_timestamp.setdefault(values[0], []).append([t_in, t_out, mib_in, mib_out, *level])
        elif kind == "CMDLINE":
            self.cmd_line = rest


def read_mprofile_file(filename: Union[str, os.PathLike[str]]) -> Dict[str, Any]:
    """Reads a recording of mprofpp or of mprof.

    Returns a dict: mem_usage, a list in MiB; timestamp, the seconds since 1970 of each; func_timestamp, for
    each function a list of [start, end, MiB at the start, MiB at the end, level]; children, for each pid a
    list of (MiB, seconds); cmd_line, text; filename. A sparse recording has samples where something has
    changed only.

    Raises OSError, and ValueError with the number of the line if a line cannot be read. A last line that is
    not complete, because its writer was killed, is left out.
    """
    content = _Content(filename)
    with open(filename, encoding="utf-8", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            try:
                content.take(line)
            except (ValueError, IndexError):
                if line.endswith("\n"):
                    raise ValueError(f"{filename}: line {number} cannot be read: {line.strip()}") from None
    if not content.mem_usage:
        raise ValueError(f"{filename} has no samples, so it is not a recording or the program ended too soon")
    return vars(content)


def function_labels(dotted_function_names: Iterable[str]) -> Dict[str, str]:
    """Returns for each name its shortest end, of whole parts, that no other name has at that length."""
    wanted = {name: 1 for name in dotted_function_names}
    while True:
        labels: Dict[str, List[str]] = {}
        for name, parts in wanted.items():
            labels.setdefault(".".join(name.split(".")[-parts:]), []).append(name)
        ambiguous = [name for names in labels.values() if len(names) > 1 for name in names]
        if not ambiguous:
            return {names[0]: label for label, names in labels.items()}
        for name in ambiguous:
            wanted[name] += 1


def _parser() -> argparse.ArgumentParser:
    from argparse import REMAINDER, ArgumentParser

    parser = ArgumentParser(prog="mprof run", usage="mprof run [options] program [argument ...]")
    add = parser.add_argument
    add("--python", action="store_true", help="accepted for compatibility")
    add("--nopython", action="store_true", help="accepted for compatibility")
    add("--interval", "-T", type=float, default=0.1, help="seconds between samples (default: 0.1)")
    add("--include-children", "-C", action="store_true", help="add the memory of all descendants")
    add("--multiprocess", "-M", action="store_true", help="record each descendant on its own, too")
    add("--exit-code", "-E", action="store_true", help="exit with the status of the program")
    add("--output", "-o", dest="filename", help="the recording (default: mprofile_<date and time>.dat)")
    add("program", nargs=REMAINDER, help="the program or Python script, and its arguments")
    return parser


def _native(options: argparse.Namespace, program: str) -> List[str]:
    flags = ["-C"] * options.include_children + ["-M"] * options.multiprocess
    output = [] if options.filename is None else ["-o", options.filename]
    return [program, "run", "-T", str(options.interval), *output, *flags, *options.program]


def _new_name() -> str:
    """Returns a name for a recording that no other program took in this second."""
    import os
    import time

    name = time.strftime("mprofile_%Y%m%d%H%M%S")
    number = 0
    while os.path.exists(path := f"{name}_{number}.dat" if number else f"{name}.dat"):
        number += 1
    return path


def _in_python(options: argparse.Namespace) -> int:
    """Runs the program and records it from here. Returns its exit status."""
    import subprocess

    from mprofpp import dat
    from mprofpp.tree_recorder import TreeRecorder

    writer = dat.Writer(options.filename or _new_name(), overwrite=False)
    process = subprocess.Popen(options.program)
    children, multiprocess = options.include_children, options.multiprocess
    recorder = TreeRecorder(writer, process.pid, options.interval, children, multiprocess)
    recorder.start()
    try:
        return process.wait()
    finally:
        recorder.stop()
        writer.close()


def run_action() -> None:
    """Does what `mprof run` does with sys.argv[1:]: records a program, by the program mprofpp if it is on
    PATH and in Python otherwise. Exits only with --exit-code, or with 1 if no program is named."""
    import subprocess

    from mprofpp import ways

    options = _parser().parse_args()
    if not options.program:
        print("A program to run must be provided. Use -h for help")
        sys.exit(1)
    if options.program[0].endswith(".py"):
        options.program.insert(0, sys.executable)
    program = ways.program()
    if program is None:
        status = _in_python(options)
    else:
        status = subprocess.call(_native(options, program))
    if options.exit_code:
        sys.exit(status)
