"""python -m mprofpp: runs a script or module and prints what the lines of its profiled functions add."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any, List, Optional

_BACKENDS = ["tracemalloc", "psutil", "psutil_pss", "psutil_uss", "posix"]
_HELP_ON_LIMIT = "enter the debugger at the first profiled line at which the memory is MAXMEM MiB or more"
_HELP_ON_TIMESTAMPS = (
    "print when profiled functions start and end, as FUNC lines of a recording, not their lines"
)
_HELP_ON_BACKENDS = (
    "which memory: psutil is RSS (default), psutil_pss PSS, psutil_uss USS, posix the RSS of ps, tracemalloc "
    "what the file of a function allocates"
)


def _parser() -> argparse.ArgumentParser:
    from argparse import REMAINDER, ArgumentParser

    from mprofpp.version import VERSION

    parser = ArgumentParser(
        prog="python -m mprofpp",
        usage="python -m mprofpp [options] script_file.py [argument ...]",
        description="Runs a script or module in which `profile` is a builtin, and prints for each function "
        "that is decorated with it how much memory its lines have added.",
    )
    add = parser.add_argument
    add("--version", action="version", version=_version(VERSION))
    add("--pdb-mmem", dest="max_mem", metavar="MAXMEM", type=float, help=_HELP_ON_LIMIT)
    add("--precision", type=int, default=3, metavar="N", help="decimals of memory (default: 3)")
    add("-o", dest="out_filename", metavar="FILE", help="append the results to FILE, not to stdout")
    add("--timestamp", action="store_true", help=_HELP_ON_TIMESTAMPS)
    add("--include-children", action="store_true", help="with --timestamp: add the memory of child processes")
    add("--backend", choices=_BACKENDS, default="psutil", help=_HELP_ON_BACKENDS)
    add("program", nargs=REMAINDER, help="the script or module to run, and its arguments")
    return parser


def _version(version: str) -> str:
    from mprofpp.ways import engine

    return f"mprofpp {version} ({engine()})".replace("%", "%%")


def _find_script(name: str) -> str:
    """Returns the path of a script. If there is no such file, it is searched in $PATH, as memory_profiler
    does."""
    folders = [""] + os.environ.get("PATH", os.defpath).split(os.pathsep)
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    sys.exit(f"Could not find script {name}")


def _put_first_in_path(folder: str) -> None:
    """Puts the folder where this package's was put by `python -m`, which -P and -I leave out."""
    if not (getattr(sys.flags, "safe_path", False) or sys.flags.isolated):
        sys.path[0] = folder


def _run_script(path: str, arguments: List[str]) -> None:
    """Runs the script as `python path` does: it is the module __main__."""
    import types

    main_module = types.ModuleType("__main__")
    main_module.__dict__.update(__file__=path, __builtins__=sys.modules["builtins"])
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    sys.modules["__main__"] = main_module
    sys.argv = [path, *arguments]
    _put_first_in_path(os.path.dirname(os.path.abspath(path)))
    exec(code, main_module.__dict__)


def _run_module(name: str, arguments: List[str]) -> None:
    import runpy

    sys.argv = [name, *arguments]
    _put_first_in_path(os.getcwd())
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def _profiler(options: argparse.Namespace) -> Any:
    from mprofpp import ways
    from mprofpp.backends import choose_backend
    from mprofpp.line_profiler import LineProfiler
    from mprofpp.time_stamper import TimeStamper

    backend = choose_backend(options.backend)
    if options.timestamp:
        return TimeStamper(backend, include_children=options.include_children)
    if ways.counts_lines_natively() and options.max_mem is None:
        return None
    return LineProfiler(max_mem=options.max_mem, backend=backend)


def _print_results(profiler: Any, options: argparse.Namespace, path: Optional[str]) -> None:
    from mprofpp.table import show_results

    stream = sys.stdout if path is None else open(path, "a", encoding="utf-8")
    try:
        if options.timestamp:
            profiler.show_results(stream=stream)
        else:
            show_results(profiler, stream=stream, precision=options.precision)
    finally:
        if path is not None:
            stream.close()


def main() -> None:
    """Runs the program. Its exit status is the program's own; 1 without a program, 2 for wrong usage."""
    import builtins

    options = _parser().parse_args()
    if not options.program:
        print("A program to run must be provided. Use -h for help")
        sys.exit(1)
    target, *arguments = options.program
    output = None if options.out_filename is None else os.path.abspath(options.out_filename)
    is_script = target.endswith(".py")
    path = _find_script(target) if is_script else ""
    profiler = _profiler(options)
    if (
        profiler is not None
    ):  # otherwise the builtin of the agent stays, and `mprofpp lines` prints the tables
        setattr(builtins, "profile", profiler)
    if options.backend == "tracemalloc":
        import tracemalloc

        tracemalloc.start()
    try:
        if is_script:
            _run_script(path, arguments)
        else:
            _run_module(target, arguments)
    finally:
        if profiler is not None:
            _print_results(profiler, options, output)


if __name__ == "__main__":
    main()
