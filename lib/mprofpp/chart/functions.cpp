#include <algorithm>
#include <cmath>
#include <numeric>

#include "mprofpp/analysis/names.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/parts.hpp"
#include "mprofpp/chart/words.hpp"

namespace mprofpp::chart {
namespace {

std::string seconds_text(double seconds) {
  const auto length = duration_from_seconds(seconds);
  return length ? readable(*length) : "unknown";
}

std::string calls_text(std::uint64_t calls) {
  return std::to_string(calls) + (calls == 1 ? " call" : " calls");
}

}  // namespace

FunctionColours::FunctionColours(const analysis::Spans& spans, std::size_t most, std::size_t first)
    : hues_(spans.functions.size(), Hue{Hue::Role::rest}), order_(spans.functions.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return spans.functions[a].seconds > spans.functions[b].seconds;
  });
  for (std::size_t i = 0; i < order_.size() && i < std::min(most, distinct_colours); ++i) {
    hues_[order_[i]] = numbered(first + i);
  }
  std::vector<std::string> whole;
  for (const auto& function : spans.functions) whole.push_back(one_line(function.name));
  names_ = analysis::short_names(whole);
}

LegendTable function_table(const analysis::Spans& spans, const FunctionColours& colours,
                           Symbol symbol) {
  LegendTable table{.heading = "functions", .columns = {"calls", "time", "growth"}};
  for (const auto index : colours.order()) {
    if (colours.of(index).role != Hue::Role::numbered) break;
    const auto& function = spans.functions[index];
    table.rows.push_back({.symbol = symbol,
                          .hue = colours.of(index),
                          .name = colours.name(index),
                          .cells = {std::to_string(function.calls), seconds_text(function.seconds),
                                    growth_text(function.largest_growth)}});
  }
  table.left_out = spans.functions.size() - table.rows.size();
  return table;
}

std::string span_tooltip(const analysis::Span& span, const std::string& name) {
  std::string text = name + (span.is_mixed ? " and others · " : " · ");
  if (span.calls > 1) text += calls_text(span.calls) + " · ";
  text += seconds_text(span.busy);
  if (span.is_open) text += " · had not ended";
  if (!std::isnan(span.growth)) text += " · " + growth_text(span.growth);
  const bool own = !std::isnan(span.rss_in) && !std::isnan(span.rss_out);
  const double in = own ? span.rss_in : span.mib_in;
  const double out = own ? span.rss_out : span.mib_out;
  if (!std::isnan(in) && !std::isnan(out)) {
    text += " (" + memory_text(in) + " → " + memory_text(out) + ")";
  }
  return text;
}

}  // namespace mprofpp::chart
