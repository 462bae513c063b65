"""scripts/check_arrows finds what it is there to find: each test plants one violation in a copy."""

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


def test_the_house_as_it_stands_is_clean(house):
    assert check(house).returncode == 0, check(house).stdout


@pytest.mark.parametrize(
    "path, line",
    [
        ("lib/mprofpp/base/text.cpp", '#include "mprofpp/model/record.hpp"'),
        ("lib/mprofpp/store/writer.cpp", '#include "mprofpp/record/session.hpp"'),
        ("lib/mprofpp/proc/planted.cpp", '#include "mprofpp/launch/child.hpp"'),
        ("lib/mprofpp/record/planted.cpp", '#include "mprofpp/analysis/peak.hpp"'),
        ("lib/mprofpp/chart/planted.cpp", '#include "mprofpp/store/reader.hpp"'),
        ("lib/mprofpp/render/planted.cpp", '#include "mprofpp/model/record.hpp"'),
        ("lib/mprofpp/base/text.cpp", "#include <boost/process/v2/process.hpp>"),
        ("lib/mprofpp/record/planted.hpp", "#include <boost/asio/io_context.hpp>"),
        ("lib/mprofpp/render/svg.cpp", "#include <cairo.h>"),
        ("lib/mprofpp/render/layout.cpp", "#include <pango/pangocairo.h>"),
        ("lib/mprofpp/store/reader.cpp", "#include <spdlog/spdlog.h>"),
        ("lib/mprofpp/store/reader.cpp", "#include <CLI/App.hpp>"),
        ("lib/mprofpp/store/reader.cpp", "#include <doctest/doctest.h>"),
        ("lib/mprofpp/store/reader.cpp", "#include <iostream>"),
        ("lib/mprofpp/store/reader.cpp", 'void f() { printf("x"); }'),
        ("lib/mprofpp/store/reader.cpp", "void f() { std::cerr << 1; }"),
        ("lib/mprofpp/store/reader.cpp", "void f() { std::exit(1); }"),
        ("lib/mprofpp/store/reader.cpp", "void f() { ::_exit(1); }"),
        ("lib/mprofpp/store/reader.cpp", 'auto home = std::getenv("HOME");'),
        ("lib/mprofpp/dat/decode.cpp", "auto now = std::chrono::steady_clock::now();"),
        ("lib/mprofpp/analysis/planted.cpp", 'std::ifstream file("x");'),
        ("lib/mprofpp/render/svg.cpp", '#include "mprofpp/render/raster.hpp"'),
        ("apps/mprofpp/commands/peak.cpp", '#include "commands/plot.hpp"'),
        ("apps/mprofpp/planted.cpp", "#include <boost/process.hpp>"),
    ],
)
def test_a_planted_violation_is_found_and_named(house, path, line):
    plant(house, path, line)
    result = check(house)
    assert result.returncode == 1
    assert any(said.startswith(f"{path}:1: ") for said in result.stdout.splitlines()), result.stdout


def test_a_ring_in_the_table_is_found(house):
    table = house / "lib/CMakeLists.txt"
    table.write_text(table.read_text() + "mprofpp_module(base DEPENDS model)\n")
    assert check(house).returncode == 1


def test_an_arrow_between_the_halves_is_found_in_the_table(house):
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
def test_what_only_looks_like_a_violation_is_let_through(house, line):
    plant(house, "lib/mprofpp/store/reader.cpp", line)
    assert check(house).returncode == 0, check(house).stdout


def test_an_empty_folder_is_no_clean_house(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/CMakeLists.txt").write_text("")
    assert check(tmp_path).returncode == 1
