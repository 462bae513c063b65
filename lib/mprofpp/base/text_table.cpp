#include "mprofpp/base/text_table.hpp"

#include <algorithm>
#include <numeric>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"

namespace mprofpp {
namespace {

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::string spaces(width - std::min(width, text_width(cell)), ' ');
  return align == Align::left ? cell + spaces : spaces + cell;
}

std::string cut(const std::string& line, std::size_t width) {
  return width == 0 ? line : cut_to_width(line, width);
}

}  // namespace

void TextTable::add(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = visible(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths(columns_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], text_width(row[i]));
    }
  }
  return widths;
}

std::size_t TextTable::last_column() const {
  const auto widths = this->widths();
  return std::accumulate(widths.begin(), widths.end() - 1, 2 * (widths.size() - 1));
}

std::string TextTable::text(std::size_t width) const {
  const auto widths = this->widths();
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      const bool last = i + 1 == row.size();
      line += last && columns_[i] == Align::left ? row[i] : padded(row[i], widths[i], columns_[i]);
    }
    text += cut(line, width) + "\n";
  }
  return text;
}

}  // namespace mprofpp
