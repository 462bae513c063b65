"""The magics of IPython and of notebooks: %load_ext mprofpp.

%mprun and %memit, for lines and cells, are those of memory_profiler 0.61. %%mprofpp records a cell and shows
its chart. In a program that `mprofpp run` records, such as a notebook that nbconvert executes, each cell is a
span.
"""

from __future__ import annotations

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_cell_magic, magics_class

import mprofpp
from mprofpp import ways
from mprofpp.line_profiler import LineProfiler
from mprofpp.table import show_results
from mprofpp.usage import memory_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

_NAME_LENGTH = 60  # characters of a cell's first line that name it


class MemitResult:
    """What %memit -o returns. Memory is in MiB: mem_usage has the largest of each repetition, and baseline
    that from before the first one; timeout and interval are in seconds."""

    def __init__(
        self,
        mem_usage: List[float],
        baseline: float,
        repeat: int,
        timeout: Optional[int],
        interval: float,
        include_children: bool,
    ) -> None:
        self.mem_usage = mem_usage
        self.baseline = baseline
        self.repeat = repeat
        self.timeout = timeout
        self.interval = interval
        self.include_children = include_children

    def __str__(self) -> str:
        most = max(self.mem_usage)
        return f"peak memory: {most:.2f} MiB, increment: {most - self.baseline:.2f} MiB"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"<MemitResult : {self}>")


class CellFailed(Exception):
    """The cell of %%mprofpp has raised an exception, whose traceback has been printed."""

    def _render_traceback_(self) -> List[str]:
        return [f"the recorded cell has raised {type(self.args[0]).__name__}, see above"]


def _has_kernel(shell: Any) -> bool:
    return getattr(shell, "kernel", None) is not None


def _number(text: str, option: str, kind: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"-{option} needs a number, not {text!r}") from None


