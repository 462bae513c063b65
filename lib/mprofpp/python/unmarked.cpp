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

Cause cause_of_decorated(const Told& told) {
  if (told.no_ring) return Cause::no_ring;
  if (told.decorated) return Cause::never_called;
  if (told.undecorable) return Cause::undecorable;
  if (told.free_threaded) return Cause::free_threaded;
  return told.unknown ? Cause::unknown_interpreter : Cause::never_reached;
}

Cause cause_of_traced(const Told& told) {
  if (told.no_ring) return Cause::no_ring;
  if (told.free_threaded) return Cause::free_threaded;
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
  if (!evidence.told.decorated) return std::nullopt;
  return Unmarked{cause_of_decorated(evidence.told), Asked::by_decorator, "", "", Obstacle::none};
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

/// Somebody has tried to make marks, whatever was asked for.
std::optional<Unmarked> why_without_ring(const Evidence& evidence) {
  if (!evidence.told.no_ring) return std::nullopt;
  return Unmarked{Cause::no_ring, Asked::by_nobody, "", "", Obstacle::none};
}

Unmarked why_unavailable(const Evidence& evidence) {
  Unmarked why{Cause::unavailable, Asked::by_nobody, "", "", Obstacle::none};
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

/// Some process has made marks: others may have tried to.
std::optional<Unmarked> why_incomplete(const Evidence& evidence) {
  Unmarked why{Cause::other_build, Asked::in_vain, "", "", Obstacle::none};
  if (evidence.any_was_foreign) return why;
  if (!evidence.told.no_ring) return std::nullopt;
  why.cause = Cause::no_ring;
  return why;
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
