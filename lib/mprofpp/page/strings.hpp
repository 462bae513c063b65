#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mprofpp::page {

/// Returns text as a page shows it: valid UTF-8 without control characters, and at most `limit` characters.
std::string shown_text(std::string_view text, std::size_t limit);
/// The same for a line of a source, which keeps its tabs.
std::string shown_source(std::string_view line, std::size_t limit);

/// Texts that a page has once, each with a number.
class Strings {
 public:
  std::uint64_t number_of(const std::string& text);
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::unordered_map<std::string, std::uint64_t> numbers_;
  std::vector<std::string> all_;
};

}  // namespace mprofpp::page
