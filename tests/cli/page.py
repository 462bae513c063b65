"""Reads a page of `plot -o x.html` as a browser does: from base64 to bytes, JSON and arrays of numbers."""

import base64
import itertools
import json
import re
import struct
import zlib


def varints(data, at, count):
    """Reads unsigned LEB128."""
    numbers = []
    for _ in range(count):
        number = shift = 0
        while True:
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        numbers.append(number)
    return numbers


def signed(number):
    return -((number + 1) >> 1) if number & 1 else number >> 1


class Page:
    def __init__(self, html):
        assert len(html) <= 2_000_000
        places = re.findall(
            rb'<script type="application/octet-stream" id="recording">([A-Za-z0-9+/=]*)</script>', html
        )
        assert len(places) == 1
        data = zlib.decompress(base64.b64decode(places[0], validate=True))
        length = struct.unpack("<I", data[:4])[0]
        self.json = json.loads(data[4 : 4 + length].decode("utf-8"))
        self.arrays = data[4 + length :]
        self.html = html

    def __getitem__(self, key):
        return self.json[key]

    def array(self, ref):
        if ref["as"] == "f":
            return list(struct.unpack_from(f"<{ref['n']}f", self.arrays, ref["at"]))
        numbers = varints(self.arrays, ref["at"], ref["n"])
        if ref["as"] == "u":
            return numbers
        assert ref["as"] == "d"
        sums = itertools.accumulate(signed(number) for number in numbers)
        return [ref["from"] + ref["scale"] * number for number in sums]

    def strokes(self, process=None, metric="rss"):
        """Returns the curve of a process, by default of the total, as strokes of (seconds, MiB)."""
        series = [s for s in self["series"] if s["process"] == process and s["metric"] == metric]
        return [
            list(zip(self.array(stroke["t"]), self.array(stroke["v"])))
            for one in series
            for stroke in one["strokes"]
        ]

    def points(self, process=None, metric="rss"):
        return [point for stroke in self.strokes(process, metric) for point in stroke]

    def calls(self):
        """Returns the calls as dicts."""
        refs = {name: ref for name, ref in self["calls"].items() if name != "n"}
        columns = {name: self.array(ref) for name, ref in refs.items()}
        assert {len(column) for column in columns.values()} <= {self["calls"]["n"]}
        calls = [dict(zip(columns, values)) for values in zip(*columns.values())]
        for call in calls:
            call["name"] = self["strings"][call["name"]]
        return calls

    def functions(self):
        return {self["strings"][function["name"]]: function for function in self["functions"]}

    def process(self, pid):
        return next(number for number, process in enumerate(self["processes"]) if process["pid"] == pid)
