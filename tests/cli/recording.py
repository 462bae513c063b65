"""Reads a recording in the simplest way, so that tests can compare the real reader with it."""

import collections
import urllib.parse


def decoded(field):
    if field == "-":
        return ""
    return urllib.parse.unquote_to_bytes(field).decode("utf-8", "surrogateescape")


class Process:
    def __init__(self, fields):
        self.pid, self.start, self.parent = (int(field) for field in fields[:3])
        self.seen = float(fields[3])
        self.name = decoded(fields[4])
        self.command = decoded(fields[5])


Group = collections.namedtuple("Group", "name pid lane level count")
"""A CALLS line."""


class Call:
    """A FUNC line."""

    def __init__(self, fields):
        self.name = decoded(fields[0])
        self.mib_in, self.t_in, self.mib_out, self.t_out = (float(field) for field in fields[1:5])
        self.level, self.pid = int(fields[5]), int(fields[6])
        self.lane = decoded(fields[7])
        self.rss_in, self.rss_out = (None if field == "-" else float(field) for field in fields[8:10])
        self.flags = decoded(fields[10]).split(",") if fields[10] != "-" else []

    @property
    def seconds(self):
        return self.t_out - self.t_in


def drift(ticks, interval):
    """By how many seconds ticks come later in the last third than in the first, although they are due at
    multiples of the interval. Only the most punctual tick of each third counts, so that a busy machine does
    not matter."""
    late = [t - number * interval for number, t in ticks]
    third = len(ticks) // 3
    return min(late[-third:]) - min(late[:third])


class Recording:
    """The lines of a recording, grouped by type. Times are seconds since the epoch."""

    def __init__(self, path):
        self.path = path
        self.bytes = path.read_bytes()
        self.lines = self.bytes.decode("utf-8").split("\n")
        self.torn = self.lines.pop() != ""
        self.samples, self.children, self.processes = [], [], []
        self.ticks = []  # (number, time) of each sample; missed ticks are numbered too
        self.meta, self.exits, self.peaks, self.lost = {}, {}, [], []
        self.exit_times = {}
        self.calls, self.groups, self.open_calls, self.marks = [], [], [], []
        self.group_lines = []
        self.command_line = self.end = None
        for line in self.lines:
            self._take(*line.split(" "))

    def _take(self, kind, *fields):
        if kind == "MEM":
            self.samples.append((float(fields[0]), float(fields[1])))
            number = self.ticks[-1][0] + 1 if self.ticks else 0
            self.ticks.append((number, float(fields[1])))
        elif kind == "CHLD":
            self.children.append((int(fields[0]), float(fields[1]), float(fields[2])))
        elif kind == "CMDLINE":
            self.command_line = " ".join(fields)
        elif kind == "META":
            self.meta[fields[0]] = [decoded(field) for field in fields[1:]]
        elif kind == "PROC":
            self.processes.append(Process(fields))
        elif kind == "EXIT":
            self.exits[int(fields[0])] = None if fields[2] == "-" else int(fields[2])
            # a process that lived between two ticks may have a second line
            self.exit_times.setdefault(int(fields[0]), float(fields[1]))
        elif kind == "PEAK":
            self.peaks.append((int(fields[0]), float(fields[1]), fields[2]))
        elif kind == "LOST":
            self.lost.append((fields[1], float(fields[2])))
            if fields[1] == "ticks" and self.ticks:  # they precede the last sample
                number, t = self.ticks[-1]
                self.ticks[-1] = (number + int(fields[2]), t)
        elif kind == "FUNC":
            self.calls.append(Call(fields))
        elif kind == "CALLS":
            self.groups.append((decoded(fields[0]), int(fields[6])))
            pid, lane, level = int(fields[1]), decoded(fields[2]), int(fields[3])
            self.group_lines.append(Group(decoded(fields[0]), pid, lane, level, int(fields[6])))
        elif kind == "OPEN":
            self.open_calls.append(decoded(fields[5]))
        elif kind == "MARK":
            self.marks.append((float(fields[0]), int(fields[1]), decoded(fields[2])))
        elif kind == "END":
            self.end = fields

    @property
    def values(self):
        return [mib for mib, _ in self.samples]

    @property
    def times(self):
        return [t for _, t in self.samples]

    @property
    def peak(self):
        return max(self.values)

    def child(self, pid):
        return [mib for child, mib, _ in self.children if child == pid]

    def names(self):
        return [process.name for process in self.processes]

    def of_name(self, name):
        """The processes with that name, without duplicates."""
        return list({p.pid: p for p in self.processes if p.name == name}.values())

    def calls_of(self, name):
        return [call for call in self.calls if call.name == name]

    def call(self, name):
        """The only call of that function."""
        (call,) = self.calls_of(name)
        return call

    def lost_count(self, what):
        return sum(count for kind, count in self.lost if kind == what)
