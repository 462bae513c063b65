"""`mprofpp console`: Python code in a running program."""

import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import urllib.request

import pytest

from conftest import PATIENCE
from inspected import hostile, inspected, wait_for  # noqa: F401
from pythons import interpreters, plain_environment, python, system  # noqa: F401


PATIENT = ("--max-pause", "60s")  # the machine may be busy


def code(mprofpp, program, text, *options):
    return mprofpp("console", *PATIENT, "-c", text, *options, program.pid)


# Code and scripts


@interpreters()
def test_code_runs_in_the_program(mprofpp, inspected, python):
    program = inspected(python, "cache[1] = 2")
    done = code(mprofpp, program, "len(main.cache)")
    assert (done.status, done.text, done.err) == (0, "1\n", "")
    done = code(mprofpp, program, "main.cache[5] = 6")
    assert (done.status, done.text, done.err) == (0, "", "")
    assert code(mprofpp, program, "for key in main.cache:\n    print(key)").text == "1\n5\n"
    assert program.end()[0] == 0


@interpreters()
def test_an_exception_is_printed_and_is_the_exit_status(mprofpp, inspected, python):
    program = inspected(python)
    done = code(mprofpp, program, "print('before'); 1/0")
    assert (done.status, done.text) == (1, "before\n")
    assert done.err.startswith('Traceback (most recent call last):\n  File "<console>", line 1')
    assert done.err.endswith("ZeroDivisionError: division by zero\n")
    assert code(mprofpp, program, "(1,").status == 1
    assert "SyntaxError" in code(mprofpp, program, "def f(").err
    assert program.end()[0] == 0


def test_a_script_comes_from_the_standard_input(mprofpp, inspected, system, tmp_path):
    program = inspected(system)
    script = tmp_path / "script.py"
    script.write_text("def double(x):\n    return 2 * x\n\n\nprint(double(21))\ndouble(1)\n")
    with script.open() as file:
        done = mprofpp("console", *PATIENT, program.pid, stdin=file)
    assert (done.status, done.text, done.err) == (0, "42\n", "")
    assert mprofpp("console", program.pid).status == 0  # an empty one
    script.write_text("#" * (1 << 20))
    with script.open() as file:
        done = mprofpp("console", *PATIENT, program.pid, stdin=file)
    assert done.status == 2 and done.says("larger than 1 MiB")


def test_code_that_ends_the_program_does_not(mprofpp, inspected, system):
    program = inspected(system)
    for text in ("exit()", "import sys; sys.exit(3)", "raise SystemExit"):
        assert code(mprofpp, program, text).status == 0
    assert code(mprofpp, program, "1").text == "1\n"
    assert program.end()[0] == 0


def test_code_that_forks_leaves_the_program_alone(mprofpp, inspected, system):
    program = inspected(system)
    done = code(mprofpp, program, "import os; pid = os.fork(); os.waitpid(pid, 0)[1] if pid else None")
    assert (done.status, done.text) == (0, "0\n")
    assert program.end()[0] == 0


@interpreters()
def test_the_main_thread_runs_code_on_request(mprofpp, inspected, python):
    text = "import time\ndef loop():\n    while not ready.is_set(): time.sleep(0.001)"
    program = inspected(python, text + "\nprint(__import__('os').getpid(), flush=True)\nloop()")
    name = "import threading; threading.current_thread() is threading.main_thread()"
    assert code(mprofpp, program, name).text == "False\n"
    assert code(mprofpp, program, name, "--main-thread").text == "True\n"
    code(mprofpp, program, "main.ready.set()")
    assert program.end()[0] == 0


def test_a_main_thread_that_waits_is_busy(mprofpp, inspected, system):
    program = inspected(system)
    done = mprofpp("console", "--max-pause", "1s", "--main-thread", "-c", "1", program.pid)
    assert (done.status, done.text) == (3, "") and done.says("nothing was done", "--max-pause 2s")


def test_without_permission_code_is_refused(mprofpp, inspected, system):
    program = inspected(system, options=())
    for done in (code(mprofpp, program, "1"), mprofpp("console", program.pid)):
        assert (done.status, done.text) == (3, "")
        assert done.says("code runs only in programs that allow it", "mprofpp run --allow-console")


def test_a_gigabyte_arrives_and_takes_no_memory(mprofpp, inspected, system):
    program = inspected(system)
    peak = "import resource; resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
    before = int(code(mprofpp, program, peak).text)
    command = mprofpp.command(
        "console", *PATIENT, "-c", "text = 'x' * 2**20\nfor i in range(1024): print(text)", program.pid
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE) as client:
        received = 0
        while part := client.stdout.read(1 << 20):
            received += len(part)
        assert client.wait() == 0 and received == 1024 * (2**20 + 1)
    assert int(code(mprofpp, program, peak).text) - before < 16 * 1024


