#include "mprofpp/page/line_fields.hpp"

#include "mprofpp/page/strings.hpp"
#include "mprofpp/page/values.hpp"
#include "mprofpp/report/line_notes.hpp"

namespace mprofpp::page {
namespace {

using report::ReportedLine;
using report::SourceState;

const char* name_of(SourceState state) {
  switch (state) {
    case SourceState::changed:
      return "changed";
    case SourceState::missing:
      return "missing";
    case SourceState::typed:
      return "typed";
    case SourceState::same:
      break;
  }
  return "same";
}

Json row_json(const ReportedLine& line, SourceState state, const Caps& caps) {
  const auto& row = line.row;
  Json json;
  json["line"] = line.number;
  json["count"] = row ? Json(row->count) : Json(nullptr);
  json["max_mib"] = row ? number_or_null(row->max_mib) : Json(nullptr);
  json["increment_mib"] = row ? number_or_null(row->increment_mib) : Json(nullptr);
  json["peak_mib"] = row ? number_or_null(row->peak_mib) : Json(nullptr);
  json["seconds"] = row ? number_or_null(row->seconds) : Json(nullptr);
  const bool has_source = state == SourceState::same;
  json["source"] = has_source ? Json(shown_source(line.text, caps.text())) : Json(nullptr);
  return json;
}

Json function_json(const report::LineReport& report, const Caps& caps) {
  const auto own = [&](const std::string& text) { return shown_text(text, caps.text()); };
  Json json;
  json["function"] = own(report.table.function);
  json["file"] = own(report.table.file);
  json["first_line"] = report.table.first_line;
  json["process"] = nullptr;
  json["state"] = name_of(report.source);
  json["notes"] = Json::array();
  for (const auto& note : report::line_notes(report)) json["notes"].push_back(own(note));
  json["rows"] = Json::array();
  for (const auto& line : report.lines) json["rows"].push_back(row_json(line, report.source, caps));
  return json;
}

}  // namespace

Json lines_fields(const Contents& contents, const Caps& caps) {
  auto room = caps.lines();
  std::uint64_t left_out = 0;
  Json fields;
  fields["lines"] = Json::array();
  for (const auto& function : contents.lines.functions) {
    if (function.lines.size() > room) {
      ++left_out;
      continue;
    }
    room -= function.lines.size();
    fields["lines"].push_back(function_json(function, caps));
  }
  fields["lines_left_out"] = left_out;  // functions
  return fields;
}

}  // namespace mprofpp::page
