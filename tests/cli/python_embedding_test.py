"""Marks of Python functions in C programs that embed Python: linked with it, or loading it at run time. The
tests run with every installed interpreter and without a recorder, and read what the agent reports."""

import pathlib

import pytest

from conftest import needs

from pythons import execute, interpreters, plain_environment, python  # noqa: F401 (fixtures)

EMBEDDING = """
void Py_Initialize(void);
int PyRun_SimpleString(const char*);
int Py_FinalizeEx(void);
int main(void) {
  Py_Initialize();
  int failed = PyRun_SimpleString("@profile\\ndef f(): pass\\nf()\\n");
  return Py_FinalizeEx() || failed;
}
"""
# as some servers do: Python is loaded at run time, and the source runs without an event for audit hooks
LOADING = """
#include <dlfcn.h>
#include <stdlib.h>
int main(int count, char** words) {
  void* python = dlopen(words[1], RTLD_NOW | (count == 2 ? RTLD_LOCAL : RTLD_GLOBAL));
  if (!python || dlerror()) return 1;
  ((void (*)(void))dlsym(python, "Py_Initialize"))();
  void* (*compile)(const char*, const char*, int) = dlsym(python, "Py_CompileString");
  void* (*import)(const char*, void*) = dlsym(python, "PyImport_ExecCodeModule");
  void* module = import("app", compile("@profile\\ndef f(): pass\\nf()\\n", "app.py", 257));
  return ((int (*)(void))dlsym(python, "Py_FinalizeEx"))() || !module;
}
"""


def home_of(python):
    return pathlib.Path(python).resolve().parents[1]


@pytest.fixture
def library(python):
    needs("gcc")
    version = "".join(pathlib.Path(python).resolve().name.partition("3")[1:])
    folder = home_of(python) / "lib"
    found = [*folder.glob(f"libpython{version}.so.1.0"), *folder.glob(f"*/libpython{version}.so.1.0")]
    if not found:
        pytest.skip(f"SKIP: {folder} has no shared libpython to embed")
    return found[0]


def embed(run, python, folder, source, *arguments, flags=()):
    (folder / "main.c").write_text(source)
    built = execute(["gcc", folder / "main.c", "-o", folder / "main", *flags], plain_environment())
    assert built.returncode == 0, built.stderr
    home = {"PYTHONHOME": str(home_of(python))}
    done = execute([folder / "main", *arguments], run.environment(**home))
    assert done.returncode == 0, done.stderr
    return run.read().levels(run.read().only())


@interpreters()
def test_functions_of_a_program_that_embeds_python_are_marked(run, python, library, tmp_path):
    flags = [f"-Wl,-rpath,{library.parent}", library]
    assert embed(run, python, tmp_path, EMBEDDING, flags=flags) == [(0, "__main__.f")]


@interpreters()
@pytest.mark.parametrize("names", [[], ["global"]], ids=["local", "global"])
def test_functions_of_a_program_that_loads_python_at_run_time_are_marked(
    run, python, library, tmp_path, names
):
    assert embed(run, python, tmp_path, LOADING, library, *names) == [(0, "app.f")]
