"""A program to look into: runs the code that it is given, prints its pid, and ends when its input ends.

    inspected.py [CODE]
"""

import os
import sys
import threading

ready = threading.Event()
cache = {}

exec(compile("\n".join(sys.argv[1:2]), "<program>", "exec"))
print(os.getpid(), flush=True)
sys.stdin.read()
