"""The limit on the size of files (ulimit -f). The kernel sends SIGXFSZ, which kills a process that does not
expect it. Every command that writes reports what has happened and leaves no incomplete file."""

import resource
import signal
import subprocess

import pytest

from conftest import killed_at_the_end


def limited(size):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.fixture
def path(mprofpp):
    return mprofpp.record(["true"]).path


def names_the_limit(done):
    return len(done.said) == 1 and done.says("file too large", "ulimit -f")


@pytest.mark.parametrize("size", [0, 1000])
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_that_may_not_be_written_is_reported_and_no_file_is_left(
    mprofpp, path, tmp_path, suffix, size
):
    before = set(tmp_path.iterdir())
    done = mprofpp("plot", "-o", f"x.{suffix}", path, preexec_fn=limited(size))
    assert done.status == 1 and names_the_limit(done) and f"x.{suffix}" in done.said[0]
    assert set(tmp_path.iterdir()) == before


def test_an_existing_picture_stays_as_it_was(mprofpp, path, tmp_path):
    (tmp_path / "x.svg").write_text("old")
    done = mprofpp("plot", "-o", "x.svg", path, preexec_fn=limited(1000))
    assert done.status == 1
    assert (tmp_path / "x.svg").read_text() == "old"


@pytest.mark.parametrize("command", [["peak", "-M"], ["list"], ["rm", "-n"], ["clean", "-n"], ["--help"]])
def test_a_result_that_does_not_fit_its_file_is_a_failure(mprofpp, path, tmp_path, command):
    path.rename(tmp_path / "mprofile_20260101000000.dat")
    words = [*command, "0"] if command[0] == "rm" else command
    with open(tmp_path / "out", "wb") as out:
        options = {"stdout": out, "stderr": subprocess.PIPE, "text": True, "cwd": tmp_path}
        done = subprocess.run(mprofpp.command(*words), preexec_fn=limited(1), check=False, **options)
    assert done.returncode == 1
    assert "stdout: cannot write: file too large" in done.stderr and "ulimit -f" in done.stderr


@pytest.mark.parametrize("command", [["rm", "0"], ["clean"]])
def test_removing_works_at_the_limit(mprofpp, path, tmp_path, command):
    path.rename(tmp_path / "mprofile_20260101000000.dat")
    done = mprofpp(*command, preexec_fn=limited(0))
    assert (done.status, done.err) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status, own", [(125, 0), (3, 3)])
def test_a_recording_that_may_not_grow_ends_and_the_program_goes_on(mprofpp, tmp_path, status, own):
    done = mprofpp.record("-q", ["sh", "-c", f"touch went-on; exit {own}"], preexec_fn=limited(0))
    assert done.status == status
    assert (tmp_path / "went-on").exists()
    assert done.says("file too large", "ulimit -f") and done.says("the recording stops here")


def test_an_attached_recording_that_may_not_grow_names_the_limit(mprofpp, tmp_path):
    with killed_at_the_end(subprocess.Popen(["sleep", "600"])) as target:
        words = ["attach", "-T", "1ms", "-o", "x.dat", target.pid]
        done = mprofpp(*words, preexec_fn=limited(2048))
    assert done.status == 1
    assert done.says("file too large", "ulimit -f")


@pytest.mark.parametrize("disposition", [signal.SIG_DFL, signal.SIG_IGN])
def test_the_program_has_the_same_limit_as_if_it_were_started_directly(mprofpp, program, disposition):
    def spoil():
        limited(1 << 20)()
        signal.signal(signal.SIGXFSZ, disposition)

    own = subprocess.run(program("inherited"), capture_output=True, check=True, preexec_fn=spoil)
    assert (b"ignored 25" in own.stdout) == (disposition == signal.SIG_IGN)
    assert mprofpp.record(program("inherited"), preexec_fn=spoil).out == own.stdout
    too_much = ["dd", "if=/dev/zero", "of=big", "bs=1M", "count=2", "status=none"]
    done = mprofpp.record("-q", too_much, preexec_fn=spoil)
    assert done.status == (1 if disposition == signal.SIG_IGN else 128 + signal.SIGXFSZ)
    assert done.recording.exits and done.recording.end is not None


def test_marks_that_do_not_fit_below_the_limit_name_it(mprofpp, tmp_path):
    (tmp_path / "x.py").write_text("@profile\ndef f(): pass\nf()\n")
    done = mprofpp.record(["/usr/bin/python3", "x.py"], preexec_fn=limited(100_000))
    assert done.status == 0
    assert done.says("x.py:1", "no @profile marks", "the file size limit", "ulimit -f")
    assert not done.says("/dev/shm")


def test_a_log_that_may_not_grow_is_reported_once_and_the_recording_goes_on(mprofpp, tmp_path):
    options = ["-q", "-T", "1ms", "--log", "log", "-o", "/dev/null"]
    done = mprofpp("run", *options, "sleep", "0.1", preexec_fn=limited(100))
    assert done.status == 0
    assert len(done.err.splitlines()) == 1 and done.says("log", "file too large")
