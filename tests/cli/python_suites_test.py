"""The test suites of Python and of some Debian packages have the same results as without a recorder."""

import shutil
import os
import subprocess

import pytest

from conftest import BUILD, unsanitized
from inspected import need_tracing
from pythons import INTERPRETERS, interpreters, python, system  # noqa: F401 (fixtures)
from recording import Recording
from sources import source_of
from suites import differences, regrtest, run_both, run_looked_into

pytestmark = unsanitized  # this would test the sanitizer
MPROFPP = BUILD / "bin/mprofpp"

# modules that a recorder disturbs most easily; scripts/python_suites runs all that do not take minutes
MODULES = [
    "test_asyncgen", "test_bdb", "test_code", "test_contextlib", "test_coroutines", "test_exceptions",
    "test_frame", "test_generators", "test_inspect", "test_pdb", "test_sys_setprofile", "test_sys_settrace",
    "test_traceback", "test_yield_from",
]  # fmt: skip


# modules that notice a thread, a signal or a descriptor that is not theirs
LOOKED_INTO = ["test_threading", "test_asyncio.test_base_events", "test_subprocess", "test_signal"]


def check(alone, recorded, least):
    assert len(alone.unknown) >= least, alone.said
    assert differences(alone, recorded) == []


def test_jinja2_of_debian(system, tmp_path):  # noqa: F811
    shutil.copytree(source_of("jinja2"), tmp_path / "jinja2")
    command = [system, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml", "REPORT"]
    recording = tmp_path / "jinja2.dat"
    folder = tmp_path / "jinja2"
    options = {"trace": "jinja2.*", "recording": recording, "folder": folder, "PYTHONPATH": f"{folder}/src"}
    alone, recorded = run_both(MPROFPP, command, **options)
    check(alone, recorded, least=800)
    assert alone.status == recorded.status == 0
    assert {call.name for call in Recording(recording).calls} >= {"jinja2.lexer.Lexer.tokeniter"}


def test_greenlet_of_debian(system, tmp_path):  # noqa: F811
    command = [system, "-c", "import greenlet.tests, objgraph, sys; print(*greenlet.tests.__path__)"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("SKIP: python3-greenlet's tests or python3-objgraph are not installed")
    command = [system, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml", "REPORT"]
    # test_leaks expects a leak that reading the current greenlet prevents, and counts objects for minutes
    command += [done.stdout.strip(), "--ignore", f"{done.stdout.strip()}/test_leaks.py"]
    options = {"trace": "greenlet.*", "recording": tmp_path / "greenlet.dat", "GREENLET_SKIP_LEAKCHECKS": "1"}
    alone, recorded = run_both(MPROFPP, command, **options)
    check(alone, recorded, least=80)


@interpreters()
def test_cpython(python, tmp_path):  # noqa: F811
    has_tests = subprocess.run([python, "-c", "import test.test_sys"], capture_output=True, check=False)
    if has_tests.returncode != 0:
        pytest.skip(f"SKIP: the tests of {python} are not installed")
    recording = tmp_path / "tests.dat"
    alone, recorded = run_both(MPROFPP, regrtest(python, *MODULES), trace="*", recording=recording)
    check(alone, recorded, least=800)


@pytest.mark.parametrize("module", LOOKED_INTO)
def test_cpython_with_a_client(module, looked_into):
    if "MPROFPP_LONG_TESTS" not in os.environ:
        pytest.skip("SKIP: runs for minutes, and only with MPROFPP_LONG_TESTS=1")
    need_tracing()
    alone, together = run_looked_into(MPROFPP, regrtest(looked_into, module))
    check(alone, together, least=20)


@pytest.fixture(params=INTERPRETERS)
def looked_into(request):
    path = INTERPRETERS[request.param]
    if path is None:
        pytest.skip(f"SKIP: no Python {request.param} here")
    if subprocess.run([path, "-c", "import test.test_sys"], capture_output=True, check=False).returncode != 0:
        pytest.skip(f"SKIP: the tests of {path} are not installed")
    return path
