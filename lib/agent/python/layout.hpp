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
inline constexpr int nothing = 0x04;   // METH_NOARGS
inline constexpr int one = 0x08;       // METH_O
inline constexpr int as_array = 0x80;  // METH_FASTCALL
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

/// The beginning of a PyTypeObject, in 3.13 and 3.14 only.
struct TypeHead {
  void* others[48];
  unsigned version_tag;
  void (*finalize)(Object*);
};

/// PyMethodDescrObject, in 3.13 and 3.14 only.
struct MethodDescriptor {
  void* others[5];
  Method* method;
};

namespace type_flag {
inline constexpr unsigned has_vectorcall = 1U << 11;
inline constexpr unsigned by_default = 1U << 18;
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
};
inline constexpr char owned_by_generator = 1;

/// The beginning of a PyFrameObject, in 3.11 only.
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
