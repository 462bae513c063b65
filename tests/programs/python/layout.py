"""Compares this interpreter with each number and layout that the agent knows: {name: value}, argument 1, as
JSON.

Prints {name: result} as JSON. A result is the agent's value if this interpreter agrees with it, "different"
if it does not, and any other text if they cannot be compared, which says why.
"""

import ctypes
import dis
import functools
import gc
import inspect
import json
import math
import sys
import types

KNOWN = json.loads(sys.argv[1])
VERSION = sys.version_info[0] * 100 + sys.version_info[1]
PYTHON = ctypes.pythonapi
OBJECT = object.__basicsize__
SOME, WORD = ctypes.py_object, ctypes.c_void_p
OF_TWO = ctypes.PYFUNCTYPE(SOME, WORD, WORD)
OF_THREE = ctypes.PYFUNCTYPE(SOME, WORD, SOME, WORD)
FOUND = {}
KEPT = []  # objects to which the interpreter has pointers


def agrees(name, is_so):
    FOUND[name] = KNOWN[name] if is_so else "different"


def only(first, last, name, find):
    """Calls `find` if the agent uses the value in this version."""
    if first <= VERSION <= last:
        find()
    else:
        FOUND[name] = f"used from {first} to {last}"


def pointer_at(address):
    return ctypes.c_void_p.from_address(address).value or 0


def text_at(address):
    return ctypes.c_char_p.from_address(address).value


def number_at(address):
    return ctypes.c_int.from_address(address).value


def address_of(thing):
    return ctypes.cast(thing, ctypes.c_void_p).value


def place(struct, member):
    return KNOWN[f"{struct}.{member}"]


def api(name, answer, *arguments):
    function = PYTHON[name]
    function.restype, function.argtypes = answer, arguments
    return function


def slot_of(kind, number):
    return api("PyType_GetSlot", WORD, SOME, ctypes.c_int)(kind, number)


def filled(struct, members, size=None):
    """Memory with the members at the agent's offsets: one struct, or an array of structs of `size` bytes."""
    rows = members if isinstance(members, list) else [members]
    size = size or 64
    memory = ctypes.create_string_buffer(size * (len(rows) + 1))
    KEPT.append(memory)
    for number, row in enumerate(rows):
        for member, value in row.items():
            at = number * size + place(struct, member)
            if isinstance(value, int):
                ctypes.c_int.from_buffer(memory, at).value = value
            else:
                value = ctypes.c_char_p(value) if isinstance(value, bytes) else value
                KEPT.append(value)
                ctypes.c_void_p.from_buffer(memory, at).value = address_of(value)
    return memory


def raises(error, function, *arguments):
    try:
        function(*arguments)
    except error:
        return True
    return False


def is_flag_of(kind, flag):
    return flag & (flag - 1) == 0 and kind.__flags__ & flag != 0


def compare_versions():
    code, frame = compare_versions.__code__, sys._getframe()
    before, nothing = sys.getrefcount(None), [None] * 100
    is_immortal = sys.getrefcount(None) - before < len(nothing)
    import _asyncio

    since = {
        "has_thread_in_hook": hasattr(PYTHON, "_PyInterpreterState_GetEvalFrameFunc"),  # both came with 3.9
        "has_frame_get_code": hasattr(PYTHON, "PyFrame_GetCode"),
        "has_qualified_name": hasattr(code, "co_qualname"),
        "has_adaptive_code": hasattr(code, "_co_code_adaptive"),
        "has_bare_frames": pointer_at(id(frame) + place("Frame38", "code")) != id(code),
        "has_immortal_none": is_immortal,
        "has_monitoring": hasattr(sys, "monitoring"),
        "has_current_task": hasattr(_asyncio, "current_task"),
    }
    for name, is_there in since.items():
        agrees(name, is_there == (VERSION >= KNOWN[name]))
    FOUND["first_known"] = FOUND["newest_tested"] = "a decision of ours"


