"""A program whose door is open from the start: it opens the door itself, as mprofpp lets a program do. Runs
the code that follows the name of the socket, and ends when its standard input ends. The library is the one
that is loaded, unless another is given.

    door_target.py SOCKET [CODE [LIBRARY]]
"""

import ctypes
import sys
import threading

library = ctypes.CDLL(sys.argv[3] if len(sys.argv) > 3 else None)
ready = threading.Event()
cache = {}


def open_door(socket):
    block = b"DOOR=" + socket.encode() + b"\0\0"
    library.mprofpp_open_door(block)


open_door(sys.argv[1])
exec(compile("\n".join(sys.argv[2:3]), "<program>", "exec"))
print("ready", flush=True)
sys.stdin.read()
