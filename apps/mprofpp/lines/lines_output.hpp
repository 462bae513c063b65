#pragma once

#include <string>

#include "console/console.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/line_tables.hpp"
#include "options/lines_options.hpp"

namespace mprofpp::app {

/// Writes the tables of lines as the options of `lines` say.
class LinesOutput {
 public:
  /// `options` and `console` outlive it.
  LinesOutput(const LinesOptions& options, const Console& console)
      : options_(options), console_(console) {}

  /// Reads the wanted tables of a run. Errors: those of report::read_line_tables(), with hints.
  Result<report::LineReports> read(const report::RecordedRun& run) const;
  std::string text_of(const report::RecordedRun& run, const report::LineReports& reports) const;
  /// Writes the text to the file of -o, or to stdout. Errors: those of replace_file(), with a hint.
  Result<void> write(const std::string& text) const;
  /// Prints the notes to stderr, because scripts parse the tables. The other formats contain them.
  void print_notes(const report::LineReports& reports) const;

 private:
  const LinesOptions& options_;
  const Console& console_;
};

}  // namespace mprofpp::app
