#include "summary/line_messages.hpp"

#include <algorithm>
#include <string>

#include "console/shell_quote.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/python/obstacle.hpp"
#include "summary/missing_marks_message.hpp"

namespace mprofpp::app {
namespace {

using python::MissingMarksReason;

constexpr char names_hint[] =
    "names are module.qualname, e.g. app.Loader.load or, in a script, __main__.load";

Error message(std::string what, std::string hint = {}) {
  return {Errc::unsupported, "", std::move(what), std::move(hint)};
}

bool contains(const std::vector<std::string>& patterns, const std::string& pattern) {
  return std::find(patterns.begin(), patterns.end(), pattern) != patterns.end();
}

/// Returns "--lines-of 'app.uplaod_*' matches no function that ran; the nearest is app.upload_file".
Error unmatched_message(const record::UnmatchedPattern& unmatched) {
  std::string what = "--lines-of " + quoted_for_shell(unmatched.pattern);
  what += " matches no function that ran";
  const auto& nearest = unmatched.nearest;
  if (nearest.empty()) return message(what, names_hint);
  what += nearest.size() == 1 ? "; the nearest is " : "; the nearest are ";
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    if (i > 0) what += ", ";
    what += visible(nearest[i]);
  }
  return message(what);
}

Error not_python() {
  return message("no lines: the program is not Python", "lines are counted in Python functions");
}

/// Explains why a program had no function whose lines were to be counted.
Error nothing_counted(const record::LineOutcome& lines) {
  if (!lines.saw_python) return not_python();
  if (lines.obstacle) {
    const auto why = explanation_of(*lines.obstacle);
    return message("no lines: " + why.what, why.hint);
  }
  return message("no lines: no function with @profile was called",
                 "decorate one, or choose functions with --lines-of 'app.*'");
}

/// Explains why no function that matches a pattern could be marked; nothing if functions could be, but none
/// matched.
std::vector<Error> unmarked_messages(const MissingMarksReason& reason) {
  if (reason.cause != MissingMarksReason::Cause::nothing_matched) {
    return {missing_marks_message(reason, "--lines-of")};
  }
  if (python::is_python(reason.interpreter)) return {};
  return {not_python()};
}

/// Returns true if no function of the program could be counted, whatever its name.
bool excludes_all(const MissingMarksReason& reason) {
  using Cause = MissingMarksReason::Cause;
  if (reason.missing != MissingMarksReason::Missing::all) return false;
  switch (reason.cause) {
    case Cause::left_out:
    case Cause::unavailable:
    case Cause::obstacle:
    case Cause::free_threaded:
    case Cause::no_tool:
    case Cause::unfit_interpreter:
    case Cause::unknown_interpreter:
      return true;
    default:
      return false;
  }
}

void append_facts(std::vector<Error>& messages, const record::LineOutcome& lines) {
  if (lines.tables_full) {
    messages.push_back(
        message("some lines are missing: a process could not enlarge the table for them",
                "it holds 16 MiB, about 12,000 functions; ulimit -f may allow less"));
  }
  if (lines.peaks_refused) {
    messages.push_back(
        message("the peaks of some lines are missing: the kernel did not let a "
                "process reset its high-water mark"));
  }
}

/// Returns true if the missing marks are those of a pattern for lines only.
bool is_about_lines(const MissingMarksReason& reason, const record::MarkOptions& options) {
  return reason.request == MissingMarksReason::Request::by_pattern && options.lines &&
         contains(options.lines->patterns, reason.place) &&
         !contains(options.selection.wanted(), reason.place);
}

/// Explains lines that are missing, apart from the marks that `missing_marks` has explained.
void append_lines(std::vector<Error>& messages, const record::Outcome& outcome) {
  const auto& lines = *outcome.lines;
  const auto& reason = outcome.missing_marks;
  if (!reason || !excludes_all(*reason)) {
    for (const auto& unmatched : lines.unmatched) messages.push_back(unmatched_message(unmatched));
  }
  if (!lines.any && messages.empty()) messages.push_back(nothing_counted(lines));
  append_facts(messages, lines);
}

}  // namespace

std::vector<Error> missing_messages(const record::Outcome& outcome,
                                    const std::optional<record::MarkOptions>& options) {
  std::vector<Error> messages;
  if (const auto& reason = outcome.missing_marks) {
    if (options && is_about_lines(*reason, *options)) {
      messages = unmarked_messages(*reason);
      if (!messages.empty()) return messages;
    } else {
      messages.push_back(missing_marks_message(*reason, "--trace"));
    }
  }
  if (outcome.lines) append_lines(messages, outcome);
  return messages;
}

}  // namespace mprofpp::app
