"""The agent, the library that is loaded into recorded programs, without a recorder: what it reports, and that
it does no harm. The programs are compiled here, with different compilers and in different ways of linking."""

import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess

import pytest

from conftest import AGENT, BUILD, PATIENCE, ROOT, needs
from ring import ADDRESS, ENTER, INHERITED, LEAVE, LEFT, MARK, RAISED, SIGNATURE, Run, own_filters

SOURCES = ROOT / "tests/programs/marked"


@pytest.fixture
def build(tmp_path):
    """Compiles a source file of tests/programs/marked, or the text of a source."""

    def compiled(source, *flags, compiler="gcc", suffix=".c"):
        needs(compiler)
        output = tmp_path / f"victim{len(list(tmp_path.glob('victim*')))}"
        if not isinstance(source, pathlib.Path):
            text, source = source, tmp_path / f"source{suffix}"
            source.write_text(text)
        words = [compiler, "-O1", "-g", "-Wall", "-Wextra", f"-I{ROOT}/share/include", source, "-o", output]
        done = subprocess.run([*words, *flags], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"SKIP: {compiler} {' '.join(flags)}: {done.stderr.splitlines()[-1]}")
        assert done.stderr == ""
        return output

    return compiled


def go(run, *command, status=0, **options):
    options = {"env": run.environment(), "timeout": PATIENCE} | options
    done = subprocess.run(command, capture_output=True, check=False, **options)
    assert done.returncode == status, done.stderr
    return done


IN_C = [(0, "outer, with spaces"), (1, "innen: größer"), (2, "load"), (0, "request")]


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("link", [("-fPIE", "-pie"), ("-fno-pie", "-no-pie"), ("-O0",), ("-O3", "-flto")])
def test_marks_of_a_c_program_are_reported_in_order(run, build, compiler, link):
    done = go(run, build(SOURCES / "scopes.c", "-std=c99", "-pedantic", *link, compiler=compiler))
    rings = run.read()
    pid = rings.only()
    assert pid == int(done.stdout)
    assert rings.calls(pid) == IN_C
    assert [e.name for e in rings.events[pid] if e.kind == MARK] == ["phase 2"]
    assert rings.open == 0 and rings.dropped == 0


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
@pytest.mark.parametrize("standard", ["-std=c++11", "-std=c++17", "-std=c++20"])
def test_the_header_works_in_cpp(run, build, compiler, standard):
    source = (SOURCES / "scopes.c").read_text()
    go(run, build(source, "-pedantic", standard, compiler=compiler, suffix=".cpp"))
    rings = run.read()
    names = [name for _, name in rings.calls(rings.only())]
    assert names == ["outer, with spaces", "innen: größer", "void load()", "request"]
    signatures = {event.name for event in rings.events[rings.only()] if event.flags & SIGNATURE}
    assert signatures == {"void load()"}, "the recorder shortens it"


def test_a_program_does_the_same_without_a_recorder(build):
    victim = build(SOURCES / "scopes.c")
    done = subprocess.run([victim], capture_output=True, check=True)
    assert done.stdout.strip().isdigit() and done.stderr == b""


def test_nothing_happens_in_a_program_that_makes_no_mark(run):
    go(run, "/bin/ls", "/")
    assert [path.name for path in run.folder.iterdir()] == ["bell"]


def system_calls(*command, env=None):
    """Names of the system calls after the last one of the dynamic linker, which unmaps its cache."""
    variables = [f"{name}={value}" for name, value in (env or {}).items()]
    words = ["strace", "-o", "/dev/stdout", "env", *variables, *command]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    names = [line.split("(")[0] for line in done.stdout.splitlines()]
    return names[len(names) - names[::-1].index("munmap") :]


