"""Answers the requests that come through the door of a recorded program.

The agent runs this file in a namespace of its own, in a native thread that holds the interpreter's lock. The
program must not notice: nothing is imported here (the agent puts `sys` and `send` into the namespace), no
object of the program is changed, and none of its own code runs, except for what the user types.
"""


# As in wire/door.hpp
STDOUT, STDERR = 0, 1
DONE, FAILED, UNKNOWN, INCOMPLETE, EXITED = 0, 1, 2, 4, 5


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
    described once. The code is kept, because its id is the key."""

    def __init__(self, with_locals):
        self.with_locals = with_locals
        self.known = {}

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
        if key not in self.known:
            self.known[key] = Json(json_of(self.place(frame))), frame.f_code
        return self.known[key][0]

    def place(self, frame):
        code = frame.f_code
        return {
            "function": getattr(code, "co_qualname", code.co_name),
            "file": code.co_filename,
            "line": frame.f_lineno or 0,
        }


def known_threads():
    """Returns the threading.Thread of each thread that has one, by its number."""
    threading = sys.modules.get("threading")
    active = getattr(threading, "_active", None)
    return dict(active) if isinstance(active, dict) else {}


def thread_stacks(frames, own):
    threads = known_threads()
    stacks = []
    for number, frame in sys._current_frames().items():
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
    for frame in sys._current_frames().values():
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
    version = "%d.%d.%d" % tuple(sys.version_info[:3])
    answer = {"python": version, "stacks": found, "left_out": "; ".join(left_out)}
    send(STDOUT, json_of(answer).encode("utf-8"))
    return DONE


# Console


# Flags of compile(), whose names are in codeop and ast: a block ends with an empty line, and an open bracket
# is an error of its own (from 3.11 on).
DO_NOT_IMPLY_DEDENT = 0x200
ALLOW_INCOMPLETE_INPUT = 0x4000
ONLY_AST = 0x400


def is_incomplete(source):
    """Returns true if more lines may make a statement of what was typed, judged as codeop does."""
    lines = [line.strip() for line in source.split("\n")]
    if all([not line or line.startswith("#") for line in lines]):
        return False
    troubles = [trouble_with(source + end) for end in ("", "\n", "\n\n")]
    if troubles[0] is None:
        return False
    if troubles[1] is None or "incomplete input" in troubles[1] or "was never closed" in troubles[1]:
        return True
    return sys.version_info < (3, 11) and troubles[1] != troubles[2]


def trouble_with(source):
    flags = DO_NOT_IMPLY_DEDENT | (ALLOW_INCOMPLETE_INPUT if sys.version_info >= (3, 11) else 0)
    try:
        compile(source, "<console>", "single", flags, True)
    except SyntaxError as error:
        return repr(error)
    return None


def compiled(source):
    """Returns code, and more code if the last statement is an expression, whose value is shown."""
    import _ast

    tree = compile(source, "<console>", "exec", ONLY_AST, True)
    if not tree.body or not isinstance(tree.body[-1], _ast.Expr):
        return compile(tree, "<console>", "exec", 0, True), None
    last = _ast.Expression(tree.body.pop().value)
    return compile(tree, "<console>", "exec", 0, True), compile(last, "<console>", "eval", 0, True)


class Collected:
    """A file for print(), which writes in many parts."""

    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)

    def flush(self):
        pass


class Console:
    """The names of one client, and what it types."""

    def __init__(self):
        self.names = {
            "__name__": "__console__",
            "__doc__": None,
            "__builtins__": sys.modules["builtins"],
            "main": sys.modules.get("__main__"),
            "print": self.print,
            "exit": self.exit,
            "quit": self.exit,
        }

    def write(self, text):
        send(STDOUT, str(text).encode("utf-8", "backslashreplace"))

    def print(self, *values, **options):
        """Prints to the console. The program's own print() writes where it always does."""
        lines = Collected()
        sys.modules["builtins"].print(*values, **{"file": lines, **options})
        if lines.parts:
            self.write("".join(lines.parts))

    def exit(self, *ignored):
        raise SystemExit()

    def show(self, value):
        if value is not None:
            self.write(repr(value) + "\n")
            self.names["_"] = value

    def run(self, source, is_typed):
        """Runs a script, or what was typed so far. Returns a status of wire::door."""
        try:
            if is_typed and is_incomplete(source):
                return INCOMPLETE
            code, last = compiled(source)
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as error:
            self.report(error, None)
            return FAILED
        return self.execute(code, last, self.show if is_typed else self.ignore)

    def execute(self, code, last, take):
        try:
            exec(code, self.names)
            if last is not None:
                take(eval(last, self.names))
            return DONE
        except SystemExit:
            send(STDERR, b"exit() ends nothing here: the program goes on\n")
            return EXITED
        except BaseException as error:
            self.report(error, error.__traceback__.tb_next)
            return FAILED

    def ignore(self, value):
        pass

    def report(self, error, trace):
        """Prints an exception as Python does, without the frames of this file."""
        if type(error) is KeyboardInterrupt:
            send(STDERR, b"KeyboardInterrupt\n")
            return
        import traceback

        text = "".join(traceback.format_exception(type(error), error, trace))
        send(STDERR, text.encode("utf-8", "backslashreplace"))