def compare_code():
    for name in ("optimized", "generator", "coroutine", "iterable_coroutine", "async_generator"):
        FOUND[f"code_flag::{name}"] = getattr(inspect, f"CO_{name.upper()}")

    def compare_opcode(name):
        FOUND[f"opcode::{name}"] = dis.opmap[name.upper()]

    for name in ("return_value", "load_const", "extended_arg"):
        only(308, 310, f"opcode::{name}", lambda name=name: compare_opcode(name))
    only(311, 311, "opcode::yield_value", lambda: compare_opcode("yield_value"))


def compare_grammar():
    run = api("PyRun_String", SOME, ctypes.c_char_p, ctypes.c_int, SOME, SOME)
    scope = {}
    run(b"x = 1", KNOWN["grammar::file_input"], scope, scope)
    agrees("grammar::file_input", scope["x"] == 1)
    agrees("grammar::expression", run(b"x + 1", KNOWN["grammar::expression"], scope, scope) == 2)


def made_function(flags, *kinds):
    """Returns a builtin function and a list, to which each call adds the tuple of its arguments."""
    seen = []
    callback = ctypes.PYFUNCTYPE(SOME, WORD, *kinds)(lambda _, *rest: seen.append(rest))
    members = {"name": b"made", "function": callback, "flags": flags, "help": b"Its help."}
    make = api("PyCFunction_NewEx", SOME, WORD, WORD, WORD)
    return make(filled("Method", members), None, None), seen


def compare_functions():
    flags = {name.split("::")[1]: value for name, value in KNOWN.items() if name.startswith("takes::")}
    made, seen = made_function(flags["positional"], SOME)
    made(1, 2)
    agrees("takes::positional", seen == [((1, 2),)])
    agrees("Method.name", made.__name__ == "made")
    agrees("Method.help", made.__doc__ == "Its help.")
    agrees("Method.function", seen)
    agrees("Method.flags", seen)
    made, seen = made_function(flags["positional"] | flags["with_keywords"], SOME, SOME)
    made(1, a=2)
    agrees("takes::with_keywords", seen == [((1,), {"a": 2})])
    made, seen = made_function(flags["nothing"], WORD)
    made()
    agrees("takes::nothing", seen == [(None,)] and raises(TypeError, made, 1))
    made, seen = made_function(flags["one"], SOME)
    made("x")
    agrees("takes::one", seen == [("x",)] and raises(TypeError, made))
    made, seen = made_function(flags["as_array"], WORD, ctypes.c_ssize_t)
    made("x", "y")
    agrees("takes::as_array", seen[0][1] == 2)


def compare_descriptors():
    def method_of(descriptor):
        return pointer_at(id(descriptor) + place("MethodDescriptor", "method"))

    kind = type(str.upper)
    tables = sorted(method_of(value) for value in vars(str).values() if isinstance(value, kind))
    names = [text_at(table + place("Method", "name")) for table in tables]
    agrees("MethodDescriptor.method", b"upper" in names and b"lower" in names)
    FOUND["sizeof Method"] = functools.reduce(math.gcd, (b - a for a, b in zip(tables, tables[1:])))


