#include "python/callback.hpp"

namespace mprofpp::agent::python {
namespace {

constinit Object* type_of_callbacks = nullptr;
constinit long place_of_function = 0;

Object* make_type() {
  place_of_function = size_of_plain_object();
  auto* const call_with_tuple = find_symbol("PyVectorcall_Call");
  if (place_of_function <= 0 || call_with_tuple == nullptr) return nullptr;
  const Member members[] = {
      {"__vectorcalloffset__", member::of_size, place_of_function, member::read_only, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  const Slot slots[] = {
      {type_slot::call, call_with_tuple}, {type_slot::members, members}, {0, nullptr}};
  TypeSpec spec{"mprofpp.callback", static_cast<int>(place_of_function + long{sizeof(void*)}), 0,
                type_flag::by_default | type_flag::has_vectorcall, slots};
  return py.PyType_FromSpec(&spec);
}

}  // namespace

Ref make_callback(Vectorcall* function) {
  if (type_of_callbacks == nullptr) type_of_callbacks = make_type();
  if (type_of_callbacks == nullptr) return Ref();
  Ref callback(py.PyObject_CallObject(type_of_callbacks, nullptr));
  if (!callback) return callback;
  auto* const memory = reinterpret_cast<char*>(callback.get()) + place_of_function;
  *reinterpret_cast<Vectorcall**>(memory) = function;
  return callback;
}

}  // namespace mprofpp::agent::python
