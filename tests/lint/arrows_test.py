"""scripts/check_arrows reports each kind of violation. The tests plant them in a copy of the sources."""

import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path):
    for folder in ("lib", "apps"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def check(house):
    return subprocess.run([ROOT / "scripts/check_arrows", house], capture_output=True, text=True, check=False)


def plant(house, path, line):
    file = house / path
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text() if file.exists() else ""
    file.write_text(f"{line}\n{before}")


def test_the_sources_are_clean(house):
    assert check(house).returncode == 0, check(house).stdout


VIOLATIONS = [
    ("lib/mprofpp/base/text.cpp", '#include "mprofpp/model/record.hpp"'),
    ("lib/mprofpp/store/writer.cpp", '#include "mprofpp/record/session.hpp"'),
    ("lib/mprofpp/proc/planted.cpp", '#include "mprofpp/launch/child.hpp"'),
    ("lib/mprofpp/record/planted.cpp", '#include "mprofpp/analysis/peak.hpp"'),
    ("lib/mprofpp/chart/planted.cpp", '#include "mprofpp/store/reader.hpp"'),
    ("lib/mprofpp/render/planted.cpp", '#include "mprofpp/model/record.hpp"'),
    ("lib/mprofpp/base/text.cpp", "#include <boost/process/v2/process.hpp>"),
    ("lib/mprofpp/record/planted.hpp", "#include <boost/asio/io_context.hpp>"),
    ("lib/mprofpp/ring/stream.cpp", "#include <boost/asio/io_context.hpp>"),
    ("lib/mprofpp/ring/stream.cpp", '#include "mprofpp/mark/lanes.hpp"'),
    ("lib/agent/core/planted.cpp", '#include "python/code.hpp"'),
    ("lib/agent/c/planted.cpp", '#include "python/code.hpp"'),
    ("lib/agent/core/planted.cpp", '#include "mprofpp/base/text.hpp"'),
    ("lib/mprofpp/record/planted.cpp", '#include "mprofpp/record/session/loop.hpp"'),
    ("lib/mprofpp/record/metrics/planted.cpp", '#include "mprofpp/record/marks/marks.hpp"'),
    ("lib/mprofpp/render/svg/svg.cpp", "#include <cairo.h>"),
    ("lib/mprofpp/render/layout.cpp", "#include <pango/pangocairo.h>"),
    ("lib/mprofpp/render/layout.cpp", '#include "mprofpp/chart/detail/parts.hpp"'),
    ("lib/mprofpp/proc/planted.cpp", "#include <libiberty/demangle.h>"),
    ("lib/mprofpp/store/reader.cpp", "#include <spdlog/spdlog.h>"),
    ("lib/mprofpp/store/reader.cpp", "#include <CLI/App.hpp>"),
    ("lib/mprofpp/store/reader.cpp", "#include <nlohmann/json.hpp>"),
    ("lib/mprofpp/store/reader.cpp", '#include "cli/hints.hpp"'),
    ("lib/mprofpp/chart/build.cpp", '#include "mprofpp/report/peaks.hpp"'),
    ("lib/mprofpp/report/peaks.cpp", '#include "mprofpp/record/outcome.hpp"'),
    ("lib/mprofpp/store/reader.cpp", "#include <doctest/doctest.h>"),
    ("lib/mprofpp/store/reader.cpp", "#include <iostream>"),
    ("lib/mprofpp/store/reader.cpp", 'void f() { printf("x"); }'),
    ("lib/mprofpp/store/reader.cpp", "void f() { std::cerr << 1; }"),
    ("lib/mprofpp/store/reader.cpp", "void f() { std::exit(1); }"),
    ("lib/mprofpp/store/reader.cpp", "void f() { ::_exit(1); }"),
    ("lib/mprofpp/store/reader.cpp", 'auto home = std::getenv("HOME");'),
    ("lib/mprofpp/store/reader.cpp", 'auto hint = "try mprofpp list";'),
    ("lib/mprofpp/dat/decode.cpp", "auto now = std::chrono::steady_clock::now();"),
    ("lib/mprofpp/analysis/planted.cpp", 'std::ifstream file("x");'),
    ("lib/mprofpp/render/svg/svg.cpp", '#include "mprofpp/render/raster/raster.hpp"'),
    ("apps/mprofpp/commands/peak.cpp", '#include "commands/plot.hpp"'),
    ("apps/mprofpp/console/planted.cpp", '#include "summary/run_summary.hpp"'),
    ("apps/mprofpp/cli/planted.cpp", '#include "options/time_window.hpp"'),
    ("apps/mprofpp/planted.cpp", "#include <boost/process.hpp>"),
    ("apps/mprofpp/planted.cpp", '#include "mprofpp/render/detail/sheet.hpp"'),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The reports about a copy with all violations, each in a line of its own: {(path, line): reports}."""
    house = tmp_path_factory.mktemp("house")
    for folder in ("lib", "apps"):
        shutil.copytree(ROOT / folder, house / folder)
    planted = {}
    for path, line in VIOLATIONS:
        planted.setdefault(path, []).append(line)
    for path, lines in planted.items():
        plant(house, path, "\n".join(lines))
    places = {(path, line): f"{path}:{planted[path].index(line) + 1}: " for path, line in VIOLATIONS}
    output = check(house).stdout.splitlines()
    return {key: [text for text in output if text.startswith(place)] for key, place in places.items()}


@pytest.mark.parametrize("path, line", VIOLATIONS)
def test_a_planted_violation_is_reported(said, path, line):
    assert said[path, line]


def test_one_violation_is_a_failure(house):
    plant(house, *VIOLATIONS[0])
    assert check(house).returncode == 1


def test_a_cycle_in_the_table_is_reported(house):
    table = house / "lib/CMakeLists.txt"
    table.write_text(table.read_text() + "mprofpp_module(base DEPENDS model)\n")
    assert check(house).returncode == 1


def test_an_arrow_between_the_halves_in_the_table_is_reported(house):
    table = house / "lib/CMakeLists.txt"
    table.write_text(table.read_text() + "mprofpp_module(record DEPENDS base chart)\n")
    result = check(house)
    assert result.returncode == 1
    assert "halves" in result.stdout


@pytest.mark.parametrize(
    "line",
    [
        '// printf("x") is not called here',
        'const char* text = "exit(1)";',
        "auto n = std::snprintf(buffer, 4, format);",
        "child.exit(3);",
    ],
)
def test_text_that_only_looks_like_a_violation_is_ignored(house, line):
    plant(house, "lib/mprofpp/store/reader.cpp", line)
    assert check(house).returncode == 0, check(house).stdout


def test_an_empty_folder_is_a_failure(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/CMakeLists.txt").write_text("")
    assert check(tmp_path).returncode == 1
