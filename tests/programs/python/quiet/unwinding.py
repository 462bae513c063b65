"""Unwinds the C stack to its outermost frame, as profilers and C++ exceptions do."""

import ctypes

from mprofpp import profile

MOST = 1000
libc = ctypes.CDLL(None)
libc.backtrace_symbols.restype = ctypes.POINTER(ctypes.c_char_p)


@profile
def outermost(_):
    addresses = (ctypes.c_void_p * MOST)()
    n = libc.backtrace(addresses, MOST)
    assert n < MOST
    return libc.backtrace_symbols(addresses, n)[n - 1].split(b"(")[-1].split(b")")[0]


@profile
def numbers():
    yield from map(outermost, [1, 2])


print(list(numbers()))
