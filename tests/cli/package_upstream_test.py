"""memory_profiler's own tests, as its Makefile runs them, with the Python package in its place."""

import shutil
import subprocess

import pytest

from conftest import unsanitized

from package import environment, tables
from python_memory_profiler_test import CASES
from pythons import PACKAGE, execute, system  # noqa: F401 (fixture)
from sources import source_of

pytestmark = unsanitized
IN_PLACE = {
    "memory_profiler.py": """
import sys
if __name__ == "__main__":
    from mprofpp.__main__ import main
    main()
else:
    import mprofpp.memory_profiler
    sys.modules[__name__] = mprofpp.memory_profiler
""",
    "mprof.py": "import sys, mprofpp.mprof\nsys.modules[__name__] = mprofpp.mprof\n",
}


@pytest.fixture
def sources(tmp_path):
    """A function that copies the sources; for the name "ours" with the package in their place."""

    def copy(name):
        folder = tmp_path / name
        shutil.copytree(source_of("python-memory-profiler", "--upstream"), folder)
        if name == "ours":
            for file, text in IN_PLACE.items():
                (folder / file).write_text(text)
        return folder

    return copy


def outcome(system, folder, options, script):
    path = f"{folder}:{PACKAGE}" if folder.name == "ours" else str(folder)
    words = [system, *options.split(), f"test/test_{script}.py"]
    return execute(words, environment(PYTHONPATH=path, PYTHONWARNINGS="ignore"), cwd=folder)


@pytest.mark.parametrize("options, script", [*CASES, ("", "mprof")], ids=lambda value: value or "alone")
def test_a_test_of_memory_profiler_passes_if_it_does_there(system, sources, options, script):
    if subprocess.run([system, "-c", "import psutil"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-psutil is not installed")
    theirs = outcome(system, sources("theirs"), options, script)
    ours = outcome(system, sources("ours"), options, script)
    assert ours.returncode == theirs.returncode, ours.stderr
    assert [table.rows.keys() for table in tables(ours.stdout)] == [
        table.rows.keys() for table in tables(theirs.stdout)
    ]
