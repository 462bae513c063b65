#include "lines/recorded_lines.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "cli/exit_status.hpp"
#include "lines/growing_recording.hpp"
#include "options/recording_argument.hpp"

namespace mprofpp::app {
namespace {

using report::LineReports;
using report::RecordedRun;

bool has_peaks(const LineReports& reports) {
  const auto has_peak = [](const report::ReportedLine& line) {
    return line.row && line.row->peak_mib;
  };
  return std::any_of(reports.functions.begin(), reports.functions.end(), [&](const auto& function) {
    return std::any_of(function.lines.begin(), function.lines.end(), has_peak);
  });
}

Result<void> check_number_of(const std::vector<std::string>& files, const LinesOptions& options) {
  if (files.size() < 2) return {};
  const bool is_html = options.format() == LinesFormat::html;
  if (!is_html && !options.is_live()) return {};
  return fail(Errc::invalid_argument, is_html ? "--html" : "--live", "takes one recording");
}

}  // namespace

int RecordedLines::print(const std::vector<std::string>& files) {
  if (const auto checked = options_.check_for_recordings(); !checked)
    return refuse(checked.error(), exit_status::usage);
  const auto number = parse_run_number(options_.run());
  if (!number) return refuse(number.error(), exit_status::usage);
  if (const auto checked = check_number_of(files, options_); !checked)
    return refuse(checked.error(), exit_status::usage);
  std::string text;
  int status = exit_status::success;
  for (const auto& chosen : choose_recordings(files, *number, console_)) {
    const auto done = chosen ? append(*chosen, text) : Failure(chosen.error());
    if (!done) status = refuse(done.error(), exit_status::failure);
  }
  if (text.empty()) return status;
  const auto written = output_.write(text);
  return written ? status : refuse(written.error(), exit_status::failure);
}

int RecordedLines::refuse(const Error& error, int status) const {
  console_.report(error);
  return status;
}

/// Appends the tables of a recording. With --live, returns when the recording has ended.
Result<void> RecordedLines::append(const RecordedRun& run, std::string& text) const {
  const auto reports = options_.is_live() ? follow(run) : output_.read(run);
  if (!reports) return Failure(reports.error());
  if (reports->functions.empty()) {
    return fail(Errc::not_found, run.name, "has no lines of functions",
                "mprofpp run --lines counts the lines of functions with @profile");
  }
  text += output_.text_of(run, *reports);
  print_remarks(run, *reports);
  return {};
}

/// Reads the recording again whenever it has grown until it ends, and prints its tables each time if stdout
/// is a terminal. Returns the last tables.
Result<LineReports> RecordedLines::follow(const RecordedRun& run) const {
  GrowingRecording file(run.path);
  bool has_grown = true;
  while (true) {
    auto reports = output_.read(run);
    if (!reports || reports->has_ended || file.is_abandoned()) return reports;
    if (has_grown) redraw(output_.text_of(run, *reports));
    has_grown = file.wait();
  }
}

void RecordedLines::redraw(const std::string& text) const {
  constexpr std::string_view clear = "\033[H\033[2J\033[3J";
  if (!options_.output().empty()) {
    (void)output_.write(text);
  } else if (::isatty(STDOUT_FILENO) == 1) {
    console_.print(std::string(clear) + text);
  }
}

/// Prints what a user should know about the tables.
void RecordedLines::print_remarks(const RecordedRun& run, const LineReports& reports) const {
  if (reports.first_damage)
    console_.warn(report::damage_text(run, reports.damaged_lines, *reports.first_damage));
  output_.print_notes(reports);
  if (options_.style().columns.peak && !has_peaks(reports)) {
    console_.report({Errc::not_found, run.name, "has no peaks of lines",
                     "mprofpp run --lines-peak measures them"});
  }
}

}  // namespace mprofpp::app
