#pragma once

#include "mprofpp/chart/build.hpp"

/// The steps of build(): each adds one kind of thing to the figure. Not for others.
namespace mprofpp::chart {

/// A recording on its figure and how it is to be shown.
struct Part {
  const analysis::History& history;
  const Wanted& wanted;
};

/// The MEM line, its peak, its trend and its row of the legend.
void add_total(Figure& figure, const Part& part, LegendRow row);

/// The processes: the highest by name, the others as one band.
void add_processes(Figure& figure, const Part& part);

/// The processes of one recording among several: fine lines and a band of its colour.
void add_fine_processes(Figure& figure, const Part& part, const LegendRow& recording);

/// The processes as areas on top of one another, under the MEM line.
void add_stack(Figure& figure, const Part& part);

/// A level for what the kernel knows of the total and no sample shows: its peak, where the recording is of
/// one process; of a tree the largest single process, which the total had at least.
void add_kernel_peak(Figure& figure, const Part& part);

/// Calls as brackets on the curve of their process, and the table of functions.
void add_brackets(Figure& figure, const Part& part);

/// Calls as boxes in lanes, and the table of functions.
void add_flame(Figure& figure, const Part& part);

void add_flags(Figure& figure, const Part& part);

/// MiB: the largest that is known of a process in the time to be seen.
double peak_of(const analysis::ProcessHistory& process);

/// The processes that have a curve: the root, then the highest peak first.
std::vector<const analysis::ProcessHistory*> by_peak(const analysis::History& history);

/// The curve's value at a time, between its points on a straight line.
double value_at(const std::vector<Stroke>& strokes, double seconds);

/// Which functions have a colour of their own: those with most time.
class FunctionColours {
 public:
  /// `first` is the number of the first colour not yet taken by curves.
  FunctionColours(const analysis::Spans& spans, std::size_t most, std::size_t first);

  Hue of(std::uint32_t function) const { return hues_[function]; }
  /// Indices of functions, the one with most time first.
  const std::vector<std::uint32_t>& order() const { return order_; }
  /// The shortest name that no other function has.
  const std::string& name(std::uint32_t function) const { return names_[function]; }

 private:
  std::vector<Hue> hues_;
  std::vector<std::uint32_t> order_;
  std::vector<std::string> names_;
};

/// One row a function: calls, total time, largest growth.
LegendTable function_table(const analysis::Spans& spans, const FunctionColours& colours,
                           Symbol symbol);

/// "load · 3 calls · 1.2 s · +80.0 MiB".
std::string span_tooltip(const analysis::Span& span, const std::string& name);

}  // namespace mprofpp::chart
