#include "mprofpp/chart/detail/layers.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <set>

namespace mprofpp::chart {
namespace {

// of a column; the times of a series that was thinned are exact to a millionth of its columns
constexpr double tolerance_in_columns = 1e-5;

// of a value; thinned series store values as floats
constexpr double rounding = 1e-6;

// moments and times that a column has without being thinned
constexpr std::size_t most_in_column = 4;

/// Collects the times of the points in the shown time. A line that crosses its edge has a point there.
void append_times(std::vector<double>& times, const Stroke& stroke, Range shown) {
  for (const auto& point : stroke) {
    if (shown.contains(point.seconds)) times.push_back(point.seconds);
  }
  if (stroke.empty()) return;
  for (const double edge : {shown.low, shown.high}) {
    if (stroke.front().seconds < edge && stroke.back().seconds > edge) times.push_back(edge);
  }
}

void append_ends(std::vector<double>& times, const LayerCurve& curve, Range shown) {
  const auto append = [&](double seconds) {
    if (shown.contains(seconds)) times.push_back(seconds);
  };
  for (const auto& stroke : curve.strokes) {
    append(stroke.front().seconds);
    append(stroke.back().seconds);
  }
  append(curve.held_until);
}

void sort_and_merge(std::vector<double>& times, double tolerance) {
  std::sort(times.begin(), times.end());
  std::size_t kept = 0;
  for (const double time : times) {
    if (kept == 0 || time - times[kept - 1] > tolerance) times[kept++] = time;
  }
  times.resize(kept);
}

/// Removes the times that are not `needed` from columns that have more than a few.
std::vector<double> spare(const std::vector<double>& times, const std::vector<double>& needed,
                          double width, double tolerance) {
  std::vector<double> kept;
  for (std::size_t i = 0; i < times.size();) {
    const double column = std::floor(times[i] / width);
    const std::size_t first = i;
    while (i < times.size() && std::floor(times[i] / width) == column) ++i;
    const bool is_full = i - first > most_in_column;
    for (std::size_t k = first; k < i; ++k) {
      const auto near = std::lower_bound(needed.begin(), needed.end(), times[k] - tolerance);
      const bool is_needed = near != needed.end() && *near <= times[k] + tolerance;
      if (!is_full || is_needed) kept.push_back(times[k]);
    }
  }
  return kept;
}

/// Goes along a line from instant to instant.
class LineReader {
 public:
  explicit LineReader(const Stroke& stroke) : stroke_(stroke) {}

  /// Returns the value at a time, which must not be earlier than that of the previous call. Before and after
  /// the line it is that of its ends.
  double value(double seconds) {
    while (next_ < stroke_.size() && stroke_[next_].seconds < seconds) ++next_;
    if (next_ == 0) return stroke_.front().mib;
    if (next_ == stroke_.size()) return stroke_.back().mib;
    const auto &a = stroke_[next_ - 1], &b = stroke_[next_];
    return std::lerp(a.mib, b.mib, (seconds - a.seconds) / (b.seconds - a.seconds));
  }