def completions(names, text):
    """Returns the names that start with `text`, which may have dots. Only attributes that are found without
    running code of the program are followed."""
    *path, start = text.split(".")
    scope = None
    for depth, part in enumerate(path):
        scope = looked_up(names, part) if depth == 0 else inert_attribute(scope, part)
        if scope is None:
            return []
    builtins = sys.modules["builtins"].__dict__
    found = list(names) + list(builtins) if scope is None else names_in(scope)
    prefix = "".join([part + "." for part in path])
    return sorted({prefix + name for name in found if type(name) is str and name.startswith(start)})


def looked_up(names, name):
    return names.get(name, sys.modules["builtins"].__dict__.get(name))


def names_in(scope):
    found = set(getattr_of_type(scope, "__dict__") or ())
    for kind in type.__dict__["__mro__"].__get__(type(scope)):
        found.update(type.__dict__["__dict__"].__get__(kind))
    if isinstance(scope, type):
        for kind in type.__dict__["__mro__"].__get__(scope):
            found.update(type.__dict__["__dict__"].__get__(kind))
    return found


def getattr_of_type(scope, name):
    try:
        return object.__getattribute__(scope, name)
    except AttributeError:
        return None


def inert_attribute(scope, name):
    """Returns an attribute that is stored and not computed: a property would run code."""
    own = getattr_of_type(scope, "__dict__")
    if own is not None and name in own:
        return own[name]
    for kind in type.__dict__["__mro__"].__get__(type(scope)):
        found = type.__dict__["__dict__"].__get__(kind).get(name)
        if found is not None:
            return None if hasattr(type(found), "__get__") and not callable(found) else found
    return None


consoles = {}


def console_of(client):
    if client not in consoles:
        consoles[client] = Console()
    return consoles[client]


def run_code(client, source, options):
    return console_of(client).run(source, is_typed="script" not in options)


def complete(client, text):
    send(STDOUT, "\n".join(completions(console_of(client).names, text)).encode("utf-8", "replace"))
    return DONE


# Requests


def forget(client, own):
    """Removes what a client has left."""
    consoles.pop(client, None)
    threading = sys.modules.get("threading")
    thread = known_threads().get(own)
    if thread is not None and type(thread) is getattr(threading, "_DummyThread", None):
        threading._active.pop(own, None)


def end():
    """Empties what holds itself, so that nothing is left for the program's garbage collector except the
    bare classes."""
    function = type(end)
    for kind in [value for value in globals().values() if isinstance(value, type)]:
        if kind.__module__ == __name__:
            for name in [name for name, value in vars(kind).items() if type(value) is function]:
                delattr(kind, name)
    globals().clear()


def answer(verb, options, body, client, own):
    """Answers one request. Returns a status of wire::door."""
    options = options.decode().split("\n") if options else []
    if verb == "stacks":
        return stacks(options, own)
    if verb == "run":
        return run_code(client, body.decode("utf-8", "surrogateescape"), options)
    if verb == "complete":
        return complete(client, body.decode("utf-8", "replace"))
    if verb == "forget":
        forget(client, own)
        return DONE
    return UNKNOWN
