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

/// The options of `run` that control marks.
class MarkingOptions {
 public:
  void bind(CLI::App& app);

  /// Returns the options of the recorder, or nothing with --no-marks. `output` is the name of the
  /// recording (see places_for_rings()). Errors: invalid_argument.
  Result<std::optional<record::MarkOptions>> make(const std::string& output) const;

 private:
  void bind_lines(CLI::App& app, CLI::Option* none);
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