 private:
  const Stroke& stroke_;
  std::size_t next_ = 0;
};

/// The instants from the first to the last of a line.
struct Extent {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Returns the instants of a line; nothing if none of it is shown.
std::optional<Extent> extent_of(const Stroke& stroke, const Instants& instants) {
  if (stroke.empty() || instants.size() == 0) return std::nullopt;
  const auto shown = instants.shown();
  if (stroke.back().seconds < shown.low || stroke.front().seconds > shown.high) {
    return std::nullopt;
  }
  const auto last = instants.at(std::min(stroke.back().seconds, shown.high));
  return Extent{instants.at(std::max(stroke.front().seconds, shown.low)),
                std::min(last, instants.size() - 1)};
}

/// Returns the last instant that has a reading of the curve; nothing if none of it is shown.
std::optional<std::size_t> last_reading(const LayerCurve& curve, const Instants& instants) {
  std::optional<std::size_t> last;
  for (const auto& stroke : curve.strokes) {
    const auto extent = extent_of(stroke, instants);
    if (extent) last = std::max(last.value_or(0), extent->last);
  }
  return last;
}

/// Returns the share of the held height that fits between the other layers and the ceiling.
double fitting_share(double fixed, double held, double ceiling) {
  const bool fits = std::isnan(ceiling) || fixed + held <= ceiling * (1 + rounding);
  return fits ? 1 : std::max((ceiling - fixed) / held, 0.0);
}

double top_at(const std::vector<Heights>& layers, Moment moment) {
  double top = 0;
  for (const auto& layer : layers) top += layer[moment.instant].on(moment.side);
  return top;
}

/// Appends the sides of an instant that differ from the side before.
void append_instant(MomentRun& run, std::size_t instant, const std::vector<Heights>& layers,
                    std::initializer_list<Side> sides) {
  std::optional<Side> previous;
  for (const Side side : sides) {
    const bool is_new =
        !previous || std::any_of(layers.begin(), layers.end(), [&](const Heights& layer) {
          return layer[instant].on(*previous) != layer[instant].on(side);
        });
    if (is_new) run.push_back({instant, side});
    previous = side;
  }
}

/// Keeps of each column its first, lowest, highest and last moment.
MomentRun thinned(const MomentRun& run, const Instants& instants,
                  const std::vector<Heights>& layers, double width) {
  MomentRun kept;
  const auto is_lower = [&](Moment a, Moment b) { return top_at(layers, a) < top_at(layers, b); };
  for (auto first = run.begin(); first != run.end();) {
    const double column = std::floor(instants[first->instant] / width);
    const auto last = std::find_if(first, run.end(), [&](Moment moment) {
      return std::floor(instants[moment.instant] / width) != column;
    });
    if (static_cast<std::size_t>(last - first) <= most_in_column) {
      kept.insert(kept.end(), first, last);
    } else {
      const auto [low, high] = std::minmax_element(first, last, is_lower);
      for (const auto moment : std::set{first, low, high, std::prev(last)}) {
        kept.push_back(*moment);
      }
    }
    first = last;
  }
  return kept;
}

/// Returns the sides of an instant that belong to a run. Nothing is known before its start and after its end.
std::initializer_list<Side> sides_in(Extent run, std::size_t instant) {
  static constexpr std::initializer_list<Side> both_ends = {Side::at};
  static constexpr std::initializer_list<Side> start = {Side::at, Side::after};
  static constexpr std::initializer_list<Side> end = {Side::before, Side::at};
  static constexpr std::initializer_list<Side> middle = {Side::before, Side::at, Side::after};
  if (run.first == run.last) return both_ends;
  if (instant == run.first) return start;
  return instant == run.last ? end : middle;
}

}  // namespace

Instants::Instants(const std::vector<Stroke>& total, const std::vector<LayerCurve>& curves,
                   Range shown, double width)
    : shown_(shown), tolerance_(tolerance_in_columns * width) {
  std::vector<double> needed;
  for (const auto& stroke : total) append_times(needed, stroke, shown);
  for (const auto& curve : curves) append_ends(needed, curve, shown);
  sort_and_merge(needed, tolerance_);
  times_ = needed;
  for (const auto& curve : curves) {
    for (const auto& stroke : curve.strokes) append_times(times_, stroke, shown);
  }
  sort_and_merge(times_, tolerance_);
  times_ = spare(times_, needed, width, tolerance_);
}

std::size_t Instants::at(double seconds) const {
  const auto place = std::lower_bound(times_.begin(), times_.end(), seconds - tolerance_);
  return static_cast<std::size_t>(place - times_.begin());
}

void add_heights(Heights& sum, const Instants& instants, const LayerCurve& curve) {
  std::size_t free_from = 0;
  for (const auto& stroke : curve.strokes) {
    const auto extent = extent_of(stroke, instants);
    if (!extent || extent->last < free_from) continue;
    const auto first = std::max(extent->first, free_from);
    LineReader line(stroke);
    for (std::size_t i = first; i <= extent->last; ++i) {
      const double mib = std::fmax(line.value(instants[i]), 0.0);
      if (i > first) sum[i].before += mib;
      sum[i].at += mib;
      if (i < extent->last) sum[i].after += mib;
    }
    free_from = extent->last + 1;
  }
}

void add_held_heights(Heights& held, const Instants& instants, const LayerCurve& curve) {
  const auto from = last_reading(curve, instants);
  if (!from || !std::isfinite(curve.held_until)) return;
  const double mib = std::fmax(curve.strokes.back().back().mib, 0.0);
  const auto until = std::min(instants.at(curve.held_until), instants.size() - 1);
  for (std::size_t i = *from; i < until; ++i) {
    held[i].after += mib;
    held[i + 1].before += mib;
    if (i > *from) held[i].at += mib;
  }
}

Heights ceilings_of(const std::vector<Stroke>& total, const Instants& instants) {
  Heights ceilings(instants.size(), {analysis::unknown, analysis::unknown, analysis::unknown});
  const auto raise = [](double& ceiling, double mib) { ceiling = std::fmax(ceiling, mib); };
  for (const auto& stroke : total) {
    for (std::size_t k = 1; k < stroke.size(); ++k) {
      const double mib = std::max(stroke[k - 1].mib, stroke[k].mib);
      const auto first = instants.at(stroke[k - 1].seconds);
      const auto last = instants.at(stroke[k].seconds);
      for (auto i = first; i < std::min(last, instants.size() - 1); ++i) {
        raise(ceilings[i].after, mib);
        raise(ceilings[i + 1].before, mib);
        if (i > first) raise(ceilings[i].at, mib);
      }
    }
  }
  return ceilings;
}

Heights fitting_shares(const Heights& fixed, const Heights& held, const Heights& ceilings) {
  Heights shares(fixed.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i] = {fitting_share(fixed[i].before, held[i].before, ceilings[i].before),
                 fitting_share(fixed[i].at, held[i].at, ceilings[i].at),
                 fitting_share(fixed[i].after, held[i].after, ceilings[i].after)};
  }
  return shares;
}

void scale(Heights& heights, const Heights& shares) {
  for (std::size_t i = 0; i < heights.size(); ++i) {
    heights[i].before *= shares[i].before;
    heights[i].at *= shares[i].at;
    heights[i].after *= shares[i].after;
  }
}

void add_heights(Heights& sum, const Heights& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i].before += more[i].before;
    sum[i].at += more[i].at;
    sum[i].after += more[i].after;
  }
}

