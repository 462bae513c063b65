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
  if (told.file_limit) return Cause::file_limit;
  if (told.no_room) return Cause::no_room;
  if (told.decorated) return Cause::never_called;
  if (told.undecorable) return Cause::undecorable;
  if (told.free_threaded) return Cause::free_threaded;
  return told.unknown ? Cause::unknown_interpreter : Cause::never_reached;
}

Cause cause_of_traced(const Told& told) {
  if (told.file_limit) return Cause::file_limit;
  if (told.no_room) return Cause::no_room;
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

/// Of several programs one that can be traced: that nothing matched there is what counts.
std::optional<Unmarked> why_untraced(const Evidence& evidence) {
  const auto& programs = evidence.programs;
  if (evidence.patterns.empty()) return std::nullopt;
  if (programs.empty()) {
    return Unmarked{cause_of_traced(evidence.told), Asked::by_pattern, evidence.patterns.front(),
                    "", Obstacle::none};
  }
  const auto open = std::find_if(programs.begin(), programs.end(), [](const Program& program) {
    return program.obstacle == Obstacle::none;
  });
  const auto& program = open == programs.end() ? programs.front() : *open;
  auto why = unmarked(program, Asked::by_pattern, evidence.patterns.front());
  why.cause = open == programs.end() ? Cause::obstacle : cause_of_traced(evidence.told);
  return why;
}

}  // namespace

std::optional<Unmarked> why_unmarked(const Evidence& evidence) {
  const auto why = why_undecorated(evidence);
  return why ? why : why_untraced(evidence);
}

}  // namespace mprofpp::python
