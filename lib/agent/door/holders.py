"""The holders of an object: chains of references from modules, frames and tasks, with names. See handlers.py,
in whose namespace this runs.

No code of the program runs: attributes are read where they are stored, and keys of dicts are only shown if
their type is Python's own.
"""


load("stacks")


class Sample:
    """Has what is needed to learn how this Python works."""

    def __init__(self, value):
        self.first = self.second = value

    def method(self):
        return lambda: self

    async def coroutine(self):
        pass

    async def generator(self):
        yield


def type_of_coroutine():
    coroutine = Sample.coroutine(None)
    coroutine.close()
    return type(coroutine)


def type_of_traceback():
    try:
        raise KeyError
    except KeyError as error:
        return type(error.__traceback__)


def of_module(module, name):
    """Returns a type of a module that the program has imported; None if it has not."""
    found = getattr(sys.modules.get(module), name, None)
    return found if issubclass(type(found), type) else None


MODULE, FUNCTION, FRAME, TRACEBACK = type(sys), type(load), type(sys._getframe()), type_of_traceback()
BUILTIN = type(send)
BOUND, CELL = type(Sample(0).method), type(Sample(0).method().__closure__[0])
GENERATOR, COROUTINE = type(_ for _ in ()), type_of_coroutine()
ASYNC_GENERATOR = type(Sample(0).generator())
SUSPENDED = {GENERATOR: "gi", COROUTINE: "cr", ASYNC_GENERATOR: "ag"}
MEMBER = type(type.__dict__["__dictoffset__"])  # of a field that C code or __slots__ define
LRU_CACHE, PARTIAL = of_module("functools", "_lru_cache_wrapper"), of_module("functools", "partial")
THREAD, LOCAL = of_module("threading", "Thread"), of_module("_thread", "_local")
FUTURE, TASK = of_module("_asyncio", "Future"), of_module("_asyncio", "Task")
CONTEXT, DEQUE = of_module("_contextvars", "Context"), of_module("_collections", "deque")
STORED = object.__getattribute__


def of_type(name):
    """Returns a function for what `type` has by that name; a metaclass may have something else."""
    return type.__dict__[name].__get__


MRO, NAMES, NAME = [of_type(name) for name in ("__mro__", "__dict__", "__name__")]
MODULE_OF, DICT_OFFSET = of_type("__module__"), of_type("__dictoffset__")
NAMES_OF_MODULE = MODULE.__dict__["__dict__"].__get__


def is_a(value, kind):
    """isinstance() asks the value for its class, which may be code of the program."""
    return kind is not None and issubclass(type(value), kind)


# Names of objects


def text_of(value):
    return value if type(value) is str else "?"


def module_name(name):
    """The module that Python runs is called main, unless another module has that name."""
    return "main" if name == "__main__" and "main" not in sys.modules else text_of(name)


def qualified(module, name):
    return name if module == "builtins" or type(module) is not str else module + "." + name


def function_name(function):
    return qualified(function.__module__, function.__qualname__)


def callable_name(value):
    """Returns the name of a function, a method or a class; otherwise that of the type."""
    if type(value) is FUNCTION:
        return function_name(value)
    if type(value) is BOUND:
        return method_name(value)
    if type(value) is BUILTIN:
        return text_of(value.__qualname__)
    return name_of_type(value if is_a(value, type) else type(value))


def method_name(method):
    owner = method.__self__
    owner = name_of_type(owner if is_a(owner, type) else type(owner))
    return owner + "." + (method.__func__.__name__ if type(method.__func__) is FUNCTION else "?")


def frame_name(frame):
    code, names = frame.f_code, frame.f_globals
    name = getattr(code, "co_qualname", code.co_name)
    return qualified(dict.get(names, "__name__"), name) if is_a(names, dict) else name


def suspended_name(value):
    frame = frame_of(value)
    kind = NAME(type(value)).replace("_", " ")
    return kind + " " + (text_of(value.__qualname__) if frame is None else frame_name(frame))


