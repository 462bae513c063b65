"""Installs a hook for evaluating frames (PEP 523) from the library in argument 1, before or after its first
mark, as argument 2 says."""

import _thread
import ctypes
import sys

from mprofpp import profile

hook = ctypes.PyDLL(sys.argv[1])


def plain(n): return n + 1
def recursive(n): return 0 if n == 0 else 1 + recursive(n - 1)
def numbers():
    for i in range(3):
        yield plain(i)
def fails(): raise ValueError


def everything():
    print(sum(numbers()), recursive(20), next(numbers()))
    try:
        fails()
    except ValueError:
        print("failed")


if sys.argv[2] == "before":
    hook.put_hook()
for name in ("plain", "recursive", "numbers", "fails", "everything"):
    globals()[name] = profile(globals()[name])
if sys.argv[2] == "after":
    plain(1)
    hook.put_hook()
if hasattr(sys, "monitoring") and sys.monitoring.get_tool(5) is None:
    # if a tool monitors exceptions, 3.13.10 and later evaluate an abandoned generator once more to close it
    sys.monitoring.use_tool_id(5, "another")
    sys.monitoring.set_events(5, sys.monitoring.events.PY_UNWIND)
hook.forget_evaluations()  # without a recorder `profile` is a function of Python
everything()
_thread.stack_size(512 * 1024)
ended = _thread.allocate_lock()  # `threading` evaluates different things depending on which thread is first
ended.acquire()
def in_a_thread():
    print(recursive(250))  # more than half of that on the C stack
    ended.release()
_thread.start_new_thread(in_a_thread, ())
ended.acquire()
everything()
print(hook.take_hook(), "evaluations")
everything()
