"""Lines of functions that run in the processes of servers and of pools."""

import concurrent.futures
import json
import re
import signal
import subprocess
import urllib.request

import pytest

from conftest import PATIENCE, free_port, killed_at_the_end, needs, unsanitized, wait_until

PYTHON = "/usr/bin/python3"

APP = """
import os
import flask

app = flask.Flask(__name__)
clients = []

@profile
def new_client():
    clients.append(bytearray(4 << 20))
    return len(clients)

@app.route("/")
def handle():
    return f"{new_client()} {os.getpid()}"
"""

POOL = """
import multiprocessing as mp

kept = []

@profile
def work(n):
    kept.append(bytearray(4 << 20))
    return n

if __name__ == "__main__":
    with mp.get_context(METHOD).Pool(2) as pool:
        print(sum(pool.map(work, range(6), chunksize=1)))
        pool.close()
        pool.join()
"""

JOBLIB = """
import joblib
import jobs

if __name__ == "__main__":
    print(sum(joblib.Parallel(n_jobs=2)(joblib.delayed(jobs.work)(n) for n in range(6))))
"""

JOBS = """
kept = []

def work(n):
    kept.append(bytearray(4 << 20))
    return n
"""


def has_modules(*names):
    imports = [PYTHON, "-c", "import " + ", ".join(names)]
    if subprocess.run(imports, capture_output=True, check=False).returncode != 0:
        pytest.skip(f"SKIP: {' or '.join(names)} is not installed")


def tables_in(text):
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return {table["function"].rpartition(".")[2]: table for table in found}


def rows_of(table):
    return {line["line"]: line for line in table["lines"] if line["occurrences"]}


def answer(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as response:
        return response.read().decode()


def answers(port):
    try:
        return bool(answer(port))
    except OSError:
        return False


@unsanitized
def test_the_workers_of_a_server_have_one_table(mprofpp, tmp_path):
    needs("gunicorn")
    has_modules("gevent", "flask")
    port = free_port()
    (tmp_path / "app.py").write_text(APP)
    server = mprofpp.start(
        "lines", "--json", "-o", "out.json", "--save", "server.dat",
        "gunicorn", "-w", "2", "-k", "gevent", "-b", f"127.0.0.1:{port}", "app:app",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with killed_at_the_end(server):
        wait_until(lambda: answers(port), "the server answers")
        with concurrent.futures.ThreadPoolExecutor(4) as crowd:
            seen = list(crowd.map(lambda _: answer(port), range(40)))
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=PATIENCE)
    table = tables_in((tmp_path / "out.json").read_text())["new_client"]
    assert table["calls"] == len(seen) + 1 and table["source"] == "same"
    assert table["processes"] >= len({re.split(" ", text)[1] for text in seen})
    grown = sum(line["increment_mib"] for line in table["lines"][1:] if line["increment_mib"])
    assert grown == pytest.approx(4 * table["calls"], rel=0.1)


@unsanitized
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_workers_of_a_pool_have_one_table(mprofpp, tmp_path, method):
    (tmp_path / "pool.py").write_text(POOL.replace("METHOD", repr(method)))
    done = mprofpp("lines", "--json", PYTHON, "pool.py")
    assert done.status == 0 and done.err == ""
    table = tables_in(done.text)["work"]
    assert table["calls"] == 6 and 1 <= table["processes"] <= 2
    assert rows_of(table)[8]["increment_mib"] == pytest.approx(24, rel=0.1)
    assert rows_of(table)[8]["contents"] == "    kept.append(bytearray(4 << 20))"


@unsanitized
def test_the_workers_of_joblib_have_one_table(mprofpp, tmp_path):
    has_modules("joblib")
    (tmp_path / "jobs.py").write_text(JOBS)
    (tmp_path / "main.py").write_text(JOBLIB)
    done = mprofpp("lines", "--json", "--lines-of", "jobs.*", PYTHON, "main.py")
    assert done.status == 0
    table = tables_in(done.text)["work"]
    assert table["calls"] == 6 and rows_of(table)[5]["increment_mib"] == pytest.approx(24, rel=0.1)
