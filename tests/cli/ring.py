"""Reads the agent's rings without the recorder, by a second implementation of lib/mprofpp/wire."""

import collections
import os
import pathlib
import re
import struct

SLOTS_AT = 4096 + 32768
UNKNOWN = 2**64 - 1
CLOSED = 1 << 63
ENTER, LEAVE, MARK, TEXT, MODULE = range(1, 6)
REUSED, RAISED, INHERITED, ADDRESS, WITHIN, SIGNATURE = 1, 2, 4, 8, 16, 32
LEFT = 1

Event = collections.namedtuple("Event", "kind flags thread time call what rss lane active name lane_kind")
Module = collections.namedtuple("Module", "path bias begin end")


MAGIC = 0x7070726D
NOTE = struct.pack("<III", 8, 4, 1) + b"mprofpp\0"


def stamp_of(agent):
    """The stamp by which a recorder recognises the agent of its own build. It is in an ELF note."""
    data = agent.read_bytes()
    (stamp,) = struct.unpack_from("<I", data, data.index(NOTE) + len(NOTE))
    return stamp


class Ring:
    """One segment of a ring."""

    def __init__(self, path, stamp):
        data = path.read_bytes()
        magic, its_stamp, self.slots, self.pid, self.writer = struct.unpack_from("<IIIII", data, 0)
        assert (magic, its_stamp) == (MAGIC, stamp)
        self.start, self.begun, self.segment, self.state = struct.unpack_from("<QQII", data, 24)
        reserved, self.dropped = struct.unpack_from("<QQ", data, 64)
        self.reserved = reserved & ~CLOSED
        assert len(data) >= SLOTS_AT + 64 * self.slots
        self.records = []
        for number in range(max(0, self.reserved - self.slots), self.reserved):
            at = SLOTS_AT + 64 * (number % self.slots)
            (sequence,) = struct.unpack_from("<Q", data, at)
            if sequence == number + 1:
                self.records.append(data[at + 8 : at + 64])


class Rings:
    """The contents of all rings in a folder, grouped by process."""

    def __init__(self, folder, stamp):
        self.rings = sorted(
            (Ring(path, stamp) for path in folder.glob("*.ring")), key=lambda r: (r.begun, r.segment)
        )
        self.texts = {}
        self.names = collections.defaultdict(dict)  # pid -> call -> name
        self.modules = collections.defaultdict(list)
        self.events = collections.defaultdict(list)
        for ring in self.rings:
            self._read_texts(ring)
        for ring in self.rings:
            for record in ring.records:
                self._read(ring.pid, record)

    def _read_texts(self, ring):
        pieces = b""
        for record in ring.records:
            if record[0] != TEXT:
                continue
            length, identity = struct.unpack_from("<H4xQ", record, 2)
            pieces += record[16 : 16 + length]
            if record[1]:
                self.texts[identity] = pieces.decode("utf-8", "replace")
                pieces = b""

    def _read(self, pid, record):
        if record[0] in (ENTER, LEAVE, MARK):
            kind, flags, lane_kind, thread, time, call, what, rss, lane, active = struct.unpack(
                "<BBBxIQQQQQQ", record
            )
            name = hex(what) if flags & ADDRESS else self.texts.get(what, "")
            if kind == LEAVE:  # for a coroutine `what` is the memory that the process has gained
                name = self.names[pid].get(call, name)
            self.names[pid][call] = name
            event = Event(kind, flags, thread, time, call, what, rss, lane, active, name, lane_kind)
            self.events[pid].append(event)
        elif record[0] == MODULE:
            path, bias, begin, end = struct.unpack_from("<8xQQQQ", record)
            self.modules[pid].append(Module(self.texts[path], bias, begin, end))

    @property
    def dropped(self):
        return sum(ring.dropped for ring in self.rings)

    def calls(self, pid):
        """Returns [(depth, name)] in the order in which the calls start. Fails if an end has no begin."""
        calls, stacks = [], collections.defaultdict(list)
        for event in self.events[pid]:
            stack = stacks[event.thread]
            if event.kind == ENTER:
                calls.append((len(stack), event.name))
                stack.append(event.call)
            elif event.kind == LEAVE:
                assert stack and stack.pop() == event.call, "an end without its begin"
        self.open = sum(len(stack) for stack in stacks.values())
        return calls

    def levels(self, pid):
        """Returns [(level, name)] in the order in which the calls start, if each call names the call around
        it. Fails if an end has no begin, or is in another lane."""
        calls, begun, levels = [], {}, {0: -1}
        for event in self.events[pid]:
            if event.kind == ENTER:
                assert event.flags & WITHIN and event.active in levels
                levels[event.call] = levels[event.active] + 1
                begun[event.call] = event
                calls.append((levels[event.call], event.name))
            elif event.kind == LEAVE:
                enter = begun.pop(event.call)
                lanes = [(e.thread, e.lane_kind, e.lane) for e in (enter, event)]
                assert lanes[0] == lanes[1] and enter.time <= event.time
        self.open = len(begun)
        return calls

    def only(self):
        """Returns the pid of the only process that made marks."""
        (pid,) = self.events
        return pid


def own_filters():
    """Returns the variable with the seccomp filters of this process, as the recorder sets it."""
    status = pathlib.Path("/proc/self/status").read_text()
    found = re.search(r"^Seccomp_filters:\s*([1-9]\d*)", status, re.MULTILINE)
    return {"MPROFPP_FILTERS": found[1]} if found else {}


class Run:
    """Prepares for the agent what `mprofpp run` prepares, without a recorder."""

    def __init__(self, folder, agent):
        self.folder = folder
        self.agent = agent
        folder.mkdir()
        os.mkfifo(folder / "bell")

    def environment(self, **more):
        ours = {
            "LD_PRELOAD": str(self.agent),
            "MPROFPP_AGENT": str(self.agent),
            "MPROFPP_RUN": str(self.folder),
            "ASAN_OPTIONS": "verify_asan_link_order=0",
        }
        return os.environ | ours | own_filters() | more

    @property
    def stamp(self):
        return stamp_of(self.agent)

    def read(self):
        return Rings(self.folder, self.stamp)