class Made:
    """A type with everything that the agent's types have."""

    NUMBERS = {name.split("::")[1]: value for name, value in KNOWN.items() if name.startswith("type_slot::")}

    def __init__(self):
        self.values, self.freed = {}, []
        slots = {
            "call": OF_THREE(lambda itself, arguments, _: arguments),
            "deallocate": ctypes.PYFUNCTYPE(None, WORD)(self.free),
            "help": b"A type.",
            "properties": self.properties(),
            "members": self.members(),
            "methods": self.methods(),
        }
        rows = [{"number": self.NUMBERS[name], "value": value} for name, value in slots.items()]
        members = {"name": b"layout.Made", "size": OBJECT + 8, "item_size": 4}
        members["flags"] = KNOWN["type_flag::by_default"]
        members["slots"] = filled("Slot", rows, place("Slot", "value") + ctypes.sizeof(WORD))
        self.type = api("PyType_FromSpec", SOME, WORD)(filled("TypeSpec", members))

    def set_value(self, itself, value, data):
        self.values[data] = ctypes.cast(value, SOME).value
        return 0

    def free(self, itself):
        made = ctypes.cast(pointer_at(itself + OBJECT - ctypes.sizeof(WORD)), SOME).value
        release = slot_of(made, self.NUMBERS["free"])
        ctypes.PYFUNCTYPE(None, WORD)(release)(itself)
        api("Py_DecRef", None, SOME)(made)
        self.freed.append((itself, release is not None))

    def properties(self):
        members = {"name": b"value", "help": b"Its value.", "data": WORD(5)}
        members["get"] = OF_TWO(lambda itself, data: data)
        members["set"] = ctypes.PYFUNCTYPE(ctypes.c_int, WORD, WORD, WORD)(self.set_value)
        return filled("Property", members)

    def members(self):
        members = {"name": b"size", "help": b"Its size."}
        members["type"] = KNOWN["member::of_size"]
        members["flags"] = KNOWN["member::read_only"]
        memory = filled("Member", members)
        ctypes.c_ssize_t.from_buffer(memory, place("Member", "offset")).value = OBJECT
        return memory

    def methods(self):
        members = {"name": b"method", "flags": KNOWN["takes::nothing"], "help": b""}
        members["function"] = OF_TWO(lambda itself, _: "method")
        return filled("Method", [members], KNOWN["sizeof Method"])


def compare_made():
    made = Made()
    thing = made.type()
    address = id(thing)
    ctypes.c_ssize_t.from_address(address + OBJECT).value = 7
    thing.value = "new"
    compare_thing(made.type, thing)
    agrees("Property.set", made.values == {5: "new"})
    compare_spec(made.type, thing)
    del thing
    agrees("type_slot::deallocate", made.freed == [(address, True)])
    agrees("type_slot::free", made.freed == [(address, True)])


def compare_thing(made, thing):
    agrees("type_slot::call", thing(1, 2) == (1, 2))
    agrees("type_slot::methods", thing.method() == "method")
    of_member = [f"Member.{member}" for member in ("name", "type", "offset", "flags")]
    for name in ("type_slot::members", "member::of_size", *of_member):
        agrees(name, thing.size == 7)
    agrees("member::read_only", raises(AttributeError, setattr, thing, "size", 8))
    agrees("Member.help", vars(made)["size"].__doc__ == "Its size.")
    for name in ("type_slot::properties", "Property.name", "Property.get", "Property.data"):
        agrees(name, thing.value == 5)
    agrees("Property.help", vars(made)["value"].__doc__ == "Its value.")


def compare_spec(made, thing):
    agrees("type_slot::help", made.__doc__ == "A type.")
    agrees("TypeSpec.name", made.__name__ == "Made")
    agrees("TypeSpec.size", made.__basicsize__ == OBJECT + 8)
    agrees("TypeSpec.item_size", made.__itemsize__ == 4)
    for name in ("TypeSpec.flags", "type_flag::by_default"):
        agrees(name, is_flag_of(made, KNOWN["type_flag::by_default"]))
    for name in ("TypeSpec.slots", "Slot.number", "Slot.value"):
        agrees(name, thing.method() == "method")


def compare_types():
    flag = KNOWN["type_flag::has_vectorcall"]
    agrees("type_flag::has_vectorcall", is_flag_of(types.FunctionType, flag) and not is_flag_of(object, flag))
    with_end = type("WithEnd", (), {"__del__": lambda self: None})
    number = KNOWN["type_slot::finalize"]
    finalizer = slot_of(with_end, number)
    agrees("type_slot::finalize", finalizer and not slot_of(type("Without", (), {}), number))
    agrees("TypeHead.finalize", pointer_at(id(with_end) + place("TypeHead", "finalize")) == finalizer)
    marker = ctypes.PYFUNCTYPE(None, WORD)(lambda itself: None)
    slots = filled("Slot", [{"number": 53, "value": marker}], place("Slot", "value") + ctypes.sizeof(WORD))
    members = {"name": b"layout.Old", "size": OBJECT, "flags": KNOWN["type_flag::by_default"], "slots": slots}
    old = api("PyType_FromSpec", SOME, WORD)(filled("TypeSpec", members))
    found = pointer_at(id(old) + place("TypeHead", "old_finalize"))
    agrees("TypeHead.old_finalize", found == address_of(marker))


