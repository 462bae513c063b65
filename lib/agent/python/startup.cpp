#include "python/startup.hpp"

#include <errno.h>
#include <string.h>

#include "core/process.hpp"
#include "mprofpp/wire/names.hpp"
#include "python/audit_hook.hpp"
#include "python/code_copies.hpp"
#include "python/debugging.hpp"
#include "python/embedded_library.hpp"
#include "python/execution_context.hpp"
#include "python/hooks.hpp"
#include "python/line_tracing.hpp"
#include "python/lines.hpp"
#include "python/memory_profiler.hpp"
#include "python/package.hpp"
#include "python/profile.hpp"
#include "python/selection.hpp"

/// An audit hook can be added before there is an interpreter, and it is called when the program's own
/// code is about to run. Then `profile` is put where programs look for it. Nothing else in the program
/// is touched: no file is written, and no path or variable is changed.

namespace mprofpp::agent::python {
namespace {

constinit bool is_awaited = false;
constinit bool is_started = false;
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

/// Returns true if the interpreter has finished its own preparations.
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

/// Returns true if the program embeds Python. The preparations of such a program end with the import
/// of sitecustomize, and what it does then need not raise an event.
bool is_embedded() {
  return !begins_with(program_invocation_short_name, "python");
}

/// Returns true if the program's own code is about to run. There is no event for that in a program
/// that embeds Python.
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
  prepare_lines();
  if (is_tracing()) listen();
}

/// Returns true if the event came from the interpreter that we have prepared.
bool is_home() {
  return profile != nullptr && py.current_interpreter() == home;
}

void notice_import(Object* arguments) {
  const char* const name = imported_name(arguments);
  if (begins_with(name, "greenlet")) expect_greenlets();
  if (is(name, "memory_profiler") && is_home()) prepare_for_memory_profiler(profile);
}

/// The program may be memory_profiler itself, which runs a script: python -m memory_profiler x.py. Or it
/// is our package, which does that too.
void notice_program(Object* arguments) {
  if (py.PyTuple_Size(arguments) == 0) return;
  const auto what = text_of(py.PyTuple_GetItem(arguments, 0));
  if (strstr(what.bytes, "memory_profiler") != nullptr) expect_memory_profiler();
  prepare_for_module(what.bytes);
}

bool is_of_code(Object* arguments) {
  return is(text_of(py.PyTuple_GetItem(arguments, 1)).bytes, "__code__");
}

/// Is called when the program makes a function from code. The next two are called when it gives a
/// function other code and when it reads a function's code.
void notice_new_function(Object* arguments) {
  if (is_home()) notice_copy(py.PyTuple_GetItem(arguments, 0));
}

void notice_set_attribute(Object* arguments) {
  if (!is_home() || !is_of_code(arguments)) return;
  Object* const value = py.PyTuple_GetItem(arguments, 2);
  if (is_code(value)) notice_copy(value);  // else the program is about to get a TypeError
}

void notice_read_attribute(Object* arguments) {
  if (!expects_memory_profiler() || !is_home() || !is_of_code(arguments)) return;
  notice_reader_of_code(py.PyTuple_GetItem(arguments, 0));
}

void notice_tracer() {
  constexpr int loses_instructions = 313;
  const bool is_monitoring = way_of_listening() == Way::monitoring;
  if (py.version < has_monitoring && is_home()) make_way_for_their_tracing();
  if (is_monitoring && py.version >= loses_instructions && is_home()) prepare_for_tracer();
}

int when_audited(const char* event, Object* arguments, void*) {
  if (event[0] == 'c' && is(event, "cpython._PySys_ClearAuditHooks")) {
    prepare_for_end_of_hooks();
    return 0;
  }
  if (!is_started && begins_program(event, arguments)) start();
  if (!is_started) return 0;
  if (event[0] == 'c' && begins_with(event, "cpython.run_")) notice_program(arguments);
  if (event[0] == 'i' && is(event, "import")) notice_import(arguments);
  if (event[0] == 's' && is(event, "sys.settrace")) notice_tracer();
  if (event[0] == 'f' && is(event, "function.__new__")) notice_new_function(arguments);
  if (event[0] == 'o' && is(event, "object.__setattr__")) notice_set_attribute(arguments);
  if (event[0] == 'o' && is(event, "object.__getattr__")) notice_read_attribute(arguments);
  return 0;
}

void await(AddAuditHook* add) {
  if (add != nullptr && py.find()) is_awaited = add_audit_hook(add, when_audited);
}

}  // namespace

void await_interpreter() {
  await(adder_of_program());
  if (!is_awaited && !is_embedded()) process().leave_note(wire::unknown_python_note);
}

void await_embedded_interpreter(const void* code) {
  constexpr char name[] = "PySys_AddAuditHook";
  if (is_awaited || !keep_embedded_library(code, name)) return;
  look_in_object_at(code);
  await(symbol<AddAuditHook>(name));
}

}  // namespace mprofpp::agent::python
