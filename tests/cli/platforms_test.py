"""The package names of each archive are known, and results of distributions are recorded."""

import importlib.machinery
import importlib.util
import os
import subprocess

import pytest

from conftest import ROOT

INSTALL = ROOT / "scripts/install_dependencies"
BOOKWORM = ["libboost1.81-dev", "libboost-dev", "clang-format-14", "gcc-multilib"]
SID = ["libboost-dev", "gcc-multilib"]

TOOLS = {
    "dpkg-query": "exit 1",
    "apt-cache": 'for name; do :; done; ! grep -qx "$name" "$ARCHIVE" || echo "Version: $PYTHON-1"',
    "apt-get": 'echo "$@" >>"$CALLS"; [ "$2" != "$FAILING" ] || { echo no network; exit 100; }',
    "sudo": '"$@"',
}


class Machine:
    """A machine without any installed package, and an archive with some packages."""

    def __init__(self, folder, packages, python):
        self.calls = folder / "calls"
        (folder / "archive").write_text("\n".join([*packages, "python3"]) + "\n")
        for name, text in TOOLS.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)
        self.environment = os.environ | {"PATH": f"{folder}:/usr/bin:/bin", "CALLS": self.calls}
        self.environment |= {"ARCHIVE": folder / "archive", "PYTHON": python}

    def install(self, *options, **environment):
        command = [INSTALL, *options]
        return subprocess.run(
            command, env=self.environment | environment, capture_output=True, text=True, check=False
        )

    @property
    def installed(self):
        return self.calls.read_text().splitlines()[-1].split()[4:]


@pytest.fixture
def machine(tmp_path):
    return lambda packages, python: Machine(tmp_path, packages, python)


def test_the_first_of_two_names_that_the_archive_has_is_installed(machine):
    old = machine(BOOKWORM, "3.11.2")
    assert old.install().returncode == 0
    assert "libboost1.81-dev" in old.installed
    assert "libboost-dev" not in old.installed


def test_packages_that_only_some_archives_have_are_installed_from_those(machine):
    new = machine(SID, "3.14.8")
    assert new.install("--tests").returncode == 0
    expected = {"libboost-dev", "libpython3.14-testsuite", "gcc-multilib"}
    assert expected <= set(new.installed)
    assert not {"libboost1.81-dev", "clang-format-14"} & set(new.installed)


def test_the_names_in_the_archive_are_updated_before_one_is_chosen(machine):
    new = machine(SID, "3.14.8")
    new.install()
    assert [line.split()[1] for line in new.calls.read_text().splitlines()] == ["update", "install"]


def test_a_failure_of_apt_is_shown(machine):
    done = machine(SID, "3.14.8").install(FAILING="install")
    assert done.returncode == 1
    assert "no network" in done.stderr and "libboost-dev" in done.stderr


def test_without_apt_the_package_names_of_other_distributions_are_printed(tmp_path):
    (tmp_path / "cat").symlink_to("/bin/cat")
    done = subprocess.run(
        ["/bin/sh", INSTALL], env={"PATH": tmp_path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert all(name in done.stderr for name in ("dnf install", "pacman -S", "zypper install", "not tried"))


@pytest.fixture
def results():
    """scripts/test_distribution as a module."""
    path = os.fspath(ROOT / "scripts/test_distribution")
    loader = importlib.machinery.SourceFileLoader("test_distribution", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("test_distribution", loader))
    loader.exec_module(module)
    return module


REPORT = """<?xml version="1.0"?><testsuite>
<testcase name="base/one" time="0" status="run"><system-out>[doctest] SUCCESS!</system-out></testcase>
<testcase name="base/two" time="0" status="fail"><failure/><system-out>SKIP: no</system-out></testcase>
<testcase name="lint/format" time="0" status="notrun"><system-out>SKIP: black 23</system-out></testcase>
<testcase name="cli/run" time="9" status="run"/>
</testsuite>"""
INSIDE = """<testsuites><testsuite>
<testcase name="a" time="1"/><testcase name="b" time="1"/><testcase name="c" time="1"><error/></testcase>
<testcase name="d" time="0"><skipped message="SKIP: needs root"/></testcase>
<testcase name="e" time="0"><skipped message="SKIP: needs root"/></testcase>
</testsuite></testsuites>"""


def test_tests_of_a_pytest_file_are_counted_and_skipped_ones_have_a_reason(results, tmp_path):
    (tmp_path / "ctest.xml").write_text(REPORT)
    (tmp_path / "cli.run.xml").write_text(INSIDE)
    tests, reasons = results.read_reports(tmp_path)
    assert tests == {"passed": 3, "failed": 2, "skipped": 3}
    assert reasons == {"needs root": 2, "black 23": 1}


def test_warnings_of_compilers_and_cmake_are_counted(results, tmp_path):
    (tmp_path / "test.log").write_text("a.cpp:1: warning: x\nCMake Warning (dev) at y\n")
    (tmp_path / "quickstart.log").write_text("CMake Deprecation Warning at z\nall well, no warnings\n")
    assert results.warnings_in(tmp_path) == 3


def test_a_record_replaces_the_row_of_its_release_only(results, tmp_path, monkeypatch):
    page = tmp_path / "platforms.md"
    page.write_text((ROOT / "share/doc/platforms.md").read_text())
    before = page.read_text().splitlines()
    monkeypatch.setattr(results, "PAGE", page)
    results.record("trixie", ["trixie", r"a\1b"], "no swap (1)")
    changed = [(old, new) for old, new in zip(before, page.read_text().splitlines()) if old != new]
    assert [new for _, new in changed] == [r"| trixie | a\1b |", "- trixie: no swap (1)"]
    assert all("trixie" in old for old, _ in changed)
