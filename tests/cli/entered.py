"""Programs that work while they are entered, and that know whether their results were right
(tests/programs/inject/work.py)."""

import contextlib
import os
import pathlib
import subprocess

from conftest import PATIENCE, ROOT, killed_at_the_end

WORK = ROOT / "tests/programs/inject/work.py"
TIMES = int(os.environ.get("MPROFPP_TEST_TIMES", "20"))  # scripts/soak sets more


class Work:
    """A running work.py. The library and its threads are those of the tests, unless others are given."""

    def __init__(self, process, library="door.so", thread="door"):
        self.process = process
        self.pid = process.pid
        self.library, self.thread = library, thread

    @property
    def folder(self):
        return pathlib.Path(f"/proc/{self.pid}")

    def threads(self):
        """The threads of the library."""
        for each in (self.folder / "task").iterdir():
            with contextlib.suppress(OSError):
                if (each / "comm").read_text().startswith(self.thread):
                    yield each

    def descriptors(self):
        return {os.readlink(each) for each in self._open_files()}

    def _open_files(self):
        for each in (self.folder / "fd").iterdir():
            with contextlib.suppress(OSError):
                os.readlink(each)
                yield each

    def traces(self):
        """The mappings that an entry makes, except those of the library; the file in memory; our sockets."""
        for line in (self.folder / "maps").read_text().splitlines():
            words = line.split()
            if len(words) == 5 and "x" in words[1]:
                yield line
        yield from (link for link in self.descriptors() if "memfd" in link)

    def has_traces(self):
        """If the main thread starts to wait for a lock before it has called what was queued for it, the page
        of that call stays until it runs again."""
        is_waiting = "joins" in pathlib.Path(f"/proc/{self.pid}/cmdline").read_text()
        return len(list(self.traces())) > (2 if is_waiting else 0)

    def copies_of_library(self):
        text = (self.folder / "maps").read_text().splitlines()
        return sum(1 for line in text if line.endswith(f"{self.library} (deleted)") and " 00000000 " in line)

    def finish(self):
        return self.process.communicate("", timeout=PATIENCE)[0]


def seen(process):
    """A program that mprofpp itself enters."""
    return Work(process, library="libmprofpp-attach.so", thread="mprofpp")


@contextlib.contextmanager
def working(interpreter, kind=None, prefix=(), made=Work, program=WORK, **options):
    """Runs work.py, or another program that says when it is ready."""
    command = [*prefix, interpreter, program] + ([kind] if kind else [])
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)
    with killed_at_the_end(process):
        assert process.stdout.readline() == "ready\n"
        yield made(process)
