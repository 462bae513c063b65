"""Objects in recordings: `run --objects`, `attach --objects`, and what reads them. A mark of `mprofpp mark`
is a reason to count, so that no test waits for a time."""

import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

from conftest import PATIENCE
from inspected import inspected, need_tracing  # noqa: F401
from pythons import (
    PROGRAMS,
    interpreters,
    plain_environment,
    python,
    system,
)  # noqa: F401

# Each line of input makes so many objects. The answer is their number, once they are there.
GROWING = """
import sys
class User:
    def __init__(self): self.tags = []
class Fixed: pass
fixed = [Fixed() for i in range(50)]
users = []
def serve():
    print(os.getpid(), flush=True)
    for line in sys.stdin:
        users.extend(User() for i in range(int(line)))
        print(len(users), flush=True)
"""
SERVE = GROWING + "serve()\nos._exit(3)\n"


def wait_until(is_true):
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.01)


def censuses(path, pid):
    """The censuses of a process: a dictionary for each, with what is known of the types then."""
    found, known = [], {}
    for line in path.read_text(errors="replace").splitlines():
        fields = line.split(" ")
        if fields[0] != "OBJ" or len(fields) != 6 or int(fields[2]) != pid:
            continue
        if fields[3] == "-":
            known = dict(known)
            found.append(known)
        known[fields[3]] = (int(fields[4]), int(fields[5]))
    return found


class Recorded:
    """A program that is being recorded."""

    def __init__(self, mprofpp, program, path):
        self.mprofpp, self.program, self.path, self.pid = (
            mprofpp,
            program,
            path,
            program.pid,
        )

    def grow(self, count):
        self.program.process.stdin.write(f"{count}\n")
        self.program.process.stdin.flush()
        return int(self.program.process.stdout.readline())

    def count(self):
        """Lets the recorder count the objects, and waits until it has."""
        before = len(censuses(self.path, self.pid))
        assert self.mprofpp("mark", "-p", self.pid, "now").status == 0
        wait_until(lambda: len(censuses(self.path, self.pid)) > before)
        return censuses(self.path, self.pid)[-1]


@pytest.fixture
def recorded(mprofpp, inspected):  # noqa: F811
    def start(interpreter, *options):
        program = inspected(interpreter, SERVE, options=("--objects", "1h", *options))
        return Recorded(mprofpp, program, mprofpp.folder / "inspected.dat")

    return start


def rows_of(mprofpp, *words):
    done = mprofpp("objects", "--json", *words)
    assert done.status == 0, done.err
    return [json.loads(line) for line in done.text.splitlines()]


def growth_of(process, type_):
    return next(row["count_growth"] for row in process["types"] if row["type"] == type_)


@interpreters()
def test_a_mark_counts_the_objects_of_every_type(recorded, python):  # noqa: F811
    program = recorded(python)
    assert program.grow(100) == 100
    first = program.count()
    assert first["__main__.User"][0] == 100 and first["__main__.Fixed"][0] == 50
    assert program.grow(47) == 147
    second = program.count()
    assert second["__main__.User"][0] == 147 and second["__main__.Fixed"][0] == 50
    assert program.program.end()[0] == 3
    assert "FUNC mprofpp" not in program.path.read_text()


def test_the_growth_between_two_times_is_what_was_added(mprofpp, recorded, system):  # noqa: F811
    program = recorded(system)
    for count in (10, 47, 1000):
        program.grow(count)
        program.count()
    program.program.end()
    (process,) = rows_of(mprofpp, program.path)
    assert process["pid"] == program.pid and process["censuses"] == 3
    assert growth_of(process, "__main__.User") == 1047
    assert growth_of(process, "__main__.Fixed") == 0
    times = sorted(
        {line.split(" ")[1] for line in program.path.read_text().splitlines() if line[:4] == "OBJ "}
    )
    start = process["from_s"] - float(times[0])
    middle = str(start + float(times[1]) + 0.001)  # just after the second census
    assert growth_of(rows_of(mprofpp, program.path, "--to", middle)[0], "__main__.User") == 47
    assert growth_of(rows_of(mprofpp, program.path, "--from", middle)[0], "__main__.User") == 1000
    table = mprofpp("objects", "-n", "2", program.path).text
    assert "TYPE" in table and "ΔCOUNT" in table and "+1,047" in table
    assert "| list |" in mprofpp("objects", "--markdown", program.path).text


def test_mprof_reads_a_recording_with_objects(mprof, recorded, system):  # noqa: F811
    program = recorded(system)
    program.grow(10)
    program.count()
    program.program.end()
    read = mprof.read_mprofile_file(str(program.path))
    assert len(read["mem_usage"]) > 0


def test_objects_of_forked_children_are_counted_and_other_programs_do_not_count_as_lost(
    mprofpp, inspected, system  # noqa: F811
):
    code = GROWING + "import signal, subprocess\nchild = os.fork()\n"
    code += "if child == 0:\n  users.extend(User() for i in range(7))\n  signal.pause()\n"
    code += "other = subprocess.Popen(['sleep', '1000'])\nserve()\n"
    code += "other.kill(); os.kill(child, 9); os.waitpid(child, 0); os._exit(0)\n"
    started = inspected(system, code, options=("--objects", "1h", "-C", "-M"))
    program = Recorded(mprofpp, started, mprofpp.folder / "inspected.dat")
    program.grow(3)
    program.count()

    def counts():
        pids = {
            line.split(" ")[2] for line in program.path.read_text().splitlines() if line.startswith("OBJ ")
        }
        last = [censuses(program.path, int(pid))[-1:] for pid in pids]
        return sorted(found[0].get("__main__.User", (0, 0))[0] for found in last if found)

    wait_until(lambda: counts() == [3, 7])
    started.end()
    assert " censuses " not in program.path.read_text()


