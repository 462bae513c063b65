"""`mprofpp objects PID`: which types of objects a running Python program has, and which grow."""

import json
import signal
import stat
import subprocess

import pytest

from conftest import PATIENCE, wait_until
from inspected import hostile, inspected  # noqa: F401
from looked_at import PATIENT, bare, document, own_looks, types_of  # noqa: F401
from pythons import interpreters, python, system  # noqa: F401

NODES = """
class Node:
    def __init__(self): self.friends = []
nodes = [Node() for _ in range(50)]
cache.update({n: 'x' * 1000 + str(n) for n in range(20)})
"""
GROWING = (
    NODES
    + """
import itertools, time
def grow():
    while True:
        nodes.extend(Node() for _ in range(10))
        cache.update((len(cache) + n, 'y') for n in range(10))
        time.sleep(0.001)
threading.Thread(target=grow, daemon=True).start()
"""
)


@interpreters()
def test_types_are_counted_in_programs_that_were_started_in_any_way(mprofpp, inspected, bare, python):
    for program in (inspected(python, NODES, options=()), bare(python, NODES)):
        found = document(mprofpp, "objects", program.pid)
        node = types_of(found)["__main__.Node"]
        assert node["count"] == 50 and node["bytes"] >= 50 * 32
        assert (node["count_growth"], node["bytes_growth"]) == (None, None)
        assert found["since_seconds"] is None and found["objects"] >= sum(
            entry["count"] for entry in found["types"]
        )
        assert program.end()[0] == 0


def test_the_second_look_shows_what_has_grown(mprofpp, bare, system):
    program = bare(system, GROWING)
    first = mprofpp("objects", *PATIENT, program.pid)
    assert first.status == 0 and "look again to see what grows" in first.text
    header, *rows = first.text.split("\n\n")[1].splitlines()
    assert header.split() == ["TYPE", "COUNT", "ΔCOUNT", "BYTES", "ΔBYTES"]
    assert all(row.split()[2] == "-" for row in rows if "more type" not in row)
    document(mprofpp, "objects", program.pid)
    wait_until(
        lambda: (types_of(document(mprofpp, "objects", program.pid))["__main__.Node"]["count_growth"] or 0)
        > 0,
        "nodes grow",
    )
    text = mprofpp("objects", *PATIENT, "-n", "3", program.pid).text
    assert "in the last " in text and "more types" in text
    assert any(row.startswith("__main__.Node") and "+" in row for row in text.splitlines())


def test_looks_are_kept_where_only_this_user_can_read_them(mprofpp, bare, system, own_looks):
    program = bare(system, NODES)
    assert mprofpp("objects", *PATIENT, program.pid).status == 0
    folder = own_looks / "mprofpp/looks"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    program.end()
    other = bare(system)
    assert mprofpp("objects", *PATIENT, other.pid).status == 0
    assert kept.name not in [path.name for path in folder.iterdir()]
    folder.chmod(0o777)
    done = mprofpp("objects", *PATIENT, other.pid)
    assert done.status == 0 and done.says("other users may read it", "the next look will show no growth")
    assert "look again" in done.text


def test_what_the_collector_does_not_track_is_counted_with_sizes(mprofpp, bare, system):
    program = bare(system, NODES)
    assert "str" not in types_of(document(mprofpp, "objects", program.pid))
    text = types_of(document(mprofpp, "objects", "--sizes", program.pid))["str"]
    assert text["count"] > 20 and text["bytes"] > 20 * 1000


def test_containers_are_listed_by_the_names_that_lead_to_them(mprofpp, bare, system):
    program = bare(system, GROWING)

    def nodes():
        found = document(mprofpp, "objects", "--containers", program.pid)
        return next((c for c in found["containers"] if c["path"] == "main.nodes"), None)

    wait_until(lambda: nodes() is not None and nodes()["length_before"] is not None, "nodes are long")
    text = mprofpp("objects", *PATIENT, "--containers", "-n", "2", program.pid).text
    assert "CONTAINER" in text and "main.nodes" in text and "→" in text


def test_only_what_an_expression_holds_is_counted(mprofpp, bare, system):
    program = bare(system, NODES)
    found = types_of(document(mprofpp, "objects", "--of", "main.cache", program.pid))
    assert found["str"]["count"] == 20 and found["dict"]["count"] == 1
    done = mprofpp("objects", *PATIENT, "--of", "main.nothing", program.pid)
    assert done.status == 1 and done.says("main.nothing")


def test_the_largest_objects_of_a_type_are_listed_with_their_values(mprofpp, bare, system):
    program = bare(system, NODES)
    found = document(mprofpp, "objects", "--type", "str", program.pid)
    sizes = [instance["size"] for instance in found["types"][0]["largest"]]
    assert sizes == sorted(sizes, reverse=True) and all(sizes)
    node = document(mprofpp, "objects", "--type", "Node", program.pid)["types"][0]
    assert (node["type"], node["count"]) == ("__main__.Node", 50)
    assert all(instance["value"] is None for instance in node["largest"])


