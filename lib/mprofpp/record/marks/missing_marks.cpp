#include "mprofpp/record/marks/missing_marks.hpp"

#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

/// Returns the patterns of functions that are to be marked: those whose lines are counted are too.
std::vector<std::string> patterns_of(const MarkOptions& options) {
  auto patterns = options.selection.wanted();
  if (options.lines) {
    const auto& of_lines = options.lines->patterns;
    patterns.insert(patterns.end(), of_lines.begin(), of_lines.end());
  }
  return patterns;
}

PythonPrograms programs_of(const Options& options, const MarkAccess& access) {
  if (!access.channel) return PythonPrograms(std::nullopt);
  const auto wanted = patterns_of(*options.marks);
  return PythonPrograms(AgentFiles{options.marks->agent, access.channel->folder.path()},
                        wanted.empty() ? OtherPrograms::ignored : OtherPrograms::watched);
}

/// Adds what the agents in the processes reported.
void add_reports(python::Evidence& evidence, Marks& marks) {
  marks.silence_bell();  // notes may have arrived through it
  const auto& folder = marks.folder();
  evidence.has_own_marks = marks.has_own_marks();
  evidence.has_foreign_ring = marks.has_foreign_ring();
  evidence.reports = {.no_ring = folder.number_in_note(wire::no_ring_note),
                      .decorated = folder.has_note(wire::decorated_note),
                      .undecorable = folder.has_note(wire::undecorable_note),
                      .copied = folder.notes_after(wire::copied_note),
                      .unknown = folder.has_note(wire::unknown_python_note),
                      .free_threaded = folder.has_note(wire::free_threaded_note),
                      .no_tool = folder.has_note(wire::no_tool_note),
                      .unfit = folder.has_note(wire::unfit_python_note)};
}

}  // namespace

MissingMarks::MissingMarks(const Subject& subject, const Options& options, const MarkAccess& access)
    : subject_(subject),
      options_(options),
      refusal_(access.refusal),
      programs_(programs_of(options, access)) {}

void MissingMarks::examine(const proc::Changes& changes) {
  for (const auto* member : changes.named) programs_.examine(*member);
}

std::optional<python::MissingMarksReason> MissingMarks::explain(Marks* marks) const {
  python::Evidence evidence;
  evidence.programs = programs_.programs_or(subject_.argv);
  evidence.other_programs = programs_.other_programs_or(subject_.argv);
  evidence.marks = options_.marks ? python::Marks::wanted : python::Marks::left_out;
  if (options_.marks) evidence.patterns = patterns_of(*options_.marks);
  evidence.unavailable = refusal_;
  if (marks != nullptr) add_reports(evidence, *marks);
  return python::why_marks_are_missing(evidence);
}

}  // namespace mprofpp::record
