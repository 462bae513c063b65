#include "mprofpp/chart/detail/leak_marks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"
#include "mprofpp/leak/words.hpp"

namespace mprofpp::chart {
namespace {

using leak::Judgement;
using leak::Reason;
using leak::Stretch;
using leak::Verdict;

constexpr double hour = 3600;  // seconds

/// Returns the judgement in the metric that is drawn; null if there is none.
const leak::MetricJudgement* drawn_judgement(const Source& source) {
  if (!source.leak) return nullptr;
  const auto& metrics = source.leak->metrics;
  if (metrics.size() == 1) return &metrics.front();
  const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const auto& judged) {
    return judged.metric == source.history.own_metric;
  });
  return found == metrics.end() ? nullptr : &*found;
}

/// Returns the process that decides; null if it is the total.
const leak::JudgedProcess* deciding_process(const leak::MetricJudgement& judged) {
  return judged.process ? &judged.processes[*judged.process] : nullptr;
}

const analysis::ProcessHistory* find_process(const analysis::History& history,
                                             const model::ProcessId& id) {
  const auto& all = history.processes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& process) {
    return process.id.pid == id.pid && process.id.start == id.start;
  });
  return found == all.end() ? nullptr : &*found;
}

std::string hourly_text(const leak::Rate& rate) {
  return (rate.middle < 0 ? "−" : "+") + short_memory_text(std::abs(rate.middle)) + "/h";
}

/// The curve that was judged.
class JudgedCurve {
 public:
  /// `origin` is the time 0 of the series, in seconds since the epoch.
  JudgedCurve(const analysis::Series& series, double origin)
      : strokes_(series.strokes()),
        // programs give back memory at their end
        end_(series.last() - leak::end_cut * (series.last() - series.first())),
        origin_(origin) {}

  double origin() const { return origin_; }

  /// Returns the least memory from that time on; infinity if there is none.
  double kept_from(double seconds) const {
    // a thinned curve may have no point between the two
    double least = std::fmin(value_at(strokes_, seconds), value_at(strokes_, end_));
    each_point([&](const Point& point) {
      if (point.seconds >= seconds && point.seconds <= end_) least = std::fmin(least, point.mib);
    });
    return std::isnan(least) ? std::numeric_limits<double>::infinity() : least;
  }

  /// Returns when the kept memory rises most between two times.
  double steepest(double from, double to) const {
    std::vector<double> times;
    each_point([&](const Point& point) {
      if (point.seconds > from && point.seconds <= to) times.push_back(point.seconds);
    });
    double found = to;
    double most = 0;
    double before = kept_from(from);
    for (const double time : times) {
      const double after = kept_from(time);
      if (after - before > most) {
        most = after - before;
        found = time;
      }
      before = after;
    }
    return found;
  }

 private:
  template <class Use>
  void each_point(Use use) const {
    for (const auto& stroke : strokes_) std::for_each(stroke.begin(), stroke.end(), use);
  }

  std::vector<Stroke> strokes_;
  double end_;
  double origin_;
};

/// Turns a judgement into marks.
class MarkMaker {
 public:
  MarkMaker(const Judgement& judgement, const JudgedCurve& curve, const leak::Extent& judged)
      : judgement_(judgement),
        stretch_(*judgement.stretch),
        curve_(curve),
        origin_(curve.origin()),
        judged_(judged) {
    for (const auto& step : stretch_.taken) taken_.push_back({time_of(step), step.mib});
  }

  /// Returns the steps that were taken out, at the times when the curve takes them.
  const std::vector<leak::Step>& taken() const { return taken_; }

  LeakMarks marks() const {
    LeakMarks marks;
    marks.tooltip = one_line(leak::verdict_text(judgement_, judged_));
    marks.hue = {judgement_.verdict == Verdict::steady ? Hue::Role::muted : Hue::Role::leak};
    marks.floors = floors();
    if (judgement_.verdict == Verdict::leak) {
      add_line(marks);
    } else if (judgement_.reason == Reason::slowing) {
      marks.line = bent_line();
      marks.dash = Dash::dashed;
    } else if (may_grow()) {
      add_line(marks);
      marks.dash = Dash::dashed;
    }
    return marks;
  }

 private:
  /// True for a curve that may grow evenly, so that a straight line shows what is known of it.
  bool may_grow() const {
    if (judgement_.verdict != Verdict::unsure) return false;
    switch (judgement_.reason) {
      case Reason::few_cycles:
      case Reason::paused:
      case Reason::noise:
        return true;
      case Reason::began_late:
        return judgement_.rate.low > 0;  // else the line runs through the time before
      default:
        return false;
    }
  }

