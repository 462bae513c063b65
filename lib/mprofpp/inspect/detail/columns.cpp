#include "mprofpp/inspect/detail/columns.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::inspect::detail {
namespace {

std::uint64_t absolute(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? ~bits + 1 : bits;
}

std::string signed_text(std::int64_t value, const std::string& amount) {
  if (value == 0) return "0";
  return (value < 0 ? "−" : "+") + amount;
}

}  // namespace

std::string counted_objects(std::uint64_t count) {
  return grouped_digits(count) + (count == 1 ? " object" : " objects");
}

std::string growth_cell(const std::optional<std::int64_t>& growth) {
  return growth ? signed_text(*growth, grouped_digits(absolute(*growth))) : unknown;
}

std::string bytes_cell(std::uint64_t bytes) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return readable(Bytes(static_cast<std::int64_t>(std::min(bytes, most))));
}

std::string least_bytes_cell(std::uint64_t bytes) {
  return "at least " + bytes_cell(bytes);
}

std::string bytes_growth_cell(const std::optional<std::int64_t>& growth) {
  return growth ? signed_text(*growth, bytes_cell(absolute(*growth))) : unknown;
}

std::string end_that_fits(std::string_view text, std::size_t columns) {
  auto shown = visible(text);
  if (columns == 0 || text_width(shown) <= columns) return shown;
  std::string_view rest = shown;
  while (!rest.empty() && text_width(rest) + 1 > columns)
    rest.remove_prefix(std::max<std::size_t>(1, utf8_length(rest)));
  return "…" + std::string(rest);
}

NamedRows::NamedRows(std::vector<std::string> header, std::vector<Align> others)
    : others_(std::move(others)) {
  rows_.push_back(std::move(header));
}

std::size_t NamedRows::room_for_names(std::size_t columns) const {
  constexpr std::size_t fewest = 12;
  if (columns == 0) return 0;
  std::size_t used = 0;
  for (std::size_t i = 1; i <= others_.size(); ++i) {
    std::size_t width = 0;
    for (const auto& row : rows_) {
      if (i < row.size()) width = std::max(width, text_width(visible(row[i])));
    }
    used += width + 2;
  }
  return used + fewest > columns ? fewest : columns - used;
}

std::vector<std::string> NamedRows::lines(std::size_t columns) const {
  std::vector<Align> alignments = {Align::left};
  alignments.insert(alignments.end(), others_.begin(), others_.end());
  TextTable table(alignments);
  const auto room = room_for_names(columns);
  for (auto row : rows_) {
    row.front() = end_that_fits(row.front(), room);
    table.add(std::move(row));
  }
  std::vector<std::string> lines;
  for_each_line(table.text(columns),
                [&](std::string_view line) { lines.push_back(std::string(line) + "\n"); });
  return lines;
}

}  // namespace mprofpp::inspect::detail
