"""A gunicorn server whose functions are marked."""

import collections
import shutil
import socket
import subprocess
import time
import urllib.request

from benchmarks.harness import ROOT, output_of
from benchmarks.recordings import lost_marks

REQUESTS = 40
LISTS = {"server.first_list": REQUESTS, "server.second_list": REQUESTS, "server.delay": 2 * REQUESTS}
# the lines to uncomment in the server's source, options of run, and the expected calls
SERVERS = {
    "@profile": (["# @profile"], [], LISTS),
    "@profile of mprofpp": (["# @profile", "# from mprofpp"], [], LISTS),
    "--trace 'server.*'": (
        [],
        ["--trace", "server.*", "--no-trace", "*.alive"],
        LISTS | {"server.hello": REQUESTS},
    ),
}
LEVELS = {"server.hello": 0, "server.first_list": 1, "server.second_list": 1, "server.delay": 2}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def latency(bench, recorder=(), uncommented=()):
    """Returns the median ms of a request to gunicorn with two gevent workers, four requests at a time."""
    source = (ROOT / "tests/bench/server.py").read_text()
    for comment in uncommented:
        source = source.replace(comment, comment.removeprefix("# "))
    (bench.folder / "server.py").write_text(source)
    port, table = free_port(), bench.folder / "percentiles"
    command = [*recorder, "gunicorn", "-w", "2", "-k", "gevent", "-b", f"127.0.0.1:{port}", "server:app"]
    server = subprocess.Popen([str(word) for word in command], cwd=bench.folder, stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}/alive"):
            time.sleep(0.05)
        output_of("ab", "-q", "-l", "-n", REQUESTS, "-c", 4, "-e", table, f"http://127.0.0.1:{port}/")
    finally:
        server.terminate()
        server.wait()
    return next(float(line[3:]) for line in table.read_text().splitlines() if line.startswith("50,"))


def check_calls(path, expected):
    """Returns the number of workers, of missing, lost or open calls, and of calls with wrong levels."""
    calls = [line.split() for line in path.read_text().splitlines() if line.startswith("FUNC ")]
    shift = 0 if "server.hello" in expected else 1
    wrong = sum(int(call[6]) != LEVELS[call[1]] - shift for call in calls)
    cut = sum("open" in call[11].split(",") for call in calls)
    missing = collections.Counter(expected) - collections.Counter(call[1] for call in calls)
    return len({call[7] for call in calls}), missing.total() + lost_marks(path) + cut, wrong


def bench_gunicorn(bench):
    print(f"\ngunicorn -w 2 -k gevent, {REQUESTS} requests of two large lists, four at a time")
    if not (shutil.which("gunicorn") and shutil.which("ab")):
        print("  SKIP: needs gunicorn, python3-gevent, python3-flask and apache2-utils")
        return
    output = bench.folder / "server.dat"
    for name, (uncommented, options, expected) in SERVERS.items():
        recorder = [bench.mprofpp, "run", "-q", "-f", "-C", "--all-calls", "-o", output, *options]

        def both(recorder=recorder, uncommented=uncommented, expected=expected):
            bare, ours = latency(bench), latency(bench, recorder, uncommented)
            return bare, ours, ours / bare, *check_calls(output, expected)

        bare, ours, ratio, workers, unmatched, wrong = bench.median(both)
        value = f"{ours:.0f} : {bare:.0f} ms = {ratio:.3f}"
        bench.row(f"{name}: median latency, ours : without", value, "<= 1.03", ratio <= 1.03)
        value = f"{workers:.0f}, {unmatched:.0f}, {wrong:.0f}"
        good = (workers, unmatched, wrong) == (2, 0, 0)
        bench.row(f"{name}: workers, unmatched, wrong levels", value, "2, 0, 0", good)
