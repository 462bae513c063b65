#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mprofpp {

/// The side of its column on which a cell is written.
enum class Align { left, right };

/// Rows of text in columns, which are as wide as their widest cell on a terminal and separated by two spaces.
/// Cells are printed with visible(), so each row is one line.
class TextTable {
 public:
  explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}

  /// Adds a row, which has at most as many cells as there are columns.
  void add(std::vector<std::string> cells);
  /// Returns the position of the last column on a terminal.
  std::size_t last_column() const;
  /// Returns the rows as lines. A line that needs more columns of a terminal than `width` is cut and ends
  /// with an ellipsis; 0 means no limit.
  std::string text(std::size_t width) const;

 private:
  std::vector<std::size_t> widths() const;

  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace mprofpp
