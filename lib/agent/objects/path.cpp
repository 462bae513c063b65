#include "objects/path.hpp"

#include <string.h>

#include "objects/attribute.hpp"
#include "objects/items.hpp"
#include "objects/kind.hpp"
#include "objects/lookup.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

constexpr char main_module[] = "__main__";

bool is_letter(char byte) {
  constexpr unsigned char first_of_others = 0x80;
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         (byte >= '0' && byte <= '9') || static_cast<unsigned char>(byte) >= first_of_others;
}

Ref text_object(wire::TextView text) {
  using Make = Object*(const char*, Size);
  auto* const make = python::symbol<Make>("PyUnicode_FromStringAndSize");
  Ref made(make == nullptr ? nullptr : make(text.bytes, static_cast<Size>(text.length)));
  if (!made) py.PyErr_Clear();
  return made;
}

Ref module_called(wire::TextView name) {
  const Ref text = text_object(name);
  return text ? Ref::to(item_called(py.PyImport_GetModuleDict(), text.get())) : Ref();
}

/// Reads a path from left to right.
class Path {
 public:
  Path(wire::TextView text, Text& why) : text_(text), why_(why) {}

  Ref find() {
    const auto name = take_name();
    if (name.length == 0) return fail("a path starts with the name of a module");
    Ref object = first(name);
    while (object && at_ < text_.length) object = step(object.get());
    return object;
  }

 private:
  char next() const { return at_ < text_.length ? text_.bytes[at_] : '\0'; }
  wire::TextView so_far() const { return {text_.bytes, at_}; }

  wire::TextView take_name() {
    const auto start = at_;
    while (at_ < text_.length && is_letter(text_.bytes[at_])) ++at_;
    return {text_.bytes + start, at_ - start};
  }

  /// Returns the module of that name, or the global of the program.
  Ref first(wire::TextView name) {
    const wire::TextView main{main_module, sizeof main_module - 1};
    if (name.length == 4 && memcmp(name.bytes, "main", 4) == 0) return module_called(main);
    Ref module = module_called(name);
    if (module) return module;
    const Ref scope = module_called(main);
    const Ref text = text_object(name);
    Ref global = scope && text ? stored_attribute(scope.get(), text.get()) : Ref();
    return global ? static_cast<Ref&&>(global) : fail("the program has no such module or global");
  }

  Ref step(Object* object) {
    const char sign = next();
    ++at_;
    if (sign == '.') return attribute(object);
    if (sign == '[') return item(object);
    return fail("this is not a path of names, [numbers] and ['texts']");
  }

  Ref attribute(Object* object) {
    const auto name = take_name();
    const Ref text = text_object(name);
    Ref value = text ? stored_attribute(object, text.get()) : Ref();
    if (!value && kind_of(object) == Kind::module) value = module_called(so_far());
    return value ? static_cast<Ref&&>(value) : fail("there is no such stored attribute");
  }

  Ref item(Object* object) {
    const char quote = next();
    Ref value = quote == '\'' || quote == '"' ? item_of_text(object) : item_of_number(object);
    if (!value) return fail("there is no such item of a dict, list or tuple");
    if (next() != ']') return fail("this is not a path of names, [numbers] and ['texts']");
    ++at_;
    return value;
  }

  Ref item_of_text(Object* object) {
    const char quote = next();
    const auto start = ++at_;
    while (at_ < text_.length && text_.bytes[at_] != quote) ++at_;
    const Ref text = text_object({text_.bytes + start, at_ - start});
    ++at_;
    return kind_of(object) == Kind::dict && text ? Ref::to(item_called(object, text.get())) : Ref();
  }

  Ref item_of_number(Object* object);

  Ref fail(const char* reason) {
    const auto size = at_ < text_.length ? at_ : text_.length;
    why_.restart().add(reason).add(": ").add_cut({text_.bytes, size}, 100);
    return Ref();
  }

  wire::TextView text_;
  Text& why_;
  std::size_t at_ = 0;
};

Object* item_numbered(Object* dict, long number) {
  Size position = 0;
  Object *key = nullptr, *value = nullptr;
  while (next_item(dict, position, key, value)) {
    if (kind_of(key) != Kind::integer) continue;
    const long one = py.PyLong_AsLong(key);
    if (one == number && py.PyErr_Occurred() == nullptr) return value;
    py.PyErr_Clear();
  }
  return nullptr;
}

Ref Path::item_of_number(Object* object) {
  const bool is_negative = next() == '-';
  if (is_negative) ++at_;
  constexpr std::uint64_t most = 1'000'000'000'000;
  std::uint64_t digits = 0;
  const auto start = at_;
  for (; next() >= '0' && next() <= '9' && digits < most; ++at_) {
    digits = digits * 10 + static_cast<std::uint64_t>(next() - '0');
  }
  if (at_ == start) return Ref();
  const Kind kind = kind_of(object);
  const long number = is_negative ? -static_cast<long>(digits) : static_cast<long>(digits);
  if (kind == Kind::dict) return Ref::to(item_numbered(object, number));
  if (kind != Kind::list && kind != Kind::tuple) return Ref();
  const long length = length_of(object);
  const long index = number < 0 ? number + length : number;
  if (index < 0 || index >= length) return Ref();
  if (kind == Kind::tuple) return Ref::to(py.PyTuple_GetItem(object, index));
  return Ref::to(reinterpret_cast<const python::List*>(object)->items[index]);
}

}  // namespace

Ref find_path(wire::TextView path, Text& why) {
  return Path(path, why).find();
}

}  // namespace mprofpp::agent::objects
