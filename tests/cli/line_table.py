"""Reads the agent's line tables without the recorder, by a second implementation of wire/line_table.hpp."""

import collections
import struct

MAGIC = 0x6C70726D
PEAKS_REFUSED, TABLES_FULL = 1, 2
FUNCTION, LINES, NAME = 1, 2, 3
PAGE = 4096

Row = collections.namedtuple("Row", "count added most peak elapsed")


class Table:
    """The lines of one function in one process."""

    def __init__(self, data, at):
        self.number, self.first_line, self.precision, name, file = struct.unpack_from("<IIiII", data, at + 8)
        counts = struct.unpack_from("<QQQQQQ", data, at + 32)
        self.calls, self.ended, self.shared, self.interleaved, self.first_entry, self.most_entry = counts
        text = data[at + 80 : at + 80 + name + file].decode()
        self.name, self.file = text[:name], text[name:]
        self.rows = {}

    @property
    def counts(self):
        return {line: row.count for line, row in sorted(self.rows.items())}

    @property
    def added(self):
        return sum(row.added for row in self.rows.values())


class LineTables:
    """One file: `tables` by the name of the function without its module."""

    def __init__(self, path, stamp):
        data = path.read_bytes()
        magic, its_stamp, self.pid = struct.unpack_from("<III", data, 0)
        assert (magic, its_stamp) == (MAGIC, stamp)
        self.start, self.begun, used, allocated, self.highest = struct.unpack_from("<QQQQQ", data, 16)
        (self.facts,) = struct.unpack_from("<I", data, 56)
        assert used <= allocated == len(data)
        self.names, numbered, at = [], {}, 64
        while at < used:
            kind, size = struct.unpack_from("<II", data, at)
            assert size >= 16 and size % 8 == 0 and at + size <= used
            if kind == FUNCTION:
                table = Table(data, at)
                numbered[table.number] = table
            elif kind == LINES:
                number, first = struct.unpack_from("<II", data, at + 8)
                for i in range(32):
                    row = Row(*struct.unpack_from("<QqQQQ", data, at + 16 + 40 * i))
                    if row.count:
                        numbered[number].rows[first + i] = row
            elif kind == NAME:
                (length,) = struct.unpack_from("<I", data, at + 8)
                self.names.append(data[at + 16 : at + 16 + length].decode())
            at += size
        self.tables = {table.name.split(".", 1)[1]: table for table in numbered.values()}


def line_tables(run):
    """The files of a run, in the order in which they were made."""
    files = [LineTables(path, run.stamp) for path in run.folder.glob("*.lines")]
    return sorted(files, key=lambda file: file.begun)