def test_a_process_asks_for_its_pid_at_its_start_and_reports_its_exit(run):
    needs("strace")
    traced = ["strace", "-o", "/dev/null", "true"]
    if subprocess.run(traced, capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: ptrace is forbidden here")
    agent = {name: run.environment()[name] for name in ("LD_PRELOAD", "MPROFPP_AGENT", "MPROFPP_RUN")}
    agent |= own_filters()
    *calls, exit_group, ended = system_calls("true")
    read_status, no_pipe = ["openat", "read", "read", "read", "close"], ["openat"]
    report = ["getpid", *read_status, *no_pipe]
    assert system_calls("true", env=agent) == ["getpid", *calls, *report, exit_group, ended]


def test_readings_do_not_include_the_ring(run, build):
    source = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mprofpp.h"
static long resident(void) {
  long size, pages;
  FILE* file = fopen("/proc/self/statm", "r");
  if (fscanf(file, "%ld %ld", &size, &pages) != 2) abort();
  fclose(file);
  return pages * 4096;
}
int main(void) {
  resident();
  const long before = resident();
  MPROFPP_BEGIN("64 MiB");
  memset(malloc(64 << 20), 1, 64 << 20);
  MPROFPP_END("64 MiB");
  printf("%ld\\n", before);
  return 0;
}
"""
    done = go(run, build(source, "-O0"), env=run.environment(MPROFPP_EXACT="1"))
    rings = run.read()
    begin, end = rings.events[rings.only()]
    # the first mark maps some of libc's code; the ring's 292 KiB do not count
    assert abs(begin.rss - int(done.stdout)) <= 192 * 1024
    assert 64 <= (end.rss - begin.rss) / 2**20 < 64.2
    assert begin.flags == end.flags == 0


@pytest.mark.parametrize("how", ["fork", "_Fork", "raw"])
def test_a_forked_child_has_a_ring_of_its_own_and_inherits_open_calls(run, build, how):
    go(run, build(SOURCES / "forks.c"), how)
    rings = run.read()
    parent, child = sorted(rings.events)
    assert rings.calls(parent) == [(0, "serve"), (1, "parent's own")]
    assert rings.open == 0
    assert rings.calls(child) == [(0, "serve"), (1, "child's own")]
    assert rings.open == 0
    assert rings.events[child][0].flags & INHERITED
    assert not rings.events[parent][0].flags & INHERITED


BEGINS = {
    "an empty environment": "execle(v[0], v[0], (char*)0, (char*[]){0})",
    "no environment at all": "execve(v[0], v, 0)",
    "execl": "(clearenv(), execl(v[0], v[0], (char*)0))",
    "execlp": "(clearenv(), execlp(v[0], v[0], (char*)0))",
    "execv": "(clearenv(), execv(v[0], v))",
    "execvp": "(clearenv(), execvp(v[0], v))",
    "execvpe": "execvpe(v[0], v, (char*[]){0})",
    "fexecve": "fexecve(open(v[0], O_RDONLY), v, (char*[]){0})",
    "a preload of its own": 'execve(v[0], v, (char*[]){"LD_PRELOAD=libc.so.6", 0})',
    "vfork": "(vfork() == 0 ? execve(v[0], v, (char*[]){0}) : wait(0))",
    "posix_spawn": "(posix_spawn(&p, v[0], 0, 0, v, (char*[]){0}), wait(0))",
    "posix_spawnp": "(posix_spawnp(&p, v[0], 0, 0, v, (char*[]){0}), wait(0))",
    "a large environment": "(many(), execve(v[0], v, large))",
}
BEGINNER = """
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static char* large[20001];
static void many(void) { for (int i = 0; i < 20000; ++i) large[i] = "X=1"; }
int main(int argc, char** argv) {
  char** v = argv + 1;
  pid_t p = 0;
  (void)argc, (void)many, (void)p;
  return BEGIN < 0;
}
"""


@pytest.mark.parametrize("way", BEGINS)
def test_a_program_started_with_another_environment_is_followed(run, build, way):
    marked = build(SOURCES / "scopes.c")
    go(run, build(BEGINNER.replace("BEGIN", BEGINS[way])), marked)
    rings = run.read()
    assert rings.calls(rings.only()) == IN_C


def test_env_i_is_followed_and_sees_what_it_asked_for(run, build):
    done = go(run, "env", "-i", "A=1", "env")
    shown = dict(line.split("=", 1) for line in done.stdout.decode().splitlines())
    assert shown.pop("A") == "1"
    ours = {"LD_PRELOAD", "MPROFPP_AGENT", "MPROFPP_RUN", "ASAN_OPTIONS"}
    assert set(shown) == ours | set(own_filters())


def test_a_complete_environment_is_passed_on_unchanged(run):
    mine = run.environment(LD_PRELOAD=f"libc.so.6:{AGENT}", ASAN_OPTIONS="a=b:verify_asan_link_order=0")
    done = go(run, "env", env=mine)
    shown = done.stdout.decode().splitlines()
    assert f"LD_PRELOAD=libc.so.6:{AGENT}" in shown
    assert "ASAN_OPTIONS=a=b:verify_asan_link_order=0" in shown


def test_an_exec_marks_the_ring_as_left(run, build):
    go(run, build(SOURCES / "odd.c"), "leaves")
    (ring,) = run.read().rings
    assert ring.state == LEFT


def test_an_exec_that_fails_does_not_leave_the_ring(run, build):
    source = """
#include <unistd.h>
#include "mprofpp.h"
int main(void) {
  MPROFPP_BEGIN("a");
  execl("/no/such/program", "x", (char*)0);
  MPROFPP_END("a");
  return 0;
}
"""
    go(run, build(source))
    rings = run.read()
    assert rings.calls(rings.only()) == [(0, "a")] and rings.open == 0
    assert rings.rings[0].state != LEFT


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_functions_of_an_instrumented_program_are_reported_by_address(run, build, compiler):
    source = """
#include <stdio.h>
__attribute__((noinline)) int inner(int n) { return n + 1; }
__attribute__((noinline)) int outer(int n) { return inner(n) * 2; }
int main(void) {
  printf("%p %p %p\\n", (void*)main, (void*)outer, (void*)inner);
  return outer(1) != 4;
}
"""
    victim = build(source, "-finstrument-functions", "-Wno-pedantic", compiler=compiler)
    done = go(run, victim)
    rings = run.read()
    pid = rings.only()
    expected = list(enumerate(done.stdout.decode().split()))
    assert rings.calls(pid) == expected
    assert all(event.flags & ADDRESS for event in rings.events[pid])
    (own,) = [m for m in rings.modules[pid] if m.path == str(victim)]
    assert all(own.begin <= int(address, 16) < own.end for _, address in expected)


def test_a_program_that_takes_our_descriptor_keeps_its_own_file(run, build):
    go(run, build(SOURCES / "odd.c"), "closes")
    rings = run.read()
    assert rings.calls(rings.only()) == [(0, "before"), (0, "after")]


def test_calls_left_by_longjmp_end_with_the_surrounding_call(run, build):
    go(run, build(SOURCES / "odd.c"), "longjmp")
    rings = run.read()
    pid = rings.only()
    assert rings.calls(pid) == [(0, "outer"), (1, "left 1"), (2, "left 2"), (0, "after")]
    raised = [event.name for event in rings.events[pid] if event.flags & RAISED]
    assert raised == ["left 2", "left 1"]


def test_marks_continue_after_a_signal_handler_has_jumped_out_of_a_mark(run, build):
    go(run, build(SOURCES / "odd.c"), "jumps", env=run.environment(MPROFPP_SHORTEST="1000000"))
    rings = run.read()
    names = [event.name for event in rings.events[rings.only()] if event.kind == ENTER]
    assert names.count("after") == 10


@pytest.mark.parametrize("more", [{}, {"MPROFPP_EXACT": "1"}], ids=["reused", "exact"])
def test_a_thread_is_not_cancelled_within_a_mark(run, build, more):
    go(run, build(SOURCES / "odd.c", "-pthread"), "cancelled", env=run.environment(**more))


def test_open_calls_of_a_thread_end_with_the_thread(run, build):
    go(run, build(SOURCES / "odd.c", "-pthread"), "pthreads")
    rings = run.read()
    assert rings.calls(rings.only()) == [(0, "left 1"), (1, "left 2")] and rings.open == 0
    ends = [event for event in rings.events[rings.only()] if event.kind == LEAVE]
    assert all(event.flags & RAISED for event in ends)


def test_begins_and_ends_match_in_a_recursion_that_is_too_deep_for_the_ring(run, build):
    go(run, build(SOURCES / "odd.c"), "recursion")
    rings = run.read()
    rings.calls(rings.only())
    assert rings.open == 0


def test_marks_of_a_signal_handler_do_not_disturb_interrupted_marks(run, build):
    go(run, build(SOURCES / "odd.c"), "signals")
    rings = run.read()
    calls = rings.calls(rings.only())
    assert rings.open == 0
    assert {name for _, name in calls} >= {"main"}


def test_threads_have_stacks_of_their_own_and_free_their_memory(run, build):
    victim = build(SOURCES / "odd.c", "-pthread")
    done = go(run, victim, "threads")
    assert done.stderr == b""
    rings = run.read()
    assert len({event.thread for event in rings.events[rings.only()]}) >= 8
    # no recorder empties the ring: records that did not fit are counted
    assert rings.dropped > 0


def test_threads_that_start_while_the_ring_is_created_wait_for_it(run, program, tmp_path):
    slowly = f"{BUILD}/tests/preload/slow_files.so:{AGENT}"
    threads, calls = 8, 5
    crowd = [str(word) for word in program("crowd", threads, calls, 1, tmp_path / "counts")]
    go(run, *crowd, env=run.environment(LD_PRELOAD=slowly))
    rings = run.read()
    busy = [name for _, name in rings.calls(rings.only()) if name == "busy"]
    assert len(busy) == threads * calls and rings.dropped == 0


def test_a_program_that_filters_its_system_calls_survives_and_its_marks_are_reported(run, build):
    go(run, build(SOURCES / "odd.c"), "filtered")
    rings = run.read()
    assert rings.calls(rings.only()) == [(0, "in the sandbox")] * 100


def test_a_program_that_filters_its_system_calls_survives_without_a_recorder(run, build):
    shutil.rmtree(run.folder)
    go(run, build(SOURCES / "odd.c"), "patient")


def test_a_program_that_forbids_itself_all_system_calls_survives(run, build):
    go(run, build(SOURCES / "odd.c"), "strict")
    rings = run.read()
    assert rings.calls(rings.only()) == [(0, "before")], "without a clock there are no marks"


@pytest.mark.parametrize("what", ["errno", "stray", "starved"])
def test_marks_do_not_change_errno_whatever_fails(run, build, what):
    go(run, build(SOURCES / "odd.c"), what)


def test_a_killed_program_has_reported_all_marks_up_to_its_death(run, build):
    go(run, build(SOURCES / "odd.c"), "killed", status=-signal.SIGKILL)
    rings = run.read()
    assert rings.calls(rings.only()) == [(0, "serve")] and rings.open == 1


def test_names_made_at_run_time_are_reported_and_long_ones_are_cut(run, build):
    go(run, build(SOURCES / "odd.c"), "names")
    rings = run.read()
    names = [name for _, name in rings.calls(rings.only())]
    assert names == [f"name {i}" for i in range(1000)] + ["x" * 1000]


def limited(**limits):
    import resource

    def set_limits():
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))

    return set_limits


@pytest.mark.parametrize(
    "limits", [{"FSIZE": 0}, {"FSIZE": 1000}, {"AS": 4 << 20}, {"NOFILE": 4}, {"NPROC": 0}], ids=str
)
def test_limits_cost_marks_but_never_the_program(run, build, limits):
    victim = build(SOURCES / "odd.c")
    go(run, victim, "errno", preexec_fn=limited(**limits))


def test_a_full_file_system_costs_marks_but_never_the_program(tmp_path, build):
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "x", folder], check=False).returncode:
        pytest.skip("SKIP: not allowed to mount a small file system")
    try:
        run = Run(folder / "run", AGENT)
        go(run, build(SOURCES / "odd.c"), "errno")
        rings = run.read()
        assert len(rings.rings) == 1 and rings.dropped > 0
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_run_folder_that_is_gone_costs_marks_but_never_the_program(run, build):
    shutil.rmtree(run.folder)
    go(run, build(SOURCES / "odd.c"), "errno")


def test_a_bell_without_a_reader_does_not_cause_sigpipe(run, build):
    go(run, build(SOURCES / "odd.c"), "recursion")
    assert run.read().rings[0].segment == 0


@pytest.mark.parametrize("sanitizer", ["address", "thread", "undefined"])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_sanitized_programs_run_and_are_reported(run, build, compiler, sanitizer):
    victim = build(SOURCES / "scopes.c", f"-fsanitize={sanitizer}", compiler=compiler)
    if subprocess.run([victim], capture_output=True, check=False).returncode != 0:
        pytest.skip(f"SKIP: {compiler} -fsanitize={sanitizer} does not run here")
    done = go(run, victim)
    assert done.stderr == b""
    rings = run.read()
    assert rings.calls(rings.only()) == IN_C


@pytest.mark.parametrize("compiler, flags", [("gcc", ["-static"]), ("musl-gcc", ["-static"])])
def test_static_programs_run_as_without_the_agent(run, build, compiler, flags):
    done = go(run, build(SOURCES / "scopes.c", *flags, compiler=compiler))
    assert done.stderr == b""


def test_programs_with_another_libc_run_and_are_reported(run, build):
    done = go(run, build(SOURCES / "scopes.c", compiler="musl-gcc"))
    assert done.stderr == b""
    rings = run.read()
    assert rings.calls(rings.only()) == IN_C


def test_32_bit_programs_run(run, build):
    done = go(run, build(SOURCES / "scopes.c", "-m32"))
    assert done.stdout.strip().isdigit()


def test_setuid_programs_run_without_the_agent(run, build, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("SKIP: only root can make a program that belongs to another user")
    victim = build(SOURCES / "scopes.c")
    os.chown(victim, 65534, 65534)
    victim.chmod(victim.stat().st_mode | stat.S_ISUID)
    for folder in (tmp_path, *tmp_path.parents):
        if folder != pathlib.Path("/") and folder != pathlib.Path("/tmp"):
            folder.chmod(0o755)
    done = go(run, victim, user=65533)
    assert done.stderr == b"" and not list(run.folder.glob("*.ring"))


def test_the_agent_needs_only_a_libc():
    needs("readelf", "nm")
    dynamic = subprocess.run(["readelf", "-d", AGENT], capture_output=True, text=True, check=True).stdout
    assert [line.split("[")[1] for line in dynamic.splitlines() if "NEEDED" in line] == ["libc.so.6]"]
    undefined = subprocess.run(["nm", "-D", "-u", AGENT], capture_output=True, text=True, check=True).stdout
    names = [line.split()[-1].split("@")[0] for line in undefined.splitlines()]
    foreign = [name for name in names if name.startswith(("_Z", "__cxa_guard", "__asan", "__ubsan"))]
    assert foreign == []


def is_old(version):
    """Returns whether glibc had that version in 2012. GLIBC_PRIVATE and GLIBC_ABI_* do not count."""
    numbers = re.fullmatch(r"GLIBC_(\d+)\.(\d+)(\.\d+)?", version)
    return bool(numbers) and (int(numbers[1]), int(numbers[2])) <= (2, 17)


def test_the_agent_needs_no_version_of_glibc_above_2_17():
    needs("readelf")
    shown = subprocess.run(["readelf", "-VW", AGENT], capture_output=True, text=True, check=True).stdout
    needed = shown.split("Version needs section")[1]
    versions = re.findall(r"Name: (\S+)  Flags", needed)
    assert "GLIBC_2.17" in versions or "GLIBC_2.2.5" in versions
    assert [version for version in versions if not is_old(version)] == []


def test_the_agent_needs_no_newer_feature_of_the_dynamic_linker():
    """Packed relocations need glibc 2.36. Thread-local variables need fixed offsets."""
    needs("readelf")
    shown = subprocess.run(["readelf", "-drW", AGENT], capture_output=True, text=True, check=True).stdout
    assert "Dynamic section" in shown and "Relocation section" in shown
    assert not re.search(r"RELR|DTPMOD|TLSDESC|__tls_get_addr|IRELATIV", shown)
