#include "python/legacy_qualnames.hpp"

namespace mprofpp::agent::python {
namespace {

/// Goes through the instructions of 3.6 to 3.10, which have two bytes each. An argument that is too
/// large for one byte is continued in prefixes before the instruction.
struct Instructions {
  const unsigned char* at;
  const unsigned char* end;
  unsigned char operation = 0;
  unsigned argument = 0;

  bool next() {
    argument = 0;
    while (at + 1 < end) {
      operation = at[0];
      argument = argument << 8 | at[1];
      at += 2;
      if (operation != opcode::extended_arg) return true;
    }
    return false;
  }
};

Object* constant(Object* constants, unsigned number) {
  Object* object = py.PyTuple_GetItem(constants, static_cast<Size>(number));
  if (object == nullptr) py.PyErr_Clear();
  return object;
}

}  // namespace

/// A function is made from its code and its name: two constants that are loaded in a row.
void visit_nested(Object* code, NestedVisit* visit, void* data) {
  if (py.version >= has_qualified_name) return;
  const Ref bytes = attribute(code, "co_code");
  const Ref constants = attribute(code, "co_consts");
  if (!bytes || !constants) return;
  const auto* first = reinterpret_cast<unsigned char*>(py.PyBytes_AsString(bytes.get()));
  Instructions instructions{first, first + py.PyBytes_Size(bytes.get())};
  Object* made = nullptr;
  while (instructions.next()) {
    Object* loaded = instructions.operation == opcode::load_const
                         ? constant(constants.get(), instructions.argument)
                         : nullptr;
    if (made != nullptr && loaded != nullptr) visit(data, made, loaded);
    made = loaded != nullptr && is_code(loaded) ? loaded : nullptr;
  }
}

}  // namespace mprofpp::agent::python
