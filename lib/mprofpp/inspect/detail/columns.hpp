#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/text_table.hpp"

namespace mprofpp::inspect::detail {

/// Stands for a figure that nobody can know.
inline constexpr const char* unknown = "-";

/// Returns "1 object" or "20,000 objects".
std::string counted_objects(std::uint64_t count);

/// Return numbers for people: "1,002", "+1,002", "−3", "46.9 KiB", "+46.9 KiB".
std::string growth_cell(const std::optional<std::int64_t>& growth);
std::string bytes_cell(std::uint64_t bytes);
std::string least_bytes_cell(std::uint64_t bytes);  ///< "at least 46.9 KiB"
std::string bytes_growth_cell(const std::optional<std::int64_t>& growth);

/// Returns the end of a text, after an ellipsis, if it needs more columns than that: the end of a dotted name
/// is what distinguishes it. Control characters are made visible first.
std::string end_that_fits(std::string_view text, std::size_t columns);

/// Rows whose first cell is a name, and may be cut so that a row fits on a terminal.
class NamedRows {
 public:
  /// The cells after the name are aligned as `others`.
  NamedRows(std::vector<std::string> header, std::vector<Align> others);
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// Returns the lines, the header first, each with its line feed. `columns` is the width of the
  /// terminal, or 0.
  std::vector<std::string> lines(std::size_t columns) const;

 private:
  std::size_t room_for_names(std::size_t columns) const;

  std::vector<Align> others_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace mprofpp::inspect::detail