def running(mprofpp, program, text):
    """Starts code that prints one line and goes on."""
    client = subprocess.Popen(
        mprofpp.command("console", *PATIENT, "-c", text, program.pid),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert client.stdout.readline() == "begun\n"
    return client


FOREVER = "print('begun')\nwhile True: main.cache['count'] = main.cache.get('count', 0) + 1"


@interpreters()
def test_an_interrupt_ends_the_code_and_not_the_program(mprofpp, inspected, python):
    program = inspected(python)
    with running(mprofpp, program, FOREVER) as client:
        client.send_signal(signal.SIGINT)
        _, error = client.communicate(timeout=PATIENCE)
        assert (client.returncode, error) == (130, "KeyboardInterrupt\n")
    assert code(mprofpp, program, "1").text == "1\n"
    assert program.end()[0] == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_client_that_is_killed_ends_its_code(mprofpp, inspected, system, number):
    program = inspected(system)
    with running(mprofpp, program, FOREVER) as client:
        client.send_signal(number)
        client.wait(timeout=PATIENCE)
    count = "main.cache['count']"
    wait_for(lambda: code(mprofpp, program, count).text == code(mprofpp, program, count).text)
    wait_for(lambda: len(program.threads()) == 1)
    assert program.end()[0] == 0


def interrupt(client):
    """Sends SIGINT, and waits until it has been received: two signals at once are one."""

    def is_pending():
        status = pathlib.Path(f"/proc/{client.pid}/status").read_text()
        return int(re.search(r"ShdPnd:\s*(\w+)", status)[1], 16) & (1 << (signal.SIGINT - 1))

    client.send_signal(signal.SIGINT)
    wait_for(lambda: not is_pending())


def test_code_that_does_not_notice_an_interrupt_is_left_at_the_third(mprofpp, inspected, system):
    program = inspected(system)
    text = "import ctypes; print('begun'); ctypes.CDLL(None).sleep(1000)"
    with running(mprofpp, program, text) as client:
        interrupt(client)
        interrupt(client)
        assert "the code has not stopped" in client.stderr.readline()
        client.send_signal(signal.SIGINT)
        assert client.wait(timeout=PATIENCE) == 130
    assert code(mprofpp, program, "1").text == "1\n"


def test_a_program_that_ends_meanwhile_is_reported(mprofpp, inspected, system):
    program = inspected(system)
    with running(mprofpp, program, FOREVER) as client:
        os.kill(program.pid, signal.SIGKILL)
        _, error = client.communicate(timeout=PATIENCE)
        assert client.returncode == 4 and f"process {program.pid}: has " in error


def test_a_process_that_does_not_exist_is_refused(mprofpp):
    done = mprofpp("console", "-c", "1", "999999999")
    assert done.status == 4 and done.says("no such process")
    assert mprofpp("console").status == 2
    assert mprofpp("console", "1", "2").status == 2
    assert mprofpp("console", "--max-pause", "x", "1").status == 2


@pytest.mark.parametrize("answer", [b"\xff" * 100, b"", struct.pack("=II", 1 << 21, 16)])
def test_nonsense_of_a_program_is_refused_in_a_line(mprofpp, hostile, answer):
    done = code(mprofpp, hostile(answer), "1")
    assert done.status == 4 and len(done.err.splitlines()) == 1


# Abbreviations


def test_the_abbreviations_of_other_commands_still_mean_them(mprofpp):
    for abbreviation, command in (("c", "clean"), ("cl", "clean"), ("s", "span"), ("sp", "span")):
        assert mprofpp(abbreviation, "--help").text == mprofpp(command, "--help").text
    assert mprofpp("co", "--help").text == mprofpp("console", "--help").text
    assert mprofpp("st", "--help").text == mprofpp("stacks", "--help").text


# The prompt


class Terminal:
    """A console on a pseudoterminal."""

    def __init__(self, mprofpp, program, **variables):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = plain_environment() | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | variables
        environment["HOME"] = str(mprofpp.folder)
        environment.pop("XDG_STATE_HOME", None)
        self.client = subprocess.Popen(
            mprofpp.command("console", *PATIENT, program.pid),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),
        )
        os.close(theirs)
        self.text = ""
        self.read_to(">>> ")

    def read_to(self, end):
        """Returns what is printed up to `end`."""
        limit = time.monotonic() + PATIENCE
        while end not in self.text:
            assert select.select([self.ours], [], [], limit - time.monotonic())[0], self.text
            try:
                self.text += os.read(self.ours, 1 << 16).decode()
            except OSError:
                raise AssertionError(f"it has ended: {self.text!r}") from None
        found, self.text = self.text.split(end, 1)
        return re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", found.replace("\r", ""))

    def type(self, keys):
        os.write(self.ours, keys.encode())

    def enter(self, line, prompt="\n>>> "):
        """Types a line. Returns what is printed up to the next prompt."""
        self.type(line + "\r")
        return self.read_to(prompt.replace("\n", "\r\n"))

    def end(self):
        self.type("\x04")
        return self.client.wait(timeout=PATIENCE)

    def close(self):
        self.client.kill()
        self.client.wait()
        os.close(self.ours)


@pytest.fixture
def terminal(mprofpp):
    with contextlib.ExitStack() as stack:

        def start(program, **variables):
            one = Terminal(mprofpp, program, **variables)
            stack.callback(one.close)
            return one

        yield start


