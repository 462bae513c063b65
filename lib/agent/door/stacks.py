"""The stacks of threads, tasks and greenlets. See handlers.py, in whose namespace this runs."""


# Answers as text


class Escapes(dict):
    """For str.translate(): control characters, and halves of characters, which a str may have."""

    def __missing__(self, number):
        return "\\u%04x" % number if number < 0x20 or 0xD800 <= number <= 0xDFFF else number


ESCAPES = Escapes({ord('"'): '\\"', ord("\\"): "\\\\"})


class Json:
    """A value whose JSON is known."""

    def __init__(self, text):
        self.text = text


def json_of(value):
    """Returns the JSON of dicts, lists, tuples, str, int, bool, None and Json."""
    if isinstance(value, Json):
        return value.text
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, dict):
        return "{" + ",".join([json_of(name) + ":" + json_of(value[name]) for name in value]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([json_of(item) for item in value]) + "]"
    return '"' + str(value).translate(ESCAPES) + '"'


def short_repr(value, longest=120):
    """Returns a short text for a value. Only types that are built into Python are shown, because the
    __repr__ of other classes is code of the program."""
    kind = type(value)
    if value is None or kind in (bool, int, float, complex):
        text = "a large int" if kind is int and value.bit_length() > 1000 else kind.__repr__(value)
    elif kind in (str, bytes, bytearray):
        text = kind.__repr__(value[:longest])
        if len(value) > longest:
            text += "… (%d in all)" % len(value)
    elif kind in (list, tuple, dict, set, frozenset):
        text = "%s of %d" % (kind.__name__, len(value))
    else:
        text = "<%s>" % type.__dict__["__qualname__"].__get__(kind)
    return text if len(text) <= 2 * longest else text[: 2 * longest] + "…"


# Stacks


class Frames:
    """Describes frames. Many threads are in the same place, so without local variables each place is
    described once, and a frame is the index of its place. The code is kept, because its id is the key."""

    def __init__(self, with_locals):
        self.with_locals = with_locals
        self.known = {}
        self.codes = []
        self.places = []

    def above(self, frame):
        """Returns the frames of a stack, the innermost first."""
        frames = []
        while frame is not None:
            frames.append(self.described(frame))
            frame = frame.f_back
        return frames

    def described(self, frame):
        if self.with_locals:
            names = sorted(frame.f_locals.items())
            return {**self.place(frame), "locals": {str(name): short_repr(value) for name, value in names}}
        key = id(frame.f_code), frame.f_lasti
        index = self.known.get(key)
        if index is None:
            index = self.known[key] = len(self.places)
            self.codes.append(frame.f_code)
            self.places.append(self.place(frame))
        return index

    def place(self, frame):
        code = frame.f_code
        return {
            "function": getattr(code, "co_qualname", code.co_name),
            "file": code.co_filename,
            "line": frame.f_lineno or 0,
        }


def thread_stacks(frames, own):
    threads = known_threads()
    stacks = []
    for number, frame in current_frames().items():
        if number == own:
            continue
        thread = threads.get(number)
        stacks.append(
            {
                "kind": "thread",
                "number": number,
                "name": getattr(thread, "_name", None),
                "tid": getattr(thread, "_native_id", None),
                "frames": frames.above(frame),
            }
        )
    return stacks


def coroutine_frames(coroutine, described):
    """Returns the frames of a suspended coroutine and of those that it awaits, the innermost first."""
    frames = []
    while coroutine is not None and len(frames) < 1000:
        for prefix in ("cr", "gi", "ag"):
            frame = getattr(coroutine, prefix + "_frame", None)
            if frame is not None:
                frames.append(described(frame))
                coroutine = getattr(coroutine, prefix + "_await", getattr(coroutine, "gi_yieldfrom", None))
                break
        else:
            break
    return frames[::-1]


def all_tasks():
    """Returns the asyncio tasks of all loops that have not ended."""
    asyncio = sys.modules.get("asyncio.tasks")
    if asyncio is None:
        return []
    found = {}
    for name in ("_all_tasks", "_scheduled_tasks", "_eager_tasks"):
        for task in list(getattr(asyncio, name, ())):
            found[id(task)] = task
    for loop in running_loops():
        for task in asyncio.all_tasks(loop):
            found[id(task)] = task
    return [task for task in found.values() if not task.done()]


def running_loops():
    """From 3.14 on the tasks are in lists of C, which asyncio reads for a given loop."""
    if sys.version_info < (3, 14):
        return []
    loops = {}
    for frame in current_frames().values():
        while frame is not None:
            if frame.f_code.co_name == "run_forever" and "self" in frame.f_locals:
                loops[id(frame.f_locals["self"])] = frame.f_locals["self"]
            frame = frame.f_back
    return list(loops.values())


def max_pause_in(options):
    """Returns the longest time, in milliseconds, for which the program may stop."""
    for option in options:
        if option.startswith("max-pause="):
            return int(option[len("max-pause=") :])
    return 200


def task_stacks(frames):
    stacks = []
    for task in all_tasks():
        awaited = coroutine_frames(task.get_coro(), frames.described)
        name = task.get_name() if hasattr(task, "get_name") else None
        stacks.append({"kind": "task", "name": name, "frames": awaited})
    return stacks


# Milliseconds for each block of memory while all objects are listed, during which nothing else runs. Measured
# with 3.8 and 3.11 as 0.000004 to 0.000006.
LISTING_TIME = 0.000008


def greenlet_stacks(frames, max_pause, left_out):
    """Returns the stacks of suspended greenlets. The collector knows them; greenlet itself keeps no list. If
    all objects cannot be listed in `max_pause` milliseconds, a text about that is added to `left_out`."""
    greenlet = getattr(sys.modules.get("greenlet"), "greenlet", None)
    gc = sys.modules.get("gc")
    if greenlet is None or gc is None:
        return []
    estimate = sys.getallocatedblocks() * LISTING_TIME
    if estimate > max_pause:
        left_out.append("greenlets: to find them would stop the program for about %d ms" % estimate)
        return []
    stacks = []
    for one in [thing for thing in gc.get_objects() if issubclass(type(thing), greenlet)]:
        frame = one.gr_frame
        if frame is not None and frame is not sys._getframe():
            name = short_repr(getattr(one, "__dict__", {}).get("name"))
            run = getattr(one, "__dict__", {}).get("_run") or getattr(one, "run", None)
            name = getattr(run, "__qualname__", None) if name == "None" else name
            stacks.append({"kind": "greenlet", "name": name, "frames": frames.above(frame)})
    return stacks


def stacks(options, own):
    frames = Frames("locals" in options)
    left_out = []
    found = thread_stacks(frames, own) + task_stacks(frames)
    found += greenlet_stacks(frames, max_pause_in(options), left_out)
    others = other_interpreters()
    if others > 0:
        left_out.append("the threads of %d other interpreter%s" % (others, "" if others == 1 else "s"))
    version = "%d.%d.%d" % tuple(sys.version_info[:3])
    answer = {
        "python": version,
        "places": frames.places,
        "stacks": found,
        "left_out": "; ".join(left_out),
    }
    send(STDOUT, json_of(answer).encode("utf-8"))
    return DONE