def frame_of(suspended):
    return getattr(suspended, SUSPENDED[type(suspended)] + "_frame")


def lru_cache_name(value):
    wrapped = STORED(value, "__dict__").get("__wrapped__")
    return "lru_cache of " + ("?" if wrapped is None else callable_name(wrapped))


NAMERS = {
    FUNCTION: lambda value: ("closure " if value.__closure__ else "function ") + function_name(value),
    FRAME: lambda value: "frame of " + frame_name(value),
    BOUND: lambda value: "bound method " + method_name(value),
    TRACEBACK: lambda value: "traceback in " + frame_name(value.tb_frame),
    LRU_CACHE: lru_cache_name,
    PARTIAL: lambda value: "partial of " + callable_name(value.func),
}


def name_of(value, holder):
    """Returns how an object is called in a chain; None if its type is enough."""
    if is_a(value, MODULE):
        return module_name(NAMES_OF_MODULE(value).get("__name__"))
    if is_a(value, type):
        return "class " + name_of_type(value)
    if type(value) in SUSPENDED:
        return suspended_name(value)
    if type(value) is TRACEBACK and is_a(holder, BaseException):
        return "traceback of " + name_of_type(type(holder))
    if is_a(value, THREAD):
        return "thread " + text_of(stored(value, "_name", None))
    return NAMERS[type(value)](value) if type(value) in NAMERS else None


# Attributes, without running code


def found_in_type(kind, name):
    for base in MRO(kind):
        if name in NAMES(base):
            return NAMES(base)[name]
    return None


def has_method(value, name):
    return found_in_type(type(value), name) is not None


def stored(value, name, otherwise):
    """Returns an attribute that is stored in an object or its class, and that no code computes."""
    in_type = found_in_type(type(value), name)
    if in_type is not None and has_method(in_type, "__get__") and type(in_type) not in (MEMBER, FUNCTION):
        names = STORED(value, "__dict__") if DICT_OFFSET(type(value)) else {}
        is_stored = not has_method(in_type, "__set__") and name in names
        return names[name] if is_stored else otherwise
    if type(in_type) is FUNCTION:
        names = STORED(value, "__dict__") if DICT_OFFSET(type(value)) else {}
        return names.get(name, in_type)
    try:
        return STORED(value, name)
    except AttributeError:
        return otherwise


def members_of(kind):
    """Yields the fields of the instances of a type: those in C, and those in __slots__."""
    for base in MRO(kind):
        for name, member in list(NAMES(base).items()):
            if type(member) is MEMBER:
                yield name, member


def field_with(holder, held):
    for name, member in members_of(type(holder)):
        try:
            if member.__get__(holder) is held:
                return "." + name
        except AttributeError:  # it has no value
            pass
    return None


def shared_attribute_with(holder, held):
    """Returns the attribute of an object whose values are not in a dict, which 3.11 and later avoid. An
    attribute that its class computes if it is not stored is the one if no other is."""
    kind, left = type(holder), []
    for name in keys_of_type(kind) if knows_shared_keys else []:
        in_type = found_in_type(kind, name)
        if in_type is not None and has_method(in_type, "__get__") and type(in_type) is not FUNCTION:
            left.append(name)
        elif stored_or_none(holder, name) is held:
            return "." + name
    if len(left) != 1 or type(held) is dict and left[0] in held:  # then it is the dict of all attributes
        return None
    return "." + left[0]


def stored_or_none(holder, name):
    try:
        return STORED(holder, name)
    except AttributeError:
        return None


def learn_shared_keys():
    sample, other = Sample(0), Sample(1)
    names = keys_of_type(Sample)
    return names == ["first", "second"] and other.first == 1 and sample.second == 0


def learn(first, second, third):
    learn_frames(sys._getframe(), first, second, third)
    return learn_shared_keys()


knows_shared_keys = learn(object(), object(), object())