def test_the_prompt_shows_values_and_keeps_names(inspected, system, terminal):
    program = inspected(system)
    console = terminal(program)
    assert console.enter("x = 20").splitlines()[1:] == []
    assert console.enter("x + 1").splitlines()[1:] == ["21"]
    assert console.enter("_ * 2").splitlines()[1:] == ["42"]
    assert console.enter("1/0").splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert console.enter("print('no end', end='')").splitlines()[1:] == ["no end"]
    assert console.end() == 0
    assert program.end()[0] == 0


def test_the_prompt_takes_several_lines(inspected, system, terminal):
    console = terminal(inspected(system))
    console.enter("def f(x):", "... ")
    console.enter("    return x + 1", "... ")
    console.enter("")
    assert console.enter("f(6)").splitlines()[1:] == ["7"]
    console.enter("(1,", "... ")
    assert console.enter("2)").splitlines()[1:] == ["(1, 2)"]
    assert console.end() == 0


def test_the_prompt_has_a_history_that_lasts(inspected, system, terminal, mprofpp):
    program = inspected(system)
    console = terminal(program)
    console.enter("first = 1")
    console.enter("second = 2")
    assert "first = 1" in console.enter("\x1b[A\x1b[A")
    assert console.end() == 0
    history = mprofpp.folder / ".local/state/mprofpp/console_history"
    assert history.stat().st_mode & 0o777 == 0o600
    again = terminal(program)
    assert again.enter("\x1b[A\x1b[A").count("second = 2") == 1
    assert again.enter("second").splitlines()[-1] == "2"
    assert again.end() == 0


def test_the_prompt_completes_names(inspected, system, terminal):
    console = terminal(inspected(system, "cache_of_pages = {}"))
    assert console.enter("len(main.cache_o\t)").splitlines()[-1] == "0"
    console.type("main.cac\t\t")
    shown = console.read_to("cache_of_pages")
    assert "cache " in shown and "__" not in shown
    console.type("\x03")
    console.read_to("KeyboardInterrupt\r\n>>> ")
    console.enter("if True:", "... ")
    console.enter("\tprint('indented')", "... ")
    assert console.enter("").splitlines()[-1] == "indented"
    assert console.end() == 0


def test_ctrl_c_interrupts_the_code_or_drops_the_line(inspected, system, terminal):
    program = inspected(system)
    console = terminal(program)
    console.type("never typed")
    console.read_to("never typed")
    console.type("\x03")
    console.read_to("KeyboardInterrupt\r\n>>> ")
    console.enter("while not print('be' + 'gun'):", "... ")
    console.enter("    while True: pass", "... ")
    console.type("\r")
    console.read_to("begun")
    console.type("\x03")
    console.read_to("KeyboardInterrupt\r\n>>> ")
    assert console.enter("5").splitlines()[-1] == "5"
    assert console.end() == 0
    assert program.end()[0] == 0


def test_hostile_output_cannot_control_the_terminal(inspected, system, terminal):
    console = terminal(inspected(system))
    console.type("print('a\\x1b' + '[2J')\r")
    console.read_to("\r\n")
    assert console.read_to("\r\n>>> ") == "a\\x1b[2J"


def test_exit_leaves_the_prompt(inspected, system, terminal):
    program = inspected(system)
    console = terminal(program)
    console.type("exit()\r")
    assert console.client.wait(timeout=PATIENCE) == 0
    assert program.end()[0] == 0


def test_the_prompt_ends_with_the_program(inspected, system, terminal):
    program = inspected(system)
    console = terminal(program)
    program.end()
    console.read_to("mprofpp: process")
    assert console.client.wait(timeout=PATIENCE) == 4


def test_a_signal_ends_the_prompt_and_restores_the_terminal(inspected, system, terminal):
    console = terminal(inspected(system))
    wait_for(lambda: not termios.tcgetattr(console.ours)[3] & termios.ICANON)
    console.client.terminate()
    assert console.client.wait(timeout=PATIENCE) == 130
    assert termios.tcgetattr(console.ours)[3] & termios.ICANON


# A service


def test_the_cache_of_a_service_is_seen_to_grow_while_it_serves(mprofpp, inspected, system):
    try:
        service = inspected(system, program="fastapi_service.py")
    except AssertionError as error:
        if "No module named" in str(error):
            pytest.skip("SKIP: python3-fastapi, python3-uvicorn or python3-fake-factory is not installed")
        raise
    port = service.number
    service.pid = wait_for(lambda: child_of(service.process.pid))
    assert code(mprofpp, service, "len(main.cache)").text == "0\n"
    for number in (1, 2, 2, 3):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/people/{number}") as answer:
            assert b"name" in answer.read()
    assert code(mprofpp, service, "len(main.cache)").text == "3\n"
    stacks = mprofpp("stacks", service.pid).text
    assert "waiting in epoll_wait" in stacks and "uvicorn/server.py" in stacks
    os.kill(service.pid, signal.SIGINT)
    service.process.communicate(timeout=PATIENCE)


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        children = file.read().split()
    return int(children[0]) if children else None
