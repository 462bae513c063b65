"""`mprofpp stacks`: what the threads, tasks and greenlets of a running Python program do."""

import json
import re
import struct
import subprocess

import pytest

from conftest import PATIENCE, unsanitized
from inspected import hostile, inspected, wait_for  # noqa: F401
from pythons import interpreters, python, system  # noqa: F401

SLEEPERS = """
def inner(): ready.wait()
def outer(): inner()
for n in range(3):
    threading.Thread(target=outer, daemon=True, name=f'sleeper {n}').start()
"""


PATIENT = ("--max-pause", "60s")  # the machine may be busy


def stacks_of(mprofpp, pid, *options):
    done = mprofpp("stacks", *PATIENT, "--json", *options, pid)
    assert done.status == 0, done.err
    (line,) = done.text.splitlines()
    return json.loads(line)


def functions(stack):
    return [frame["function"].split(".")[-1] for frame in stack["frames"]]


@interpreters()
def test_threads_are_printed_with_their_functions_and_what_they_wait_for(mprofpp, inspected, python):
    program = inspected(python, SLEEPERS)
    wait_for(lambda: mprofpp("stacks", *PATIENT, program.pid).text.count("all waiting in futex") == 1)
    text = mprofpp("stacks", *PATIENT, program.pid).text
    assert text.startswith(f"process {program.pid}, Python 3.")
    paragraphs = text.split("\n\n")
    assert f"thread MainThread {program.pid}, waiting in read" in paragraphs[1]
    assert "<module> (" in paragraphs[1]
    assert re.match(r"3 threads: sleeper 0 \d+, sleeper 1 \d+, sleeper 2 \d+; all waiting", paragraphs[2])
    assert "\n  inner (<program>:2)\n  outer (<program>:3)\n" in re.sub(r"\S+\.(inner|outer) ", r"\1 ", text)
    assert program.end()[0] == 0


def test_json_has_the_same_stacks_with_whole_paths(mprofpp, inspected, system):
    program = inspected(system, SLEEPERS)
    found = stacks_of(mprofpp, program.pid)
    assert (found["schema"], found["pid"]) == (1, program.pid) and found["stopped_ms"] is not None
    assert [s["kind"] for s in found["stacks"]] == ["thread"] * 4
    (main,) = [s for s in found["stacks"] if s["name"] == "MainThread"]
    assert main["tid"] == program.pid
    assert main["frames"][-1]["file"].endswith("/tests/programs/python/inspected.py")
    assert all("locals" not in frame for s in found["stacks"] for frame in s["frames"])


@unsanitized
def test_colours_are_shown_on_request_only(mprofpp, inspected, system):
    program = inspected(system)
    assert "\x1b" not in mprofpp("stacks", *PATIENT, program.pid).text
    assert "\x1b[1mthread MainThread" in mprofpp("stacks", *PATIENT, "--color", "always", program.pid).text


def test_locals_are_shown_on_request(mprofpp, inspected, system):
    code = "def hold(number, text): ready.wait()\n"
    code += "threading.Thread(target=hold, args=(7, 'x\\x1b'), daemon=True).start()"
    program = inspected(system, code)
    wait_for(lambda: "hold" in mprofpp("stacks", *PATIENT, program.pid).text)
    text = mprofpp("stacks", *PATIENT, "--locals", program.pid).text
    assert "      number = 7\n      text = 'x\\x1b'\n" in text
    assert "__builtins__" not in text
    found = stacks_of(mprofpp, program.pid, "--locals")
    assert any(f.get("locals", {}).get("number") == "7" for s in found["stacks"] for f in s["frames"])


def test_tasks_and_greenlets_are_printed(mprofpp, inspected, system):
    code = """
import asyncio, gevent
async def leaf(): await asyncio.sleep(1000)
async def all(): await asyncio.gather(*[leaf() for i in range(3)])
threading.Thread(target=lambda: asyncio.run(all()), daemon=True).start()
def nap(): gevent.sleep(1000)
kept = [gevent.spawn(nap) for i in range(2)]
gevent.sleep(0)
"""
    try:
        program = inspected(system, code)
    except AssertionError as error:
        if "No module named 'gevent'" in str(error):
            pytest.skip("SKIP: python3-gevent is not installed")
        raise
    text = wait_for(
        lambda: (t := mprofpp("stacks", *PATIENT, program.pid).text) and "3 tasks: Task-" in t and t
    )
    assert "\n2 greenlets" in text and "leaf (" in text and "nap (" in text


