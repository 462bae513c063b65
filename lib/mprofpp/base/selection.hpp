#pragma once

#include <string>
#include <vector>

namespace mprofpp {

/// The text fits the pattern of a shell: `*` any text, `/` and `::` included, `?` a character,
/// `[a-z]` one of these, `\` in front of a character that means itself.
bool fits(const std::string& pattern, const std::string& text);

/// Which names are wanted, told in patterns.
class Selection {
 public:
  Selection() = default;
  Selection(std::vector<std::string> wanted, std::vector<std::string> unwanted)
      : wanted_(std::move(wanted)), unwanted_(std::move(unwanted)) {}

  /// No pattern fits that tells what is not wanted, and one that tells what is; where none does,
  /// all are wanted.
  bool takes(const std::string& name) const;

  /// It takes every name.
  const std::vector<std::string>& wanted() const { return wanted_; }
  const std::vector<std::string>& unwanted() const { return unwanted_; }
  bool is_everything() const { return wanted_.empty() && unwanted_.empty(); }

 private:
  std::vector<std::string> wanted_;
  std::vector<std::string> unwanted_;
};

}  // namespace mprofpp
