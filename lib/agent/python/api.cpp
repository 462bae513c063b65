#include "python/api.hpp"

#include "loaded_object.hpp"
#include "number.hpp"

namespace mprofpp::agent::python {

constinit Functions py{};

namespace {

constexpr bool required = true;
constexpr bool optional = false;

constinit const void* place = nullptr;  ///< within the one object to look in; null for all

template <class T>
bool find_one(T*& target, const char* name, bool is_required) {
  target = reinterpret_cast<T*>(find_symbol(name));
  return target != nullptr || !is_required;
}

template <class T>
bool find_either(T*& target, const char* name, const char* old_name) {
  return find_one(target, name, required) || find_one(target, old_name, required);
}

/// "3.11.2 (main, …": 311.
int version_of(const char* text) {
  const Number major = number_at(text);
  if (*major.end != '.') return 0;
  return static_cast<int>(major.value * 100 + number_at(major.end + 1).value);
}

}  // namespace

void look_in_object_at(const void* address) {
  place = address;
}

void* find_symbol(const char* name) {
  return place == nullptr ? find_loaded(name) : find_in_object_at(place, name);
}

bool Functions::find() {
#define MPROFPP_FIND(answer, name, arguments, need) \
  if (!find_one(name, #name, need)) return false;
  MPROFPP_PYTHON_FUNCTIONS(MPROFPP_FIND)
#undef MPROFPP_FIND
  version = version_of(Py_GetVersion());
  return find_either(current_interpreter, "PyInterpreterState_Get", "_PyInterpreterState_Get") &&
         find_either(request_code_extra_index, "PyUnstable_Eval_RequestCodeExtraIndex",
                     "_PyEval_RequestCodeExtraIndex") &&
         find_either(get_code_extra, "PyUnstable_Code_GetExtra", "_PyCode_GetExtra") &&
         find_either(set_code_extra, "PyUnstable_Code_SetExtra", "_PyCode_SetExtra") &&
         find_one(none, "_Py_NoneStruct", required) &&
         find_one(type_of_code, "PyCode_Type", required) &&
         find_one(generator_exit, "PyExc_GeneratorExit", required) &&
         find_one(value_error, "PyExc_ValueError", required);
}

}  // namespace mprofpp::agent::python
