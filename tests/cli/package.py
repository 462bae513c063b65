"""Functions for the tests of the Python package: its programs, and the tables that they print."""

import os
import re

from pythons import PACKAGE, execute, plain_environment

ROW = re.compile(r" *(\d+) +(-?[\d.]+) MiB +(-?[\d.]+) MiB +(\d+)   (.*)")


def environment(*folders, program=None, **more):
    """The environment of a program that finds the package, and `program` in a folder of PATH."""
    path = os.pathsep.join(map(str, [PACKAGE, *folders]))
    more = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "default", **more}
    if program is not None:
        more["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return plain_environment() | more


def run(python, *arguments, status=0, **options):
    """Runs an interpreter that finds the package. Returns what it has printed to stdout."""
    options = {"environment": environment()} | options
    done = execute([python, *arguments], **options)
    assert done.returncode == status, done.stdout + done.stderr
    assert status or not done.stderr, done.stderr
    return done.stdout


class Table:
    """A table of lines. `rows` is {line: (most MiB, MiB added, occurrences, text)}."""

    def __init__(self, text):
        self.file = text.split("\n", 1)[0]
        found = [ROW.fullmatch(line) for line in text.splitlines()]
        self.rows = {int(m[1]): (float(m[2]), float(m[3]), int(m[4]), m[5]) for m in found if m}

    @property
    def first(self):
        return next(iter(self.rows.values()))

    @property
    def counts(self):
        return {line: row[2] for line, row in self.rows.items()}

    def added(self, line):
        return self.rows[line][1]


def tables(text):
    """Returns the tables in a text, in their order."""
    return [Table(part) for part in text.split("Filename: ")[1:]]


def by_line(text):
    """Returns the tables in a text by the number of their function's first line."""
    return {min(table.rows): table for table in tables(text)}


def without_numbers(text):
    return re.sub(r" +-?\d+\.\d+ MiB", lambda number: f"[{len(number[0])}]", text)
