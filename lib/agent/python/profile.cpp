#include "python/profile.hpp"

#include "core/environment.hpp"
#include "python/activations.hpp"
#include "python/functions.hpp"
#include "python/hooks.hpp"
#include "python/lines.hpp"
#include "python/package.hpp"

namespace mprofpp::agent::python {
namespace {

/// The data of a block, which follows the part of the object that is Python's own.
struct Block {
  Object* name;
  Owner owner;
};

constinit Object* type_of_blocks = nullptr;
constinit long size_of_object = 0;

Block& block(Object* self) {
  return *reinterpret_cast<Block*>(reinterpret_cast<char*>(self) + size_of_object);
}

Object* enter_block(Object* self, Object*) {
  block(self).owner = can_mark() ? begin_block(text_of(block(self).name)) : 0;
  return none();
}

Object* exit_block(Object* self, Object* arguments) {
  const bool is_raised = py.PyTuple_GetItem(arguments, 0) != py.none;
  py.PyErr_Clear();
  end_block(block(self).owner, is_raised ? wire::raised : 0);
  block(self).owner = 0;
  return none();
}

void delete_block(Object* self) {
  const Ref type(py.PyObject_Type(self));
  if (Object* const name = block(self).name; name != nullptr) py.Py_DecRef(name);
  reinterpret_cast<Free*>(py.PyType_GetSlot(type.get(), type_slot::free))(self);
  py.Py_DecRef(type.get());  // every object of such a type holds a reference to it
}

const Method block_methods[] = {
    {"__enter__", reinterpret_cast<void*>(enter_block), takes::nothing, nullptr},
    {"__exit__", reinterpret_cast<void*>(exit_block), takes::positional, nullptr},
    {nullptr, nullptr, 0, nullptr}};
const Slot block_slots[] = {{type_slot::deallocate, reinterpret_cast<void*>(delete_block)},
                            {type_slot::methods, block_methods},
                            {0, nullptr}};

/// Returns an argument that was passed by position or by name: a borrowed reference, null if it was
/// not passed.
Object* argument(Object* arguments, Object* keywords, const char* name) {
  if (py.PyTuple_Size(arguments) > 0) return py.PyTuple_GetItem(arguments, 0);
  return keywords == nullptr ? nullptr : py.PyDict_GetItemString(keywords, name);
}

Object* timestamp(Object*, Object* arguments, Object* keywords) {
  Object* const given = argument(arguments, keywords, "name");
  Ref name = given == nullptr ? Ref(py.PyUnicode_FromString("<block>")) : Ref::to(given);
  if (!name) return nullptr;
  Object* const made = py.PyObject_CallObject(type_of_blocks, nullptr);
  if (made != nullptr) block(made) = {name.release(), 0};
  return made;
}

/// Returns the decimals that the caller wants in a table of lines; no_precision if it does not say.
int precision_in(Object* arguments, Object* keywords) {
  constexpr Size place = 2;
  Object* const given = py.PyTuple_Size(arguments) > place ? py.PyTuple_GetItem(arguments, place)
                        : keywords != nullptr ? py.PyDict_GetItemString(keywords, "precision")
                                              : nullptr;
  const KeepException keep_exception;
  const long precision = given == nullptr ? no_precision : py.PyLong_AsLong(given);
  constexpr long most = 20;
  return precision < 0 || precision > most ? no_precision : static_cast<int>(precision);
}

Object* mark_callable(Object* function, int precision) {
  if (py.PyCallable_Check(function) == 0 && !attribute(function, "__func__")) {
    py.PyErr_SetString(*py.value_error, "Value must be callable");
    return nullptr;
  }
  return mark_function(function, precision).release();
}

/// The decorator that profile(precision=4) returns; `self` is the precision.
Object* call_with_precision(Object* self, Object* function) {
  return mark_callable(function, static_cast<int>(py.PyLong_AsLong(self)));
}
const Method precise_profile{"profile", reinterpret_cast<void*>(call_with_precision), takes::one,
                             nullptr};

Object* call_profile(Object* self, Object* arguments, Object* keywords) {
  Object* const function = argument(arguments, keywords, "func");
  const int precision = precision_in(arguments, keywords);
  if (function != nullptr && function != py.none) return mark_callable(function, precision);
  if (precision != no_precision && environment().wants_lines()) {
    const Ref number(py.PyLong_FromLong(precision));
    return number ? py.PyCFunction_NewEx(&precise_profile, number.get(), nullptr) : nullptr;
  }
  py.Py_IncRef(self);  // profile(precision=4) is a decorator as well
  return self;
}

Object* call_mark(Object*, Object* text) {
  if (can_mark()) mark_moment(text_of(text));
  return none();
}

// memory_profiler's `profile` is also a switch, for programs that trace only a part of their run. Here every
// call of a decorated function counts, so the switch has no effect.

Object* enter(Object* self, Object*) {
  py.Py_IncRef(self);
  return self;
}

Object* do_nothing(Object*, Object*) {
  return none();
}

/// A pickle of `profile` contains its name only, like that of a function.
Object* call_reduce(Object*, Object*) {
  return py.PyUnicode_FromString("profile");
}

/// Returns the signature that inspect.signature() reports for `profile`.
Object* signature(Object*, void*) {
  const Ref globals(py.PyDict_New());
  if (!globals) return nullptr;
  return py.PyRun_String(
      "__import__('inspect').signature(lambda func=None, stream=None, precision=1: None)",
      grammar::expression, globals.get(), globals.get());
}

const Method timestamp_method{"timestamp", reinterpret_cast<void*>(timestamp),
                              takes::positional | takes::with_keywords,
                              "A context manager that marks a block of code under a name."};
const Method mark_method{"mark", reinterpret_cast<void*>(call_mark), takes::one,
                         "Marks this moment with a text."};
const Method reduce_method{"__reduce__", reinterpret_cast<void*>(call_reduce), takes::nothing,
                           nullptr};
/// If the package is installed, pytest finds its plugin and warns that the module has been imported before
/// pytest could change it, unless the module declares that it must not be changed.
const char module_help[] = "Marks for mprofpp, which records this program. (PYTEST_DONT_REWRITE)";
const Method profile_methods[] = {
    timestamp_method,
    reduce_method,
    {"__enter__", reinterpret_cast<void*>(enter), takes::nothing, nullptr},
    {"__exit__", reinterpret_cast<void*>(do_nothing), takes::positional, nullptr},
    {"enable_by_count", reinterpret_cast<void*>(do_nothing), takes::nothing, nullptr},
    {"disable_by_count", reinterpret_cast<void*>(do_nothing), takes::nothing, nullptr},
    {nullptr, nullptr, 0, nullptr}};
const Property profile_properties[] = {
    {"__signature__", reinterpret_cast<void*>(signature), nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};
const char profile_help[] = "Marks the calls of a function for mprofpp.";
const Slot profile_slots[] = {{type_slot::call, reinterpret_cast<void*>(call_profile)},
                              {type_slot::help, profile_help},
                              {type_slot::methods, profile_methods},
                              {type_slot::properties, profile_properties},
                              {0, nullptr}};

bool make_type_of_blocks() {
  size_of_object = size_of_plain_object();
  if (size_of_object <= 0) return false;
  TypeSpec spec{"mprofpp.timestamp", static_cast<int>(size_of_object + long{sizeof(Block)}), 0,
                type_flag::by_default, block_slots};
  type_of_blocks = py.PyType_FromSpec(&spec);
  return type_of_blocks != nullptr;
}

void set(Object* module, const char* name, const Ref& value) {
  if (value) py.PyObject_SetAttrString(module, name, value.get());
}

}  // namespace

Ref make_profile() {
  if (!make_type_of_blocks()) return Ref();
  TypeSpec spec{"mprofpp.profile", 0, 0, type_flag::by_default, profile_slots};
  const Ref type(py.PyType_FromSpec(&spec));
  return type ? Ref(py.PyObject_CallObject(type.get(), nullptr)) : Ref();
}

Ref make_module(Object* profile) {
  Ref module(py.PyModule_New("mprofpp"));
  if (!module) return module;
  set(module.get(), "profile", Ref::to(profile));
  set(module.get(), "timestamp", Ref(py.PyCFunction_NewEx(&timestamp_method, nullptr, nullptr)));
  set(module.get(), "mark", Ref(py.PyCFunction_NewEx(&mark_method, nullptr, nullptr)));
  set(module.get(), "__doc__", Ref(py.PyUnicode_FromString(module_help)));
  put_before_package(module.get());
  return module;
}

}  // namespace mprofpp::agent::python
