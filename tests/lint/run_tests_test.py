"""scripts/run_tests reports what is missing in the summary of ctest."""

import importlib.machinery
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTEST_REPORT = """<testsuites><testsuite>
  <testcase name="test_here" time="1.5"/>
  <testcase name="test_there" time="0"><skipped message="SKIP: no Python 3.99 here"/></testcase>
  <testcase name="test_elsewhere" time="0"><skipped message="SKIP: no Python 3.99 here"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def run_tests(tmp_path):
    """Runs it on a build folder with these tests, {name: shell command}. `prefix` goes before the command."""

    def run(prefix=(), **tests):
        lines = []
        for name, command in tests.items():
            lines.append(f"add_test({name} sh -c [=[{command}]=])")
            lines.append(f'set_tests_properties({name} PROPERTIES SKIP_REGULAR_EXPRESSION "SKIP: ")')
        (tmp_path / "CTestTestfile.cmake").write_text("\n".join(lines) + "\n")
        command = [*prefix, sys.executable, ROOT / "scripts/run_tests", tmp_path]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def test_it_exits_with_the_status_of_ctest(run_tests):
    assert run_tests(good="true").returncode == 0
    done = run_tests(good="true", bad="exit 3")
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_skipped_test_is_listed_with_its_reason(run_tests):
    done = run_tests(good="true", swap="echo 'SKIP: this machine has no swap'")
    assert done.returncode == 0
    assert "  SKIP: 1 test: this machine has no swap (swap)" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 passed, 0 failed, 1 skipped"


def test_the_tests_in_an_end_to_end_file_are_counted_and_their_skips_are_listed(run_tests):
    done = run_tests(good="true", many=f"echo '{PYTEST_REPORT}' >$MPROFPP_TEST_REPORTS/many.xml")
    assert "  SKIP: 2 tests: no Python 3.99 here (many)" in done.stdout
    assert done.stdout.splitlines()[-1] == "2 passed, 0 failed, 2 skipped"


def test_the_longest_tests_come_first(run_tests, tmp_path):
    done = run_tests(quick="true", slow="sleep 0.3")
    report = xml.etree.ElementTree.parse(tmp_path / "reports/ctest.xml").getroot()
    seconds = {case.get("name"): float(case.get("time")) for case in report.iter("testcase")}
    listed = [line.split()[-1] for line in done.stdout.splitlines() if line.endswith(tuple(seconds))]
    assert listed[-2:] == sorted(seconds, key=seconds.get, reverse=True)


def test_a_process_that_a_test_leaves_behind_fails_the_run_and_is_killed(run_tests, tmp_path):
    leave = f"setsid sleep 1000 >{tmp_path}/out 2>&1 & echo $! >{tmp_path}/pid"
    done = run_tests(leaves=leave)
    assert done.returncode == 1
    assert "the tests left process" in done.stderr and "sleep 1000" in done.stderr
    assert not pathlib.Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


def test_a_mount_that_a_test_leaves_behind_fails_the_run(run_tests, tmp_path):
    place = tmp_path / "mounted"
    place.mkdir()
    own_mounts = ["unshare", "--mount"]
    if subprocess.run([*own_mounts, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: unshare --mount is not allowed here")
    done = run_tests(own_mounts, leaves=f"mount -t tmpfs none {place}")
    assert done.returncode == 1
    assert f"the tests left mount {place}" in done.stderr


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="SKIP: no /dev/shm here")
def test_shared_memory_that_a_test_leaves_behind_fails_the_run(run_tests):
    with tempfile.TemporaryDirectory(prefix="mprofpp-test-", dir="/dev/shm") as folder:
        made = f"{folder}-left"
        try:
            done = run_tests(leaves=f"mkdir {made}")
        finally:
            os.rmdir(made)
    assert done.returncode == 1
    assert f"the tests left shared memory {made}" in done.stderr


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="SKIP: no /dev/shm here")
def test_shared_memory_of_another_recorder_is_not_reported(run_tests, tmp_path):
    with tempfile.TemporaryDirectory(prefix="mprofpp-test-", dir="/dev/shm") as folder:
        made = pathlib.Path(f"{folder}-used")
        recorder = f"mkdir {made}; exec 3>{made}/bell; read end"
        start = f"({recorder} <{tmp_path}/end; rm -r {made}) & until [ -e {made}/bell ]; do sleep 0.01; done"
        os.mkfifo(tmp_path / "end")
        os.mkfifo(tmp_path / "go")
        beside = subprocess.Popen(["sh", "-c", f"read go <{tmp_path}/go; {start}; wait"])
        done = run_tests(good=f"echo >{tmp_path}/go; until [ -e {made}/bell ]; do sleep 0.01; done")
        (tmp_path / "end").write_text("\n")
        beside.wait()
    assert done.returncode == 0, done.stderr


def test_a_process_that_exits_while_its_files_are_read_has_no_open_files():
    loader = importlib.machinery.SourceFileLoader("run_tests", str(ROOT / "scripts/run_tests"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
    loader.exec_module(module)
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert list(module.open_files(ended.pid)) == []
    assert list(module.open_files(os.getpid()))
