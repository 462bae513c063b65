#pragma once

#include <string>
#include <vector>

namespace mprofpp {

/// Returns true if the text matches the shell pattern: `*` matches any text, including `/` and
/// `::`, `?` one character, `[a-z]` one of these, and `\` makes the next character literal.
bool fits(const std::string& pattern, const std::string& text);

/// Selects names by patterns.
class Selection {
 public:
  Selection() = default;
  Selection(std::vector<std::string> wanted, std::vector<std::string> unwanted)
      : wanted_(std::move(wanted)), unwanted_(std::move(unwanted)) {}

  /// Returns true if a wanted pattern matches the name and no unwanted pattern does. Without wanted
  /// patterns, every name is wanted.
  bool selects(const std::string& name) const;

  const std::vector<std::string>& wanted() const { return wanted_; }
  const std::vector<std::string>& unwanted() const { return unwanted_; }
  /// Returns true if every name is selected.
  bool is_everything() const { return wanted_.empty() && unwanted_.empty(); }

 private:
  std::vector<std::string> wanted_;
  std::vector<std::string> unwanted_;
};

}  // namespace mprofpp
