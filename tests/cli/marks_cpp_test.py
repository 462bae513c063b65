"""C++ programs that were compiled with -finstrument-functions, without a change of their source."""

import collections
import functools
import os
import subprocess

import pytest

from conftest import ROOT, needs

SOURCES = ROOT / "tests/programs/marked"
DEPTH = 7
WALKED = b"510\n"  # twice 2^(DEPTH+1) - 1


def compiled(output, source, *flags, compiler="g++"):
    needs(compiler)
    subprocess.run([compiler, "-O1", *flags, "-o", output, source], check=True)
    return output


@pytest.fixture(params=["g++", "clang++"])
def tree(request, tmp_path):
    flags = ["-std=c++17", "-fPIE", "-pie", "-finstrument-functions"]
    return compiled(tmp_path / "tree", SOURCES / "tree.cpp", *flags, compiler=request.param)


HOT = """
__attribute__((noinline)) void leaf() { asm volatile(""); }
__attribute__((noinline)) void hot() { leaf(); }
__attribute__((noinline)) void around(int n) {
  for (int i = 0; i < n; ++i) hot();
}
int main() { around(100000); }
"""


@functools.cache
def names_by_nm(path):
    """Returns the functions of a file as binutils name them: {address: name with parameters}."""
    needs("nm")
    words = [["nm", "-C", path], ["nm", "-C", "-D", path]]
    texts = [subprocess.run(w, capture_output=True, text=True, check=False).stdout for w in words]
    lines = (line for text in texts for line in text.splitlines() if not line.startswith(" "))
    fields = (line.split(None, 2) for line in lines)
    return {int(address, 16): name.partition("@@")[0] for address, kind, name in fields if kind in "tTwW"}


def calls_by_counting(program, tmp_path):
    """Counts calls without the recorder. Yields pairs of a name with parameters and a number of calls. If a
    library has a function of the same name, the calls may be those of the library's function."""
    counter = compiled(tmp_path / "counter.so", SOURCES / "counter.c", "-shared", "-fPIC", compiler="gcc")
    counts = tmp_path / "counts"
    environment = os.environ | {"LD_PRELOAD": str(counter), "COUNT_INTO": str(counts)}
    subprocess.run([program, str(DEPTH)], check=True, env=environment, stdout=subprocess.DEVNULL)
    for line in counts.read_text().splitlines():
        address, calls, path = line.split(" ", 2)
        yield names_by_nm(path)[int(address, 16)], int(calls)


def recorded_calls(recording):
    counts = collections.Counter(call.name for call in recording.calls)
    for name, calls in recording.groups:
        counts[name] += calls
    return counts


def is_name_of(short, whole):
    return whole == short or f"{short}(" in whole


def test_all_calls_are_recorded_under_the_names_that_binutils_give(mprofpp, tree, tmp_path):
    done = mprofpp.record("-q", [tree, str(DEPTH)])
    assert (done.status, done.out, done.err) == (0, WALKED, "")
    recording = done.recording
    recorded = recorded_calls(recording)
    expected = collections.Counter()
    for whole, calls in calls_by_counting(tree, tmp_path):
        fitting = [name for name in recorded if is_name_of(name, whole)]
        expected[max(fitting, key=len, default=whole)] += calls
    assert recorded == expected
    assert {"main", "forest::Node::Node", "forest::Node::~Node"} <= set(recorded)
    assert recording.lost_count("marks") == 0
    assert [call for call in recording.calls if "open" in call.flags or "raised" in call.flags] == []


def test_only_selected_functions_are_recorded(mprofpp, tree):
    options = ["--trace", "main", "--trace", "forest::*", "--no-trace", "*count"]
    recorded = recorded_calls(mprofpp.record("-q", *options, [tree, str(DEPTH)]).recording)
    assert "main" in recorded and "forest::Node::Node" in recorded
    assert not any(name.endswith("count") or name.startswith("std::") for name in recorded)
    options = ["--no-trace", "*"]
    assert mprofpp.record("-q", *options, [tree, str(DEPTH)]).recording.calls == []


def test_levels_are_the_depths_of_the_calls(mprofpp, tree):
    options = ["--all-calls", "--trace", "forest::Node::Node"]
    recording = mprofpp.record("-q", *options, [tree, str(DEPTH)]).recording
    levels = collections.Counter(call.level for call in recording.calls)
    assert levels == {level: 2**level for level in range(DEPTH + 1)}


def test_calls_that_are_summed_have_the_level_of_those_that_are_not(mprofpp, tmp_path):
    """It is found out at run time that the surrounding functions are not selected."""
    source = tmp_path / "hot.cpp"
    source.write_text(HOT)
    hot = compiled(tmp_path / "hot", source, "-finstrument-functions")
    recording = mprofpp.record("-q", "--trace", "hot", "--trace", "leaf", [hot]).recording
    levels = {(group.name, group.level) for group in recording.group_lines}
    assert levels == {("hot", 0), ("leaf", 1)}
    assert {(call.name, call.level) for call in recording.calls} == levels
    assert recorded_calls(recording) == {"hot": 100000, "leaf": 100000}


def test_mprof_peak_and_plot_work_with_calls_groups_and_marks(mprofpp, program, mprof, tmp_path):
    """The fixture `mprof` skips the test if memory_profiler is not installed."""
    actions = "mark x begin outer calls f 3000 take 30 sleep 1300 begin inner sleep 150 end inner end outer"
    recorded = mprofpp.record("-C", program("marks", *actions.split()))
    kinds = {line.split()[0] for line in recorded.recording.lines}
    assert {"MEM", "FUNC", "CALLS", "OPEN", "MARK"} <= kinds
    environment = os.environ | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(tmp_path), "PYTHONPATH": ""}
    run = {"capture_output": True, "text": True, "env": environment, "cwd": tmp_path, "check": True}
    command = ["/usr/bin/python3", mprof.__file__]
    peak = subprocess.run([*command, "peak", recorded.path], **run)
    assert f"{recorded.recording.peak:.3f} MiB" in peak.stdout
    subprocess.run([*command, "plot", "-o", "picture.png", recorded.path], **run)
    assert (tmp_path / "picture.png").stat().st_size > 10000
    read = mprof.read_mprofile_file(str(recorded.path))["func_timestamp"]
    ((begin, end, mib_in, mib_out, level),) = [tuple(call[:5]) for call in read["inner"]]
    inner = recorded.recording.call("inner")
    assert (begin, end, mib_in, mib_out, level) == (
        inner.t_in,
        inner.t_out,
        inner.mib_in,
        inner.mib_out,
        inner.level,
    )