# Names of references. Each of these functions gets the rest of a chain, the holder first, and returns how the
# holder refers to what follows: a text, and how many objects that text passes over. None if it does not.


def subscript(key):
    """Returns a key in brackets; of a key that is a tuple its items."""
    if type(key) is tuple and len(key) < 5:
        return "[(" + ", ".join([key_text(item) for item in key]) + ")]"
    return "[" + key_text(key) + "]"


def key_text(key):
    own = (str, bytes, int, float, bool, type(None), complex)
    return short_repr(key, 40) if type(key) in own else "<" + name_of_type(type(key)) + ">"


def in_namespace(names, held, start="."):
    """Names a value or key of a dict whose keys are names."""
    how, key = place_in(names, held)
    if how == 0:
        return None
    is_name = how == 1 and type(key) is str and str.isidentifier(key)
    return start + key if is_name else " key" if how == 2 else subscript(key)


def name_in_dict(chain):
    how, key = place_in(chain[0], chain[1])
    return how and (" key " + subscript(key)[1:-1] if how == 2 else subscript(key), 0)


def name_in_sequence(chain):
    how, index = place_in(chain[0], chain[1])
    return how and ("[%d]" % index, 0)


def name_in_deque(chain):
    for index, item in enumerate(DEQUE.copy(chain[0]) if type(chain[0]) is DEQUE else ()):
        if item is chain[1]:
            return "[%d]" % index, 0
    return None


def name_in_module(chain):
    text = in_namespace(NAMES_OF_MODULE(chain[0]), chain[1])
    return text and (text, 0)


def name_in_class(chain):
    """The dict of a class is passed over."""
    held = chain[2] if type(chain[1]) is dict and len(chain) > 2 else chain[1]
    for name, value in list(NAMES(chain[0]).items()):
        if value is held:
            return "." + text_of(name), int(held is not chain[1])
    if is_a(chain[1], type):
        return (" base class" if chain[1] in MRO(chain[0]) else " metaclass"), 0
    return None


def passed_cell(chain, start, name):
    """A cell is passed over if there is something behind it."""
    is_cell = type(chain[0]) is CELL and len(chain) > 1
    return start + text_of(name), int(is_cell)


def name_in_function(chain):
    function, held = chain[0], chain[1]
    if held is function.__closure__ and len(chain) > 2:
        how, index = place_in(held, chain[2])
        names = function.__code__.co_freevars
        text, passed = passed_cell(chain[2:], " closure ", names[index] if how else "?")
        return text, passed + 1
    if held is function.__defaults__ and len(chain) > 2:
        count, names = function.__code__.co_argcount, function.__code__.co_varnames
        how, index = place_in(held, chain[2])
        return how and (" default " + names[count - len(held) + index], 1)
    if held is function.__kwdefaults__ and len(chain) > 2:
        text = in_namespace(held, chain[2], " default ")
        return text and (text, 1)
    if held is function.__globals__ and len(chain) > 2:
        text = in_namespace(held, chain[2], " global ")
        return text and (text, 1)
    if len(chain) > 2 and is_a(held, dict):
        text = in_namespace(held, chain[2])
        return text and (text, 1)
    return None


def local_names(code):
    names = list(code.co_varnames)
    is_joined = sys.version_info >= (3, 11)
    names += [name for name in code.co_cellvars if not (is_joined and name in names)]
    return names + list(code.co_freevars)


def name_in_frame(chain):
    frame, held = chain[0], chain[1]
    place, names = place_in_frame(frame, held), local_names(frame.f_code)
    if 0 <= place < len(names):
        return passed_cell(chain[1:], " local ", names[place])
    if type(held) is FRAME:
        return " caller", 0
    if is_a(held, dict) and len(chain) > 2:
        text = in_namespace(held, chain[2], " local ")
        return text and (text, 1)
    return None


def awaited_by(suspended):
    return getattr(suspended, SUSPENDED[type(suspended)] + "_await", getattr(suspended, "gi_yieldfrom", None))


