#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "mprofpp/analysis/line_tables.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/report/line_tables.hpp"

namespace mprofpp::app {

/// How the tables of lines are written.
enum class LinesFormat { text, markdown, json, html };

/// The options of `lines`, which either reads recordings or runs a program.
class LinesOptions {
 public:
  void bind(CLI::App& app);

  /// Check the options for reading recordings, or for running a program. Errors: invalid_argument; for a
  /// program, also those of an output that cannot be written, because its result must not be lost.
  Result<void> check_for_recordings() const;
  Result<void> check_for_program() const;

  /// Returns how a program that is started counts lines.
  record::LineOptions counting() const;
  /// Returns how tables are written. The options must have been checked.
  report::LineStyle style() const;

  /// Returns the format that an option chooses, or else the suffix of the output.
  LinesFormat format() const;
  analysis::LineGrouping grouping() const;
  const std::string& function() const { return function_; }  ///< of --func; empty: all
  const std::string& output() const { return output_; }      ///< empty: stdout
  const std::string& saved() const { return save_; }         ///< the recording to keep, or empty
  const std::string& run() const { return run_; }
  bool is_live() const { return live_; }

 private:
  Result<void> check() const;

  std::vector<std::string> lines_of_;
  std::string function_, precision_, output_, save_, run_;
  bool markdown_ = false;
  bool json_ = false;
  bool html_ = false;
  bool peak_ = false;
  bool time_ = false;
  bool reuse_ = false;
  bool per_process_ = false;
  bool live_ = false;
};

}  // namespace mprofpp::app
