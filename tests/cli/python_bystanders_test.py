"""Marks do not disturb bystanders: debuggers, tracers, users of sys.monitoring, and programs that make no
marks. The tests run with every installed interpreter and without a recorder, and read what the agent
reports."""

from pythons import (  # noqa: F401 (fixtures)
    PACKAGE, execute, go, interpreters, levels, plain_environment, python,
)  # fmt: skip


@interpreters()
def test_a_program_without_marks_is_not_changed(run, python):
    code = """
import sys
assert not any('mprofpp' in repr(finder) for finder in sys.meta_path)
print(sys.argv, sys.path[0], sorted(vars()))
monitoring = getattr(sys, 'monitoring', None)
print([monitoring.get_tool(i) for i in range(6)] if monitoring else None)
"""
    alone = execute([python, "-c", code, "a", "-b"], plain_environment())
    assert go(run, python, "-c", code, "a", "-b").stdout == alone.stdout
    assert [path.name for path in run.folder.iterdir()] == ["bell"]


@interpreters()
def test_the_package_without_a_recorder_marks_nothing_and_changes_nothing(python, tmp_path):
    code = """
from mprofpp import mark, profile, timestamp
def f(): return 1
assert profile(f) is f and profile(precision=4)(f) is f and profile()(f) is f
with profile.timestamp('a'), timestamp('b'): mark('c')
print(f())
"""
    environment = plain_environment() | {"PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1"}
    done = execute([python, "-c", code], environment, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("1\n", "")


@interpreters()
def test_a_debugger_stops_in_a_marked_function(run, python, tmp_path):
    code = "@profile\ndef f():\n    x = 41\n    breakpoint()\n    return x\nf()\n"
    (tmp_path / "program.py").write_text(code)
    done = go(run, python, "program.py", input="p x + 1\nc\n", stdin=None, cwd=tmp_path)
    assert "42" in done.stdout
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")]


LINES = """
import sys, os
seen = []
def tracer(frame, event, argument):
    if frame.f_code.co_filename == '<string>': seen.append((event, frame.f_lineno))
    return tracer
def numbers():
    for i in range(2):
        yield i
@profile
def f(n):
    try:
        return sum(numbers()) // n
    except ZeroDivisionError:
        return None
marked = profile(numbers)
sys.settrace(tracer)
f(1); f(0); it = marked(); next(it); it.close()
sys.settrace(None)
print(seen)
"""


@interpreters()
def test_a_tracer_sees_the_same_lines(run, python):
    alone = execute([python, "-c", "profile = lambda f: f\n" + LINES.lstrip("\n")], plain_environment())
    assert alone.returncode == 0, alone.stderr
    ours = go(run, python, "-c", "\n" + LINES.lstrip("\n"))
    assert ours.stdout == alone.stdout and "exception" in ours.stdout
    assert len(run.read().levels(run.read().only())) == 5


@interpreters()
def test_a_tracer_does_not_see_the_code_that_tells_tasks_apart(run, python):
    code = "import asyncio, sys\n@profile\nasync def f(): pass\nseen = set()\n"
    code += "def tracer(frame, *_): seen.add(frame.f_code.co_name)\n"
    code += "async def main():\n sys.settrace(tracer)\n await f()\n sys.settrace(None)\n"
    assert go(run, python, "-c", code + "asyncio.run(main()); print(sorted(seen))").stdout == "['f']\n"


@interpreters(first=(3, 12))
def test_other_users_of_monitoring_are_not_disturbed(run, python):
    code = """
import sys
monitoring = sys.monitoring
seen = []
for tool in (0, 1, 2, 4): monitoring.use_tool_id(tool, f'tool {tool}')
monitoring.register_callback(1, monitoring.events.PY_START, lambda code, at: seen.append(code.co_name))
monitoring.set_events(1, monitoring.events.PY_START)
@profile
def f(): pass
f(); f(); monitoring.restart_events(); f()
monitoring.set_events(1, 0)
print(seen, monitoring.get_tool(4))
"""
    done = go(run, python, "-c", code)
    assert done.stdout == "['f', 'f', 'f'] tool 4\n"
    assert run.read().levels(run.read().only()) == [(0, "__main__.f")] * 3


@interpreters(first=(3, 12))
def test_functions_are_wrapped_if_all_tool_ids_are_in_use(run, python):
    code = "import sys\nfor i in (3, 4, 5): sys.monitoring.use_tool_id(i, 'x')\n"
    code += "@profile\ndef f(): pass\nf()"
    assert levels(run, python, "-c", code) == [(0, "__main__.f")]