  /// Returns half the length of the time that each floor is about.
  double half_width() const {
    const auto& readings = stretch_.floors;
    double width = stretch_.length();
    for (std::size_t i = 1; i < readings.size(); ++i) {
      width = std::min(width, readings[i].seconds - readings[i - 1].seconds);
    }
    return width / 2;
  }

  std::vector<Floor> floors() const {
    const double half = half_width();
    std::vector<Floor> all;
    for (const auto& [seconds, mib] : stretch_.floors) {
      const double middle = seconds - origin_;
      all.push_back({middle - half, middle + half, mib});
    }
    return all;
  }

  /// A step that was taken out has the time of the first floor above it. The curve takes it before that, but
  /// not before the stretch of the floor below.
  double time_of(const leak::Step& step) const {
    double below = stretch_.from;
    for (const auto& floor : stretch_.floors) {
      if (floor.seconds < step.seconds) below = floor.seconds - half_width();
    }
    return curve_.steepest(below - origin_, step.seconds - origin_) + origin_;
  }

  /// Returns the memory of the steps until then.
  static double sum_until(double seconds, const std::vector<leak::Step>& steps) {
    double mib = 0;
    for (const auto& step : steps) {
      if (step.seconds <= seconds) mib += step.mib;
    }
    return mib;
  }
  double taken_until(double seconds) const { return sum_until(seconds, taken_); }

  double slope() const { return judgement_.rate.middle / hour; }

  /// Returns the height of the line at the time 0: the median of what each floor says.
  double intercept() const {
    std::vector<double> heights;
    for (const auto& [seconds, mib] : stretch_.floors) {
      const double steps = sum_until(seconds, stretch_.taken);
      heights.push_back(mib - steps - slope() * (seconds - stretch_.from));
    }
    return leak::median(std::move(heights));
  }

  /// Adds the line and its interval, which are narrowest in the middle of the floors and jump where a step
  /// was taken out.
  void add_line(LeakMarks& marks) const {
    const double start = intercept();
    std::vector<double> times;
    for (const auto& floor : stretch_.floors) times.push_back(floor.seconds);
    const double middle = leak::median(std::move(times));
    const double less = judgement_.rate.low / hour - slope();
    const double more = judgement_.rate.high / hour - slope();
    const auto add = [&](double seconds, double taken) {
      const double t = seconds - origin_;
      const double mib = start + slope() * (seconds - stretch_.from) + taken;
      const double one = less * (seconds - middle);
      const double other = more * (seconds - middle);
      marks.line.push_back({t, mib});
      marks.upper.push_back({t, mib + std::max(one, other)});
      marks.lower.push_back({t, mib + std::min(one, other)});
    };
    for (const double seconds : corners(middle)) {
      const double before = taken_until(std::nextafter(seconds, 0));
      const double after = taken_until(seconds);
      add(seconds, before);
      if (after != before) add(seconds, after);
    }
    marks.labels = {leak::rate_text(judgement_.rate), hourly_text(judgement_.rate)};
  }

  /// Returns the times at which the line or its interval has a corner.
  std::vector<double> corners(double middle) const {
    std::vector<double> times = {stretch_.from, middle, stretch_.to};
    for (const auto& step : taken_) times.push_back(step.seconds);
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
  }

  /// Returns the curve of something that fills, which was fitted to the floors.
  std::vector<Point> bent_line() const {
    constexpr int pieces = 32;
    const double x = stretch_.bend.x;
    const double bottom = stretch_.floors.back().mib - taken_until(stretch_.to) - stretch_.kept_mib;
    std::vector<Point> line;
    for (int i = 0; i <= pieces; ++i) {
      const double part = static_cast<double>(i) / pieces;
      const double filled = std::expm1(-x * part) / std::expm1(-x);
      const double seconds = stretch_.from + part * stretch_.length();
      const double mib = bottom + taken_until(seconds) + stretch_.kept_mib * filled;
      line.push_back({seconds - origin_, mib});
    }
    return line;
  }

  const Judgement& judgement_;
  const Stretch& stretch_;
  const JudgedCurve& curve_;
  std::vector<leak::Step> taken_;
  double origin_;
  leak::Extent judged_;
};

