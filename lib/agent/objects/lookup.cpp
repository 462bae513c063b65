#include "objects/lookup.hpp"

#include <string.h>

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

using Lookup = Object*(const TypeObject*, Object*);
using Get = Object*(Object*, void*);

struct Symbols {
  bool is_known;
  Lookup* lookup;
  const TypeObject* type_of_methods;
  const TypeObject* type_of_properties;
  const TypeObject* type_of_types;
  const TypeObject* type_of_texts;
  const TypeObject* type_of_modules;
  const TypeObject* type_of_functions;
};
constinit Symbols symbols{};

const TypeObject* type_called(const char* symbol) {
  return static_cast<const TypeObject*>(python::find_symbol(symbol));
}

void know_symbols() {
  if (symbols.is_known) return;
  symbols = {true,
             python::symbol<Lookup>("_PyType_Lookup"),
             type_called("PyMethodDescr_Type"),
             type_called("PyGetSetDescr_Type"),
             type_called("PyType_Type"),
             type_called("PyUnicode_Type"),
             type_called("PyModule_Type"),
             type_called("PyCFunction_Type")};
}

constexpr const char* texts_of_names[number_of_names] = {"__sizeof__", "__module__",
                                                         "__qualname__"};
constinit Object* kept_names[number_of_names] = {};

Object* object_of(Name name) {
  Object*& kept = kept_names[static_cast<int>(name)];
  if (kept == nullptr) kept = py.PyUnicode_FromString(texts_of_names[static_cast<int>(name)]);
  return kept;
}

/// How a method takes its arguments that is passed its class too.
constexpr int takes_class =
    python::takes::with_class | python::takes::as_array | python::takes::with_keywords;

bool has_type(Object* object, const TypeObject* type) {
  return type != nullptr && &type_of(object) == type;
}

}  // namespace

Object* found_in_type(const TypeObject& type, Name name) {
  know_symbols();
  return found_in_type(type, object_of(name));
}

void forget_names() {
  for (Object*& name : kept_names) {
    if (name != nullptr) py.Py_DecRef(name);
    name = nullptr;
  }
}

Ref call_builtin(const char* module, const char* name) {
  know_symbols();
  const Ref from = python::imported(module);
  if (!from || !has_type(from.get(), symbols.type_of_modules)) return Ref();
  const Ref function = python::attribute(from.get(), name);
  if (!function || !has_type(function.get(), symbols.type_of_functions)) return Ref();
  Ref result(py.PyObject_CallObject(function.get(), nullptr));
  if (!result) py.PyErr_Clear();
  return result;
}

Object* found_in_type(const TypeObject& type, Object* name) {
  know_symbols();
  return symbols.lookup == nullptr || name == nullptr ? nullptr : symbols.lookup(&type, name);
}

const python::Method* method_in(Object* descriptor) {
  know_symbols();
  if (!has_type(descriptor, symbols.type_of_methods)) return nullptr;
  return reinterpret_cast<const python::MethodDescriptor*>(descriptor)->method;
}

const TypeObject& owner_of(Object* descriptor) {
  constexpr int place_of_owner = 2;
  const auto* const words = reinterpret_cast<const TypeObject* const*>(descriptor);
  return *words[place_of_owner];
}

bool can_call(const python::Method& method) {
  return method.flags == python::takes::nothing || method.flags == takes_class;
}

Object* call_method(Object* object, Object* descriptor) {
  using Plain = Object*(Object * itself, Object * nothing);
  using WithClass = Object*(Object * itself, const TypeObject* owner, Object* const* arguments,
                            Size count, Object* names);
  const auto& method = *method_in(descriptor);
  if (method.flags == python::takes::nothing) {
    return reinterpret_cast<Plain*>(method.function)(object, nullptr);
  }
  return reinterpret_cast<WithClass*>(method.function)(object, &owner_of(descriptor), nullptr, 0,
                                                       nullptr);
}

Object* property_of_type(const TypeObject& type, Name name) {
  know_symbols();
  if (symbols.type_of_types == nullptr) return nullptr;
  Object* const descriptor = found_in_type(*symbols.type_of_types, name);
  if (descriptor == nullptr || !has_type(descriptor, symbols.type_of_properties)) return nullptr;
  const auto& property = *reinterpret_cast<const python::PropertyDescriptor*>(descriptor)->property;
  Object* const value = property.get == nullptr
                            ? nullptr
                            : reinterpret_cast<Get*>(property.get)(as_object(type), property.data);
  if (value == nullptr) py.PyErr_Clear();
  return value;
}

bool is_text(Object* object) {
  know_symbols();
  return &type_of(object) == symbols.type_of_texts;
}

wire::TextView text_in(Object* object) {
  if (object == nullptr || !is_text(object)) return {"", 0};
  const auto text = python::text_of(object);
  return text.length > 0 ? text : wire::TextView{"?", 1};  // it has halves of characters
}

void add_name(const TypeObject& type, Text& text) {
  const Ref module(property_of_type(type, Name::module));
  const Ref name(property_of_type(type, Name::qualified_name));
  const auto of_module = text_in(module.get());
  constexpr wire::TextView builtins{"builtins", 8};
  const bool is_builtin = of_module.length == builtins.length &&
                          memcmp(of_module.bytes, builtins.bytes, builtins.length) == 0;
  if (of_module.length > 0 && !is_builtin) text.add_cut(of_module).add(".");
  text.add_cut(text_in(name.get()));
}

}  // namespace mprofpp::agent::objects
