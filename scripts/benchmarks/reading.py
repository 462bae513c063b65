"""The commands that read recordings: peak, leak, plot and list."""

import shutil
import subprocess
import time

from benchmarks.harness import cpu_and_mib, elapsed_and_mib, output_of


def write_long_recording(path, samples):
    with open(path, "w", encoding="utf-8") as file:
        file.write("CMDLINE long\n")
        for begin in range(0, samples, 100_000):
            file.write(
                "".join(
                    f"MEM {100 + i % 977 / 8:.6f} {1763637915 + i / 100:.4f}\n"
                    for i in range(begin, begin + 100_000)
                )
            )


def bench_peak(bench):
    path = bench.folder / "long.dat"
    write_long_recording(path, 10_000_000)
    print(f"\npeak of 10 million samples ({path.stat().st_size / 1e6:.0f} MB)")

    def ours_and_bare():
        seconds, mib = cpu_and_mib(bench.mprofpp, "peak", path)
        return seconds, mib, float(output_of(bench.bare / "bare_read", path).split()[0])

    seconds, mib, bare = bench.median(ours_and_bare)
    bench.row(
        "CPU, ours : read(256 KiB) + from_chars",
        f"{seconds:.2f} : {bare:.2f} s = {seconds / bare:.2f}",
        "<= 1.3",
    )
    bench.row("resident", f"{mib:.1f} MiB", "< 32 MiB")
    if shutil.which("python3-mprof"):
        theirs, their_mib = cpu_and_mib("python3-mprof", "peak", path)
        bench.row(
            "mprof : ours (one run of mprof)",
            f"{theirs:.1f} : {seconds:.2f} s = {theirs / seconds:.1f}",
            ">= 12",
        )
        bench.row("resident, mprof", f"{their_mib:.0f} MiB", "")


def bench_leak(bench):
    path = bench.folder / "long.dat"
    if not path.exists():
        write_long_recording(path, 10_000_000)
    print(f"\nleak of 10 million samples ({path.stat().st_size / 1e6:.0f} MB)")
    command = [bench.mprofpp, "leak", path]

    def leak_and_peak():
        judged, mib = cpu_and_mib(*command, statuses=(0, 1, 3))
        return judged, mib, cpu_and_mib(bench.mprofpp, "peak", path)[0]

    judged, mib, read = bench.median(leak_and_peak)
    bench.row("CPU, leak : peak", f"{judged:.2f} : {read:.2f} s = {judged / read:.2f}", "<= 1.3")
    bench.row("resident", f"{mib:.1f} MiB", "< 32 MiB")

    short = bench.folder / "short.dat"
    with open(short, "w", encoding="utf-8") as file:
        file.write("CMDLINE short\n")
        file.writelines(f"MEM {100 + i / 50:.6f} {1763637915 + i}\n" for i in range(2000))

    def leak_once():
        begin = time.monotonic()
        subprocess.run([bench.mprofpp, "leak", short], capture_output=True, check=False)
        return ((time.monotonic() - begin) * 1e3,)

    bench.row("elapsed, 2000 samples", f"{bench.median(leak_once)[0]:.1f} ms", "<= 5 ms")


