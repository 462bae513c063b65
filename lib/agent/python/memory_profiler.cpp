#include "python/memory_profiler.hpp"

#include <string.h>

#include "core/environment.hpp"
#include "mprofpp/wire/names.hpp"
#include "python/functions.hpp"

namespace mprofpp::agent::python {
namespace {

constinit bool is_expected = false;
constinit bool is_importing = false;

/// Clears the exception that was raised. Returns true if it says that there is no such module, and
/// not that the module is broken.
bool is_missing(const char* module) {
  Object *type, *error, *traceback;
  py.PyErr_Fetch(&type, &error, &traceback);
  py.PyErr_NormalizeException(&type, &error, &traceback);
  const Ref owned[] = {Ref(type), Ref(error), Ref(traceback)};
  const Ref name = error == nullptr ? Ref() : attribute(error, "name");
  return strcmp(text_of(name.get()).bytes, module) == 0;
}

Ref import_real() {
  is_importing = true;
  Ref module(py.PyImport_ImportModule("memory_profiler"));
  is_importing = false;
  return module;
}

void put_in_its_place(Object* profile) {
  const Ref module(py.PyModule_New("memory_profiler"));
  if (!module) return;
  py.PyObject_SetAttrString(module.get(), "profile", profile);
  py.PyDict_SetItemString(py.PyImport_GetModuleDict(), "memory_profiler", module.get());
}

bool is_its_code(Object* globals) {
  constexpr char file[] = "memory_profiler.py";
  constexpr auto length = sizeof file - 1;
  Object* const found = globals == nullptr ? nullptr : py.PyDict_GetItemString(globals, "__file__");
  const auto path = text_of(found);
  return path.length >= length && strcmp(path.bytes + path.length - length, file) == 0;
}

}  // namespace

void expect_memory_profiler() {
  is_expected = true;
}

bool expects_memory_profiler() {
  return is_expected;
}

/// A broken memory_profiler is left for the program to find.
void prepare_for_memory_profiler(Object* profile) {
  if (is_importing) return;
  const KeepException keep_exception;
  if (const Ref real = import_real()) {
    if (environment().wants_lines(wire::replace_word)) {
      py.PyObject_SetAttrString(real.get(), "profile", profile);
    }
    return expect_memory_profiler();
  }
  if (is_missing("memory_profiler")) put_in_its_place(profile);
}

void notice_reader_of_code(Object* function) {
  const KeepException keep_exception;
  if (is_its_code(py.PyEval_GetGlobals())) mark_by_code(function);
}

}  // namespace mprofpp::agent::python
