#pragma once

#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/chart/build.hpp"
#include "mprofpp/chart/detail/process_colours.hpp"

/// The steps of build(), each of which adds one kind of thing to the figure.
namespace mprofpp::chart {

/// Returns what the colours of calls mean.
BoxColour call_colour_of(const analysis::History& history, const ChartOptions& options);

/// Returns the colours of the processes: grey if functions have colours, because a colour must have one
/// meaning in a picture.
ProcessHues process_hues(const analysis::History& history, const ChartOptions& options);

/// A recording and how it is to be shown.
struct Part {
  Part(const analysis::History& shown, const ChartOptions& how)
      : history(shown),
        options(how),
        call_colour(call_colour_of(shown, how)),
        colours(shown, how.max_series, process_hues(shown, how)),
        length(shown.last() - shown.first()) {}

  const analysis::History& history;
  const ChartOptions& options;
  BoxColour call_colour;
  ProcessColours colours;
  double length;  ///< seconds; all slopes on a chart have the unit that fits it
};

/// A line that is drawn as the total, with its complete row.
struct HeavyLine {
  LegendRow row = {};
  std::vector<Stroke> strokes = {};
  Point peak = {};
};

void add_heavy_line(Figure& figure, const Part& part, HeavyLine line);

/// Adds the MEM line, its peak, its trend and its row in the legend.
void add_total(Figure& figure, const Part& part, LegendRow row);

/// Adds the processes: the highest by name, the others as one band.
void add_processes(Figure& figure, const Part& part);

/// Adds the processes of one of several recordings: fine lines and a band in the recording's colour.
void add_fine_processes(Figure& figure, const Part& part, const LegendRow& recording);

/// Adds the processes as areas on top of each other, and a heavy line along the top of the highest one. It is
/// the MEM line if there is nothing to stack.
void add_stack(Figure& figure, const Part& part);

/// Adds kinds of memory of the total as areas on top of each other, and a heavy line along their top.
void add_metric_stack(Figure& figure, const Part& part);

/// Adds a curve of the total in each metric. The first one is drawn as the total.
void add_metric_curves(Figure& figure, const Part& part);

/// Adds the total in PSS as a light line, if the recording is of RSS and has it.
void add_total_in_pss(Figure& figure, const Part& part);

/// Adds a level for a peak that the kernel recorded and no sample shows: the peak of the process if the
/// recording is of one process; for a tree the largest single process, which is a lower bound of the total.
void add_kernel_peak(Figure& figure, const Part& part);

/// Adds calls as brackets on the curve of their process or, if they are too many, as strips; and the table of
/// functions.
void add_brackets(Figure& figure, const Part& part);

/// Adds calls as boxes in lanes, and the table of functions.
void add_flame(Figure& figure, const Part& part);

/// Adds a strip for each of the types of objects that have grown most, if objects were counted.
void add_types(Figure& figure, const Part& part);

/// Add a small chart for each process of a recording, or for each of several recordings.
void add_process_panels(Figure& figure, const Part& part);
void add_recording_panels(Figure& figure, const std::vector<Source>& sources, std::size_t most);

/// Adds starts, exits and changes of program of the processes, for the time axis.
void add_events(Figure& figure, const Part& part);

/// Adds flags: the marks, the titles that processes gave themselves, and where processes were replaced.
void add_flags(Figure& figure, const Part& part);

/// Returns the peak that `mprofpp peak` prints; nothing if there is no MEM line.
std::optional<analysis::BestPeak> best_peak(const analysis::History& history);

/// Returns the largest known memory of a process in the shown time, in MiB.
double peak_of(const analysis::ProcessHistory& process);

/// Returns the processes that have a curve: the root first, then by descending peak.
std::vector<const analysis::ProcessHistory*> by_peak(const analysis::History& history);

/// Returns the curve's value at a time, interpolated between its points; unknown where it has none.
double value_at(const std::vector<Stroke>& strokes, double seconds);

/// Decides which functions have a row in the legend and, if colours mean functions, a colour of their own.
class FunctionColours {
 public:
  explicit FunctionColours(const Part& part);

  /// Returns the colour of a function; grey if it has none.
  Hue of(std::uint32_t function) const { return hues_[function]; }
  bool have_meaning() const { return meaning_ == BoxColour::function; }
  /// Returns true if the legend has a row for the function.
  bool has_row(std::uint32_t function) const { return has_row_[function]; }
  /// Returns the number of that row.
  std::optional<std::size_t> row_of(std::uint32_t function) const;
  /// Returns the functions with a row. The one that added most is first.
  const std::vector<std::uint32_t>& rows() const { return rows_; }
  /// Returns at most that many functions: those that added a notable part of the recording's growth, and then
  /// those with the most time. The one that added most is first, those of unknown growth are last.
  std::vector<std::uint32_t> most_important(std::size_t most) const;
  /// Returns the shortest name that no other function has.
  const std::string& name(std::uint32_t function) const { return names_[function]; }

 private:
  const analysis::History& history_;
  BoxColour meaning_;
  std::vector<Hue> hues_;
  std::vector<bool> has_row_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::string> names_;
};

/// Adds a strip for each of the most important functions.
void add_strips(Figure& figure, const Part& part, const FunctionColours& colours);

/// Returns a table with one row per function: its calls, their total time, what they added and the largest
/// growth of one of them. The rows have the symbol only if colours mean functions.
LegendTable function_table(const analysis::Spans& spans, const FunctionColours& colours,
                           Symbol symbol);

/// Returns "600 calls", or "≈ 600 calls" for an estimate.
std::string calls_text(const analysis::CallTotals& totals);
/// Returns "≤ +52.0 MiB", or "-" if it is not known.
std::string added_text(const std::optional<analysis::Added>& added);
/// Returns "1.2 s".
std::string seconds_text(double seconds);

/// Returns "load · 3 calls · 1.2 s · +80.0 MiB".
std::string span_tooltip(const analysis::Span& span, const std::string& name);

}  // namespace mprofpp::chart
