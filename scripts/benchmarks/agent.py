"""The agent in programs that make no marks."""

import contextlib
import fcntl
import os
import tempfile

from benchmarks.harness import numbers_from, output_of


@contextlib.contextmanager
def roomy_pipe(path):
    """A pipe with room for the reports of a thousand processes, so that it need not be read meanwhile."""
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
    yield
    os.close(pipe)


def cost_of_report(bench):
    """Returns the ms that /bin/true takes without a report of its exit, how much more with one, and how much
    more a program takes with only the system calls that a report needs."""
    agent = bench.build / "lib/mprofpp/libmprofpp-agent.so"
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder, roomy_pipe(f"{folder}/exits"):
        command = ["env", f"LD_PRELOAD={agent}", f"MPROFPP_AGENT={agent}", bench.bare / "starts", 1000]
        ours = numbers_from(*command, f"MPROFPP_RUN={folder}", "--", "/bin/true")
        bare = numbers_from(
            bench.bare / "starts", 1000, f"PIPE={folder}/exits", "--", bench.bare / "bare_report"
        )
        return ours[0], ours[1], bare[1]


def agent_variables(bench):
    agent = bench.build / "lib/mprofpp/libmprofpp-agent.so"
    return f"LD_PRELOAD={agent}", f"MPROFPP_AGENT={agent}", "MPROFPP_RUN=/nonexistent"


def later_with_agent(bench, times, *command):
    """Returns the ms that a command takes, how many more with the agent, and how many more of CPU time."""
    return numbers_from(bench.bare / "starts", times, *agent_variables(bench), "--", *command)


def bench_agent(bench):
    print("\nthe agent in a program that makes no marks")
    bare, more, _ = bench.median(lambda: later_with_agent(bench, 1000, "/bin/true"))
    bench.row("/bin/true takes longer by", f"{more:.3f} of {bare:.2f} ms", "<= 0.1 ms", more <= 0.1)

    whole, ours, bare = bench.median(lambda: cost_of_report(bench))
    bench.row(
        "the report of its exit takes", f"{ours * 1e3:.1f} us of {whole:.2f} ms", "<= 20 us", ours <= 0.02
    )
    bench.row("the system calls alone that it needs", f"{bare * 1e3:.1f} us", "")

    def resident(*words):
        command = [*words, "grep", "VmRSS", "/proc/self/status"]
        return int(output_of(*command).split()[1]) / 1024

    def sizes():
        return (resident("env", *agent_variables(bench)) - resident("env", "A=b"),)

    bench.row("resident memory it adds", f"{bench.median(sizes)[0]:.2f} MiB", "<= 0.5 MiB")