def name_in_suspended(chain):
    """Up to 3.10 the frame is an object in the chain, which is passed over."""
    frame = frame_of(chain[0])
    skipped = int(frame is chain[1] and len(chain) > 2)
    rest = chain[1 + skipped :]
    found = name_in_frame([frame] + rest) if frame is not None else None
    text, passed = found or (" await" if awaited_by(chain[0]) is rest[0] else " unfinished expression", 0)
    return text, passed + skipped


def name_in_lru_cache(chain):
    """A cache holds the arguments, one alone or in a tuple, and the results, which it shows to the collector
    itself or in a dict."""
    held = chain[1]
    for referent in referents_of(chain[0]):
        if type(referent) is dict and referent is not STORED(chain[0], "__dict__"):
            if held is referent and len(chain) > 2:
                return (" argument", 1) if place_in(referent, chain[2])[0] == 2 else (" result", 1)
            if place_in(referent, held)[0] == 2:
                return " argument", 0
    return (" result", 0) if held is not STORED(chain[0], "__dict__") else None


def name_in_exception(chain):
    for name in ("__traceback__", "__context__", "__cause__", "args"):
        if BaseException.__dict__[name].__get__(chain[0]) is chain[1]:
            return "." + name, 0
    return None


def name_in_future(chain):
    """Attributes of futures and tasks in C are not fields."""
    if MODULE_OF(type(chain[0])) != "_asyncio":
        return None
    for name in ("_result", "_exception", "_callbacks", "_loop", "_coro", "_source_traceback"):
        if getattr(chain[0], name, None) is chain[1]:
            return "." + name, 0
    return None


def name_in_traceback(chain):
    """The other tracebacks between this one and the frame are passed over."""
    for passed, held in enumerate(chain[1:]):
        if type(held) is not TRACEBACK:
            return " frame", passed
    return " next", 0


def name_in_local(chain):
    """A threading.local has a dict for each thread, in a dict."""
    if len(chain) > 3 and type(chain[1]) is dict and type(chain[2]) is dict:
        text = in_namespace(chain[2], chain[3])
        return text and (text, 2)
    return None


def name_in_context(chain):
    """The values of context variables are in a tree of C."""
    for passed, held in enumerate(chain[1:]):
        for variable, value in list(CONTEXT.items(chain[0])):
            if value is held:
                return "[%s]" % text_of(variable.name), passed
    return None


def name_in_instance(chain):
    """Names an attribute. The dict with the attributes is passed over."""
    text = field_with(chain[0], chain[1]) or shared_attribute_with(chain[0], chain[1])
    if text is None and type(chain[1]) is dict and len(chain) > 2 and DICT_OFFSET(type(chain[0])):
        text = in_namespace(chain[1], chain[2])
        return text and (text, 1)
    if text is None and chain[1] is type(chain[0]):
        text = " class"
    return text and (text, 0)


WAYS = [
    (MODULE, name_in_module),
    (type, name_in_class),
    (FUNCTION, name_in_function),
    (FRAME, name_in_frame),
    (GENERATOR, name_in_suspended),
    (COROUTINE, name_in_suspended),
    (ASYNC_GENERATOR, name_in_suspended),
    (LRU_CACHE, name_in_lru_cache),
    (BaseException, name_in_exception),
    (TRACEBACK, name_in_traceback),
    (FUTURE, name_in_future),
    (TASK, name_in_future),
    (LOCAL, name_in_local),
    (CONTEXT, name_in_context),
    (dict, name_in_dict),
    (list, name_in_sequence),
    (tuple, name_in_sequence),
    (DEQUE, name_in_deque),
    (set, lambda chain: ("{…}", 0)),
    (frozenset, lambda chain: ("{…}", 0)),
    (object, name_in_instance),
]


def reference(chain):
    """Names the reference from the first object of a chain to the next one that is shown. The program goes on
    meanwhile, so that an object may have let go of the next one, or may be half gone."""
    for kind, name in WAYS:
        try:
            found = name(chain) if is_a(chain[0], kind) else None
        except (AttributeError, KeyError, IndexError, ValueError, RuntimeError, TypeError):
            found = None
        if found:
            return found
    return None, 0


