"""memory_usage() of the Python package has the signature and the results of memory_profiler's."""

import subprocess

import pytest

from conftest import unsanitized

from package import environment, run
from pythons import execute, interpreters, python, system  # noqa: F401 (fixtures)

pytestmark = unsanitized
HEAD = """
import io, os, subprocess, sys, time
from mprofpp.memory_profiler import memory_usage
calls = []
def call(size=0, *, times=1):
    calls.append(size)
    for _ in range(times):
        block = bytearray(size << 20)
        del block
    return size
"""


def prints(python, code, **options):
    return run(python, "-c", HEAD + code, **options)


def test_the_signature_is_that_of_memory_profiler(system):
    code = """
import inspect
print([(p.name, p.default) for p in inspect.signature(memory_usage).parameters.values()])
"""
    assert eval(prints(system, code)) == [
        ("proc", -1), ("interval", 0.1), ("timeout", None), ("timestamps", False),
        ("include_children", False), ("multiprocess", False), ("max_usage", False), ("retval", False),
        ("stream", None), ("backend", None), ("max_iterations", None),
    ]  # fmt: skip


@interpreters()
def test_a_process_has_one_sample_or_as_many_as_fit_into_the_timeout(python):
    code = """
own = memory_usage()
print(len(own), type(own[0]).__name__, 1 < own[0] < 100, len(memory_usage(-1, 0.01, 0.05)))
print(len(memory_usage(str(os.getpid()))), type(memory_usage(os.getppid(), max_usage=True)).__name__)
mib, at = memory_usage(timestamps=True)[0]
print(abs(mib - own[0]) < 1, abs(at - time.time()) < 60)
"""
    assert prints(python, code) == "1 float True 5\n1 float\nTrue True\n"


@interpreters()
def test_a_function_is_called_once_and_its_largest_memory_is_seen(python):
    code = """
before = memory_usage()[0]
mem, value = memory_usage((call, (64,), {"times": 3}), retval=True)
print(calls, value, type(mem).__name__, 63 < max(mem) - before < 66, abs(mem[-1] - before) < 2)
print(63 < memory_usage((call, (64,)), max_usage=True) - before < 66)
print(63 < memory_usage((lambda: call(64),), max_usage=True, interval=10) - before < 66)
print(all(len(pair) == 2 for pair in memory_usage(call, timestamps=True)), len(calls))
"""
    assert prints(python, code) == "[64] 64 list True True\nTrue\nTrue\nTrue 4\n"


def test_a_function_is_called_again_only_if_that_is_asked_for(system):
    code = "memory_usage(call, interval=100, max_iterations=2); print(len(calls))"
    assert prints(system, code) == "2\n"


def test_an_exception_is_raised_and_no_other_process_is_killed(system):
    code = """
bystander = subprocess.Popen(["sleep", "60"])
def fails(): raise KeyError("expected")
try: memory_usage(fails)
except KeyError as error: print(error, bystander.poll())
bystander.kill()
bystander.wait()
import threading
print(threading.active_count())
"""
    assert prints(system, code) == "'expected' None\n1\n"


@interpreters()
def test_a_popen_is_sampled_until_it_exits(python):
    code = """
def start():
    code = "import sys; kept = bytearray(30 << 20); print(flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.readline()
    return child
child = start()
print(len(memory_usage(child, interval=0.001, timeout=0.005)))
most = memory_usage(child, interval=0.001, timeout=0.01, max_usage=True)
print(30 < most < 60)
child.communicate()
print(child.poll(), len(memory_usage(subprocess.Popen(["true"]), interval=0.001)) > 0)
"""
    assert prints(python, code) == "5\nTrue\n0 True\n"


@pytest.mark.parametrize("backend", ["psutil", "psutil_pss"])
def test_a_popen_that_has_exited_and_was_not_waited_for_ends_the_samples(system, backend):
    code = f"""
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
child = subprocess.Popen(["true"])
signal.sigwait([signal.SIGCHLD])
print(max(memory_usage(child, backend={backend!r}, interval=0) or [0]))
"""
    done = execute([system, "-c", HEAD + code], environment())
    assert done.stdout == "0.0\n" or "ProcessLookupError: there is no process" in done.stderr


CHILDREN = """
child = subprocess.Popen(["sh", "-c", "read line; true"], stdin=subprocess.PIPE)
grandchild = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
alone, together = memory_usage()[0], memory_usage(include_children=True)[0]
print(together > alone)
(sample,) = memory_usage(multiprocess=True)
print(len(sample), abs(sample[0] - alone) < 1, abs(sum(sample) - together) < 1)
stream = io.StringIO()
print(memory_usage(multiprocess=True, stream=stream))
kinds = [line.split()[0] for line in stream.getvalue().splitlines()]
pids = {line.split()[1] for line in stream.getvalue().splitlines()[1:]}
print(kinds, pids == {str(child.pid), str(grandchild.pid)})
child.communicate(), grandchild.communicate()
"""


