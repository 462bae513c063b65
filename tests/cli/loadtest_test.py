"""`mprofpp loadtest`: small services under load, leaking and not, and everything that can go wrong."""

import json
import os
import signal
import subprocess
import sys

import pytest

from conftest import end_with_us, free_port, is_alive, killed_at_the_end, line_with, wait_until
from recording import Recording

# A service that keeps memory for each request of /leak. It names its process in a file.
SERVICE = """
import http.server, os, sys

kept = []

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/leak":
            kept.append(os.urandom(8192))
        if self.path == "/exit":
            os._exit(7)
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass

class Server(http.server.HTTPServer):
    allow_reuse_address = True

server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
with open("pid", "w") as file:
    file.write(str(os.getpid()))
print("ready to serve", flush=True)
server.serve_forever()
"""

# Sends requests, and prints what ab prints.
LOAD = """
import http.client, sys

port, path, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
connection = http.client.HTTPConnection("127.0.0.1", port)
failed = 0
for _ in range(count):
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    failed += answer.status >= 400
if len(sys.argv) < 5:
    print("Complete requests:", count)
    if failed:
        print("Non-2xx responses:", failed)
"""

REST = ("--rest", "200ms")


class Subject:
    """A service and its loads in the folder of the test."""

    def __init__(self, mprofpp):
        self.mprofpp = mprofpp
        self.folder = mprofpp.folder
        self.port = free_port()
        (self.folder / "service.py").write_text(SERVICE)
        (self.folder / "load.py").write_text(LOAD)

    @property
    def service(self):
        return [sys.executable, "service.py", self.port]

    def load(self, path, count=100, *options):
        words = [sys.executable, "load.py", self.port, path, count, *options]
        return " ".join(str(word) for word in words)

    def words(self, *options, service=None):
        return ["loadtest", "-f", "-o", "x.dat", *REST, *options, "--", *(service or self.service)]

    def __call__(self, *options, service=None):
        return self.mprofpp(*self.words(*options, service=service))

    def json(self, *options):
        done = self("-q", "--json", *options)
        assert done.err == ""
        return done, json.loads(done.out)

    @property
    def pid(self):
        return int((self.folder / "pid").read_text())

    @property
    def recording(self):
        return Recording(self.folder / "x.dat")

    def is_gone(self):
        return not is_alive(self.pid)

    def has_left_nothing(self):
        """For a service that may have been stopped before it wrote its pid."""
        return not any(is_alive(process.pid) for process in self.recording.processes)


@pytest.fixture
def tested(mprofpp):
    return Subject(mprofpp)


def test_a_service_that_keeps_memory_for_each_request_leaks(tested):
    done, result = tested.json("--load", tested.load("/leak"))
    assert done.status == 1
    assert result["verdict"] == "leak" and result["file"] == "x.dat" and result["metric"] == "rss"
    load = result["loads"][0]
    assert load["each"] == "request" and load["why"] == "grows"
    assert load["low_kib_each"] < 8.3 and load["high_kib_each"] > 8
    assert [entry["requests"] for entry in load["rounds"][:3]] == [100, 100, 100]
    assert [entry["warmup"] for entry in load["rounds"][:3]] == [True, True, False]
    assert tested.is_gone()


def test_a_service_that_keeps_nothing_is_steady(tested):
    done, result = tested.json("--load", tested.load("/", 300))
    assert done.status == 0
    assert result["verdict"] == "steady"
    assert result["loads"][0]["high_kib_each"] <= 1
    assert tested.is_gone()


def test_the_rounds_are_reported_on_stderr_and_the_result_on_stdout(tested):
    done = tested("--load", tested.load("/leak"))
    assert done.says("the service is ready after", "recorded in x.dat")
    assert done.says("round 1 of 8: 100 requests in", "(warm-up)")
    assert done.text.startswith("leak: +8.") and "KiB a request (95 %: " in done.text
    assert len([line for line in done.text.splitlines() if " warm-up " in line]) == 2
    assert done.said[-1] == "mprofpp: next: mprofpp plot x.dat"


def test_the_rounds_are_marked_in_the_recording(tested):
    tested("--load", tested.load("/leak"), "--rounds", 6, "--max-rounds", 6)
    recording = tested.recording
    marks = [line.split()[3] for line in recording.lines if line.startswith("MARK ")]
    assert marks == [f"{what}%20{number}" for number in range(1, 7) for what in ("round", "rest")]
    assert "END" in recording.lines[-1]


def test_several_loads_are_ranked(tested):
    done, result = tested.json("--load", tested.load("/", 300), "--load", tested.load("/leak"))
    assert done.status == 1
    assert [load["verdict"] for load in result["loads"]] == ["leak", "steady"]
    assert "/leak" in result["loads"][0]["load"]


def test_requests_that_the_load_does_not_count_are_given_or_counted_in_rounds(tested):
    silent = tested.load("/leak", 100, "silent")
    _, result = tested.json("--load", silent, "--requests", 100)
    assert result["loads"][0]["each"] == "request"
    assert 7.9 < result["loads"][0]["kib_each"] < 8.5
    _, result = tested.json("--load", silent)
    assert result["loads"][0]["each"] == "round"
    assert 790 < result["loads"][0]["kib_each"] < 850


