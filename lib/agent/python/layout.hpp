#pragma once

#include <cstddef>

/// All numbers and layouts of CPython that the agent knows without asking the running interpreter.
/// tests/cli/python_layout_test.py compares each of them with every interpreter that is installed.
namespace mprofpp::agent::python {

struct Object;

using Size = std::ptrdiff_t;  // Py_ssize_t

// Versions, written as 311 for 3.11: the oldest one that is marked, and then those from which on
// something is true.
inline constexpr int first_known = 308;
/// An evaluation hook is passed the thread.
inline constexpr int has_thread_in_hook = 309;
/// A function returns the code of a frame object.
inline constexpr int has_frame_get_code = 309;
/// A code object knows its qualified name.
inline constexpr int has_qualified_name = 311;
/// Instances of a class may have their values without a dict, and the class has the keys.
inline constexpr int has_shared_keys = 311;
/// The bytes of a code object are made on demand, and its line table has columns.
inline constexpr int has_adaptive_code = 311;
/// The frames that are passed to an evaluation hook are not objects.
inline constexpr int has_bare_frames = 311;
/// References to None are not counted.
inline constexpr int has_immortal_none = 312;
/// Whether a thread is traced is at another place than in its state.
inline constexpr int has_trace_switch_elsewhere = 310;
/// It is a byte, all bits of which are set.
inline constexpr int has_byte_as_trace_switch = 311;
/// There is sys.monitoring.
inline constexpr int has_monitoring = 312;
/// _asyncio has a function that returns the current task.
inline constexpr int has_current_task = 312;

/// Bits of a code object's co_flags.
namespace code_flag {
inline constexpr long optimized = 0x1;
inline constexpr long generator = 0x20;
inline constexpr long coroutine = 0x80;
inline constexpr long iterable_coroutine = 0x100;
inline constexpr long async_generator = 0x200;
}  // namespace code_flag

/// Instructions of 3.8 to 3.11.
namespace opcode {
inline constexpr unsigned char return_value = 83;
inline constexpr unsigned char yield_value = 86;  // of 3.11
inline constexpr unsigned char load_const = 100;
inline constexpr unsigned char extended_arg = 144;
}  // namespace opcode

/// The grammars by which PyRun_String can parse its text.
namespace grammar {
inline constexpr int file_input = 257;
inline constexpr int expression = 258;
}  // namespace grammar

/// PyMethodDef. Our tables of these are const, although CPython's headers do not declare them so: the
/// interpreter does not write to them, and constants need no page of their own at the start of every
/// program.
struct Method {
  const char* name;
  void* function;
  int flags;
  const char* help;
};
/// How such a function takes its arguments: METH_VARARGS, METH_KEYWORDS and so on.
namespace takes {
inline constexpr int positional = 0x01;
inline constexpr int with_keywords = 0x02;
inline constexpr int nothing = 0x04;      // METH_NOARGS
inline constexpr int one = 0x08;          // METH_O
inline constexpr int as_array = 0x80;     // METH_FASTCALL
inline constexpr int with_class = 0x200;  // METH_METHOD
}  // namespace takes

/// PyGetSetDef.
struct Property {
  const char* name;
  void* get;
  void* set;
  const char* help;
  void* data;
};

/// PyMemberDef.
struct Member {
  const char* name;
  int type;
  Size offset;
  int flags;
  const char* help;
};
namespace member {
inline constexpr int of_size = 19;  // Py_T_PYSSIZET
inline constexpr int read_only = 1;
}  // namespace member

/// PyType_Slot and PyType_Spec.
struct Slot {
  int number;
  const void* value;
};
struct TypeSpec {
  const char* name;
  int size;
  int item_size;
  unsigned flags;
  const Slot* slots;
};
namespace type_slot {
inline constexpr int call = 50;
inline constexpr int deallocate = 52;
inline constexpr int help = 56;
inline constexpr int methods = 64;
inline constexpr int members = 72;
inline constexpr int properties = 73;
inline constexpr int free = 74;
inline constexpr int finalize = 80;
}  // namespace type_slot

/// The beginning of each object.
struct ObjectHead {
  Size references;  ///< in 32 bits from 3.12 on
  Object* type;
  Size items;  ///< of objects that have items, possibly negative; PyVarObject
};

/// Precedes each object that the collector may track. `next` is null if it does not track it.
struct CollectorHead {
  CollectorHead* next;
  CollectorHead* previous;
};

/// A generation of the collector, up to 3.13. An interpreter has three in a row, then the address of the
/// first, and then the generation of the objects that the collector leaves alone.
struct Generation {
  CollectorHead head;
  int threshold;
  int count;
};

/// PyTypeObject, as far as it is used to visit and measure objects.
struct TypeObject {
  ObjectHead head;
  const char* name;
  Size basic_size;
  Size item_size;
  void* others[15];
  unsigned long flags;
  const char* help;
  int (*traverse)(Object*, int (*visit)(Object*, void*), void*);
  int (*clear)(Object*);
  void* more[7];
  const TypeObject* base;
  Object* dict;
  Object* (*get)(Object*, Object*, Object*);  ///< of descriptors
  int (*set)(Object*, Object*, Object*);
  void* rest[5];
  int (*is_collected)(Object*);
};

/// PyListObject.
struct List {
  ObjectHead head;
  Object** items;
  Size room;  ///< for so many items there is memory
};

/// PyDictKeysObject, up to 3.10 and from 3.11 on.
struct OldKeys {
  Size references;
  Size places;
};
struct Keys {
  Size references;
  unsigned char places_log2;
  unsigned char index_bytes_log2;
  unsigned char
      kind;  ///< 0 if keys may be other objects than str, 2 if instances of a class share them
  unsigned char spare[5];
  Size usable;
  Size entries;
  char indices[1];  ///< then the entries
};
inline constexpr unsigned char kind_of_shared_keys = 2;
/// PyDictObject.
struct Dict {
  void* head[2];
  Size used;
  void* version;
  const void* keys;
  const void* values;  ///< null if they are in `keys`
};

/// PySetObject, also of a frozenset.
struct Set {
  void* head[2];
  Size filled;
  Size used;
  Size mask;
  const void* table;
  long hash;
  Size finger;
  void* small_table[1];
};

/// PyGetSetDescrObject.
struct PropertyDescriptor {
  void* others[5];
  Property* property;
};

/// The beginning of a PyTypeObject; `finalize` is used in 3.13 and 3.14 only.
struct TypeHead {
  void* others[47];
  void* old_finalize;  ///< tp_del, because of which the collector does not free cycles
  unsigned version_tag;
  void (*finalize)(Object*);
};

/// PyMethodDescrObject, in 3.13 and 3.14 only.
struct MethodDescriptor {
  void* others[5];
  Method* method;
};

namespace type_flag {
/// From 3.13 on: values of attributes follow the object.
inline constexpr unsigned has_inline_values = 1U << 2;
/// From 3.12 on, and from 3.11 on: there are two words before the object.
inline constexpr unsigned has_managed_weak_references = 1U << 3;
inline constexpr unsigned has_managed_dict = 1U << 4;
inline constexpr unsigned is_made_at_run_time = 1U << 9;
inline constexpr unsigned is_collected = 1U << 14;
inline constexpr unsigned is_list = 1U << 25;
inline constexpr unsigned is_dict = 1U << 29;
inline constexpr unsigned is_type_of_types = 1U << 31;
inline constexpr unsigned has_vectorcall = 1U << 11;
inline constexpr unsigned by_default = 1U << 18;
inline constexpr unsigned is_tuple = 1U << 26;
inline constexpr unsigned is_text = 1U << 28;
}  // namespace type_flag

/// PyMemAllocatorEx, and the domain of memory that needs no lock.
struct Allocator {
  void* context;
  void* (*allocate)(void*, std::size_t);
  void* (*allocate_zeros)(void*, std::size_t, std::size_t);
  void* (*resize)(void*, void*, std::size_t);
  void (*free)(void*, void*);
};
inline constexpr int raw_domain = 0;

/// The beginning of a PyFrameObject, in 3.8 only.
struct Frame38 {
  void* header[3];
  void* back;
  Object* code;
};

/// _PyInterpreterFrame, in 3.11 only.
struct Frame311 {
  void* function;
  Object* globals;
  Object* builtins;
  Object* locals;
  Object* code;
  void* frame_object;
  void* previous;
  const unsigned char* instruction;  ///< the last one that was executed
  int stack_top;
  bool is_entry;
  char owner;
  Object* locals_and_stack[1];
};
inline constexpr char owned_by_generator = 1;

/// The beginning of a PyFrameObject, from 3.11 on.
struct FrameObject311 {
  void* header[3];
  void* frame;
};

/// Consecutive words of a PyThreadState, in 3.8 to 3.11, at a place that the running interpreter shows.
struct TracingWords {
  void*
      on;  ///< in 3.8 and 3.9 an int: whether `profile` or `trace` is set; then the address of that
  void* profile;
  void* trace;
  void* profile_object;
  void* trace_object;
};
/// The event of a trace function for the start of a line.
inline constexpr int trace_line = 2;

/// The index of the function that returns the current greenlet, in greenlet's C API.
inline constexpr int greenlet_get_current = 4;

}  // namespace mprofpp::agent::python