@interpreters()
def test_children_are_added_or_listed(python):
    assert prints(python, CHILDREN) == "True\n3 True True\nNone\n['MEM', 'CHLD', 'CHLD'] True\n"


def test_the_samples_of_a_function_are_written_to_a_stream(system):
    code = """
stream = io.StringIO()
print(memory_usage((call, (20,)), stream=stream))
print({line.split()[0] for line in stream.getvalue().splitlines()}, len(calls))
"""
    assert prints(system, code) == "None\n{'MEM'} 1\n"


WRONG = {
    "memory_usage('1+1')": "TypeError: proc is a pid, a Popen or a function with its arguments, not '1+1'",
    "memory_usage(1.5)": "TypeError: proc is a pid, a Popen or a function with its arguments, not 1.5",
    "memory_usage((call, 1, 2, 3))": "ValueError: a function is (f,), (f, args) or (f, args, kwargs), not 4 "
    "values",
    "memory_usage(())": "ValueError: a function is (f,), (f, args) or (f, args, kwargs), not 0 values",
    "memory_usage((1, 2))": "TypeError: the first value is the function that is called, and 1 is not one",
    "memory_usage(backend='nope')": "KeyError: \"there is no backend 'nope'; use one of psutil, psutil_pss, "
    'psutil_uss, posix, tracemalloc"',
    "memory_usage(1 << 29)": "ProcessLookupError: there is no process 536870912",
    "memory_usage(interval=-1)": "ValueError: the interval is -1 seconds; it must not be negative",
    "memory_usage(backend='tracemalloc')": "RuntimeError: There is no access to source file of the profiled "
    "function",
}  # fmt: skip


@pytest.mark.parametrize("call", WRONG)
def test_wrong_arguments_raise_what_memory_profiler_raises_with_a_message(system, call):
    done = execute([system, "-c", HEAD + call], environment())
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == WRONG[call]


def test_a_program_that_uses_psutil_gets_its_exceptions(system):
    if subprocess.run([system, "-c", "import psutil"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-psutil is not installed")
    code = """
import psutil
try: memory_usage(1 << 29)
except psutil.NoSuchProcess as error: print(isinstance(error, ProcessLookupError), error)
"""
    assert prints(system, code) == "True there is no process 536870912\n"


@pytest.mark.parametrize("backend", ["psutil_pss", "psutil_uss", "posix"])
def test_the_other_backends_read_their_metric(system, backend):
    code = f"""
rss, metric = memory_usage()[0], memory_usage(backend={backend!r})[0]
print(1 < metric < rss + 2, memory_usage((call,), backend={backend!r}, max_usage=True) > metric - 2)
"""
    assert prints(system, code) == "True True\n"


def test_without_proc_what_works_works_and_the_rest_reports_it(system):
    command = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: unshare -m is not allowed here")
    code = """
import warnings
from mprofpp.memory_profiler import choose_backend
from mprofpp import memory, record
warnings.simplefilter("error")
try: memory_usage()
except memory.Unavailable as error: print(error)
try: memory_usage(backend="psutil_pss")
except UserWarning as warning: print(warning)
try: memory_usage(include_children=True)
except memory.Unavailable as error: print(error)
print(memory.has_proc(), memory.forget_highest())
"""
    done = execute([*command, system, "-S", "-c", HEAD + code], environment())
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("memory cannot be read: ")
    assert rest[0] == "psutil_pss can not be used, psutil used instead"
    assert rest[1].startswith("memory cannot be read: ") and rest[2] == "False False"


def test_joblib_and_memory_usage_work_together(system):
    if subprocess.run([system, "-c", "import joblib"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-joblib is not installed")
    code = """
import joblib
def work(n):
    kept = bytearray(30 << 20)
    return len(kept) + n
def both():
    return sum(joblib.Parallel(n_jobs=2)(joblib.delayed(work)(n) for n in range(4)))
mem, total = memory_usage(both, include_children=True, interval=0.01, retval=True)
print(total == 4 * (30 << 20) + 6, max(mem) > mem[0] + 20)
jobs = [joblib.delayed(memory_usage)((len, ((),)), retval=True) for _ in range(2)]
print(joblib.Parallel(n_jobs=2)(jobs)[0][1])
"""
    done = execute([system, "-W", "ignore", "-c", HEAD + code], environment())
    assert done.stdout == "True True\n0\n", done.stderr