def test_the_wait_is_printed_on_request(mprofpp, inspected, system):
    program = inspected(system)
    done = mprofpp("stacks", *PATIENT, "-v", program.pid)
    assert done.says(f"process {program.pid}: Python waited", "ms, and the program was stopped for")
    assert not mprofpp("stacks", *PATIENT, program.pid).said


def test_children_are_included_on_request(mprofpp, inspected, system):
    code = """
import subprocess
kept = subprocess.Popen([sys.executable, '-c', 'import sys; print(1, flush=True); sys.stdin.read()'],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
kept.stdout.readline()
"""
    program = inspected(system, code)
    assert len(mprofpp("stacks", *PATIENT, "--json", program.pid).text.splitlines()) == 1
    done = mprofpp("stacks", *PATIENT, "-C", "--json", program.pid)
    found = [json.loads(line) for line in done.text.splitlines()]
    assert len(found) == 2 and found[0]["pid"] == program.pid
    assert "import sys; print(1" in found[1]["command"]


def test_several_clients_at_once_all_get_an_answer(mprofpp, inspected, system):
    program = inspected(system, SLEEPERS)
    command = mprofpp.command("stacks", *PATIENT, program.pid)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    clients = [subprocess.Popen(command, **pipes) for _ in range(6)]
    for client in clients:
        text, error = client.communicate(timeout=PATIENCE)
        assert (client.returncode, error) == (0, "") and "thread MainThread" in text
    assert program.end()[0] == 0


def test_nothing_of_it_is_left_in_the_program(mprofpp, inspected, system):
    program = inspected(system)
    for _ in range(10):
        assert mprofpp("stacks", *PATIENT, program.pid).status == 0
    wait_for(lambda: len(program.threads()) == 1)
    assert program.end()[0] == 0


def test_a_program_that_does_not_allow_the_console_has_stacks_all_the_same(mprofpp, inspected, system):
    program = inspected(system, options=())
    assert mprofpp("stacks", *PATIENT, program.pid).status == 0


def test_a_process_that_cannot_be_looked_into_is_refused_in_a_line(mprofpp, program, inspected, system):
    for operand in ("999999999", "no such program"):
        done = mprofpp("stacks", operand)
        assert (done.status, done.text, len(done.said)) == (1, "", 1) and done.says("no such process")
    assert mprofpp("stacks").status == 2
    assert mprofpp("stacks", "--max-pause", "-1", "1").status == 2
    target = inspected(system)
    done = mprofpp("stacks", *PATIENT, "999999999", target.pid)  # the others are printed
    assert done.status == 1 and f"process {target.pid}" in done.text


def output(text):
    return struct.pack("=II", len(text) + 1, 16) + b"\0" + text


DONE = struct.pack("=IIIIQ", 16, 17, 0, 0, 0)


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff" * 100,
        output(b"[" * 100000) + DONE,
        output(b'{"stacks":[{"frames":[{"locals":{"a":{}}}]}]}') + DONE,
        output(b'{"stacks":') + DONE,
        DONE,
        b"",
        struct.pack("=II", 1 << 21, 16),
    ],
)
def test_nonsense_of_a_program_is_refused_in_a_line(mprofpp, hostile, answer):
    program = hostile(answer)
    done = mprofpp("stacks", program.pid)
    assert (done.status, done.text, len(done.err.splitlines())) == (1, "", 1), done.err
    assert done.says(f"process {program.pid}: has ")


def test_an_answer_without_an_end_is_given_up(mprofpp, hostile):
    program = hostile(output(b"x" * 1000000), "again")
    done = mprofpp("stacks", *PATIENT, program.pid)
    assert done.status == 1 and done.says("has sent more than an answer can have")


def test_a_program_that_does_not_answer_is_given_up(mprofpp, hostile):
    program = hostile(b"", "silent")
    done = mprofpp("stacks", "--max-pause", "1ms", program.pid)
    assert done.status == 1 and done.says("does not answer in time")


def test_hostile_texts_cannot_control_the_terminal(mprofpp, hostile):
    evil = '{"python":"\\u001b[2J","stacks":[{"kind":"thread","name":"\\u009b31m","tid":1,'
    evil += '"frames":[{"function":"\\u001b]0;x\\u0007","file":"\\r","line":1}]}]}'
    program = hostile(output(evil.encode()) + DONE)
    text = mprofpp("stacks", *PATIENT, program.pid).text
    assert "thread \\xc2\\x9b31m 1" in text and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
