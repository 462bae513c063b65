#include "python/api.hpp"

#include <string.h>

#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"

namespace mprofpp::agent::python {

constinit Functions py{};

namespace {

constexpr bool required = true;
constexpr bool optional = false;

constinit const void* place = nullptr;  ///< within the only object to search; null for all

template <class T>
bool find_one(T*& target, const char* name, bool is_required) {
  return find_symbol(target, name) || !is_required;
}

template <class T>
bool find_either(T*& target, const char* name, const char* old_name) {
  return find_one(target, name, required) || find_one(target, old_name, required);
}

/// The three numbers of a text such as "3.11.2 (main, …".
struct Version {
  std::uint64_t parts[3];
};
Version version_in(const char* text) {
  Version version{};
  for (auto& part : version.parts) {
    const Number number = number_at(text);
    part = number.value;
    if (*number.end != '.') break;
    text = number.end + 1;
  }
  return version;
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
  const auto [major, minor, micro] = version_in(Py_GetVersion()).parts;
  version = static_cast<int>(major * 100 + minor);
  micro_version = static_cast<int>(micro);
  is_free_threaded = strstr(Py_GetVersion(), "free-threading") != nullptr;
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
