"""Another user of the extra data in code objects (PEP 523). Only its own values are passed to its free
function."""

import ctypes
import gc
import sys

from mprofpp import profile

python = ctypes.pythonapi
gc.disable()  # automatic collections could come at different times
newer = sys.version_info >= (3, 12)
request = python[("PyUnstable_Eval_" if newer else "_PyEval_") + "RequestCodeExtraIndex"]
keep = python[("PyUnstable_Code_" if newer else "_PyCode_") + "SetExtra"]
free_type = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
keep.argtypes = (ctypes.py_object, ctypes.c_ssize_t, ctypes.c_void_p)
freed = []
free = free_type(freed.append)
place = request(free)


@profile
def marked(n): return n


def make(n):
    scope = {"profile": profile}
    exec(f"@profile\ndef made(): return {n}\ndef other(): return made()", scope)
    return scope["made"], scope["other"]


for n in range(20):
    made, other = make(n)
    assert (made(), other(), marked(n)) == (n, n, n)
    if n % 2:
        keep(made.__code__, place, 100 + n)
        keep(other.__code__, place, 200 + n)
        made()
del made, other
gc.collect()
print(freed)
