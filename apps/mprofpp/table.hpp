#pragma once

#include <string>
#include <vector>

namespace mprofpp::app {

enum class Align { left, right };

/// Rows of text in columns as wide as their widest cell, two blanks between. Cells are shown with
/// visible(), so that a row stays a line.
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  void add(std::vector<std::string> cells);
  /// Where the last column begins, in characters.
  std::size_t last_column() const;
  /// Lines cut to `width` characters, the last one of a cut line an ellipsis; 0 means no limit.
  std::string text(std::size_t width) const;

 private:
  std::vector<std::size_t> widths() const;

  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace mprofpp::app
