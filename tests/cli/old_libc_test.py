"""Programs that bring their own glibc, from 2020. The agent is loaded into them, and they run and make marks
like any other program. The files from Debian 11 stay in a temporary folder of the test."""

import subprocess

import pytest

from conftest import ROOT, needs, unsanitized

MARKED = ROOT / "tests/programs/marked"
PACKAGES = "libc6 libgcc-s1 coreutils python3.9-minimal libpython3.9-minimal zlib1g libexpat1".split()
pytestmark = unsanitized  # a sanitizer's runtime would come before the old glibc


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A folder with programs and libraries of Debian 11."""
    folder = tmp_path_factory.mktemp("debian") / "11"
    done = subprocess.run(
        [ROOT / "scripts/old_packages", folder, *PACKAGES], capture_output=True, check=False
    )
    if done.returncode == 77:
        pytest.skip(done.stderr.decode().strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def bundled(old):
    """Returns a command line that runs a program with the old linker and libraries, as bundles do."""

    def bundled(program, *arguments):
        (linker,) = old.glob("lib/*/ld-2.31.so")
        libraries = f"{linker.parent}:{old}/usr/lib/{linker.parent.name}"
        return [linker, "--library-path", libraries, program, *arguments]

    return bundled


@pytest.fixture
def scopes(tmp_path):
    """A program in C that runs with any glibc."""
    needs("gcc")
    words = ["gcc", "-O1", "-nostartfiles", f"-I{ROOT}/share/include", "-o", tmp_path / "scopes"]
    done = subprocess.run(
        [*words, MARKED / "scopes.c", MARKED / "old_start.c"], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"SKIP: {done.stderr.decode().splitlines()[-1]}")
    return tmp_path / "scopes"


def test_a_program_with_the_glibc_of_debian_11_runs_and_makes_marks(mprofpp, bundled, scopes):
    done = mprofpp.record(bundled(scopes))
    assert done.status == 0 and done.text.strip().isdigit()
    names = [call.name for call in done.recording.calls]
    assert sorted(names) == ["innen: größer", "load", "outer, with spaces", "request"]
    assert [text for *_, text in done.recording.marks] == ["phase 2"]


CALLS = """
import os, threading
@profile
def f(n): return n
def work():
    for n in range(50): f(n)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(os.confstr("CS_GNU_LIBC_VERSION"))
"""


@pytest.mark.parametrize("options", [[], ["--trace", "__main__.f"]], ids=["decorated", "traced"])
def test_every_call_of_a_python_with_the_glibc_of_debian_11_is_recorded(
    mprofpp, bundled, old, tmp_path, options
):
    source = CALLS.replace("@profile\n", "") if options else CALLS
    (tmp_path / "x.py").write_text(source)
    python = ["env", f"PYTHONHOME={old}/usr", *bundled(old / "usr/bin/python3.9", "x.py")]
    done = mprofpp.record("--all-calls", *options, python)
    assert (done.status, done.text) == (0, "glibc 2.31\n"), done.err
    assert [call.name for call in done.recording.calls] == ["__main__.f"] * 200
    assert len({call.lane for call in done.recording.calls}) == 4


def test_marks_work_in_a_program_started_with_an_empty_environment_by_one_without_libdl(
    mprofpp, bundled, old, program
):
    """Without libdl the agent in such a program has no dlsym with which to find the original execvp."""
    marks = [str(word) for word in program("marks", "begin", "f", "end", "f")]
    done = mprofpp.record(bundled(old / "usr/bin/env", "-i", "A=1", *marks))
    assert done.status == 0
    assert done.recording.call("f").level == 0


def test_a_linker_that_starts_a_program_is_not_mistaken_for_a_static_program(mprofpp, bundled, old):
    done = mprofpp.record("--trace", "load", bundled(old / "bin/true"))
    (line,) = [line for line in done.said if "no marks: " in line]
    assert "no function with a matching name was called" in line