def write_calls(path, calls):
    """Writes pairs of an outer and an inner call, and a sample for every hundred calls."""
    start = 1763637915
    with open(path, "w", encoding="utf-8") as file:
        file.write("CMDLINE calls\n")
        for i in range(calls // 2):
            t = start + i / 50
            if i % 50 == 0:
                file.write(f"MEM {100 + i % 977 / 8:.6f} {t:.4f}\n")
            file.write(f"FUNC app.outer{i % 9} 100.0 {t:.4f} 101.0 {t + 0.018:.4f} 0\n")
            file.write(f"FUNC app.inner{i % 7} 100.5 {t + 0.004:.4f} 101.0 {t + 0.012:.4f} 1\n")


def bench_plot(bench):
    path, picture = bench.folder / "long.dat", bench.folder / "long.png"
    if not path.exists():
        write_long_recording(path, 10_000_000)
    print(f"\nplot -o x.png of 10 million samples ({path.stat().st_size / 1e6:.0f} MB)")

    def plot_and_peak():
        drawn, mib = cpu_and_mib(bench.mprofpp, "plot", path, "-o", picture)
        return drawn, mib, cpu_and_mib(bench.mprofpp, "peak", path)[0]

    drawn, mib, read = bench.median(plot_and_peak)
    bench.row("CPU, plot : peak", f"{drawn:.2f} : {read:.2f} s = {drawn / read:.2f}", "<= 1.6")
    bench.row("resident", f"{mib:.1f} MiB", "< 64 MiB")
    if shutil.which("python3-mprof"):
        command = ["env", "MPLBACKEND=Agg", "python3-mprof", "plot", "-o", picture, path]
        theirs, their_mib = cpu_and_mib(*command)
        bench.row(
            "CPU, mprof : ours (one run of mprof)",
            f"{theirs:.1f} : {drawn:.2f} s = {theirs / drawn:.1f}",
            ">= 20",
        )
        bench.row("resident, mprof", f"{their_mib:.0f} MiB", "")


def bench_terminal(bench):
    path = bench.folder / "long.dat"
    if not path.exists():
        write_long_recording(path, 10_000_000)
    print(f"\nplot --term of 10 million samples ({path.stat().st_size / 1e6:.0f} MB)")

    def plot_and_peak():
        drawn, mib = cpu_and_mib(bench.mprofpp, "plot", "--term", path)
        return drawn, mib, cpu_and_mib(bench.mprofpp, "peak", path)[0]

    drawn, mib, read = bench.median(plot_and_peak)
    bench.row("CPU, plot --term : peak", f"{drawn:.2f} : {read:.2f} s = {drawn / read:.2f}", "<= 1.3")
    bench.row("resident", f"{mib:.1f} MiB", "< 64 MiB")


def bench_html(bench):
    path, page = bench.folder / "long.dat", bench.folder / "long.html"
    if not path.exists():
        write_long_recording(path, 10_000_000)
    if not (bench.mprofpp.parents[1] / "share/mprofpp/html/page.html").exists():
        print("\nplot -o x.html: not measured, because the page is not built (npm)")
        return
    print(f"\nplot -o x.html of 10 million samples ({path.stat().st_size / 1e6:.0f} MB)")

    def write_and_peak():
        written, mib = cpu_and_mib(bench.mprofpp, "plot", path, "-o", page)
        return written, mib, cpu_and_mib(bench.mprofpp, "peak", path)[0]

    written, mib, read = bench.median(write_and_peak)
    bench.row("CPU, html : peak", f"{written:.2f} : {read:.2f} s = {written / read:.2f}", "<= 2.0")
    bench.row("resident", f"{mib:.1f} MiB", "< 64 MiB")
    bench.row("size", f"{page.stat().st_size / 1e6:.2f} MB", "<= 2 MB")


def bench_flame(bench):
    path = bench.folder / "calls.dat"
    write_calls(path, 100_000)
    print("\nplot --flame of 100,000 calls")
    for suffix in ("png", "svg"):
        command = [bench.mprofpp, "plot", "--flame", path, "-o", bench.folder / f"calls.{suffix}"]
        seconds, mib = bench.median(lambda c=command: elapsed_and_mib(*c))
        bench.row(f".{suffix}, elapsed, resident", f"{seconds:.2f} s, {mib:.1f} MiB", "<= 0.5 s")


def bench_list(bench):
    """1000 x 30 MB would not fit on the disk, so each file has a hole between its header and its last 64 KB.
    That costs the same as samples would, because list reads only both ends of a file."""
    folder = bench.folder / "recordings"
    folder.mkdir()
    header = "CMDLINE ./server\nMETA format 1\nMETA argv ./server\nMETA start 1763637915.0\n"
    samples = "".join(f"MEM {100 + i / 8:.6f} {1763637915 + i / 10:.4f}\n" for i in range(2000))
    tail = f"\n{samples}END 1763638115.0 ended 900000 349.9 1763638114.9\n"
    for i in range(1000):
        with open(folder / f"mprofile_{20260101000000 + i}.dat", "w", encoding="utf-8") as file:
            file.write(header + samples)
            file.seek(30_000_000 - len(tail))
            file.write(tail)
    print("\nlist of 1000 recordings of 30 MB, which have holes in the middle")

    def list_once():
        begin = time.monotonic()
        done = subprocess.run([bench.mprofpp, "list"], cwd=folder, check=True, capture_output=True, text=True)
        assert done.stdout.count("900000") == 1000
        return ((time.monotonic() - begin) * 1e3,)

    bench.row("elapsed", f"{bench.median(list_once)[0]:.1f} ms", "<= 50 ms")