std::vector<Stroke> remainder_of(const std::vector<Stroke>& total, const Instants& instants,
                                 const Heights& heights) {
  std::vector<Stroke> remainder;
  for (const auto& stroke : total) {
    const auto extent = extent_of(stroke, instants);
    if (!extent) continue;
    LineReader line(stroke);
    auto& rest = remainder.emplace_back();
    for (std::size_t i = extent->first; i <= extent->last; ++i) {
      const double mib = line.value(instants[i]);
      const double above = mib - heights[i].at;
      rest.push_back({instants[i], above > rounding * mib ? above : 0});
    }
  }
  return remainder;
}

std::vector<MomentRun> moments_of(const Instants& instants, const std::vector<Stroke>& coverage,
                                  const std::vector<Heights>& layers, double width) {
  std::vector<MomentRun> runs;
  std::size_t free_from = 0;
  for (const auto& stroke : coverage) {
    const auto extent = extent_of(stroke, instants);
    if (!extent || extent->last < free_from) continue;
    const Extent known = {std::max(extent->first, free_from), extent->last};
    MomentRun run;
    for (std::size_t i = known.first; i <= known.last; ++i) {
      append_instant(run, i, layers, sides_in(known, i));
    }
    runs.push_back(thinned(run, instants, layers, width));
    free_from = extent->last + 1;
  }
  return runs;
}

std::vector<Area> areas_of(const Instants& instants, const std::vector<MomentRun>& runs,
                           const Heights& below, const Heights& layer) {
  std::vector<Area> areas;
  for (const auto& run : runs) {
    const auto height = [&](std::size_t i) { return layer[run[i].instant].on(run[i].side); };
    // a slope from or to nothing belongs to the layer, a vertical edge does not
    const auto slopes_to = [&](std::size_t i, std::size_t neighbour) {
      return neighbour < run.size() && height(neighbour) > 0 &&
             run[neighbour].instant != run[i].instant;
    };
    bool is_in_area = false;
    for (std::size_t i = 0; i < run.size(); ++i) {
      const bool ends_slope = i > 0 && slopes_to(i, i - 1);
      const bool starts_slope = slopes_to(i, i + 1);
      const bool is_part = height(i) > 0 || ends_slope || starts_slope;
      if (is_part && !is_in_area) areas.emplace_back();
      is_in_area = is_part;
      if (!is_part) continue;
      const double lower = below[run[i].instant].on(run[i].side);
      const double seconds = instants[run[i].instant];
      areas.back().lower.push_back({seconds, lower});
      areas.back().upper.push_back({seconds, lower + height(i)});
    }
  }
  return areas;
}

std::vector<Stroke> line_of(const Instants& instants, const std::vector<MomentRun>& runs,
                            const Heights& heights) {
  std::vector<Stroke> line;
  for (const auto& run : runs) {
    auto& stroke = line.emplace_back();
    for (const auto& moment : run) {
      stroke.push_back({instants[moment.instant], heights[moment.instant].on(moment.side)});
    }
  }
  return line;
}

}  // namespace mprofpp::chart
