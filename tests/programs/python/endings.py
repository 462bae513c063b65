"""Runs sources, {name: source} as JSON in argument 1, one after the other; each name is a mark before it."""

import json
import sys

from mprofpp import mark, profile

for name, source in json.loads(sys.argv[1]).items():
    mark(name)
    exec(compile(source, name, "exec"), {"__name__": "__main__", "profile": profile})
