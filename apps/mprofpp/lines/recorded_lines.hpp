#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/console.hpp"
#include "lines/lines_output.hpp"
#include "mprofpp/report/recording.hpp"
#include "options/lines_options.hpp"

namespace mprofpp::app {

/// Prints the tables of recordings.
class RecordedLines {
 public:
  /// `options` and `console` outlive it.
  RecordedLines(const LinesOptions& options, const Console& console)
      : options_(options), console_(console), output_(options, console) {}

  /// Prints the tables of files, or of the newest recording of this folder if there are none. Returns the
  /// exit status.
  int print(const std::vector<std::string>& files);

 private:
  int refuse(const Error& error, int status) const;
  Result<void> append(const report::RecordedRun& run, std::string& text) const;
  Result<report::LineReports> follow(const report::RecordedRun& run) const;
  void redraw(const std::string& text) const;
  void print_remarks(const report::RecordedRun& run, const report::LineReports& reports) const;

  const LinesOptions& options_;
  const Console& console_;
  LinesOutput output_;
};

}  // namespace mprofpp::app