def test_the_worker_that_leaks_is_named(tested):
    # the parent passes on nothing and needs no memory; its child serves
    family = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, 'service.py', sys.argv[1]]))"
    done = tested("--load", tested.load("/leak"), service=[sys.executable, "-c", family, tested.port])
    assert done.status == 1
    assert f"  in process {tested.pid} (python3" in done.text
    assert "; the other one is steady" in done.text
    assert tested.is_gone()


def test_rounds_are_added_until_it_is_enough_to_tell(tested):
    done = tested("--load", tested.load("/leak"), "--rounds", 4)
    assert done.status == 1
    assert done.says("not enough to tell: too few rounds", "added")
    done = tested("--load", tested.load("/leak"), "--rounds", 4, "--max-rounds", 4)
    assert done.status == 3
    assert "4 more rounds may decide it" in done.text


def test_markdown_has_a_table_of_the_rounds(tested):
    done = tested("--markdown", "-q", "--load", tested.load("/leak"), "--rounds", 3, "--max-rounds", 3)
    assert done.text.startswith("| load | verdict |\n|---|---|\n| `` ")
    assert "\n| 3 | 100 | " in done.text


@pytest.mark.parametrize("sign", ["port {port}", "GET http://127.0.0.1:{port}/", "text ready to serve"])
def test_the_sign_that_the_service_is_ready_can_be_chosen(tested, sign):
    ready = sign.format(port=tested.port)
    done = tested("--ready", ready, "--load", "true", "--rounds", 1, "--max-rounds", 1, "--warmup", 0)
    assert done.status == 3
    assert done.says("the service is ready")


def test_a_port_that_another_program_has_is_noticed_before_the_service_starts(tested):
    other = subprocess.Popen(
        [sys.executable, "service.py", str(tested.port)],
        cwd=tested.folder,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_us,
    )
    with killed_at_the_end(other):
        assert line_with("ready", other.stdout)
        for options in (
            ["--load", tested.load("/") + f" http://127.0.0.1:{tested.port}/"],
            ["--load", "true", "--load", f"true 127.0.0.1:{tested.port}/"],
            ["--load", "true", "--ready", f"port {tested.port}"],
        ):
            done = tested(*options)
            assert done.status == 2
            assert done.said == [
                f"mprofpp: port {tested.port}: python3 (process {other.pid}) answers there already, so the "
                "load would not reach the service (stop it, or let the service use another port)"
            ]
    assert not (tested.folder / "x.dat").exists()


def test_a_service_that_never_gets_ready_is_stopped(tested):
    done = tested("--load", "true", "--ready", "text never", "--ready-timeout", "300ms")
    assert done.status == 2
    assert done.says("service: was not ready within 300 ms: it did not print 'never'")
    assert done.says("the recording is kept: x.dat")


@pytest.mark.parametrize("form", ["http://127.0.0.1:{}/", "127.0.0.1:{}/", "localhost:{}"])
def test_the_port_that_is_missing_is_named(tested, form):
    wrong = free_port()
    done = tested("--load", f"true {form.format(wrong)}", "--ready-timeout", "1s")
    assert done.status == 2
    assert done.says(f"and the load asks port {wrong}")
    assert tested.has_left_nothing()


def test_the_port_of_every_load_is_compared_with_those_of_the_service(tested):
    wrong = free_port()
    done = tested(
        *["--ready", "text ready", "--ready-timeout", "1s"],
        *["--load", f"true 127.0.0.1:{tested.port}/", "--load", f"true 127.0.0.1:{wrong}/"],
    )
    assert done.status == 2
    assert done.says("service: was not ready within 1.0 s: ")


def test_a_load_without_an_address_has_a_note(tested):
    once = ["--rounds", 1, "--max-rounds", 1, "--warmup", 0]
    done = tested("--load", "true", *once)
    assert done.says("'true' has no address of this machine that mprofpp recognises")
    done = tested("--load", f"true 127.0.0.1:{tested.port}", *once)
    assert not done.says("recognises")


def test_the_background_of_a_load_does_not_go_on_during_the_rest(tested):
    # the file is complete when the shell exits, and the loop in the background would extend it for ever
    load = "(while echo x >> work; do sleep 0.01; done) & while ! test -s work; do sleep 0.01; done"
    tested("--load", load, "--rounds", 1, "--max-rounds", 1, "--warmup", 0)
    lines = [line.split() for line in tested.recording.lines]
    rest = next(float(line[1]) for line in lines if line[0] == "MARK" and line[3] == "rest%201")
    assert (tested.folder / "work").stat().st_mtime <= rest


def test_a_service_that_exits_at_once_is_reported_with_what_it_printed(tested):
    code = "import sys; print('no config', file=sys.stderr); sys.exit(3)"
    done = tested("--load", "true", service=[sys.executable, "-c", code])
    assert done.status == 2
    assert done.said == [
        "mprofpp: service: exited with status 3 before it was ready",
        "mprofpp: it printed: no config",
        "mprofpp: the recording is kept: x.dat",
    ]