@magics_class
class MprofppMagics(Magics):  # type: ignore[misc]
    """The magics, which memory_profiler's would replace if it were loaded later."""

    @line_cell_magic  # type: ignore[misc]
    def mprun(self, parameter_s: str = "", cell: Optional[str] = None) -> Any:
        """Executes a statement and prints what each line of some functions adds to the memory.

          %mprun -f func1 -f func2 statement

          %%mprun -f func1 -f func2 [statement]
          code...

        -f FUNCTION: a function whose lines are counted, also one of this notebook; may be repeated.
        -T FILE: also write the table to a file.
        -r: return the LineProfiler.
        -c: add the memory of all child processes.
        """
        escaped = parameter_s.replace('"', r"\"").replace("'", r"\'")
        options, statement = self.parse_options(escaped, "rf:T:c", list_all=True)
        if cell is not None:
            statement += "\n" + cell
        profiler = LineProfiler(include_children="c" in options)
        for name in options.get("f", []):
            profiler.add_function(self._function(name))
        message = self._profile(profiler, statement)
        self._print(profiler, message, options.get("T", [""])[0])
        return profiler if "r" in options else None

    def _function(self, name: str) -> Any:
        try:
            found = eval(name, self.shell.user_global_ns, self.shell.user_ns)
        except Exception as error:
            raise UsageError(f"Could not find function {name!r}.\n{type(error).__name__}: {error}") from None
        return getattr(found, "__func__", found)

    def _profile(self, profiler: LineProfiler, statement: str) -> str:
        """Executes the statement with `profile` as a builtin. Returns a message about its end."""
        import builtins

        before = vars(builtins).get("profile")
        setattr(builtins, "profile", profiler)
        try:
            profiler.runctx(statement, self.shell.user_global_ns, self.shell.user_ns)
        except SystemExit:
            return "*** SystemExit exception caught in code being profiled."
        except KeyboardInterrupt:
            return "*** KeyboardInterrupt exception caught in code being profiled."
        finally:
            if before is None:
                delattr(builtins, "profile")
            else:
                setattr(builtins, "profile", before)
        return ""

    def _print(self, profiler: LineProfiler, message: str, path: str) -> None:
        from io import StringIO

        from IPython.core.page import page

        text = StringIO()
        show_results(profiler, text)
        output = text.getvalue().rstrip()
        if _has_kernel(self.shell):  # a notebook shows what is printed, and drops what goes to the pager
            print(output)
        else:
            page(output)
        print(message)
        if path:
            with open(path, "w", encoding="utf-8") as file:
                file.write(output)
            print(f"\n*** Profile printout saved to text file {path}. {message}")

    @line_cell_magic  # type: ignore[misc]
    def memit(self, line: str = "", cell: Optional[str] = None) -> Optional[MemitResult]:
        """Measures the largest memory of this process while a statement runs.

          %memit [-rRtTiIcoq] statement

          %%memit [-rRtTiIcoq] setup_code
          code...

        In the cell form, the first line is executed before, and not measured.

        -rR: repeat R times (default: 1). -tT: accepted for compatibility. -iI: seconds between samples (0.1).
        -c: add the memory of all child processes. -o: return a MemitResult. -q: print nothing.
        """
        import gc

        options, statement = self.parse_options(line, "r:t:i:coq", posix=False, strict=False)
        setup, code = ("pass", statement) if cell is None else (statement, cell)
        timeout = _number(getattr(options, "t", "0"), "t", int)
        repeat = max(_number(getattr(options, "r", "1"), "r", int), 1)
        interval = _number(getattr(options, "i", "0.1"), "i", float)
        gc.collect()  # so that what was garbage before does not hide what the statement takes
        exec(setup, self.shell.user_ns)
        baseline = memory_usage()[0]
        most = [self._most_memory(code, interval, "c" in options) for _ in range(repeat)]
        result = MemitResult(
            most, baseline, repeat, timeout if timeout > 0 else None, interval, "c" in options
        )
        if "q" not in options:
            print(result)
        return result if "o" in options else None

    def _most_memory(self, code: str, interval: float, include_children: bool) -> float:
        call = (exec, (code, self.shell.user_ns))
        most: float = memory_usage(call, interval, max_usage=True, include_children=include_children)
        return most

    @cell_magic("mprofpp")  # type: ignore[misc]
    def record_cell(self, line: str, cell: str) -> None:
        """Records the memory while the cell runs, and shows the chart.

          %%mprofpp [-c] [-i SECONDS] [-o FILE] code...

        -c: add the memory of all child processes. -i SECONDS: time between samples (0.01).
        -o FILE: keep the recording (default: it is removed). mprofpp.mark("text") marks a moment in the
        chart.
        """
        options, rest = self.parse_options(line, "ci:o:")
        if rest:
            raise UsageError(f"%%mprofpp takes options only, and {rest!r} is not one (the code is below)")
        interval = _number(options.get("i", "0.01"), "i", float)
        path = options.get("o", "")
        from mprofpp.cell_recording import CellRecording

        recording = CellRecording(path, interval, "c" in options)
        result = recording.run(lambda: self.shell.run_cell(cell, store_history=False))
        recording.show(has_pictures=_has_kernel(self.shell))
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise CellFailed(error)


class _CellSpans:
    """Marks each cell as a span, if the kernel is recorded."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.spans: List[Any] = []  # a magic may run a cell within a cell

    def start(self, info: Any = None) -> None:
        lines: List[str] = getattr(info, "raw_cell", "").strip().splitlines() or [""]
        count = self.shell.execution_count
        span = mprofpp.profile.timestamp(f"In [{count}] {lines[0][:_NAME_LENGTH]}".strip())
        span.__enter__()
        self.spans.append(span)

    def end(self, result: Any = None) -> None:
        if self.spans:
            self.spans.pop().__exit__(None, None, None)


_loaded: Dict[str, Any] = {}


def load_ipython_extension(ipython: Any) -> None:
    """Is called by %load_ext mprofpp."""
    ipython.register_magics(MprofppMagics)
    if ways.has_agent() and "spans" not in _loaded:
        spans = _loaded["spans"] = _CellSpans(ipython)
        ipython.events.register("pre_run_cell", spans.start)
        ipython.events.register("post_run_cell", spans.end)


def unload_ipython_extension(ipython: Any) -> None:
    """Is called by %unload_ext mprofpp. The magics stay, as IPython has no way to remove them."""
    spans = _loaded.pop("spans", None)
    if spans is not None:
        ipython.events.unregister("pre_run_cell", spans.start)
        ipython.events.unregister("post_run_cell", spans.end)
