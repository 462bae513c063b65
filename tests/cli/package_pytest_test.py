"""The plugin of pytest in the Python package: `pytest --mprofpp`."""

import re
import subprocess

import pytest

from conftest import unsanitized

from package import environment
from pythons import PACKAGE, execute, system  # noqa: F401 (fixture)
from sources import source_of

pytestmark = unsanitized
TESTS = """
import pytest
kept = []
def test_rises():
    block = bytearray(80 << 20)
    del block
def test_grows(): kept.append(bytearray(60 << 20))
def test_small(): pass
@pytest.mark.limit_memory("10 MiB")
def test_over(): bytearray(70 << 20)
@pytest.mark.limit_memory("100 MiB")
def test_under(): bytearray(65 << 20)
@pytest.mark.limit_leaks("1 MiB")
def test_leaks(): kept.append(bytearray(90 << 20))
@pytest.mark.limit_leaks("1 MiB")
def test_garbage():
    cycle = [bytearray(95 << 20)]
    cycle.append(cycle)
"""
FAILED = {
    "test_over": r"of the test rose by (\d+\.\d\d) MiB, and its limit is 10\.00 MiB \(limit_memory\)",
    "test_leaks": r"of the test grew by (\d+\.\d\d) MiB, and its limit is 1\.00 MiB \(limit_leaks\)",
}
ROW = re.compile(r" *([\d.]+) MiB +([\d.]+) MiB +([\d.]+) MiB +([+-][\d.]+) MiB   (\S+)")
PLUGIN = ["-p", "mprofpp.pytest_plugin"]