def test_a_service_that_goes_to_the_background_has_to_stay(tested):
    done = tested("--load", "true", service=["true"])
    assert done.status == 2
    assert done.said[0] == (
        "mprofpp: service: ended before it was ready, with status 0 (a service must stay in the foreground)"
    )


def test_a_service_that_dies_under_load_is_reported(tested):
    done = tested("--load", tested.load("/exit", 1))
    assert done.status == 2
    assert done.says("service: exited with status 7 during the test")
    assert "END" in tested.recording.lines[-1]


def test_a_service_that_does_not_exist_is_reported(tested):
    done = tested("--load", "true", service=["no-such-service"])
    assert done.status == 2
    assert done.said == ["mprofpp: no-such-service: no such program (is it installed and in PATH?)"]


def test_a_load_that_fails_ends_the_test(tested):
    done = tested("--load", "echo sorry; exit 4")
    assert done.status == 2
    assert done.says("--load: 'echo sorry; exit 4' exited with status 4")
    assert done.says("it printed: sorry")
    assert tested.is_gone()


def test_a_load_whose_requests_all_fail_ends_the_test(tested):
    done = tested("--load", tested.load("/missing", 5))
    assert done.status == 2
    assert done.says("all 5 requests of ", " had another status than 2xx (a redirect, or ")
    assert not done.says("it printed")
    assert tested.is_gone()


def test_the_output_of_the_service_and_the_loads_is_shown_with_v(tested):
    done = tested("-v", "--load", tested.load("/"), "--rounds", 1, "--max-rounds", 1)
    assert done.says("| ready to serve")
    assert done.says("| Complete requests: 100")
    assert "Complete requests" not in done.text


def test_what_the_service_and_the_load_leave_behind_is_ended(tested):
    code = (
        "import subprocess; child = subprocess.Popen(['sleep', '1000']); "
        "open('left-by-service', 'w').write(str(child.pid)); exec(open('service.py').read())"
    )
    load = "sleep 1000 >/dev/null 2>&1 & echo $! > left-by-load"
    once = ["--rounds", 1, "--max-rounds", 1, "--warmup", 0]
    tested("--load", load, *once, service=[sys.executable, "-c", code, tested.port])
    for name in ("left-by-service", "left-by-load"):
        assert not is_alive(int((tested.folder / name).read_text()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_and_the_recording_is_kept(tested, number):
    words = tested.words("--load", f"touch began; {tested.load('/', 100000000)}")
    run = tested.mprofpp.start(*words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with killed_at_the_end(run):
        wait_until((tested.folder / "began").exists, "the load runs")
        run.send_signal(number)
        out, err = run.communicate()
    assert run.returncode == 128 + number
    assert out == ""
    assert err.endswith("mprofpp: interrupted; x.dat has what was recorded\n")
    assert tested.is_gone()
    assert "END" in tested.recording.lines[-1]


def test_the_service_ends_if_mprofpp_is_killed(tested):
    words = tested.words("--load", "touch began; exec sleep 1000")
    run = tested.mprofpp.start(*words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    with killed_at_the_end(run):
        wait_until((tested.folder / "began").exists, "the load runs")
        run.kill()
        run.wait()
        wait_until(tested.is_gone, "the service has exited")


@pytest.mark.parametrize(
    "options, message",
    [
        (["--load", "x", "--rounds", "0"], "--rounds: '0' is not a number from 1 to 1000"),
        (["--load", "x", "--warmup", "8"], "--warmup: '8' is not a number from 0 to 7"),
        (["--load", "x", "--max-rounds", "3"], "--max-rounds: '3' is not a number from 8 to 1000"),
        (["--load", "x", "--requests", "-1"], "--requests: '-1' is not a number"),
        (["--load", "x", "--rest", "10ms"], "--rest: '10ms' is too short"),
        (["--load", "x", "--rest", "soon"], "--rest: 'soon' is not a valid time"),
        (["--load", "x", "--ready", "8000"], "--ready: '8000' is not a sign"),
        (["--load", " "], "--load: the command is empty"),
        ([], "loadtest: no load (mprofpp loadtest --load "),
        ([], "; options go before PROGRAM)"),
        (["--load"], "--load: needs a value"),
        (["--load", "x", "-T", "5s"], "--interval: '5.0 s' is too long for a rest of 2.0 s (--rest 25s)"),
        (["--load", "x", "--json", "--markdown"], "--json: cannot be combined with --markdown"),
        (["--load", "x", "-o", "-"], "--output: the recording must be a file"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(mprofpp, options, message):
    done = mprofpp("loadtest", *options, "--", "true")
    assert done.status == 2
    assert len(done.said) == 1 and message in done.said[0]
    assert os.listdir(mprofpp.folder) == []


def test_the_abbreviations_of_other_commands_still_mean_them(mprofpp):
    for abbreviation, command in (("l", "list"), ("li", "list"), ("le", "leak"), ("lo", "loadtest")):
        assert mprofpp(abbreviation, "--help").text == mprofpp(command, "--help").text
