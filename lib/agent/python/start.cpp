#include "python/start.hpp"

#include <errno.h>
#include <string.h>

#include "mprofpp/wire/names.hpp"
#include "note.hpp"
#include "process.hpp"
#include "python/audit_hook.hpp"
#include "python/debugging.hpp"
#include "python/hooks.hpp"
#include "python/late_library.hpp"
#include "python/profile.hpp"
#include "python/selection.hpp"
#include "python/where.hpp"

/// An audit hook may be there before the interpreter is, and is told when the program's own code is
/// about to run: then `profile` is put where programs look for it. Nothing else of the program is
/// touched; no file is written, no path and no variable changed.

namespace mprofpp::agent::python {
namespace {

constinit bool is_awaited = false;
constinit bool is_started = false;
constinit bool is_importing = false;
constinit Object* profile = nullptr;
constinit Interpreter* home = nullptr;  ///< the one that `profile` belongs to

bool begins_with(const char* text, const char* beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

bool is(const char* text, const char* other) {
  return strcmp(text, other) == 0;
}

bool leaves_out_site() {
  const Ref flags = attribute(imported("sys").get(), "flags");
  const Ref no_site = flags ? attribute(flags.get(), "no_site") : Ref();
  return !no_site || py.PyObject_IsTrue(no_site.get()) != 0;
}

/// The interpreter's own preparations are over.
bool is_site_done() {
  const Ref site = imported("site");
  if (!site) return leaves_out_site();
  const Ref spec = attribute(site.get(), "__spec__");
  const Ref initializing = spec ? attribute(spec.get(), "_initializing") : Ref();
  return !initializing || py.PyObject_IsTrue(initializing.get()) == 0;
}

const char* imported_name(Object* arguments) {
  return text_of(py.PyTuple_GetItem(arguments, 0)).bytes;
}

/// Their preparations end with the import of sitecustomize; what they do then need not be told.
bool is_embedded() {
  return !begins_with(program_invocation_short_name, "python");
}

/// A program in which Python is embedded never says that it runs something, it just does.
bool begins_program(const char* event, Object* arguments) {
  if (begins_with(event, "cpython.run_")) return true;
  const bool is_import = is(event, "import");
  if (!is_import && !is(event, "exec")) return false;
  if (py.Py_IsInitialized() == 0) return false;
  const KeepException keep_exception;
  const bool is_last = is_import && is(imported_name(arguments), "sitecustomize") && is_embedded();
  return is_last || is_site_done();
}

void put(const char* module, const char* name, Object* value) {
  const Ref target = imported(module);
  if (target && value != nullptr) py.PyObject_SetAttrString(target.get(), name, value);
}

void start() {
  is_started = true;
  home = py.current_interpreter();
  const KeepException keep_exception;
  profile = make_profile().release();
  if (profile == nullptr) return;
  put("builtins", "profile", profile);
  const Ref module = make_module(profile);
  if (module) py.PyDict_SetItemString(py.PyImport_GetModuleDict(), "mprofpp", module.get());
  if (!process().is_recorded()) return;
  read_patterns();
  if (is_tracing()) listen();
}

/// Whether what was raised says that there is no such module, and not that it is broken.
bool is_missing(const char* module) {
  Object *type, *error, *traceback;
  py.PyErr_Fetch(&type, &error, &traceback);
  py.PyErr_NormalizeException(&type, &error, &traceback);
  const Ref owned[] = {Ref(type), Ref(error), Ref(traceback)};
  const Ref name = error == nullptr ? Ref() : attribute(error, "name");
  return strcmp(text_of(name.get()).bytes, module) == 0;
}

/// The real one is imported, if it is there, and gets our `profile`; else there is one that has
/// nothing but that. A broken one is left to the program.
void import_memory_profiler() {
  const KeepException keep_exception;
  is_importing = true;
  Ref module(py.PyImport_ImportModule("memory_profiler"));
  is_importing = false;
  if (!module && is_missing("memory_profiler")) {
    module = Ref(py.PyModule_New("memory_profiler"));
    py.PyDict_SetItemString(py.PyImport_GetModuleDict(), "memory_profiler", module.get());
  }
  if (module) py.PyObject_SetAttrString(module.get(), "profile", profile);
}

/// Whether the event came from the interpreter that we know.
bool is_home() {
  return profile != nullptr && py.current_interpreter() == home;
}

void notice_import(Object* arguments) {
  const char* const name = imported_name(arguments);
  if (begins_with(name, "greenlet")) expect_greenlets();
  const bool is_it = !is_importing && is(name, "memory_profiler");
  if (is_it && is_home()) import_memory_profiler();
}

void notice_tracer() {
  constexpr int loses_instructions = 313;
  const bool is_monitoring = way_of_listening() == Way::monitoring;
  if (is_monitoring && py.version >= loses_instructions && is_home()) prepare_for_tracer();
}

int when_audited(const char* event, Object* arguments, void*) {
  if (event[0] == 'c' && is(event, "cpython._PySys_ClearAuditHooks")) {
    prepare_for_end_of_hooks();
    return 0;
  }
  if (!is_started && begins_program(event, arguments)) start();
  if (is_started && event[0] == 'i' && is(event, "import")) notice_import(arguments);
  if (is_started && event[0] == 's' && is(event, "sys.settrace")) notice_tracer();
  return 0;
}

void await(AddAuditHook* add) {
  if (add != nullptr && py.find()) is_awaited = add_audit_hook(add, when_audited);
}

}  // namespace

void await_interpreter() {
  await(adder_of_program());
  if (!is_awaited && !is_embedded()) leave_note(wire::unknown_python_note);
}

void await_late_interpreter(const void* code) {
  constexpr char name[] = "PySys_AddAuditHook";
  if (is_awaited || !keep_late_library(code, name)) return;
  look_in_object_at(code);
  await(reinterpret_cast<AddAuditHook*>(find_symbol(name)));
}

}  // namespace mprofpp::agent::python
