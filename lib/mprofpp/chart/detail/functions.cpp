#include <algorithm>
#include <cmath>
#include <numeric>

#include "mprofpp/analysis/names.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

constexpr double notable_share = 0.05;  // of the growth of the recording

std::string count_text(std::uint64_t count, bool is_estimate) {
  return (is_estimate ? "≈ " : "") + grouped_digits(count);
}

std::string calls_text(std::uint64_t calls, bool is_estimate) {
  return count_text(calls, is_estimate) + (calls == 1 ? " call" : " calls");
}

std::optional<double> mib_of(const std::optional<analysis::Added>& added) {
  return added ? std::optional(added->mib) : std::nullopt;
}

/// Sorts by what the calls added. Functions that added nothing follow by their time. The others keep their
/// order, in which a call comes before the call that made it.
bool added_more(const analysis::FunctionTotals& a, const analysis::FunctionTotals& b) {
  const auto x = mib_of(a.added);
  const auto y = mib_of(b.added);
  if (x != y) return x > y;
  return !(x > 0.0) && a.seconds > b.seconds;
}

/// Returns the MiB between the lowest and the highest sample.
double growth_of(const analysis::History& history) {
  const auto& total = history.total;
  return total.empty() ? 0 : total.highest().mib - total.lowest().mib;
}

}  // namespace

std::string seconds_text(double seconds) {
  const auto length = duration_from_seconds(seconds);
  return length ? readable(*length) : "unknown";
}

std::string calls_text(const analysis::CallTotals& totals) {
  return calls_text(totals.calls, totals.is_estimate);
}

std::string added_text(const std::optional<analysis::Added>& added) {
  if (!added) return "-";
  return (added->at_most ? "≤ " : "") + growth_text(added->mib);
}

FunctionColours::FunctionColours(const Part& part)
    : history_(part.history),
      meaning_(part.call_colour),
      hues_(history_.spans.functions.size(), Hue{Hue::Role::rest}),
      has_row_(hues_.size(), false) {
  const auto& functions = history_.spans.functions;
  const bool has_colours = have_meaning();
  const auto most = part.options.max_functions;
  rows_ = most_important(has_colours ? std::min(most, distinct_colours) : most);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    has_row_[rows_[i]] = true;
    if (has_colours) hues_[rows_[i]] = numbered(i);
  }
  std::vector<std::string> whole;
  for (const auto& function : functions) whole.push_back(one_line(function.name));
  names_ = analysis::short_names(whole);
}

std::vector<std::uint32_t> FunctionColours::most_important(std::size_t most) const {
  const auto& functions = history_.spans.functions;
  const double notable = notable_share * growth_of(history_);
  const auto is_notable = [&](std::uint32_t i) { return mib_of(functions[i].added) > notable; };
  std::vector<std::uint32_t> order(functions.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto by_added = [&](std::uint32_t a, std::uint32_t b) {
    return added_more(functions[a], functions[b]);
  };
  std::stable_sort(order.begin(), order.end(), by_added);
  const auto others = std::stable_partition(order.begin(), order.end(), is_notable);
  std::stable_sort(others, order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return functions[a].seconds > functions[b].seconds;
  });
  order.resize(std::min(most, order.size()));
  std::stable_sort(order.begin(), order.end(), by_added);
  return order;
}

std::optional<std::size_t> FunctionColours::row_of(std::uint32_t function) const {
  const auto row = std::find(rows_.begin(), rows_.end(), function);
  if (row == rows_.end()) return std::nullopt;
  return static_cast<std::size_t>(row - rows_.begin());
}

LegendTable function_table(const analysis::Spans& spans, const FunctionColours& colours,
                           Symbol symbol) {
  LegendTable table{.heading = "functions", .columns = {"calls", "time", "added", "largest"}};
  for (const auto index : colours.rows()) {
    const auto& function = spans.functions[index];
    const auto largest = function.largest_growth;
    table.rows.push_back(
        {.symbol = colours.have_meaning() ? symbol : Symbol::none,
         .hue = colours.of(index),
         .name = colours.name(index),
         .cells = {count_text(function.calls, function.is_estimate), seconds_text(function.seconds),
                   added_text(function.added), largest ? growth_text(*largest) : "-"}});
  }
  table.left_out = spans.functions.size() - table.rows.size();
  return table;
}

std::string span_tooltip(const analysis::Span& span, const std::string& name) {
  std::string text = name + (span.is_mixed ? " and others · " : " · ");
  if (span.calls > 1) text += calls_text(span.calls, span.is_estimate) + " · ";
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
