#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "mprofpp/record/options.hpp"

namespace mprofpp::app {

/// Reports a pattern without quotes that the shell has expanded: if there is an app.py, the shell passes
/// that in place of `--trace app.*`. A name without a dot is allowed, because a program and a function may
/// have the same name, such as main. Errors: invalid_argument.
Result<void> check_patterns(const std::string& option, const std::vector<std::string>& patterns);

/// The options of `run` and `attach` that control marks.
class MarkingOptions {
 public:
  /// Binds those of `run`.
  void bind(CLI::App& app);
  /// Binds those of `attach`: programs that are running already are marked only on request.
  void bind_for_attach(CLI::App& app);
  /// Returns true if functions of running programs are to be marked.
  bool marks_running_programs() const { return !shown_.empty() || !lines_of_.empty(); }

  /// Returns the options of the recorder, or nothing with --no-marks. `output` is the name of the
  /// recording (see places_for_rings()). Errors: invalid_argument.
  Result<std::optional<record::MarkOptions>> make(const std::string& output) const;

 private:
  void bind_detail(CLI::App& app);
  void bind_patterns(CLI::App& app);
  void bind_lines(CLI::App& app);
  void bind_line_detail(CLI::App& app);
  Result<mark::GroupingRule> grouping() const;
  std::optional<record::LineOptions> lines() const;

  bool none_ = false;
  bool exact_ = false;
  bool all_calls_ = false;
  std::string min_span_;
  std::vector<std::string> shown_;
  std::vector<std::string> hidden_;
  bool lines_ = false;
  std::vector<std::string> lines_of_;
  bool lines_peak_ = false;
  bool lines_reuse_ = false;
  bool allow_console_ = false;
};

}  // namespace mprofpp::app