def compare_allocator():
    """Under PYTHONMALLOC=debug the context of an allocator starts with the letter of its domain."""
    memory = ctypes.create_string_buffer(64)
    size = ctypes.c_size_t
    api("PyMem_GetAllocator", None, ctypes.c_int, WORD)(KNOWN["raw_domain"], memory)
    found = {name: WORD.from_buffer(memory, place("Allocator", name)).value for name in
             ("context", "allocate", "allocate_zeros", "resize", "free")}  # fmt: skip
    agrees("raw_domain", ctypes.c_char.from_address(found["context"]).value == b"r")
    agrees("Allocator.context", FOUND["raw_domain"] == KNOWN["raw_domain"])
    block = ctypes.PYFUNCTYPE(WORD, WORD, size)(found["allocate"])(found["context"], 8)
    agrees("Allocator.allocate", block)
    ctypes.c_uint64.from_address(block).value = 9
    block = ctypes.PYFUNCTYPE(WORD, WORD, WORD, size)(found["resize"])(found["context"], block, 800)
    agrees("Allocator.resize", ctypes.c_uint64.from_address(block).value == 9)
    zeros = ctypes.PYFUNCTYPE(WORD, WORD, size, size)(found["allocate_zeros"])(found["context"], 8, 8)
    agrees("Allocator.allocate_zeros", ctypes.string_at(zeros, 64) == bytes(64))
    for memory in (block, zeros):  # with PYTHONMALLOC=debug, freeing any other memory aborts
        ctypes.PYFUNCTYPE(None, WORD, WORD)(found["free"])(found["context"], memory)
    agrees("Allocator.free", True)


def compare_frame_of_38():
    frame = sys._getframe()
    agrees("Frame38.code", pointer_at(id(frame) + place("Frame38", "code")) == id(frame.f_code))


def compare_frame_of_311():
    def numbers(first):
        yield

    generator = numbers(7)
    next(generator)
    frames = [pointer_at(id(frame) + OBJECT + 8) for frame in (sys._getframe(), generator.gi_frame)]
    of_function, of_generator = frames
    code = compare_frame_of_311.__code__
    agrees("Frame311.code", pointer_at(of_function + place("Frame311", "code")) == id(code))
    agrees("Frame311.globals", pointer_at(of_function + place("Frame311", "globals")) == id(globals()))
    instruction = pointer_at(of_generator + place("Frame311", "instruction"))
    agrees("Frame311.instruction", ctypes.c_ubyte.from_address(instruction).value == dis.opmap["YIELD_VALUE"])
    top = ctypes.c_int.from_address(of_generator + place("Frame311", "stack_top")).value
    agrees("Frame311.stack_top", top == len(generator.gi_code.co_varnames))
    local = pointer_at(of_generator + place("Frame311", "locals_and_stack"))
    agrees("Frame311.locals_and_stack", local == id(generator.gi_frame.f_locals["first"]))
    owners = [ctypes.c_byte.from_address(frame + place("Frame311", "owner")).value for frame in frames]
    agrees("Frame311.owner", owners == [0, KNOWN["owned_by_generator"]])
    agrees("owned_by_generator", owners == [0, KNOWN["owned_by_generator"]])


def compare_frames():
    only(308, 308, "Frame38.code", compare_frame_of_38)
    for name in [name for name in KNOWN if name.startswith("Frame311.")] + ["owned_by_generator"]:
        only(311, 311, name, compare_frame_of_311)


