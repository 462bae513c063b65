#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "mprofpp/record/options.hpp"

namespace mprofpp::app {

/// The options of run that speak of marks.
class MarkingOptions {
 public:
  void bind(CLI::App& app);

  /// Nothing where no marks are wanted. `output` is the recording's name: its folder serves for
  /// rings when no memory does. Errors: invalid_argument.
  Result<std::optional<record::MarkOptions>> make(const std::string& output) const;

 private:
  Result<mark::GroupingRule> grouping() const;

  bool none_ = false;
  bool exact_ = false;
  bool all_calls_ = false;
  std::string min_span_;
  std::vector<std::string> shown_;
  std::vector<std::string> hidden_;
};

}  // namespace mprofpp::app
