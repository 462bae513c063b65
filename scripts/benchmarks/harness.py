"""Used by every benchmark: the built programs, the table of results, and commands that are measured."""

import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Bench:
    def __init__(self, build, times, folder):
        self.build = build
        self.mprofpp = build / "bin/mprofpp"
        self.programs = build / "tests/programs"
        self.bare = build / "tests/bench"
        self.times = times
        self.folder = folder

    def row(self, what, value, wanted, holds=None):
        """Prints a row. `holds` says whether `value` is as wanted, if that can be decided."""
        verdict = {None: "", True: "  holds", False: "  MISSED"}[holds]
        print(f"  {what:<58} {value:>26}   {wanted}{verdict}", flush=True)

    def median(self, measure):
        """Returns the median of each number that `measure` returns."""
        return [statistics.median(column) for column in zip(*(measure() for _ in range(self.times)))]


def output_of(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


def timed_output(folder, *command):
    """Returns the milliseconds from the start of a command to its end, and what it printed, which goes to a
    file: reading from a pipe would cost this Python some milliseconds of its own."""
    path = folder / "output"
    to_file = (os.POSIX_SPAWN_OPEN, 1, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    words = [str(word) for word in command]
    begin = time.monotonic()
    pid = os.posix_spawn(words[0], words, os.environ, file_actions=[to_file])
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    elapsed = 1000 * (time.monotonic() - begin)
    if status != 0:
        raise subprocess.CalledProcessError(status, words)
    return elapsed, path.read_text()


def numbers_from(*command):
    return [float(word) for word in output_of(*command).split()]


def cpu_and_mib(*command, statuses=(0,)):
    """Returns CPU seconds and peak MiB of a command from GNU time, so that our size does not count."""
    words = ["/usr/bin/time", "-q", "-f", "%U %S %M", *(str(word) for word in command)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode not in statuses:
        raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
    user, system, kib = done.stderr.splitlines()[-1].split()
    return float(user) + float(system), int(kib) / 1024


def elapsed_and_mib(*command):
    """Returns elapsed seconds and peak MiB of a command."""
    words = ["/usr/bin/time", "-f", "%e %M", *(str(word) for word in command)]
    begin = time.monotonic()
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - begin
    return seconds, int(done.stderr.splitlines()[-1].split()[1]) / 1024