def compare_frame_object():
    """The code is somewhere at the start of the frame. From 3.14 on its address may have a bit more."""
    frame = sys._getframe()
    inner = pointer_at(id(frame) + place("FrameObject311", "frame"))
    words = [pointer_at(inner + offset) & ~3 for offset in range(0, 64, 8)]
    agrees("FrameObject311.frame", id(frame.f_code) in words)


def compare_trace_words():
    """Sets a trace and a profile function and looks for them in the thread's state."""
    events, count = [], 24
    function = ctypes.PYFUNCTYPE(ctypes.c_int, WORD, WORD, ctypes.c_int, WORD)
    trace, profile = function(lambda *call: events.append(call[2]) or 0), function(lambda *call: 0)
    state = api("PyThreadState_Get", WORD)()
    set_trace = api("PyEval_SetTrace", None, WORD, WORD)
    set_profile = api("PyEval_SetProfile", None, WORD, WORD)
    set_profile(address_of(profile), id(profile))
    set_trace(address_of(trace), id(trace))
    words = list((ctypes.c_uint64 * count).from_address(state))
    switch = words[words.index(address_of(trace)) - 2]
    is_number = switch & 0xFFFFFFFF == 1  # an address is a multiple of 4
    byte = 0 if is_number else ctypes.c_ubyte.from_address(switch).value
    set_trace(None, None)
    set_profile(None, None)
    expected = {"trace": address_of(trace), "profile": address_of(profile),
                "trace_object": id(trace), "profile_object": id(profile)}  # fmt: skip
    first = words.index(address_of(trace)) * 8 - place("TracingWords", "trace")
    for name, word in expected.items():
        agrees(f"TracingWords.{name}", words[(first + place("TracingWords", name)) // 8] == word)
    agrees("TracingWords.on", is_number or byte in (1, 255))
    agrees("has_trace_switch_elsewhere", is_number == (VERSION < KNOWN["has_trace_switch_elsewhere"]))
    agrees("has_byte_as_trace_switch", (byte == 255) == (VERSION >= KNOWN["has_byte_as_trace_switch"]))
    agrees("trace_line", events[0] == KNOWN["trace_line"])


def compare_tracing():
    only(311, 399, "FrameObject311.frame", compare_frame_object)
    names = [name for name in KNOWN if "trace_switch" in name or name.startswith("TracingWords.")]
    for name in [*names, "trace_line"]:
        only(308, 311, name, compare_trace_words)


def compare_greenlet():
    name = "greenlet_get_current"
    try:
        import greenlet
    except ImportError:
        FOUND[name] = "greenlet is not installed for this interpreter"
        return
    capsule = getattr(greenlet, "_C_API", None) or sys.modules["greenlet._greenlet"]._C_API
    table = api("PyCapsule_GetPointer", WORD, SOME, ctypes.c_char_p)
    function = pointer_at(table(capsule, b"greenlet._C_API") + KNOWN[name] * ctypes.sizeof(WORD))
    agrees(name, ctypes.PYFUNCTYPE(SOME)(function)() is greenlet.getcurrent())


def size_at(address):
    return ctypes.c_ssize_t.from_address(address).value


def byte_at(address):
    return ctypes.c_ubyte.from_address(address).value


def generation_after(head):
    """Returns the head of the generation in whose list that object's head is."""
    for _ in range(1000):
        if number_at(head + place("Generation", "threshold")) == 12345:
            return head
        head = pointer_at(head + place("CollectorHead", "next"))
    return 0


def compare_generations():
    gc.disable()
    before = gc.get_threshold()
    gc.set_threshold(12345, 54321)
    kept = []
    head = generation_after(id(kept) - KNOWN["sizeof CollectorHead"])
    agrees("Generation.threshold", head)
    next_threshold = number_at(head + KNOWN["sizeof Generation"] + place("Generation", "threshold"))
    agrees("sizeof Generation", next_threshold == 54321)
    count = number_at(head + place("Generation", "count"))
    agrees("Generation.count", abs(count - gc.get_count()[0]) < 10)
    gc.set_threshold(*before)


def compare_heads():
    agrees("ObjectHead.type", pointer_at(id([]) + place("ObjectHead", "type")) == id(list))
    agrees("ObjectHead.items", size_at(id((1, 2, 3)) + place("ObjectHead", "items")) == 3)
    size, tracked, untracked = KNOWN["sizeof CollectorHead"], [], ()
    following = pointer_at(id(tracked) - size + place("CollectorHead", "next"))
    back = pointer_at(following + place("CollectorHead", "previous")) & ~3
    agrees("CollectorHead.previous", back == id(tracked) - size)
    missing = pointer_at(id(untracked) - size + place("CollectorHead", "next"))
    agrees("CollectorHead.next", following != 0 and missing == 0)
    FOUND["sizeof CollectorHead"] = FOUND["CollectorHead.previous"] and size
    for name in ("Generation.threshold", "Generation.count", "sizeof Generation"):
        only(308, 313, name, compare_generations)


class Plain:
    def __get__(self, *ignored):
        return self

    def __set__(self, *ignored):
        pass


class Meta(type):
    pass


def compare_type_objects():
    def of_type(kind, member):
        return id(kind) + place("TypeObject", member)

    agrees("TypeObject.name", text_at(of_type(list, "name")) == b"list")
    agrees("TypeObject.basic_size", size_at(of_type(list, "basic_size")) == list.__basicsize__)
    agrees("TypeObject.item_size", size_at(of_type(tuple, "item_size")) == tuple.__itemsize__)
    agrees("TypeObject.flags", ctypes.c_ulong.from_address(of_type(Plain, "flags")).value == Plain.__flags__)
    agrees("TypeObject.base", pointer_at(of_type(Meta, "base")) == id(type))
    dicts = [id(one) for one in gc.get_referents(Plain) if type(one) is dict]
    agrees("TypeObject.dict", pointer_at(of_type(Plain, "dict")) in dicts)
    of_plain = {"traverse": 71, "clear": 51, "get": 54, "set": 55}
    slots = {name: (number, Plain) for name, number in of_plain.items()}
    slots["is_collected"] = (61, Meta)  # 3.8 has no | of dicts
    for name, (number, kind) in slots.items():
        found = pointer_at(of_type(kind, name))
        agrees(f"TypeObject.{name}", found != 0 and found == slot_of(kind, number))
    described = pointer_at(id(vars(type)["__qualname__"]) + place("PropertyDescriptor", "property"))
    name = text_at(described + place("Property", "name"))
    agrees("PropertyDescriptor.property", name == b"__qualname__")


def compare_type_flags():
    class Items(list):
        pass

    def compare_flag(name, having, lacking):
        flag = KNOWN[f"type_flag::{name}"]
        agrees(f"type_flag::{name}", is_flag_of(having, flag) and not is_flag_of(lacking, flag))

    compare_flag("is_made_at_run_time", Plain, list)
    compare_flag("is_collected", list, int)
    compare_flag("is_list", Items, dict)
    compare_flag("is_dict", dict, list)
    compare_flag("is_tuple", tuple, list)
    compare_flag("is_text", str, bytes)
    compare_flag("is_type_of_types", Meta, list)
    since = {"managed_dict": 311, "managed_weak_references": 312, "inline_values": 313}
    for name, first in since.items():
        name = f"has_{name}"
        only(first, 399, f"type_flag::{name}", lambda name=name: compare_flag(name, Plain, int))


def compare_method_with_class():
    seen = []
    kind = ctypes.PYFUNCTYPE(SOME, WORD, SOME, WORD, ctypes.c_ssize_t, WORD)
    callback = kind(lambda itself, owner, *rest: seen.append(owner))
    flags = KNOWN["takes::with_class"] | KNOWN["takes::as_array"] | KNOWN["takes::with_keywords"]
    members = {"name": b"made", "function": callback, "flags": flags, "help": b""}
    make = api("PyCMethod_New", SOME, WORD, SOME, WORD, SOME)
    make(filled("Method", members), Plain(), None, Plain)()
    agrees("takes::with_class", seen == [Plain])


def compare_old_keys(keys):
    agrees("OldKeys.references", size_at(keys + place("OldKeys", "references")) == 1)
    agrees("OldKeys.places", size_at(keys + place("OldKeys", "places")) == 256)


def compare_keys(keys, names):
    def of_keys(member, read):
        return read(keys + place("Keys", member))

    usable, entries = of_keys("usable", size_at), of_keys("entries", size_at)
    agrees("Keys.references", of_keys("references", size_at) == 1)
    agrees("Keys.places_log2", of_keys("places_log2", byte_at) == 8)
    agrees("Keys.usable", usable + entries == 2 * 256 // 3)
    agrees("Keys.entries", entries == len(names))
    agrees("Keys.kind", of_keys("kind", byte_at) == 1)
    index = 1 << of_keys("index_bytes_log2", byte_at)
    first = keys + place("Keys", "indices") + index
    for name in ("Keys.indices", "Keys.index_bytes_log2"):
        agrees(name, pointer_at(first) == id(next(iter(names))))


def compare_shared_keys():
    """A class has the keys after its qualified name, which comes after its name."""
    thing = Plain()
    thing.first = thing.second = 1
    words = list((ctypes.c_uint64 * (type.__basicsize__ // 8)).from_address(id(Plain)))
    at = max(place for place, word in enumerate(words) if word == id(Plain.__qualname__))
    keys = words[at + 1]
    kind = ctypes.c_ubyte.from_address(keys + place("Keys", "kind")).value if keys else None
    agrees("kind_of_shared_keys", kind == KNOWN["kind_of_shared_keys"])
    is_without_dict = not any(type(one) is dict for one in gc.get_referents(thing))
    agrees("has_shared_keys", is_without_dict and KNOWN["has_shared_keys"] == 311)


def compare_containers():
    items = ["first", "second"]
    items.append("third")
    agrees("List.items", pointer_at(pointer_at(id(items) + place("List", "items"))) == id(items[0]))
    room = size_at(id(items) + place("List", "room"))
    agrees("List.room", room * 8 + list.__basicsize__ == items.__sizeof__())
    names = {}
    for number in range(100):
        names["name %d" % number] = number
    agrees("Dict.used", size_at(id(names) + place("Dict", "used")) == 100)
    keys = pointer_at(id(names) + place("Dict", "keys"))
    agrees("Dict.keys", keys)
    agrees("Dict.values", pointer_at(id(names) + place("Dict", "values")) == 0)
    for name in KNOWN:
        if name.startswith("OldKeys."):
            only(308, 310, name, lambda: compare_old_keys(keys))
        if name.startswith("Keys."):
            only(311, 399, name, lambda: compare_keys(keys, names))
    small, large = set("abc"), set(range(100))
    agrees("Set.used", size_at(id(small) + place("Set", "used")) == 3)
    agrees("Set.mask", size_at(id(small) + place("Set", "mask")) == 7)
    tables = [pointer_at(id(one) + place("Set", "table")) for one in (small, large)]
    inner = [id(one) + place("Set", "small_table") for one in (small, large)]
    for name in ("Set.table", "Set.small_table"):
        agrees(name, tables[0] == inner[0] and tables[1] != inner[1])


compare_versions()
compare_heads()
compare_type_objects()
compare_type_flags()
only(309, 399, "takes::with_class", compare_method_with_class)
compare_containers()
for known in ("has_shared_keys", "kind_of_shared_keys"):
    only(311, 399, known, compare_shared_keys)
compare_code()
compare_grammar()
compare_functions()
compare_descriptors()
compare_made()
compare_types()
compare_allocator()
compare_frames()
compare_tracing()
compare_greenlet()
print(json.dumps(FOUND))
