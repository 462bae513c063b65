"""The plugin of pytest: `pytest --mprofpp` prints the memory of tests, and checks their limits.

Without --mprofpp, nothing is measured or printed, and the marks have no effect.
"""

from __future__ import annotations

import re

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Generator, Iterator, List, Optional, Tuple

MARKS = {
    "limit_memory": "limit_memory(size): with --mprofpp, the test fails if its memory rises by more than the "
    'size, such as "200 MiB", above what it was at the start',
    "limit_leaks": "limit_leaks(size): with --mprofpp, the test fails if its memory at the end, after a "
    "garbage collection, is by more than the size above what it was at the start",
}
_ROWS = 10
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*", re.IGNORECASE)
_MIB = 1 << 20


def parse_size(text: str) -> int:
    """Returns the bytes of a text such as "200 MiB". Raises ValueError; KiB, KB and K are all 1024 bytes."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a size such as '200 MiB' or '64KiB'")
    return int(float(match[1]) * _UNITS[match[2].lower()])


def pytest_addoption(parser: Any) -> None:
    group = parser.getgroup("mprofpp")
    group.addoption(
        "--mprofpp",
        action="store_true",
        help="measure the memory of each test, and check limit_memory and limit_leaks",
    )
    group.addoption(
        "--mprofpp-rows",
        type=int,
        default=_ROWS,
        metavar="N",
        help=f"tests in the table of --mprofpp, those that need most (default: {_ROWS}; 0 is all)",
    )


def pytest_configure(config: Any) -> None:
    for line in MARKS.values():
        config.addinivalue_line("markers", line)
    if config.getoption("mprofpp"):
        config.pluginmanager.register(Measurement(config), "mprofpp measurement")


class Reading:
    """The memory of a test, in bytes."""

    def __init__(self) -> None:
        from mprofpp import memory

        self.is_exact = memory.forget_highest()
        self.highest_before = 0 if self.is_exact else self._highest()
        self.start = memory.resident()
        self.end = self.peak = self.start

    @staticmethod
    def _highest() -> int:
        from mprofpp import memory

        try:
            return memory.highest()
        except memory.Unavailable:
            return 0

    def finish(self) -> None:
        from mprofpp import memory

        highest = self._highest()
        self.end = memory.resident()
        self.peak = max(self.start, self.end, highest if highest > self.highest_before else 0)

    def values(self) -> List[int]:
        return [self.start, self.peak, self.end, int(self.is_exact)]


class Measurement:
    """Measures tests. With xdist, the workers measure, and the controller gets the numbers with the
    reports."""

    def __init__(self, config: Any) -> None:
        self.config = config
        self.rows: Dict[str, List[int]] = {}
        self.unknown: List[str] = []

    @pytest.hookimpl(hookwrapper=True)  # type: ignore[misc]
    def pytest_runtest_call(self, item: Any) -> Generator[None, Any, None]:
        reading = Reading()
        yield
        if item.get_closest_marker("limit_leaks") is not None:
            import gc

            gc.collect()
        reading.finish()
        item.mprofpp_reading = reading

    @pytest.hookimpl(hookwrapper=True)  # type: ignore[misc]
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Generator[None, Any, None]:
        outcome = yield
        report = outcome.get_result()
        reading = getattr(item, "mprofpp_reading", None)
        if call.when != "call" or reading is None:
            return
        report.mprofpp = reading.values()
        report.mprofpp_unknown = []
        failures = list(self._failures(item, reading, report.mprofpp_unknown))
        if failures and report.passed:
            report.outcome = "failed"
            report.longrepr = "\n".join(failures)

    def _failures(self, item: Any, reading: Reading, unknown: List[str]) -> Iterator[str]:
        risen = {"limit_memory": reading.peak - reading.start, "limit_leaks": reading.end - reading.start}
        for name, growth in risen.items():
            mark = item.get_closest_marker(name)
            if mark is None:
                continue
            try:
                limit = parse_size(str(mark.args[0] if mark.args else mark.kwargs["size"]))
            except (ValueError, KeyError) as error:
                if self._is_foreign(name):  # another plugin knows what it means
                    unknown.append(name)
                    continue
                problem = error if isinstance(error, ValueError) else 'the size is missing, such as "200 MiB"'
                yield f"mprofpp: @pytest.mark.{name}: {problem}"
                continue
            if growth > limit:
                yield f"mprofpp: {_REASONS[name]} {_mib(growth)}, and its limit is {_mib(limit)} ({name})"

    def _is_foreign(self, name: str) -> bool:
        """Returns whether someone else has a mark of that name, too."""
        lines = [line.strip() for line in self.config.getini("markers")]
        return any(re.match(rf"{name}\b", line) and line != MARKS[name] for line in lines)

    def pytest_runtest_logreport(self, report: Any) -> None:
        values = getattr(report, "mprofpp", None)
        if values is not None:
            self.rows[report.nodeid] = values
            self.unknown += report.mprofpp_unknown

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.rows:
            terminalreporter.write_sep("=", "memory of tests (mprofpp)")
            for line in self._table():
                terminalreporter.write_line(line)

    def _table(self) -> Iterator[str]:
        rows = sorted(self.rows.items(), key=lambda row: row[1][0] - row[1][1])
        count = self.config.getoption("mprofpp_rows") or len(rows)
        yield f"{'start':>12} {'peak':>12} {'rise':>12} {'growth':>12}   test"
        for name, (start, peak, end, _) in rows[:count]:
            growth = f"{(end - start) / _MIB:+.2f} MiB"
            yield f"{_mib(start):>12} {_mib(peak):>12} {_mib(peak - start):>12} {growth:>12}   {name}"
        if len(rows) > count:
            yield f"{len(rows) - count} more tests needed less (--mprofpp-rows=0 prints all)"
        yield from self._notes([values for _, values in rows])

    def _notes(self, rows: List[List[int]]) -> Iterator[str]:
        yield "rise is the peak, growth the end of a test above its start; fixtures are not part of it."
        yield "Memory that was freed earlier hides growth: a test that reuses it shows less."
        inexact = sum(not is_exact for *_, is_exact in rows)
        if inexact:
            yield f"{_tests(inexact)}: a peak below an earlier one is not seen (no clear_refs)."
        if self.unknown:
            names = ", ".join(sorted(set(self.unknown)))
            yield f"{_tests(len(self.unknown))}: {names} is another plugin's mark, and is left to it."


_REASONS = {"limit_memory": "the memory of the test rose by", "limit_leaks": "the memory of the test grew by"}


def _tests(count: int) -> str:
    return f"{count} test{'s' if count != 1 else ''}"


def _mib(size: int) -> str:
    return f"{size / _MIB:.2f} MiB"
