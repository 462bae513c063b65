#include "python/lines.hpp"

#include <string.h>

#include "core/agent_call.hpp"
#include "core/environment.hpp"
#include "core/loaded_object.hpp"
#include "python/hooks.hpp"
#include "python/legacy_qualnames.hpp"
#include "python/line_activations.hpp"
#include "python/line_readings.hpp"
#include "python/selection.hpp"

namespace mprofpp::agent::python {
namespace {

constinit bool are_counted = false;
constinit bool is_any_selected = false;
constinit std::size_t length_of_names = 0;
constinit char standard_library[512] = {};  ///< its folder; empty if it is not known

long number_in(Object* code, const char* name) {
  const Ref value = attribute(code, name);
  return value ? py.PyLong_AsLong(value.get()) : 0;
}

/// Code that a pattern or a decorator has selected by itself keeps its own counts.
bool has_own_counts(const Marked& marked) {
  return marked.lines != nullptr && marked.role == LineRole::function;
}

/// Returns the part of a function's name before the name that its code knows; empty if that is not the
/// end of it.
wire::TextView module_in(const char* name, Object* code) {
  const Ref qualified = attribute(code, "co_qualname");
  const auto end = text_of(qualified.get());
  const auto length = strlen(name);
  if (end.length == 0 || end.length >= length) return {"", 0};
  const auto module_length = length - end.length - 1;
  const bool is_end = memcmp(name + module_length + 1, end.bytes, end.length) == 0;
  return {name, is_end ? module_length : 0};
}

void count_nested(Object* code, LineCounts& lines, wire::TextView module) {
  const Ref constants = attribute(code, "co_consts");
  const Size count = constants ? py.PyTuple_Size(constants.get()) : 0;
  for (Size i = 0; i < count; ++i) {
    Object* const nested = py.PyTuple_GetItem(constants.get(), i);
    if (!is_code(nested)) continue;
    if (module.length != 0) decide_within(nested, module);
    Marked* const marked = own_marked_of(nested);
    if (marked == nullptr) continue;
    if (!has_own_counts(*marked)) {
      marked->lines = &lines;
      marked->role = LineRole::nested;
      count_nested(nested, lines, module);
    }
    notice(nested, *marked);
  }
}

/// Finds the folder of the module os, which is in the standard library.
void find_standard_library() {
  const Ref os = imported("os");
  const Ref file = os ? attribute(os.get(), "__file__") : Ref();
  const auto path = text_of(file.get());
  const char* const slash = strrchr(path.bytes, '/');
  if (slash == nullptr) return;
  const auto length = static_cast<std::size_t>(slash + 1 - path.bytes);
  if (length >= sizeof standard_library) return;
  memcpy(standard_library, path.bytes, length);
}

/// Packages that were installed are below the standard library too, in folders of this name.
bool is_of_standard_library(const char* file) {
  const auto length = strlen(standard_library);
  return length != 0 && strncmp(file, standard_library, length) == 0 &&
         strstr(file + length, "-packages/") == nullptr;
}

}  // namespace

void prepare_lines() {
  are_counted = environment().wants_lines();
  if (!are_counted) return;
  touch_own_library();
  prepare_line_readings();
  if (is_looking_for_lines()) find_standard_library();
}

void forget_lines() {
  are_counted = false;
  is_any_selected = false;
  length_of_names = 0;
  end_line_readings();
  forget_line_calls();
}

void count_lines(Object* code, Marked& marked, int precision) {
  if (!are_counted || has_own_counts(marked) || !marked.is_selected) return;
  const KeepException keep_exception;
  const Ref file = attribute(code, "co_filename");
  const auto first_line = static_cast<std::uint32_t>(number_in(code, "co_firstlineno"));
  const char* const name = marked.place.name;
  auto* const lines =
      LineCounts::of({name, strlen(name)}, text_of(file.get()), first_line, precision);
  if (lines == nullptr) return;
  is_any_selected = true;
  marked.lines = lines;
  marked.role = LineRole::function;
  count_nested(code, *lines, module_in(name, code));
}

void note_unwanted(Object* code, const char* name) {
  constexpr std::size_t most = 64 << 10;
  if (!is_looking_for_lines() || is_any_selected || length_of_names > most) return;
  const Ref file = attribute(code, "co_filename");
  // what other modules make from texts is nothing that a user would name
  const bool is_made = text_of(file.get()).bytes[0] == '<' && strncmp(name, "__main__.", 9) != 0;
  if (is_made || is_of_standard_library(text_of(file.get()).bytes)) return;
  const AgentCall agent;
  if (!agent.is_on() || !process().open_lines()) return;
  const auto length = strlen(name);
  length_of_names += length + sizeof(wire::NameBlock);
  process().lines().add_name({name, length});
}

}  // namespace mprofpp::agent::python
