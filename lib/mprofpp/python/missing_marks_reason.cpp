#include "mprofpp/python/missing_marks_reason.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/python/command.hpp"
#include "mprofpp/python/profile_use.hpp"

namespace mprofpp::python {
namespace {

using Cause = MissingMarksReason::Cause;
using Request = MissingMarksReason::Request;

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

/// Returns the place where the program's own source uses `profile`, as "file:line".
std::optional<std::string> place_of_profile(const Program& program) {
  const auto [code, files] = sources_of(program.argv);
  if (const auto line = line_of_profile(code)) return placed("-c", *line);
  for (const auto& file : files) {
    const auto path = file.starts_with('/') ? file : program.folder + "/" + file;
    if (const auto line = line_in_file(path)) return placed(file, *line);
  }
  return std::nullopt;
}

MissingMarksReason reason(const Program& program, Request request, std::string place) {
  return {Cause::never_reached, request, std::move(place), program.interpreter, program.obstacle};
}

/// Makes a result without a program.
MissingMarksReason reason(Cause cause, Request request, std::string place) {
  return {cause, request, std::move(place), {}, Obstacle::none};
}

/// Returns the reason why an interpreter could not mark functions by patterns, if it reported one.
std::optional<Cause> cause_in_interpreter(const AgentReports& reports) {
  if (reports.free_threaded) return Cause::free_threaded;
  if (reports.unfit) return Cause::unfit_interpreter;
  if (reports.no_tool) return Cause::no_tool;
  return std::nullopt;
}

Cause cause_of_decorated(const AgentReports& reports) {
  if (reports.no_ring) return Cause::no_ring;
  if (!reports.copied.empty()) return Cause::copied;
  if (reports.decorated) return Cause::never_called;
  if (reports.undecorable) return Cause::undecorable;
  if (reports.free_threaded) return Cause::free_threaded;
  return reports.unknown ? Cause::unknown_interpreter : Cause::never_reached;
}

Cause cause_of_traced(const AgentReports& reports) {
  if (reports.no_ring) return Cause::no_ring;
  if (const auto cause = cause_in_interpreter(reports)) return *cause;
  return reports.unknown ? Cause::unknown_interpreter : Cause::nothing_matched;
}

std::optional<MissingMarksReason> why_no_decorated_marks(const Evidence& evidence) {
  for (const auto& program : evidence.programs) {
    const auto place = place_of_profile(program);
    if (!place) continue;
    auto why = reason(program, Request::by_decorator, *place);
    why.cause = cause_of_decorated(evidence.reports);
    if (program.obstacle != Obstacle::none) why.cause = Cause::obstacle;
    if (evidence.marks == Marks::left_out) why.cause = Cause::left_out;
    return why;
  }
  const auto& reports = evidence.reports;
  const bool was_decorated =
      reports.decorated || (reports.free_threaded && evidence.patterns.empty());
  if (!was_decorated) return std::nullopt;
  return reason(cause_of_decorated(reports), Request::by_decorator, "");
}

/// Returns the first program into which the agent can be loaded, or else the first one.
const Program* best_of(const std::vector<Program>& programs) {
  const auto open = std::find_if(programs.begin(), programs.end(), [](const Program& program) {
    return program.obstacle == Obstacle::none;
  });
  if (open != programs.end()) return &*open;
  return programs.empty() ? nullptr : &programs.front();
}

std::optional<MissingMarksReason> why_no_traced_marks(const Evidence& evidence) {
  if (evidence.patterns.empty()) return std::nullopt;
  const auto* program = best_of(evidence.programs);
  if (program == nullptr) program = best_of(evidence.other_programs);
  auto why = reason(program == nullptr ? Program{} : *program, Request::by_pattern,
                    evidence.patterns.front());
  const bool is_open = why.obstacle == Obstacle::none;
  why.cause = is_open ? cause_of_traced(evidence.reports) : Cause::obstacle;
  return why;
}

/// Explains a ring that could not be created: its process tried to make marks, whether or not they were
/// requested.
std::optional<MissingMarksReason> why_no_ring(const Evidence& evidence) {
  if (!evidence.reports.no_ring) return std::nullopt;
  return reason(Cause::no_ring, Request::none, "");
}

MissingMarksReason why_unavailable(const Evidence& evidence) {
  auto why = reason(Cause::unavailable, Request::none, "");
  if (!evidence.patterns.empty()) {
    why.request = Request::by_pattern;
    why.place = evidence.patterns.front();
  }
  for (const auto& program : evidence.programs) {
    if (const auto place = place_of_profile(program)) {
      why.request = Request::by_decorator;
      why.place = *place;
    }
  }
  why.unavailable = evidence.unavailable;
  return why;
}

/// Explains interpreters that made no marks while others did. Decorated functions are marked in every
/// interpreter that has a global lock; patterns need more support.
std::optional<MissingMarksReason> why_some_interpreters_made_none(const Evidence& evidence) {
  const auto cause = cause_in_interpreter(evidence.reports);
  const auto& patterns = evidence.patterns;
  if (!cause || (patterns.empty() && cause != Cause::free_threaded)) return std::nullopt;
  auto why = patterns.empty() ? reason(*cause, Request::by_decorator, "")
                              : reason(*cause, Request::by_pattern, patterns.front());
  why.missing = MissingMarksReason::Missing::some;
  return why;
}

/// Explains the marks that are missing although some process has made marks.
std::optional<MissingMarksReason> why_incomplete(const Evidence& evidence) {
  if (evidence.has_foreign_ring) return reason(Cause::other_build, Request::by_some_processes, "");
  if (evidence.reports.no_ring) return reason(Cause::no_ring, Request::by_some_processes, "");
  if (!evidence.reports.copied.empty())
    return reason(Cause::copied, Request::by_some_processes, "");
  return why_some_interpreters_made_none(evidence);
}

std::optional<MissingMarksReason> cause_of_lack(const Evidence& evidence) {
  if (evidence.unavailable) return why_unavailable(evidence);
  if (evidence.has_own_marks || evidence.has_foreign_ring) return why_incomplete(evidence);
  if (auto why = why_no_decorated_marks(evidence)) return why;
  if (auto why = why_no_traced_marks(evidence)) return why;
  return why_no_ring(evidence);
}

}  // namespace

std::optional<MissingMarksReason> why_marks_are_missing(const Evidence& evidence) {
  auto why = cause_of_lack(evidence);
  if (!why) return why;
  why->error = evidence.reports.no_ring.value_or(0);
  if (!evidence.reports.copied.empty()) why->copied = evidence.reports.copied.front();
  return why;
}

}  // namespace mprofpp::python
