"""Answers the requests that come through the door of a recorded program.

The agent runs this file in a namespace of its own, in a native thread that holds the interpreter's lock. It
puts `sys`, its own functions and `sources`, the texts of the other files, into the namespace. The program
must not notice: nothing is imported here, no object of the program is changed, and none of its own code runs,
except for what the user types.
"""


# As in wire/door.hpp
STDOUT, STDERR = 0, 1
DONE, FAILED, UNKNOWN, INCOMPLETE, EXITED = 0, 1, 2, 4, 5

consoles = {}


def known_threads():
    """Returns the threading.Thread of each thread that has one, by its number."""
    threading = sys.modules.get("threading")
    active = getattr(threading, "_active", None)
    return dict(active) if isinstance(active, dict) else {}


def forget(client, own):
    """Removes what a client has left: a Thread that threading makes for a thread that it does not know. The
    program may have left one of the same number, which stays."""
    console = consoles.pop(client, None)
    threading = sys.modules.get("threading")
    thread = known_threads().get(own)
    if console is None or console.had_thread or thread is None:
        return
    if type(thread) is getattr(threading, "_DummyThread", None):
        threading._active.pop(own, None)


def end():
    """Empties what holds itself, so that nothing is left for the program's garbage collector. The agent frees
    the bare classes afterwards."""
    function = type(end)
    for kind in [value for value in globals().values() if isinstance(value, type)]:
        if kind.__module__ == __name__:
            for name in [name for name, value in vars(kind).items() if type(value) is function]:
                delattr(kind, name)
    globals().clear()


def load(part):
    """Runs one of the other files in this namespace when it is first needed: compiling takes time, in which
    the program waits."""
    source = sources.get(part)
    if source is not None:
        exec(compile(source, "<mprofpp %s>" % part, "exec", 0, True), globals())
        sources.pop(part, None)  # now, because other threads may answer meanwhile


def answer(verb, options, body, client, own):
    """Answers one request. Returns a status of wire::door."""
    options = options.decode().split("\n") if options else []
    if verb == "stacks":
        load("stacks")
        return stacks(options, own)
    if verb == "holders":
        load("holders")
        return holders(options, body)
    if verb == "gc":
        load("collector")
        return collector(options)
    if verb == "run":
        load("console")
        return run_code(client, own, body.decode("utf-8", "surrogateescape"), options)
    if verb == "complete":
        load("console")
        return complete(client, own, body.decode("utf-8", "replace"))
    if verb == "forget":
        forget(client, own)
        return DONE
    return UNKNOWN
