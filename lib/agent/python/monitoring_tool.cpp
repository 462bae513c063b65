#include "python/monitoring_tool.hpp"

#include <initializer_list>

namespace mprofpp::agent::python {
namespace {

struct Named {
  const char* name;
  int Events::*bit;
};
constexpr Named named_events[] = {{"PY_START", &Events::py_start},
                                  {"PY_RESUME", &Events::py_resume},
                                  {"PY_RETURN", &Events::py_return},
                                  {"PY_YIELD", &Events::py_yield},
                                  {"PY_UNWIND", &Events::py_unwind},
                                  {"PY_THROW", &Events::py_throw},
                                  {"INSTRUCTION", &Events::instruction},
                                  {"LINE", &Events::line},
                                  {"JUMP", &Events::jump}};

bool is_bit(long number) {
  return number > 0 && (number & (number - 1)) == 0;
}

/// Returns true if a call has succeeded; otherwise discards its exception.
bool succeeds(const Ref& answer) {
  if (answer) return true;
  py.PyErr_Clear();
  return false;
}

}  // namespace

Refusal MonitoringTool::take() {
  const Ref sys = imported("sys");
  monitoring_ = attribute(sys.get(), "monitoring").release();
  if (monitoring_ == nullptr || !read_events()) return Refusal::unfit;
  disable_ = attribute(monitoring_, "DISABLE").release();
  if (disable_ == nullptr) return Refusal::unfit;
  return take_id() ? Refusal::none : Refusal::no_tool_left;
}

void MonitoringTool::give_back() {
  set_events(0);
  for (const auto& [name, bit] : named_events) {
    succeeds(Ref(py.PyObject_CallMethod(monitoring_, "register_callback", "iiO", id_, events_.*bit,
                                        py.none)));
  }
  succeeds(Ref(py.PyObject_CallMethod(monitoring_, "free_tool_id", "i", id_)));
  py.Py_DecRef(disable_);
  py.Py_DecRef(monitoring_);
  *this = MonitoringTool();
}

bool MonitoringTool::read_events() {
  const Ref numbers = attribute(monitoring_, "events");
  if (!numbers) return false;
  long all = 0;
  for (const auto& [name, bit] : named_events) {
    const Ref number = attribute(numbers.get(), name);
    const long event = number ? py.PyLong_AsLong(number.get()) : 0;
    if (!is_bit(event) || (all & event) != 0) return false;
    all |= event;
    events_.*bit = static_cast<int>(event);
  }
  return true;
}

/// Tries first the tool that PEP 669 names after an optimizer and that no program uses, so that the
/// tools for general use are left to the program.
bool MonitoringTool::take_id() {
  for (const int id : {5, 4, 3}) {
    if (!succeeds(Ref(py.PyObject_CallMethod(monitoring_, "use_tool_id", "is", id, "mprofpp")))) {
      continue;
    }
    id_ = id;
    return true;
  }
  return false;
}

bool MonitoringTool::set_callback(int event, Vectorcall* function) const {
  const Ref callback = make_callback(function);
  return callback && succeeds(Ref(py.PyObject_CallMethod(monitoring_, "register_callback", "iiO",
                                                         id_, event, callback.get())));
}

bool MonitoringTool::set_events(int events) {
  if (!succeeds(Ref(py.PyObject_CallMethod(monitoring_, "set_events", "ii", id_, events)))) {
    return false;
  }
  everywhere_ = events;
  return true;
}

/// Since 3.15 exceptions can be requested of single code objects. That is better: no other code
/// becomes slower, and 3.15.2 crashes when an exception leaves invalid bytecode while exceptions are
/// reported of all code.
bool MonitoringTool::watch(Object* code, int events) {
  const int exceptions = events_.py_unwind | events_.py_throw;
  const bool are_everywhere = (everywhere_ & exceptions) != 0;
  if (!are_everywhere && set_local_events(code, events | exceptions)) return true;
  if (!set_local_events(code, events)) return false;
  return are_everywhere || set_events(everywhere_ | exceptions);
}

bool MonitoringTool::set_local_events(Object* code, int events) const {
  return succeeds(
      Ref(py.PyObject_CallMethod(monitoring_, "set_local_events", "iOi", id_, code, events)));
}

int MonitoringTool::local_events(Object* code) const {
  const Ref answer(py.PyObject_CallMethod(monitoring_, "get_local_events", "iO", id_, code));
  return succeeds(answer) ? static_cast<int>(py.PyLong_AsLong(answer.get())) : 0;
}

void MonitoringTool::restart_events() const {
  succeeds(Ref(py.PyObject_CallMethod(monitoring_, "restart_events", "")));
}

}  // namespace mprofpp::agent::python
