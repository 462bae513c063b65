#include "objects/value.hpp"

#include "objects/kind.hpp"
#include "objects/lookup.hpp"
#include "objects/size.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

constexpr Size longest_value = 120;  // characters
constexpr std::size_t longest_text = 2 * longest_value;

using Repr = Object*(Object*);
using Substring = Object*(Object*, Size, Size);
using MakeBytes = Object*(const char*, Size);
using Bytes = char*(Object*);

Ref repr_of(Object* object) {
  auto* const repr = python::symbol<Repr>("PyObject_Repr");
  Ref text(repr == nullptr || object == nullptr ? nullptr : repr(object));
  if (!text) py.PyErr_Clear();
  return text;
}

/// Returns the start of a str, bytes or bytearray.
Ref start_of(Object* object, Kind kind) {
  if (kind == Kind::text) {
    auto* const part = python::symbol<Substring>("PyUnicode_Substring");
    return Ref(part == nullptr ? nullptr : part(object, 0, longest_value));
  }
  auto* const make = python::symbol<MakeBytes>("PyBytes_FromStringAndSize");
  auto* const bytes =
      python::symbol<Bytes>(kind == Kind::bytes ? "PyBytes_AsString" : "PyByteArray_AsString");
  if (make == nullptr || bytes == nullptr) return Ref();
  const auto length = length_of(object);
  return Ref(make(bytes(object), length < longest_value ? length : longest_value));
}

void add_start(Text& text, Object* object, Kind kind) {
  const Ref start = start_of(object, kind);
  const Ref repr = repr_of(start.get());
  if (kind == Kind::byte_array) text.add("bytearray(");
  text.add_cut(text_in(repr.get()));
  if (kind == Kind::byte_array) text.add(")");
  const auto length = length_of(object);
  if (length > longest_value) {
    text.add("… (").add(static_cast<std::uint64_t>(length)).add(" in all)");
  }
}

bool is_interrupt() {
  static constinit Object** interrupt = nullptr;
  if (interrupt == nullptr) {
    interrupt = static_cast<Object**>(python::find_symbol("PyExc_KeyboardInterrupt"));
  }
  return interrupt != nullptr && py.PyErr_ExceptionMatches(*interrupt) != 0;
}

/// Returns false if the client has interrupted that.
bool add_repr(Text& text, Object* object) {
  auto* const repr = python::symbol<Repr>("PyObject_Repr");
  const Ref shown(repr == nullptr ? nullptr : repr(object));
  if (shown) {
    text.add_cut(text_in(shown.get()), longest_text);
    return true;
  }
  const bool is_interrupted = is_interrupt();
  py.PyErr_Clear();
  text.add(is_interrupted ? "(interrupted)" : "(its repr() raised an exception)");
  return !is_interrupted;
}

/// Returns true if the text of an int would be long.
bool is_large(Object* number) {
  constexpr std::size_t of_thousand_bits = 160;
  return size_of(number) > of_thousand_bits;
}

void add_length(Text& text, Object* object) {
  add_name(type_of(object), text);
  text.add(" of ").add(static_cast<std::uint64_t>(length_of(object)));
}

/// Adds the value of an object of Python's own types. Returns false if it is another one.
bool append_own_value(Text& text, Object* object) {
  const Kind kind = kind_of(object);
  switch (kind) {
    case Kind::integer:
      if (is_large(object)) {
        text.add("a large int");
        return true;
      }
      [[fallthrough]];
    case Kind::boolean:
    case Kind::floating:
    case Kind::complex:
    case Kind::none:
      add_repr(text, object);
      return true;
    case Kind::text:
    case Kind::bytes:
    case Kind::byte_array:
      add_start(text, object, kind);
      return true;
    case Kind::list:
    case Kind::tuple:
    case Kind::dict:
    case Kind::set:
    case Kind::frozen_set:
    case Kind::deque:
      add_length(text, object);
      return true;
    default:
      return false;
  }
}

}  // namespace

bool append_value(Text& text, Object* object, Shown& shown) {
  if (append_own_value(text, object)) return true;
  if (shown == Shown::by_us) return false;
  if (!add_repr(text, object)) shown = Shown::by_us;
  return true;
}

void add_value(Text& text, Object* object, Shown& shown) {
  Text value;
  if (append_value(value, object, shown)) {
    text.add_string(value.view());
  } else {
    text.add("null");
  }
}

}  // namespace mprofpp::agent::objects