def test_objects_are_counted_again_and_again(mprofpp, inspected, system):  # noqa: F811
    started = inspected(system, SERVE, options=("--objects", "1s"))
    path = mprofpp.folder / "inspected.dat"
    wait_until(lambda: len(censuses(path, started.pid)) >= 2)
    assert started.end()[0] == 3
    assert "META objects 1.000000\n" in path.read_text()


def test_a_busy_python_is_a_loss_that_is_reported_and_delays_no_sample(
    mprofpp, inspected, system
):  # noqa: F811
    code = "import ctypes, sys\nprint(os.getpid(), flush=True)\nsys.stdin.readline()\n"
    code += "print(0, flush=True)\nctypes.PyDLL(None).pause()\n"  # keeps the lock of the interpreter
    words = ("--objects", "1h", "--max-pause", "50ms")
    started = inspected(system, code, options=words)
    started.process.stdin.write("\n")
    started.process.stdin.flush()
    assert started.process.stdout.readline() == "0\n"
    path = mprofpp.folder / "inspected.dat"
    assert mprofpp("mark", "-p", started.pid, "now").status == 0
    wait_until(lambda: " censuses 1\n" in path.read_text())
    samples = path.read_text().count("\nMEM ")
    wait_until(lambda: path.read_text().count("\nMEM ") > samples + 3)
    os.kill(started.pid, signal.SIGKILL)
    started.process.wait(PATIENCE)
    done = mprofpp("objects", path)
    assert done.status == 1 and done.says("has no objects")


def test_attach_counts_at_once(mprofpp, system):  # noqa: F811
    need_tracing()
    pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    command = [system, PROGRAMS / "inspected.py", SERVE]
    with subprocess.Popen(command, text=True, env=plain_environment(), **pipes) as program:
        pid = int(program.stdout.readline())
        path = mprofpp.folder / "x.dat"
        with mprofpp.start("attach", "-q", "--objects", "1h", "-o", path, pid) as recorder:
            wait_until(lambda: path.exists() and len(censuses(path, pid)) == 1)
            recorder.send_signal(signal.SIGINT)
            assert recorder.wait(PATIENCE) == 0
        assert censuses(path, pid)[0]["__main__.Fixed"][0] == 50
        wait_until(lambda: threads_of(pid) == 1)
        program.communicate(timeout=PATIENCE)
        assert program.returncode == 3


def threads_of(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/task").iterdir()))


def test_no_thread_stays_in_the_program_between_two_counts(recorded, system):  # noqa: F811
    program = recorded(system)
    program.grow(1)
    program.count()
    wait_until(lambda: threads_of(program.pid) == 1)


def test_the_verdict_names_the_types_that_rise_and_agrees_with_the_table(mprofpp):
    start, lines = 1763637915, [
        "CMDLINE server",
        "META format 1",
        "META root 7",
        "META objects 60.000000",
    ]
    for second in range(0, 3601, 6):
        t = start + second
        lines.append(f"MEM {100 + second / 60:.6f} {t:.6f}")
        if second % 60 == 0:
            users = 500 + second
            lines.append(f"OBJ {t:.6f} 7 - {users + 90} {users * 56 + 9000}")
            lines.append(f"OBJ {t:.6f} 7 app.User {users} {users * 56}")
            if second == 0:
                lines.append(f"OBJ {t:.6f} 7 dict 90 9000")
    path = mprofpp.folder / "x.dat"
    path.write_text("\n".join(lines) + "\n")
    done = mprofpp("leak", "--json", path)
    assert done.status == 1
    (finding,) = json.loads(done.text)["findings"]
    (process,) = rows_of(mprofpp, path)
    assert finding["kind"] == "type" and finding["where"] == "app.User"
    assert finding["count"] == growth_of(process, "app.User") == 3600
    assert finding["count_h"] == pytest.approx(3600, rel=0.02)
    assert "type app.User" in mprofpp("leak", path).text
    assert "+3,600 objects; 3,6" in mprofpp("leak", path).text
    assert "app.User" in mprofpp("leak", "--markdown", path).text
    assert mprofpp("plot", "-o", "x.svg", path).status == 0
    assert ">app.User<" in (mprofpp.folder / "x.svg").read_text()
    assert "app.User" in mprofpp("plot", "--term", "-o", "y.svg", path).text


@pytest.mark.parametrize(
    "words",
    [
        ["--objects", "0.5", "true"],
        ["--objects", "x", "true"],
        ["--max-pause", "1s", "true"],
        ["--objects", "30s", "--max-pause", "-1s", "true"],
    ],
)
def test_wrong_options_are_refused_in_one_line(mprofpp, words):
    done = mprofpp("run", *words)
    assert done.status == 125 and len(done.said) == 1
    assert "--objects" in done.said[0] or "--max-pause" in done.said[0]


@pytest.mark.parametrize("words", [["--pid", "0"], ["--json", "--markdown"], ["--from", "9", "--to", "3"]])
def test_wrong_options_for_a_recording_are_refused_in_one_line(mprofpp, words):
    (mprofpp.folder / "x.dat").write_text("CMDLINE x\nMEM 1 1763637915\n")
    done = mprofpp("objects", *words, "x.dat")
    assert done.status == 2 and len(done.said) == 1


def test_a_recording_without_objects_is_refused_in_one_line(mprofpp):
    (mprofpp.folder / "x.dat").write_text("CMDLINE x\nMEM 1 1763637915\n")
    done = mprofpp("objects", "x.dat")
    assert done.status == 1 and done.text == ""
    assert len(done.said) == 1 and "run --objects" in done.said[0]
