"""work.py KIND: works until its standard input ends, then prints "right" if all its results were right.

Prints "ready" first. The main thread of each kind is in another state most of the time."""

import asyncio
import json
import os
import re
import select
import subprocess
import sys
import threading
import time

TEXT = json.dumps({str(i): [i, i * 1.5, "x" * (i % 7)] for i in range(200)})
STOP = threading.Event()


def say_ready():
    print("ready", flush=True)


def watch_input():
    sys.stdin.read()
    STOP.set()


def churn_once():
    value = json.loads(TEXT)
    numbers = re.findall(r"\d+\.\d", TEXT)
    table = {key: len(value[key]) for key in value}
    for i in range(300):
        table[i] = str(i)
        del table[i]
    return len(value), len(numbers), sum(table.values()), json.dumps(value) == TEXT


EXPECTED = churn_once()


def busy():
    right = True
    while not STOP.is_set():
        right = sum(i * i for i in range(1000)) == 332833500 and right
    return right


def selects():
    left, right = os.pipe()
    say_ready()
    count = 0
    while not STOP.is_set():
        os.write(right, b"x")
        readable = select.select([left], [], [], 5)[0]
        count += len(os.read(left, 1)) == 1 and readable == [left]
        readable = select.select([left], [], [], 0.004)[0]
        count += readable == []
    return count > 0 and count % 2 == 0


def sleeps():
    right = True
    while not STOP.is_set():
        begin = time.monotonic()
        time.sleep(0.05)
        right = time.monotonic() - begin >= 0.05 and right
    return right


def reads():
    """The main thread itself waits for the end of the input."""
    return sys.stdin.buffer.raw.read() == b""


def joins():
    results = []
    main = threading.get_ident()

    def work():
        while sys._current_frames()[main].f_code.co_name not in {"join", "_wait_for_tstate_lock"}:
            time.sleep(0.001)
        say_ready()
        results.append(busy())

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    return results == [True]


def churn():
    results = []

    def work():
        right = True
        while not STOP.is_set():
            right = churn_once() == EXPECTED and right
        results.append(right)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    return results == [True] * 3


def greenlets():
    import gevent  # pylint: disable=import-outside-toplevel

    async_results = []

    def work():
        right = True
        while not STOP.is_set():
            right = churn_once() == EXPECTED and right
            gevent.sleep(0.002)
        async_results.append(right)

    gevent.joinall([gevent.spawn(say_ready)] + [gevent.spawn(work) for _ in range(5)])
    return async_results == [True] * 5


def tasks():
    async def work():
        right = True
        while not STOP.is_set():
            right = churn_once() == EXPECTED and right
            await asyncio.sleep(0.002)
        return right

    async def main():
        say_ready()
        return await asyncio.gather(*(work() for _ in range(5)))

    return asyncio.run(main()) == [True] * 5


def forks():
    right = True
    while not STOP.is_set():
        child = os.fork()
        if child == 0:
            os._exit(7 if len(os.listdir("/proc/self/task")) == 1 and churn_once() == EXPECTED else 1)
        right = os.waitpid(child, 0)[1] == 7 << 8 and right
    return right


def spawns():
    right = True
    while not STOP.is_set():
        right = subprocess.run(["/bin/true"], check=False).returncode == 0 and right
    return right


def holds():
    """Calls a function in C that keeps the lock of Python for about two seconds."""
    begin = time.monotonic()
    size = 10**6
    sum(range(size))
    per_number = (time.monotonic() - begin) / size
    size = int(2 / per_number)
    right = True
    while not STOP.is_set():
        right = sum(range(size)) == size * (size - 1) // 2 and right
    return right


WORKS = [busy, selects, sleeps, reads, joins, churn, greenlets, tasks, forks, spawns, holds]
KINDS = {work.__name__: work for work in WORKS}

if __name__ == "__main__":
    kind = KINDS[sys.argv[1]]
    if kind is not reads:
        threading.Thread(target=watch_input, daemon=True).start()
    if kind not in (selects, joins, greenlets, tasks):  # they do so when they have all that they need
        say_ready()
    print("right" if kind() else "wrong", flush=True)
