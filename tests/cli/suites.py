"""Runs test suites of other projects with and without the recorder. Each test must have the same result."""

import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree
from pathlib import Path

LONGEST = 600  # seconds that a suite may take
TESTS_FAILED = 2  # CPython's exit status for that

VERSIONS = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]
SYSTEM = "/usr/bin/python3"


def is_systems_own(path):
    return path is not None and os.path.realpath(path) == os.path.realpath(SYSTEM)


def find_interpreters():
    """Returns {version: path} of one interpreter of each version, preferably pyenv's, and of the system's
    own, which is built in another way. The path is None if there is no such interpreter."""
    found = {}
    for version in VERSIONS:
        pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
        usual = [path for path in [f"/usr/bin/python{version}", shutil.which(f"python{version}")] if path]
        candidates = [str(path) for path in [*pyenv, *usual] if os.path.exists(path)]
        found[version] = next(iter(candidates), None)
    others = {version: path for version, path in found.items() if not is_systems_own(path)}
    return others | {"system": SYSTEM if os.path.exists(SYSTEM) else None}


# Tests that find the recorder because they look closely; share/doc/marks.md has a short version of this list.
ADAPTIVE = "dis.dis(adaptive=True) shows how the interpreter has specialised the code so far"
DESCRIPTOR = "lists all open descriptors, and finds the one that memory is read from"
KNOWN = {
    "test_dis.DisTests.test_loop_quicken": ADAPTIVE,
    "test_dis.DisTests.test_super_instructions": ADAPTIVE,
    "test_dis.DisWithFileTests.test_loop_quicken": ADAPTIVE,
    "test_dis.DisWithFileTests.test_super_instructions": ADAPTIVE,
    "test_frame.TestIncompleteFrameAreInvisible.test_sneaky_frame_object": "counts on the next allocation",
    "test_subprocess.POSIXProcessTestCase.test_close_fds_when_max_fd_is_lowered": DESCRIPTOR,
    "test_subprocess.POSIXProcessTestCase.test_pass_fds_redirected": DESCRIPTOR,
    "test_monitoring.": "wants to be the only user of sys.monitoring",
}


# The same for tests that fail in a subTest(), which have no names in reports. These tests are not run.
IGNORED = {"test_stateless": "asks the interpreter whether code was ever monitored"}


def is_known(name):
    return any(f".{known}" in f".{name}" for known in KNOWN)


class Outcome:
    """The result of every test, and the exit status."""

    def __init__(self, status, said, report):
        self.status = status
        self.said = said
        self.tests = dict(read_report(report)) if report.exists() else {}

    @property
    def unknown(self):
        return {name: result for name, result in self.tests.items() if not is_known(name)}


def read_report(path):
    """Yields (name, result) of every test in a JUnit report."""
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        name = ".".join(filter(None, [case.get("classname"), case.get("name")]))
        marks = {child.tag for child in case} & {"error", "failure", "skipped"}
        yield name, min(marks, default=case.get("result", "completed"))


def run_suite(prefix, command, folder, **environment):
    """Runs `command`, in which REPORT stands for the path where it must write its report."""
    with tempfile.TemporaryDirectory() as own:
        report = Path(own) / "report.xml"
        words = [str(word).replace("REPORT", str(report)) for word in [*prefix, *command]]
        done = subprocess.run(
            words, cwd=folder or own, env=os.environ | environment, timeout=LONGEST, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout.decode(errors="replace"), report)


def run_both(mprofpp, command, *, trace, recording, folder=None, **environment):
    """Returns the outcome without a recorder, and the outcome with one, which marks what matches `trace`."""
    record = [mprofpp, "run", "-q", "-f", "-o", recording, "--trace", trace]
    alone = run_suite([], command, folder, **environment)
    return alone, run_suite(record, command, folder, **environment)


def run_looked_into(mprofpp, command, **environment):
    """Returns the outcome without a client, and the outcome while one asks for the stacks all the time. The
    command is entered by its pid, which it keeps."""
    alone = run_suite([], command, None, **environment)
    look = 'while [ -e /proc/$$/exe ]; do "$0" stacks $$; done >/dev/null 2>&1 & exec "$@"'
    return alone, run_suite(["sh", "-c", look, mprofpp], command, None, **environment)


def regrtest(python, *modules):
    """CPython's own tests, as its developers run them."""
    ignored = [word for name in IGNORED for word in ("--ignore", name)]
    return [python, "-m", "test", "--timeout", "300", "--junit-xml", "REPORT", *ignored, *modules]


def differences(alone, recorded):
    """Returns [(test, result alone, result recorded)] for results that differ. The exit status counts as a
    test, because an interpreter may crash after its last test."""
    left, right = alone.unknown, recorded.unknown
    if alone.tests == recorded.tests:
        left, right = left | {"exit status": alone.status}, right | {"exit status": recorded.status}
    elif recorded.status not in (alone.status, TESTS_FAILED):
        right |= {"exit status": recorded.status}
    names = sorted(left.keys() | right.keys())
    return [(name, left.get(name), right.get(name)) for name in names if left.get(name) != right.get(name)]
