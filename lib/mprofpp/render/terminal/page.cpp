#include "mprofpp/render/terminal/page.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/base/text_width.hpp"

namespace mprofpp::render {
int Frame::column_of(double seconds) const {
  const int dots = dots_of_cell(letters).columns;
  return corner.column + place_in(time, seconds, columns * dots) / dots;
}

int Frame::row_of(double mib) const {
  const int dots = dots_of_cell(letters).rows;
  return bottom() - 1 - place_in(memory, mib, rows * dots) / dots;
}

DotsOfCell dots_of_cell(Letters letters) {
  return letters == Letters::ascii ? DotsOfCell{1, 3} : DotsOfCell{2, 4};
}

int place_in(chart::Range range, double value, int count) {
  if (!(range.length() > 0)) return count / 2;
  const double share = (value - range.low) / range.length();
  return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * (count - 1)));
}

double ColumnMeasure::width(std::string_view text, double, TextWeight) const {
  return static_cast<double>(text_width(text));
}

std::string fitted_text(std::string_view text, int columns) {
  return columns <= 0 ? "" : cut_to_width(text, static_cast<std::size_t>(columns));
}

std::string fitted_columns(const Name& name, int columns) {
  if (columns <= 0) return {};
  const auto cut = fitted_name(name, columns, {}, ColumnMeasure());
  return fitted_text(cut.empty() ? name.text : cut, columns);
}

int columns_of(std::string_view text) {
  return static_cast<int>(text_width(text));
}

}  // namespace mprofpp::render