def test_an_unknown_type_is_refused_with_similar_names(mprofpp, bare, system):
    program = bare(system, NODES)
    done = mprofpp("objects", *PATIENT, "--type", "main.Nodee", program.pid)
    assert done.status == 1 and done.text == "" and done.says("main.Nodee", "__main__.Node")


def test_code_of_the_program_runs_only_with_repr(mprofpp, inspected, system):
    code = """
class Loud:
    def __repr__(self):
        cache['repr'] = 1
        return 'L' * 2**20
    def __sizeof__(self):
        cache['sizeof'] = 1
        return 10**6
class Broken:
    def __repr__(self): 1 / 0
loud, broken = Loud(), Broken()
"""
    program = inspected(system, code)
    found = types_of(document(mprofpp, "objects", program.pid))
    assert found["__main__.Loud"]["bytes"] < 10**6
    (loud,) = document(mprofpp, "objects", "--type", "Loud", program.pid)["types"]
    assert loud["is_lower_bound"] and loud["bytes"] < 10**6
    assert "at least" in mprofpp("objects", *PATIENT, "--type", "Loud", program.pid).text
    assert "at least" not in mprofpp("objects", *PATIENT, "--type", "function", program.pid).text
    assert mprofpp("console", *PATIENT, "-c", "main.cache", program.pid).text == "{}\n"
    done = mprofpp("objects", *PATIENT, "--repr", "--type", "Loud", program.pid)
    assert done.status == 0 and len(done.text) < 10000 and "LLLL" in done.text
    assert mprofpp("objects", *PATIENT, "--repr", "--type", "Broken", program.pid).status == 0
    assert program.end()[0] == 0


def test_every_repeats_the_table_until_the_time_is_over_or_ctrl_c(mprofpp, bare, system):
    program = bare(system, GROWING)
    done = mprofpp(
        "objects", *PATIENT, "--json", "--every", "100ms", "-t", "300ms", program.pid, timeout=PATIENCE
    )
    looks = [json.loads(line) for line in done.text.splitlines()]
    assert done.status == 0 and len(looks) >= 2
    assert looks[0]["since_seconds"] is None and looks[1]["since_seconds"] > 0
    command = mprofpp.command("objects", *PATIENT, "--every", "1h", program.pid)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as endless:
        assert endless.stdout.readline().startswith(f"process {program.pid}, Python 3.")
        endless.send_signal(signal.SIGINT)
        endless.communicate(timeout=PATIENCE)
        assert endless.returncode == 0


def test_a_program_that_ends_ends_its_tables(mprofpp, bare, system):
    program = bare(system)
    command = mprofpp.command("objects", *PATIENT, "--every", "100ms", program.pid)
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as endless:
        assert endless.stdout.readline()
        assert program.end()[0] == 0
        error = endless.communicate(timeout=PATIENCE)[1]
        assert endless.returncode == 0 and f"process {program.pid}: " in error


def test_a_pause_that_is_too_short_is_refused_with_the_estimate(mprofpp, bare, system):
    program = bare(system, "heap = [[] for _ in range(300000)]")
    done = mprofpp("objects", "--max-pause", "1ms", program.pid)
    assert done.status == 1 and done.text == ""
    if "would stop the program for about" in done.err:  # or Python was not free within a millisecond
        assert done.says("a longer pause", "--max-pause")
    else:
        assert done.says("--max-pause 2s")


def test_descendants_are_looked_at_on_request(mprofpp, bare, system):
    code = (
        "import os\nread, write = os.pipe()\nchild = os.fork()\n"
        "if not child: os.close(write); os.read(read, 1); os._exit(0)"
    )
    program = bare(system, code)
    done = mprofpp("objects", *PATIENT, "--all-processes", "--json", program.pid)
    assert len({json.loads(line)["pid"] for line in done.text.splitlines()}) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-t", "1s"], "needs --every"),
        (["--every", "1ms"], "not a valid time"),
        (["-n", "0"], "not a number"),
        (["--max-pause", "x"], "not a valid time"),
        (["--type", "str", "--sizes"], "--type"),
        (["--repr"], "needs --type"),
    ],
)
def test_wrong_usage_is_refused(mprofpp, options, words):
    done = mprofpp("objects", *options, "1")
    assert (done.status, done.text) == (2, "") and done.says(words)


def test_a_program_without_python_is_refused(mprofpp):
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        for command in (["objects"], ["gc"], ["holders"]):
            words = [*command, sleeper.pid, *(["dict"] if command == ["holders"] else [])]
            done = mprofpp(*words)
            assert (done.status, done.text) == (1, "") and done.says(f"process {sleeper.pid}")
        sleeper.kill()


def test_nonsense_from_the_program_is_refused(mprofpp, hostile):
    for answer in (b"", b"x" * 1000, b"\0" * 64):
        program = hostile(answer)
        done = mprofpp("objects", program.pid)
        assert (done.status, done.text) == (1, "") and done.says(f"process {program.pid}")
