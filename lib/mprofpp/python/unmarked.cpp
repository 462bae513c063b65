#include "mprofpp/python/unmarked.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/python/command.hpp"
#include "mprofpp/python/profile_use.hpp"

namespace mprofpp::python {
namespace {

using Cause = Unmarked::Cause;
using Asked = Unmarked::Asked;

constexpr off_t longest_source = off_t{4} << 20;

std::string placed(const std::string& file, int line) {
  std::string place = file + ":";
  append_integer(place, line);
  return place;
}

std::optional<int> line_in_file(const std::string& path) {
  struct stat status {};
  const bool is_source = ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
                         status.st_size <= longest_source;
  if (!is_source) return std::nullopt;
  const auto text = read_file(path);
  return text ? line_of_profile(*text) : std::nullopt;
}

/// Where the program's own source uses `profile`, as "file:line".
std::optional<std::string> place_of_profile(const Program& program) {
  const auto [code, files] = sources_of(program.words);
  if (const auto line = line_of_profile(code)) return placed("-c", *line);
  for (const auto& file : files) {
    const auto path = file.starts_with('/') ? file : program.folder + "/" + file;
    if (const auto line = line_in_file(path)) return placed(file, *line);
  }
  return std::nullopt;
}

Unmarked unmarked(const Program& program, Asked asked, std::string place) {
  return {Cause::never_reached, asked, std::move(place), program.interpreter, program.obstacle};
}

/// Where no program is known.
Unmarked unmarked(Cause cause, Asked asked, std::string place) {
  return {cause, asked, std::move(place), {}, Obstacle::none};
}

/// What keeps an interpreter from marking functions by patterns.
std::optional<Cause> cause_in_interpreter(const Told& told) {
  if (told.free_threaded) return Cause::free_threaded;
  if (told.unfit) return Cause::unfit_interpreter;
  if (told.no_tool) return Cause::no_tool;
  return std::nullopt;
}

Cause cause_of_decorated(const Told& told) {
  if (told.no_ring) return Cause::no_ring;
  if (told.decorated) return Cause::never_called;
  if (told.undecorable) return Cause::undecorable;
  if (told.free_threaded) return Cause::free_threaded;
  return told.unknown ? Cause::unknown_interpreter : Cause::never_reached;
}

Cause cause_of_traced(const Told& told) {
  if (told.no_ring) return Cause::no_ring;
  if (const auto cause = cause_in_interpreter(told)) return *cause;
  return told.unknown ? Cause::unknown_interpreter : Cause::nothing_matched;
}

std::optional<Unmarked> why_undecorated(const Evidence& evidence) {
  for (const auto& program : evidence.programs) {
    const auto place = place_of_profile(program);
    if (!place) continue;
    auto why = unmarked(program, Asked::by_decorator, *place);
    why.cause = cause_of_decorated(evidence.told);
    if (program.obstacle != Obstacle::none) why.cause = Cause::obstacle;
    if (evidence.marks == Marks::left_out) why.cause = Cause::left_out;
    return why;
  }
  const auto& told = evidence.told;
  const bool was_decorated = told.decorated || (told.free_threaded && evidence.patterns.empty());
  if (!was_decorated) return std::nullopt;
  return unmarked(cause_of_decorated(told), Asked::by_decorator, "");
}

/// The first that the agent can get into, or else the first.
const Program* best_of(const std::vector<Program>& programs) {
  const auto open = std::find_if(programs.begin(), programs.end(), [](const Program& program) {
    return program.obstacle == Obstacle::none;
  });
  if (open != programs.end()) return &*open;
  return programs.empty() ? nullptr : &programs.front();
}

std::optional<Unmarked> why_untraced(const Evidence& evidence) {
  if (evidence.patterns.empty()) return std::nullopt;
  const auto* program = best_of(evidence.programs);
  if (program == nullptr) program = best_of(evidence.others);
  auto why = unmarked(program == nullptr ? Program{} : *program, Asked::by_pattern,
                      evidence.patterns.front());
  const bool is_open = why.obstacle == Obstacle::none;
  why.cause = is_open ? cause_of_traced(evidence.told) : Cause::obstacle;
  return why;
}

/// A process has tried to make marks, whatever was asked for.
std::optional<Unmarked> why_without_ring(const Evidence& evidence) {
  if (!evidence.told.no_ring) return std::nullopt;
  return unmarked(Cause::no_ring, Asked::by_nobody, "");
}

Unmarked why_unavailable(const Evidence& evidence) {
  auto why = unmarked(Cause::unavailable, Asked::by_nobody, "");
  if (!evidence.patterns.empty()) {
    why.asked = Asked::by_pattern;
    why.place = evidence.patterns.front();
  }
  for (const auto& program : evidence.programs) {
    if (const auto place = place_of_profile(program)) {
      why.asked = Asked::by_decorator;
      why.place = *place;
    }
  }
  why.unavailable = evidence.unavailable;
  return why;
}

/// Decorated functions are marked by every interpreter that has a lock; patterns need more of it.
std::optional<Unmarked> why_some_interpreters_made_none(const Evidence& evidence) {
  const auto cause = cause_in_interpreter(evidence.told);
  const auto& patterns = evidence.patterns;
  if (!cause || (patterns.empty() && cause != Cause::free_threaded)) return std::nullopt;
  auto why = patterns.empty() ? unmarked(*cause, Asked::by_decorator, "")
                              : unmarked(*cause, Asked::by_pattern, patterns.front());
  why.missing = Unmarked::Missing::some;
  return why;
}

/// Some process has made marks: others may have tried to.
std::optional<Unmarked> why_incomplete(const Evidence& evidence) {
  if (evidence.any_was_foreign) return unmarked(Cause::other_build, Asked::in_vain, "");
  if (evidence.told.no_ring) return unmarked(Cause::no_ring, Asked::in_vain, "");
  return why_some_interpreters_made_none(evidence);
}

std::optional<Unmarked> cause_of_lack(const Evidence& evidence) {
  if (evidence.unavailable) return why_unavailable(evidence);
  if (evidence.any_came || evidence.any_was_foreign) return why_incomplete(evidence);
  if (auto why = why_undecorated(evidence)) return why;
  if (auto why = why_untraced(evidence)) return why;
  return why_without_ring(evidence);
}

}  // namespace

std::optional<Unmarked> why_unmarked(const Evidence& evidence) {
  auto why = cause_of_lack(evidence);
  if (why) why->error = evidence.told.no_ring.value_or(0);
  return why;
}

}  // namespace mprofpp::python
