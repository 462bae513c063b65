"""calls.py: calls functions until its standard input ends, then prints "right" if all its results were right.

Each line on the standard input makes it fork a child, which does the same until it gets SIGTERM; the pid of
the child is printed."""

import os
import signal
import sys
import threading
import time

STOP = threading.Event()
ORDERS = []


def leaf(number):
    return number + 1


def numbers():
    yield 1
    yield 2


def work():
    total = 0
    for number in range(5):
        total += leaf(number)
    total += sum(numbers())
    time.sleep(0.001)
    return total


def obey():
    for line in sys.stdin:
        ORDERS.append(line)
    STOP.set()


def call_until_stopped():
    right = True
    while not STOP.is_set():
        right = work() == 18 and right
        if ORDERS and ORDERS.pop():
            child = os.fork()
            if child == 0:
                signal.signal(signal.SIGTERM, lambda *_: STOP.set())
                os._exit(0 if call_until_stopped() else 1)
            print(child, flush=True)
    return right


threading.Thread(target=obey, daemon=True).start()
print("ready", flush=True)
print("right" if call_until_stopped() else "wrong", flush=True)
