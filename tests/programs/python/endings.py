"""Runs the sources in argument 1, {name: source} as JSON, one after another, with a mark of the name before
each."""

import json
import sys

from mprofpp import mark, profile

for name, source in json.loads(sys.argv[1]).items():
    mark(name)
    exec(compile(source, name, "exec"), {"__name__": "__main__", "profile": profile})
