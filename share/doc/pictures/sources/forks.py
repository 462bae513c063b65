"""Four processes that share 60 MiB of their parent's, and make 30 MiB of their own one after the other."""

import os
import time

shared = bytearray(60 << 20)
children = []
for number in range(4):
    children.append(os.fork())
    if children[-1] == 0:
        time.sleep(0.3 + 0.4 * number)
        own = bytearray(30 << 20)
        time.sleep(3 - 0.4 * number)
        os._exit(0)
for child in children:
    os.waitpid(child, 0)
time.sleep(0.3)
