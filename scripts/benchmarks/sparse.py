"""Sparse recordings: their size, and the commands that read a week of one."""

import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

from benchmarks.gunicorn import answers, free_port

TICKS_PER_HOUR = 36_000
START = 1_763_637_915
PIDS = range(1201, 1205)


def header():
    lines = ["CMDLINE gunicorn", "META format 1", "META interval 0.100000", "META metric rss"]
    lines += [f"META start {START}", "META root 1200", "META tree CM", f"PROC 1200 1 1 {START} gunicorn g"]
    return lines + [f"PROC {pid} {pid} 1200 {START} gunicorn gunicorn:%20worker" for pid in PIDS]


def write_idle_hour(path):
    """Writes a server of four workers that does nothing, with every sample."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in header())
        for tick in range(TICKS_PER_HOUR):
            t = f"{START + tick / 10:.6f}"
            file.write(f"MEM 140.250000 {t}\n")
            file.writelines(f"CHLD {pid} 28.632813 {t}\n" for pid in PIDS)
        file.write(f"END {t} ended {TICKS_PER_HOUR} 140.25 {START}\n")


def write_idle_week(path):
    """Writes what the recorder writes of the same server in a week."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in [*header(), "META sparse 0"])
        for tick in range(0, 7 * 24 * TICKS_PER_HOUR, 100):
            t = f"{START + tick / 10:.6f}"
            file.write(f"MEM 140.250000 {t} ticks={min(tick, 100)}\n")
            if tick == 0:
                file.writelines(f"CHLD {pid} 28.632813 {t}\n" for pid in PIDS)


def thinned(bench, dense):
    sparse = dense.with_suffix(".sparse")
    subprocess.run([bench.programs / "thin_out", dense, sparse], check=True)
    return sparse


def bench_size(bench):
    dense = bench.folder / "hour.dat"
    write_idle_hour(dense)
    sparse = thinned(bench, dense)
    megabytes = [24 * path.stat().st_size / 1e6 for path in (dense, sparse)]
    bench.row(
        "idle server, four workers, 10 Hz, a day: dense : sparse",
        f"{megabytes[0]:.0f} : {megabytes[1]:.2f} MB",
        "<= 0.5 MB",
    )


APP = """
import json

def app(environ, start_response):
    body = json.dumps([{"id": i, "name": f"name {i}"} for i in range(2000)]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


def ask(port, requests, a_second):
    begin = time.monotonic()
    for number in range(requests):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
        time.sleep(max(0, begin + number / a_second - time.monotonic()))


def size_of_busy_server(bench, option):
    """Records gunicorn with four workers and 20 requests a second, and returns the size in bytes."""
    (bench.folder / "busy.py").write_text(APP)
    port, output = free_port(), bench.folder / "busy.dat"
    command = [bench.mprofpp, "run", "-q", "-f", "-C", "-M", option, "-o", output]
    command += ["gunicorn", "-w", "4", "-b", f"127.0.0.1:{port}", "busy:app"]
    server = subprocess.Popen(command, cwd=bench.folder, stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            time.sleep(0.05)
        ask(port, 400, 20)
    finally:
        server.terminate()
        server.wait()
    return output.stat().st_size


def bench_busy_server(bench):
    if not shutil.which("gunicorn"):
        return
    dense, sparse = (size_of_busy_server(bench, option) for option in ("--dense", "--sparse"))
    bench.row(
        "gunicorn, four workers, 20 requests a second: sparse : dense",
        f"{sparse / 1000:.1f} : {dense / 1000:.1f} kB = {sparse / dense:.2f}",
        "<= 0.25",
    )


def elapsed(bench, folder, *words):
    begin = time.monotonic()
    subprocess.run([bench.mprofpp, *words], cwd=folder, check=True, capture_output=True)
    return time.monotonic() - begin


def bench_reading(bench):
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        write_idle_week(pathlib.Path(folder) / "week.dat")
        one_sample = pathlib.Path(folder) / "one.txt"
        one_sample.write_text(f"MEM 1 {START}\n")
        commands = {
            "peak of a week of it": (["peak", "week.dat"], "<= 20 ms"),
            "plot of a week of it, SVG": (["plot", "-o", "week.svg", "week.dat"], "<= 20 ms"),
            "plot of a week of it, PNG": (["plot", "-o", "week.png", "week.dat"], "<= 20 ms"),
            "plot of one sample, PNG": (["plot", "-o", "one.png", one_sample], ""),
            "list of a week of it": (["list"], "<= 20 ms"),
        }
        for label, (words, wanted) in commands.items():
            seconds = statistics.median(elapsed(bench, folder, *words) for _ in range(bench.times))
            bench.row(label, f"{seconds * 1000:.1f} ms", wanted)


def bench_sparse(bench):
    print("\nsparse recordings")
    bench_size(bench)
    bench_busy_server(bench)
    bench_reading(bench)