def name_or_none(value, holder):
    try:
        return name_of(value, holder)
    except (AttributeError, KeyError, ValueError, RuntimeError, TypeError):
        return None


# The answer


def hexadecimal(value):
    return "0x%x" % id(value)


def step(value, holder, via):
    return {
        "address": hexadecimal(value),
        "type": name_of_type(type(value)),
        "name": name_or_none(value, holder),
        "via": via,
    }


def thread_with(frame):
    """Returns the name of the thread that runs a frame; None if it has ended meanwhile."""
    threads = known_threads()
    for number, at in current_frames().items():
        while at is not None and at is not frame:
            at = at.f_back
        if at is frame:
            return stored(threads[number], "_name", None) if number in threads else None
    return None


def described_chain(root, chain):
    steps = [step(chain[0], None, None)]
    thread = thread_with(chain[0]) if root == "thread frame" else None
    if type(thread) is str and steps[0]["name"]:
        steps[0]["name"] += " in thread " + thread
    while len(chain) > 1:
        via, passed = reference(chain)
        steps.append(step(chain[1 + passed], chain[0], via))
        chain = chain[1 + passed :]
    return {"root": root, "steps": steps}


def described_target(target, answer, is_cut):
    """Describes an answer. Without time for all chains it is not known that an object has none."""
    if answer is None:
        nothing = {"type": "", "size": 0, "value": None, "references": None, "chains": [], "holders": {}}
        return {"target": target, "address": target, "state": "gone", **nothing}
    value, references, chains, holders = answer
    return {
        "target": target,
        "address": hexadecimal(value),
        "type": name_of_type(type(value)),
        "size": size_of(value),
        "value": Json(value_of(value)),
        "references": None if references < 0 else references,
        "state": "held" if chains or is_cut else "unreachable",
        "chains": [described_chain(*chain) for chain in chains],
        "holders": {name_of_type(kind): count for kind, count in sorted(holders, key=lambda item: -item[1])},
    }


# Requests


def addressed(target):
    """Returns the address that was written as one; None for a path."""
    try:
        return int(target, 16) if target.startswith("0x") else None
    except ValueError:
        return None


def number_in(options, name, otherwise):
    for option in options:
        if option.startswith(name):
            return int(option[len(name) :])
    return otherwise


def found_targets(targets):
    """Returns the address of each target, or 0; the objects of paths; why paths lead nowhere, by number."""
    addresses, kept, reasons = [], [], {}
    for number, target in enumerate(targets):
        address, reason = addressed(target), None
        if address is None:
            found, reason = object_at(target)
            address = id(found)
            if reason is None:
                kept.append(found)
        if reason is not None:
            reasons[number] = reason
        addresses.append(address if reason is None and 0 < address < 1 << 63 else 0)
    return addresses, kept, reasons


def holders(options, body):
    targets = [line.strip() for line in body.decode("utf-8", "replace").split("\n") if line.strip()]
    addresses, kept, reasons = found_targets(targets)
    closed = [kept] + [console.names for console in consoles.values()]
    limits = [number_in(options, *each) for each in (("count=", 3), ("depth=", 20), ("max-pause=", 200))]
    found = find_holders(addresses, closed, globals(), *limits)
    if found is None:
        return FAILED
    objects, references, size, is_cut, answers = found
    described = [described_target(*pair, is_cut) for pair in zip(targets, answers)]
    for number, reason in reasons.items():
        described[number].update({"state": "not found", "reason": reason})
    answer = {
        "python": "%d.%d.%d" % tuple(sys.version_info[:3]),
        "objects": objects,
        "edges": references,
        "index_bytes": size,
        "is_cut": bool(is_cut),
        "targets": described,
    }
    send(STDOUT, json_of(answer).encode("utf-8", "replace"))
    return DONE
