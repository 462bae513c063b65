#include "python/hooks.hpp"

#include "core/process.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "python/activations.hpp"
#include "python/lines.hpp"

namespace mprofpp::agent::python {
namespace {

constinit Way way = Way::undecided;

void note_newer_python() {
  wire::Path name(wire::newer_python_note);
  const auto version = static_cast<unsigned>(py.version);
  name.add_number(version / 100).add('.').add_number(version % 100);
  process().leave_note(name.text());
}

Refusal watch_code() {
  if (!prepare_codes()) return Refusal::unfit;
  return py.version >= has_monitoring ? begin_monitoring() : hook_evaluation();
}

Way begin_to_listen() {
  // everything here relies on the interpreter's lock
  if (py.is_free_threaded) {
    process().leave_note(wire::free_threaded_note);
    return Way::none;
  }
  if (py.version > wire::newest_tested_python) note_newer_python();
  const KeepException keep_exception;
  const auto refusal = watch_code();
  if (refusal == Refusal::unfit) process().leave_note(wire::unfit_python_note);
  if (refusal == Refusal::no_tool_left) process().leave_note(wire::no_tool_note);
  if (refusal != Refusal::none) return Way::wrapping;
  return py.version >= has_monitoring ? Way::monitoring : Way::evaluation;
}

}  // namespace

Way listen() {
  if (way == Way::undecided) way = begin_to_listen();
  return way;
}

Way way_of_listening() {
  return way;
}

void stop_listening() {
  const KeepException keep_exception;
  if (way == Way::monitoring) end_monitoring();
  if (way == Way::evaluation) unhook_evaluation();
  forget_suspended();
  forget_lines();
  way = Way::undecided;
}

bool can_mark() {
  return !py.is_free_threaded || listen() != Way::none;
}

bool watches_code() {
  const Way answer = listen();
  return answer == Way::monitoring || answer == Way::evaluation;
}

void notice(Object* code, Marked& marked) {
  if (way == Way::monitoring) monitor(code, marked);
}

bool is_noticed(Object* code) {
  if (way != Way::monitoring && way != Way::evaluation) return false;
  const Marked* const marked = marked_of(code);
  return marked != nullptr && marked->is_selected;
}

}  // namespace mprofpp::agent::python
