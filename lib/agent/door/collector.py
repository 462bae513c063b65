"""The state of Python's garbage collector. See handlers.py, in whose namespace this runs."""


load("holders")

IN_C = type(str.upper), type(object.__init__)
DEBUG_FLAGS = ("DEBUG_STATS", "DEBUG_COLLECTABLE", "DEBUG_UNCOLLECTABLE", "DEBUG_SAVEALL")


def collector_module():
    """Returns the module gc, which the program need not have imported and then does not see."""
    is_there = "gc" in sys.modules
    import gc

    if not is_there:
        sys.modules.pop("gc", None)
    return gc


def counted(kinds):
    counts = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return sorted([[name_of_type(kind), counts[kind]] for kind in counts], key=lambda row: (-row[1], row[0]))


def classes_with_finalizers():
    """Returns the classes of the program that have __del__. Those of Python itself, such as files, are
    left out."""
    rows = []
    for kind, count, _ in count_instances() or []:
        finalizer = found_in_type(kind, "__del__")
        if finalizer is not None and type(finalizer) not in IN_C:
            rows.append([name_of_type(kind), count])
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def trial_of(gc):
    """Returns what a full collection would free; None if there is no memory to find it. The collector does
    not look at frozen objects. Only if there are any, a list of the others is made."""
    is_frozen = gc.get_freeze_count() > 0
    found = find_garbage(gc.get_objects() if is_frozen else None)
    if found is None:
        return None
    objects, size, uncollectable, seconds, kinds = found
    types = sorted(
        [[name_of_type(kind), n, bytes] for kind, n, bytes in kinds], key=lambda row: (-row[2], row[0])
    )
    return {
        "objects": objects,
        "bytes": size,
        "types": types,
        "seconds": Json("%.6f" % seconds),
        "uncollectable": uncollectable,
    }


def with_json(stats):
    """Returns the numbers of a generation, of which those of 3.15 and later have a duration in seconds."""
    return {name: Json("%.9f" % n) if type(n) is float else n for name, n in stats.items()}


def collector(options):
    gc = collector_module()
    trial = trial_of(gc) if "collect" in options else None
    if trial is None and "collect" in options:
        return FAILED
    generations = gc.get_stats()
    durations = [stats["duration"] for stats in generations if "duration" in stats]
    answer = {
        "python": "%d.%d.%d" % tuple(sys.version_info[:3]),
        "enabled": gc.isenabled(),
        "thresholds": gc.get_threshold(),
        "counts": gc.get_count(),
        "generations": [with_json(stats) for stats in generations],
        "collection_seconds": Json("%.9f" % sum(durations)) if durations else None,
        "garbage": counted([type(value) for value in gc.garbage]),
        "frozen": gc.get_freeze_count(),
        "debug": [name for name in DEBUG_FLAGS if gc.get_debug() & getattr(gc, name)],
        "finalizers": classes_with_finalizers(),
        "callbacks": len(gc.callbacks),
        "trial": trial,
    }
    send(STDOUT, json_of(answer).encode("utf-8", "replace"))
    return DONE