std::vector<StepMark> steps_of(const std::vector<leak::Step>& steps, const JudgedCurve& curve) {
  std::vector<StepMark> marks;
  for (const auto& step : steps) {
    const double seconds = step.seconds - curve.origin();
    const double top = curve.kept_from(seconds);
    if (!std::isfinite(top)) continue;
    marks.push_back({seconds, top - step.mib, top, growth_text(step.mib)});
  }
  return marks;
}

/// Returns the curve that was judged.
const analysis::Series& judged_series(const Source& source, const leak::MetricJudgement& judged) {
  const auto* deciding = deciding_process(judged);
  const auto* process = deciding ? find_process(source.history, deciding->id) : nullptr;
  return process && !process->series.empty() ? process->series : source.history.total;
}

void add_expected_level(Figure& figure, double mib) {
  const auto value = memory_text(mib);
  figure.levels.push_back({.mib = mib,
                           .labels = {"would level off near " + value, "near " + value},
                           .kind = Level::Kind::expected});
}

/// Returns how many other processes leak: ", 2 others leak too".
std::string others_text(const leak::MetricJudgement& judged) {
  const auto leaks = [](const auto& process) { return process.judgement.verdict == Verdict::leak; };
  const auto& all = judged.processes;
  const auto count = std::count_if(all.begin(), all.end(), leaks) - 1;
  if (count < 1) return "";
  return ", " + std::to_string(count) + (count == 1 ? " other leaks too" : " others leak too");
}

/// Returns the process that was judged, if there are several, or that it is their number.
std::string place_of(const Source& source, const leak::MetricJudgement& judged) {
  if (judged.growth == leak::TreeGrowth::number) return ", in the number of processes";
  if (judged.growth == leak::TreeGrowth::each) return ", a little in each process";
  const auto* deciding = deciding_process(judged);
  if (deciding == nullptr || source.history.processes.size() < 2) return "";
  const auto* process = find_process(source.history, deciding->id);
  const auto name = process != nullptr
                        ? short_process_name(*process)
                        : one_line(deciding->name) + " " + std::to_string(deciding->id.pid);
  if (judged.judgement.verdict != Verdict::leak) return " (" + name + ")";
  return " in " + name + others_text(judged);
}

/// Returns "a step of +8.0 MiB" or "3 steps of +24.0 MiB in all".
std::string steps_text(const std::vector<leak::Step>& steps) {
  double sum = 0;
  for (const auto& step : steps) sum += step.mib;
  if (steps.size() == 1) return "a step of " + growth_text(sum);
  return std::to_string(steps.size()) + " steps of " + growth_text(sum) + " in all";
}

}  // namespace

void add_leak(Figure& figure, const Source& source) {
  const auto* judged = drawn_judgement(source);
  if (judged == nullptr || source.history.total.empty()) return;
  const auto& judgement = judged->judgement;
  const JudgedCurve curve(judged_series(source, *judged), to_seconds(source.history.grid.origin));
  LeakMarks marks;
  auto steps = judgement.steps;
  if (judgement.stretch) {
    const MarkMaker maker(judgement, curve, source.leak->extent());
    marks = maker.marks();
    if (judgement.verdict == Verdict::leak) steps = maker.taken();
  }
  marks.steps = steps_of(steps, curve);
  figure.leaks.push_back(std::move(marks));
  if (judgement.level_mib) add_expected_level(figure, *judgement.level_mib);
}

std::vector<std::string> leak_summary(const Source& source) {
  const auto* judged = drawn_judgement(source);
  if (judged == nullptr) return {};
  const auto& report = *source.leak;
  const auto& judgement = judged->judgement;
  std::vector<std::string> parts = {leak::verdict_text(judgement, report.extent()) +
                                    place_of(source, *judged)};
  if (!judgement.steps.empty()) parts.push_back(steps_text(judgement.steps));
  if (judged == &report.deciding() && report.limit) parts.push_back(limit_text(*report.limit));
  if (judged != &report.deciding()) {
    const auto& other = report.deciding();
    parts.push_back("by " + std::string(model::name_of(other.metric)) + ": " +
                    leak::verdict_text(other.judgement, report.extent()));
  }
  return parts;
}

std::string short_verdict(const Source& source) {
  const auto* judged = drawn_judgement(source);
  if (judged == nullptr) return "";
  switch (judged->judgement.verdict) {
    case Verdict::steady:
      return "steady";
    case Verdict::unsure:
      return "not enough to tell";
    case Verdict::leak:
      break;
  }
  return hourly_text(judged->judgement.rate);
}

}  // namespace mprofpp::chart
