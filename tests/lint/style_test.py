"""scripts/check_style and scripts/check_tidy report violations, which the tests plant."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

STATEMENTS = "  touch();\n" * 59  # with the first and the last line, a function of 61 lines

# file, its text, and the line of the violation
VIOLATIONS = [
    ("lib/space.cpp", "int a; \n", 1),
    ("lib/tab.cpp", "int a;\n\tint b;\n", 2),
    ("lib/long_line.cpp", f"// {'x' * 108}\n", 1),
    ("lib/no_end.cpp", "int a;", 1),
    ("lib/empty_line.cpp", "int a;\n\n", 3),
    ("lib/guarded.hpp", "#ifndef GUARDED\n#define GUARDED\n#endif\n", 1),
    ("lib/own.cpp", "#include <vector>\n\n#include <lib/own.hpp>\n", 1),
    ("tests/a_test.cpp", 'TEST_CASE("one; two") {\n', 1),
    ("tests/long.c", f"int a;\n\nint main(void) {{\n{STATEMENTS}}}\n", 3),
    ("tests/split.c", f"static void split(int a,\n                  int b) {{\n{STATEMENTS}}}\n", 1),
    ("tests/long.py", "def touch_all():\n" + "    touch()\n" * 60, 1),
    ("scripts/long", "#!/usr/bin/env python3\ndef touch_all():\n" + "    touch()\n" * 60, 2),
    ("scripts/broken", "#!/bin/sh\nif true; then\n", 1),
]
FINE = [
    ("lib/own.hpp", "/// A comment.\n#pragma once\n"),
    ("tests/short.c", f"int main(void) {{\n{STATEMENTS[:-11]}}}\n\nint b;\n"),
    ("tests/values.c", "static const int values[] = {\n" + "    1,\n" * 70 + "};\n"),
    ("tests/several.py", "def a():\n    touch()\n\n\n" * 30 + "def b():\n    touch()\n"),
]


def check(folder):
    return subprocess.run([ROOT / "scripts/check_style", folder], capture_output=True, text=True, check=False)


def plant(folder, path, text):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The reports about a folder with all violations."""
    folder = tmp_path_factory.mktemp("planted")
    for path, text, *_ in VIOLATIONS + FINE:
        plant(folder, path, text)
    return check(folder).stdout.splitlines()


@pytest.mark.parametrize("path, text, line", VIOLATIONS, ids=lambda value: str(value).split("\n")[0][:20])
def test_a_planted_violation_of_the_style_is_reported(reports, path, text, line):
    assert [report for report in reports if report.startswith(f"{path}:{line}: ")]


def test_nothing_else_is_reported(reports):
    assert len(reports) == len(VIOLATIONS) + 1


def test_one_violation_of_the_style_is_a_failure(tmp_path):
    plant(tmp_path, *FINE[0])
    assert check(tmp_path).returncode == 0
    plant(tmp_path, *VIOLATIONS[0][:2])
    assert check(tmp_path).returncode == 1


def load_check_tidy():
    path = str(ROOT / "scripts/check_tidy")
    loader = importlib.machinery.SourceFileLoader("check_tidy", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


TIDY_VIOLATIONS = {
    "readability-function-size": f"void touch();\nvoid touch_all() {{\n{STATEMENTS}}}\n",
    "bugprone-unused-raii": "struct S { S(); ~S(); };\nvoid f() { S(); f(); }\n",
    "performance-noexcept-move-constructor": "struct S { S(S&&) {} };\n",
}


@pytest.mark.parametrize("kind", TIDY_VIOLATIONS)
def test_a_planted_violation_in_cpp_is_reported(tmp_path, kind):
    check_tidy = load_check_tidy()
    clang_tidy = check_tidy.find_clang_tidy()
    if clang_tidy is None:
        pytest.skip(f"SKIP: clang-tidy {check_tidy.VERSION} is not installed")
    plant(tmp_path, "planted.cpp", TIDY_VIOLATIONS[kind])
    command = [clang_tidy, f"--config-file={ROOT}/.clang-tidy", "--quiet", tmp_path / "planted.cpp", "--"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (finding,) = check_tidy.findings_of(done.stdout)
    assert kind in finding
