#include "mprofpp/report/line_notes.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "mprofpp/base/source_hash.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::report {
namespace {

enum class NoteKind { open, shared, interleaved, changed, uncertain, missing, typed, differs };

std::vector<NoteKind> kinds_of(const LineReport& report) {
  const auto& calls = report.table.calls;
  std::vector<NoteKind> kinds;
  if (calls.open > 0) kinds.push_back(NoteKind::open);
  if (calls.shared > 0) kinds.push_back(NoteKind::shared);
  if (calls.interleaved > 0) kinds.push_back(NoteKind::interleaved);
  if (report.source == SourceState::changed) {
    const bool is_uncertain = calls.source_hash == unknown_source_hash;
    kinds.push_back(is_uncertain ? NoteKind::uncertain : NoteKind::changed);
  }
  if (report.source == SourceState::missing) kinds.push_back(NoteKind::missing);
  if (report.source == SourceState::typed) kinds.push_back(NoteKind::typed);
  if (report.table.source_differs) kinds.push_back(NoteKind::differs);
  return kinds;
}

std::string some_of(std::uint64_t some, std::uint64_t calls) {
  return std::to_string(some) + " of " + counted(std::max(some, calls), "call", "calls");
}

/// Returns the note on one function.
std::string note_on(const LineReport& report, NoteKind kind) {
  const auto& table = report.table;
  const auto& calls = table.calls;
  const auto all = table.first_row.count;
  const auto lines_of = "the lines of " + table.function;
  switch (kind) {
    case NoteKind::open:
      return table.function + ": " +
             (calls.open == 1 ? "1 call was still running; what its last line took is not included"
                              : std::to_string(calls.open) +
                                    " calls were still running; what their last lines took is not "
                                    "included");
    case NoteKind::shared:
      return table.function + ": other threads ran during " + some_of(calls.shared, all) +
             ", so memory that they took may be among its numbers";
    case NoteKind::interleaved:
      return table.function + ": other greenlets ran during " + some_of(calls.interleaved, all) +
             ", so what they added outside profiled functions may be in the lines that waited";
    case NoteKind::changed:
      return table.file + " has changed since " + table.function +
             " ran, so its lines are shown without their contents";
    case NoteKind::uncertain:
      return table.file + " has changed since its process was started, so " + lines_of +
             " are shown without their contents";
    case NoteKind::missing:
      return table.file + " cannot be read, so " + lines_of + " are shown without their contents";
    case NoteKind::typed:
      return table.function +
             " was not defined in a file, so its lines are shown without their contents";
    case NoteKind::differs:
      break;
  }
  return table.file + " was not the same in all processes that ran " + table.function +
         ", so the numbers of different lines may be in one row";
}

/// Returns what applies to many functions.
std::string_view joint_note(NoteKind kind) {
  switch (kind) {
    case NoteKind::open:
      return ": calls were still running; what their last lines took is not included";
    case NoteKind::shared:
      return ": other threads ran during calls, so memory that they took may be among the numbers";
    case NoteKind::interleaved:
      return ": other greenlets ran during calls, so what they added outside profiled functions may "
             "be in the lines that waited";
    case NoteKind::changed:
      return ": their files have changed since they ran, so their lines are shown without their "
             "contents";
    case NoteKind::uncertain:
      return ": their files have changed since their processes were started, so their lines are "
             "shown without their contents";
    case NoteKind::missing:
      return ": their files cannot be read, so their lines are shown without their contents";
    case NoteKind::typed:
      return " were not defined in a file, so their lines are shown without their contents";
    case NoteKind::differs:
      break;
  }
  return ": their files were not the same in all processes, so the numbers of different lines may be "
         "in one row";
}

}  // namespace

std::vector<std::string> line_notes(const LineReport& report) {
  std::vector<std::string> notes;
  for (const auto kind : kinds_of(report)) notes.push_back(note_on(report, kind));
  return notes;
}

std::vector<std::string> line_notes(const LineReports& reports) {
  constexpr std::size_t most_of_a_kind = 3;
  std::map<NoteKind, std::vector<const LineReport*>> reports_of;
  for (const auto& report : reports.functions) {
    for (const auto kind : kinds_of(report)) reports_of[kind].push_back(&report);
  }
  std::vector<std::string> notes;
  for (const auto& [kind, group] : reports_of) {
    if (group.size() > most_of_a_kind) {
      notes.push_back(std::to_string(group.size()) + " functions" + std::string(joint_note(kind)));
      continue;
    }
    for (const auto* report : group) notes.push_back(note_on(*report, kind));
  }
  return notes;
}

}  // namespace mprofpp::report
