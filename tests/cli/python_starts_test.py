"""Marks of Python functions however the interpreter is started, and in forked children and workers. The tests
run with every installed interpreter and without a recorder, and read what the agent reports."""

import os
import subprocess

import pytest

from pythons import go, interpreters, levels, python  # noqa: F401 (fixtures)
from ring import ENTER, INHERITED, LEAVE

MODULE = "@profile\ndef f(): pass\nif __name__ == '__main__': f()\n"


def start_as_file(python, folder):
    return [python, folder / "program.py"]


def start_executable(python, folder):
    path = folder / "program.py"
    path.write_text(f"#!{python}\n{MODULE}")
    path.chmod(0o755)
    return ["./program.py"]


def start_by_name(python, folder):
    return ["env", f"PATH={os.path.dirname(python)}:/usr/bin:/bin", "python3", folder / "program.py"]


def start_module(python, folder):
    return [python, "-m", "package"]


def start_command(python, folder):
    return [python, "-c", MODULE]


def start_isolated(python, folder):
    return [python, "-I", "-S", "-E", folder / "program.py"]


def start_from_stdin(python, folder):
    return ["sh", "-c", f"{python} < {folder}/program.py"]


def start_in_empty_environment(python, folder):
    return ["env", "-i", python, folder / "program.py"]


def start_from_python(python, folder):
    code = f"import subprocess; subprocess.run([{python!r}, 'program.py'], env={{}}, check=True)"
    return [python, "-c", code]


def start_by_exec(python, folder):
    return [python, "-c", f"import os; os.execv({python!r}, ['python', 'program.py'])"]


def start_in_venv(python, folder):
    subprocess.run([python, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    return [folder / "venv/bin/python", folder / "program.py"]


STARTS = [
    start_as_file, start_executable, start_by_name, start_module, start_command, start_isolated,
    start_from_stdin, start_in_empty_environment, start_from_python, start_by_exec, start_in_venv,
]  # fmt: skip


@interpreters()
@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
def test_marks_work_however_the_interpreter_is_started(run, python, tmp_path, start):
    (tmp_path / "program.py").write_text(MODULE)
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__main__.py").write_text(MODULE)
    assert levels(run, *start(python, tmp_path), cwd=tmp_path) == [(0, "__main__.f")]


@interpreters()
@pytest.mark.parametrize("flags", [["-X", "dev"], ["-X", "faulthandler"], ["-O"]], ids=" ".join)
def test_interpreters_with_other_allocators_exit_without_errors(run, python, flags):
    done = go(run, python, *flags, "-c", MODULE)
    assert done.stderr == ""
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")]


WORKERS = """
import multiprocessing, os, sys
@profile
def work(x): return x
if __name__ == '__main__':
    method = sys.argv[1]
    if method == 'executor':
        from concurrent.futures import ProcessPoolExecutor
        with ProcessPoolExecutor(1) as pool: print(list(pool.map(work, [1, 2])))
    elif method == 'os.fork':
        pid = os.fork()
        if pid == 0:
            work(1); work(2)
            os._exit(0)
        os.waitpid(pid, 0)
        print([1, 2])
    else:
        context = multiprocessing.get_context(method)
        queue = context.SimpleQueue()
        workers = [context.Process(target=work, args=(x,)) for x in (1, 2)]
        for worker in workers: worker.start()
        for worker in workers: worker.join()
        print([1, 2])
"""


@interpreters()
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver", "executor", "os.fork"])
def test_calls_in_workers_have_the_names_of_the_main_program(run, python, tmp_path, method):
    (tmp_path / "program.py").write_text(WORKERS)
    assert go(run, python, "program.py", method, cwd=tmp_path).stdout == "[1, 2]\n"
    rings = run.read()
    calls = [call for pid in rings.events for call in rings.levels(pid)]
    assert calls == [(0, "__main__.work")] * 2


@interpreters()
def test_workers_of_a_server_are_marked_after_the_interpreter_closed_its_files(run, python):
    code = "import os\n@profile\ndef f(): pass\nf()\nos.closerange(3, 4096)\nf()\n"
    go(run, python, "-c", code + "if os.fork() == 0: f(); os._exit(0)\nos.wait()")
    rings = run.read()
    assert sorted(len(rings.levels(pid)) for pid in rings.events) == [1, 2]


@interpreters()
def test_a_forked_child_inherits_the_open_call(run, python):
    code = "import os\n@profile\ndef serve():\n if os.fork() == 0: os._exit(0 if own() else 1)\n os.wait()\n"
    go(run, python, "-c", code + "@profile\ndef own(): return True\nserve()")
    rings = run.read()
    told = {pid: [(e.kind, e.name) for e in events] for pid, events in rings.events.items()}
    serve, own = "__main__.serve", "__main__.own"
    assert sorted(told.values()) == [
        [(ENTER, serve), (ENTER, own), (LEAVE, own)],
        [(ENTER, serve), (LEAVE, serve)],
    ]
    (child,) = (pid for pid, events in told.items() if len(events) == 3)
    assert rings.events[child][0].flags & INHERITED
    assert rings.events[child][1].active == rings.events[child][0].call, "it is within the inherited call"
