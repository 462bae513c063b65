"""family MIB CHILDREN READY: a parent that takes MIB, and children that share it and do nothing. Writes the
file READY when all have started. All exit when its standard input ends."""

import os
import pathlib
import sys

mib, count, ready = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
memory = b"x" * (mib << 20)
end, parents_end = os.pipe()
for _ in range(count):
    if os.fork() == 0:
        os.close(parents_end)
        os.read(end, 1)  # returns when the parent has closed its end or exited
        os._exit(0)
ready.touch()
sys.stdin.buffer.read()
os.close(parents_end)
for _ in range(count):
    os.wait()
