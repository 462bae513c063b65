"""Code that somebody types into a running program. See handlers.py, in whose namespace this runs."""


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

    def __init__(self, had_thread):
        self.had_thread = had_thread  # threading has a Thread for ours that we did not make
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


def console_of(client, own):
    if client not in consoles:
        consoles[client] = Console(own in known_threads())
    return consoles[client]


def run_code(client, own, source, options):
    return console_of(client, own).run(source, is_typed="script" not in options)


def complete(client, own, text):
    send(STDOUT, "\n".join(completions(console_of(client, own).names, text)).encode("utf-8", "replace"))
    return DONE
