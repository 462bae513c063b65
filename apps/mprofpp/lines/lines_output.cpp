#include "lines/lines_output.hpp"

#include <utility>

#include "cli/hints.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/report/line_notes.hpp"
#include "mprofpp/report/line_page.hpp"
#include "mprofpp/report/line_texts.hpp"

namespace mprofpp::app {

using report::LineReports;
using report::RecordedRun;

Result<LineReports> LinesOutput::read(const RecordedRun& run) const {
  auto reports = report::read_line_tables(run, options_.grouping(), options_.function());
  if (reports) return reports;
  auto error = std::move(reports.error());
  const bool is_function = error.code == Errc::not_found && error.place != run.name;
  if (is_function) return Failure(std::move(error));
  return Failure(with_hint(Task::read_recording, std::move(error)));
}

std::string LinesOutput::text_of(const RecordedRun& run, const LineReports& reports) const {
  const auto style = options_.style();
  switch (options_.format()) {
    case LinesFormat::text:
      break;
    case LinesFormat::markdown:
      return report::line_tables_markdown(reports, style);
    case LinesFormat::json:
      return report::line_tables_json(run, reports);
    case LinesFormat::html:
      return report::line_tables_html(run, reports, style);
  }
  return report::line_tables_text(reports, style);
}

Result<void> LinesOutput::write(const std::string& text) const {
  if (!options_.output().empty() && options_.output() != "-") {
    auto written = replace_file(options_.output(), text);
    return written ? written : Failure(with_hint(Task::write_output, written.error()));
  }
  console_.print(text);
  return {};
}

void LinesOutput::print_notes(const LineReports& reports) const {
  if (options_.format() != LinesFormat::text) return;
  for (const auto& note : report::line_notes(reports)) console_.note(visible(note));
}

}  // namespace mprofpp::app