def has(system, module):
    return (
        subprocess.run([system, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
    )


def run_pytest(system, folder, *options, tests=TESTS, **more):
    if tests is not None:
        (folder / "test_x.py").write_text(tests)
    command = [system, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return execute(command, environment(PYTHONWARNINGS="ignore", **more), cwd=folder)


def rows_of(text):
    """Returns {test: (rise, growth)} of the table."""
    found = [ROW.fullmatch(line) for line in text.splitlines()]
    return {m[5].rpartition("::")[2]: (float(m[3]), float(m[4])) for m in found if m}


def failures_of(text):
    return set(re.findall(r"^FAILED \S+::(\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("workers", [0, 2])
def test_the_table_has_the_memory_of_each_test_and_limits_are_checked(system, tmp_path, workers):
    if workers and not has(system, "xdist"):
        pytest.skip("SKIP: python3-pytest-xdist is not installed")
    options = ["-n", workers] if workers else []
    done = run_pytest(system, tmp_path, *PLUGIN, "--mprofpp", "--strict-markers", *options)
    assert done.returncode == 1 and failures_of(done.stdout) == set(FAILED)
    for message in FAILED.values():
        assert float(re.search(message, done.stdout)[1]) > 60
    rows = rows_of(done.stdout)
    assert len(rows) == 7
    assert rows["test_rises"] == (pytest.approx(80, abs=1), pytest.approx(0, abs=1))
    assert rows["test_grows"] == (pytest.approx(60, abs=1), pytest.approx(60, abs=1))
    assert rows["test_small"] == (pytest.approx(0, abs=1), pytest.approx(0, abs=1))
    assert "Memory that was freed earlier hides growth" in done.stdout


@pytest.mark.parametrize("options", [[], PLUGIN, [*PLUGIN, *PLUGIN]], ids=["absent", "loaded", "twice"])
def test_without_the_option_nothing_is_measured_or_printed(system, tmp_path, options):
    done = run_pytest(system, tmp_path, *options)
    assert done.returncode == 0 and "MiB" not in done.stdout and "mprofpp" not in done.stdout


def test_the_table_has_as_many_rows_as_wanted(system, tmp_path):
    done = run_pytest(system, tmp_path, *PLUGIN, "--mprofpp", "--mprofpp-rows=2")
    assert len(rows_of(done.stdout)) == 2 and "5 more tests needed less" in done.stdout
    assert len(rows_of(run_pytest(system, tmp_path, *PLUGIN, "--mprofpp", "--mprofpp-rows=0").stdout)) == 7


SIZES = """
import pytest
@pytest.mark.limit_memory("10 MiBB")
def test_typing_error(): pass
@pytest.mark.limit_memory()
def test_missing(): pass
@pytest.mark.limit_memory("1.5kb")
def test_small(): pass
@pytest.mark.limit_memory("1 GiB")
def test_fails(): assert 1 == 2
"""


def test_a_size_that_cannot_be_read_fails_the_test_with_one_line(system, tmp_path):
    done = run_pytest(system, tmp_path, *PLUGIN, "--mprofpp", tests=SIZES)
    assert failures_of(done.stdout) == {"test_typing_error", "test_missing", "test_fails"}
    assert (
        "mprofpp: @pytest.mark.limit_memory: '10 MiBB' is not a size such as '200 MiB' or '64KiB'"
        in done.stdout
    )
    assert 'mprofpp: @pytest.mark.limit_memory: the size is missing, such as "200 MiB"' in done.stdout
    assert "assert 1 == 2" in done.stdout


THEIRS = """
import pytest
def pytest_configure(config):
    config.addinivalue_line("markers", "limit_memory(percent=0): of another plugin")
def pytest_runtest_setup(item):
    mark = item.get_closest_marker("limit_memory")
    if mark is not None: print("theirs:", mark.kwargs)
"""


def test_a_mark_of_another_plugin_keeps_working(system, tmp_path):
    (tmp_path / "conftest.py").write_text(THEIRS)
    tests = "import pytest\n@pytest.mark.limit_memory(percent=5)\ndef test_one(): pass\n"
    done = run_pytest(system, tmp_path, *PLUGIN, "--mprofpp", "-s", tests=tests)
    assert done.returncode == 0 and "theirs: {'percent': 5}" in done.stdout
    assert "1 test: limit_memory is another plugin's mark, and is left to it." in done.stdout


@pytest.fixture
def installed(system, tmp_path):
    """A folder in which pip has installed the package, so that pytest finds the plugin by itself."""
    if not has(system, "pip"):
        pytest.skip("SKIP: python3-pip is not installed")
    target = tmp_path / "site"
    command = [
        system,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-compile",
        "--target",
        target,
        PACKAGE,
    ]
    done = execute(command, environment())
    assert done.returncode == 0, done.stderr
    return target


@pytest.mark.parametrize("twice", [[], PLUGIN, ["-p", "mprofpp"]], ids=["once", "again by -p", "the package"])
def test_pytest_finds_the_installed_plugin_also_if_it_is_named_again(system, tmp_path, installed, twice):
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['mprofpp.pytest_plugin']\n" if twice else "")
    options = ["--mprofpp", "--ignore", installed, *twice]
    done = run_pytest(system, tmp_path, *options, tests="def test_one(): pass", PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("memory of tests (mprofpp)") == 1 and len(rows_of(done.stdout)) == 1


def test_a_recorded_pytest_finds_the_installed_plugin_without_a_warning(mprofpp, system, tmp_path, installed):
    (tmp_path / "test_x.py").write_text("def test_one(): bytearray(64 << 20)")
    command = [
        system,
        "-W",
        "error",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--mprofpp",
        "test_x.py",
    ]
    done = mprofpp.record(command, env=environment(PYTHONPATH=str(installed)), cwd=tmp_path)
    assert done.status == 0, done.text + done.err
    assert "warning" not in done.text and rows_of(done.text)["test_one"][0] == pytest.approx(64, abs=1)


def test_the_suite_of_a_project_has_the_same_results_in_workers(system, tmp_path):
    if not (has(system, "xdist") and has(system, "markupsafe")):
        pytest.skip("SKIP: python3-pytest-xdist or python3-markupsafe is not installed")
    folder = source_of("jinja2")
    tests = [folder / "tests", "-p", "no:randomly", "--rootdir", folder]
    more = {"tests": None, "PYTHONPATH": f"{PACKAGE}:{folder / 'src'}"}
    last = re.compile(r"(\d+) passed[^\n]*?(?:, (\d+) warnings?)? in ")
    plain = run_pytest(system, tmp_path, *tests, **more)
    done = run_pytest(system, tmp_path, *tests, *PLUGIN, "--mprofpp", "-n", "2", "--mprofpp-rows=0", **more)
    assert done.returncode == plain.returncode == 0, done.stdout
    assert last.search(done.stdout)[1] == last.search(plain.stdout)[1]
    assert len(rows_of(done.stdout)) > 500
