#include "python/monitoring_check.hpp"

#include <string.h>

namespace mprofpp::agent::python {
namespace {

/// The probe: a call that returns, one that is left by an exception, one that handles it, and a
/// generator that is resumed, thrown into and closed.
constexpr char source[] = R"(
def numbers():
    try:
        yield
        yield
    except KeyError:
        yield
def fails():
    raise KeyError
def handles():
    try:
        fails()
    except KeyError:
        pass
def probe():
    handles()
    generator = numbers()
    next(generator)
    next(generator)
    generator.throw(KeyError)
    generator.close()
)";
constexpr const char* functions[] = {"numbers", "fails", "handles", "probe"};
/// Each event is written as the initial of its function and a letter of its own: Start, rEsume,
/// Return, Yield, Unwind, Throw.
constexpr char expected[] = "pS hS fS fU hR nS nY nE nY nT nY nT nU pR ";

/// The events that are reported while the probe runs.
struct Story {
  Object* codes[4] = {};
  char text[64] = {};
  std::size_t length = 0;

  void add(const Object* code, char event) {
    for (std::size_t i = 0; i < 4; ++i) {
      if (codes[i] != code || length + 3 >= sizeof text) continue;
      text[length++] = functions[i][0];
      text[length++] = event;
      text[length++] = ' ';
    }
  }
};
constinit Story story;

template <char event>
Object* note(Object*, Object* const* arguments, std::size_t, Object*) {
  story.add(arguments[0], event);
  return none();
}

bool note_events(const MonitoringTool& tool) {
  const auto& events = tool.events();
  return tool.set_callback(events.py_start, note<'S'>) &&
         tool.set_callback(events.py_resume, note<'E'>) &&
         tool.set_callback(events.py_return, note<'R'>) &&
         tool.set_callback(events.py_yield, note<'Y'>) &&
         tool.set_callback(events.py_unwind, note<'U'>) &&
         tool.set_callback(events.py_throw, note<'T'>);
}

/// Requests the events of the probe's functions. Returns false if that fails for one of them.
bool watch_functions(MonitoringTool& tool, Object* globals) {
  const auto& events = tool.events();
  const int inside = events.py_start | events.py_resume | events.py_return | events.py_yield;
  for (std::size_t i = 0; i < 4; ++i) {
    Object* const function = py.PyDict_GetItemString(globals, functions[i]);
    Object* const code = function == nullptr ? nullptr : py.PyFunction_GetCode(function);
    if (code == nullptr || !tool.watch(code, inside)) return false;
    story.codes[i] = code;
  }
  return true;
}

bool run_probe(MonitoringTool& tool) {
  const Ref globals(py.PyDict_New());
  if (!globals ||
      !Ref(py.PyRun_String(source, grammar::file_input, globals.get(), globals.get()))) {
    return false;
  }
  if (!watch_functions(tool, globals.get())) return false;
  Object* const probe = py.PyDict_GetItemString(globals.get(), "probe");
  return static_cast<bool>(Ref(py.PyObject_CallObject(probe, nullptr)));
}

}  // namespace

bool reports_as_expected(MonitoringTool& tool) {
  const bool has_run = note_events(tool) && run_probe(tool);
  return tool.set_events(0) && has_run && strcmp(story.text, expected) == 0;
}

}  // namespace mprofpp::agent::python
