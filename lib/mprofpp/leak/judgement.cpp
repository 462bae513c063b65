#include "mprofpp/leak/judgement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "mprofpp/leak/floors.hpp"

namespace mprofpp::leak {
namespace {

// The constants are those that share/doc/leak.md explains.
constexpr std::size_t usual_floors = 12;
constexpr std::array window_starts = {0.02, 0.1, 0.2, 0.3, 0.4, 0.5};
constexpr std::size_t first_window = 0;
constexpr std::size_t middle_window = 2;
constexpr double late_part = 0.38;
constexpr double tip_part = 0.15;
constexpr double least_tau = 0.75;
constexpr double least_z = 2.6;
constexpr double largest_move = 0.40;  // of the growth
constexpr std::size_t fewest_moves = 5;
constexpr double day = 86400;
constexpr double hour = 3600;
constexpr double unknown_rate = 1e9;  // MiB/s: nothing is excluded
constexpr double infinitely_little = 1e-9;

/// Judges one curve. The methods follow the rules in their order.
class Judge {
 public:
  Judge(const Readings& readings, std::size_t count, double least_growth)
      : count_(count),
        least_growth_(least_growth),
        begin_(readings.front().seconds),
        length_(readings.back().seconds - readings.front().seconds),
        end_(begin_ + (1 - end_cut) * length_),
        bins_(least_of_bins(readings)),
        floors_(count >= 60 ? usual_floors
                            : std::max<std::size_t>(6, std::min(usual_floors, count / 3))) {}

  Judgement judgement() {
    for (std::size_t i = 0; i < window_starts.size(); ++i) {
      windows_[i] = look_at(bins_, begin_ + window_starts[i] * length_, end_, floors_);
    }
    const auto late_floors = count_ >= 120 ? floors_ : std::max<std::size_t>(6, floors_ / 2);
    late_ = look_at(bins_, end_ - late_part * length_, end_, late_floors);
    if (!windows_[first_window] || !windows_[middle_window] || !late_) {
      return unsure(Reason::few_samples, std::nullopt, length_);
    }
    if (auto leak = find_leak()) return std::move(*leak);
    if (auto stepped = judge_steps()) return std::move(*stepped);
    return judge_end();
  }

 private:
  static Judgement unsure(Reason reason, std::optional<Stretch> stretch, double more_seconds) {
    Judgement result;
    result.verdict = Verdict::unsure;
    result.reason = reason;
    result.rate = {0, 0, unknown_rate * hour};
    if (stretch) {
      const auto& slope = stretch->slope;
      result.rate = {slope.middle * hour, slope.low * hour, slope.high * hour};
    }
    result.stretch = std::move(stretch);
    result.more_seconds = more_seconds;
    return result;
  }

  /// Returns the judgement of a steady curve, whose bound is what the late floors cannot exclude.
  Judgement steady(Reason reason) const {
    Judgement result;
    result.verdict = Verdict::steady;
    result.reason = reason;
    const double bound = std::max(late_->slope.high, least_growth_ / late_->length());
    result.rate = {late_->slope.middle * hour, late_->slope.low * hour, bound * hour};
    result.stretch = late_;
    return result;
  }

  // ---- a leak

  std::optional<Judgement> find_leak() {
    std::vector<const Stretch*> found;
    for (std::size_t i = 0; i < window_starts.size(); ++i) {
      if (windows_[i] && is_leak(*windows_[i], window_starts[i])) found.push_back(&*windows_[i]);
    }
    if (found.empty()) return std::nullopt;
    std::vector<const Stretch*> even;
    std::copy_if(found.begin(), found.end(), std::back_inserter(even),
                 [](const Stretch* stretch) { return stretch->bend.high >= 0; });
    if (even.empty()) return leak(Reason::grows_faster, rate_of_the_end(*found.back()));
    const auto straight = std::find_if(even.begin(), even.end(), [](const Stretch* stretch) {
      return std::abs(stretch->bend.x) < 0.25;
    });
    return leak(Reason::grows, straight == even.end() ? *even.front() : **straight);
  }

  bool is_leak(const Stretch& stretch, double start) {
    if (!grows(stretch) || levels_off(stretch, start)) return false;
    if (stretch.largest_share > largest_move || stretch.upward_moves < fewest_moves) return false;
    if (is_paused(stretch)) return false;
    if (start >= 0.3 && was_as_high_before(stretch)) return false;
    return stretch.slope.low > inexactness(stretch);
  }

  bool grows(const Stretch& stretch) const {
    // only with the load of a day
    if (length_ > 1.1 * day && stretch.length() < 0.9 * day) return false;
    return stretch.trend.tau >= least_tau && stretch.trend.z >= least_z && stretch.slope.low > 0 &&
           stretch.growth() >= least_growth_;
  }

  /// True unless the time constant of something that fills would be longer than the whole recording.
  static bool levels_off(const Stretch& stretch, double start) {
    return stretch.bend.high > std::max(0.6, 1 - start);
  }

  bool is_paused(const Stretch& stretch) {
    const auto quiet = pause(between(bins_, stretch.from, stretch.to));
    const double usual = std::max(0.06 * stretch.length(), 1.5 * quiet.longest);
    const bool paused = quiet.last > usual || stretch.falls_short;
    if (paused) paused_ = quiet.last;
    return paused;
  }

  bool was_as_high_before(const Stretch& stretch) const {
    constexpr std::size_t floors_before = 6;
    const auto before = floors(bins_, begin_ + end_cut * length_, stretch.from, floors_before);
    const double level = stretch.floors.back().mib - 0.1 * stretch.kept_mib;
    return std::any_of(before.begin(), before.end(),
                       [&](const Reading& floor) { return floor.mib >= level; });
  }

  /// Returns by how much a slope is unknown because memory comes in pages and larger grains, in MiB/s.
  double inexactness(const Stretch& stretch) const {
    const double step = std::max(page_mib, 0.5 * grain(between(bins_, stretch.from, stretch.to)));
    return 0.003 * std::abs(stretch.slope.middle) + step / stretch.length();
  }

  /// Returns the last part of a curve that grows faster and faster, in which it is nearly straight.
  Stretch rate_of_the_end(Stretch stretch) const {
    for (const double start : {0.6, 0.7, 0.8}) {
      auto later = look_at(bins_, begin_ + start * length_, end_, floors_);
      if (!later) continue;
      const bool is_straight = later->bend.high >= 0;
      if (later->floors.size() >= 6) stretch = std::move(*later);
      if (is_straight) break;
    }
    return stretch;
  }

  Judgement leak(Reason reason, Stretch stretch) const {
    const double inexact = inexactness(stretch);
    Judgement result;
    result.verdict = Verdict::leak;
    result.reason = reason;
    const auto& slope = stretch.slope;
    result.rate = {slope.middle * hour, std::max(0.0, slope.low - inexact) * hour,
                   (slope.high + inexact) * hour};
    result.steps = stretch.taken;
    result.stretch = std::move(stretch);
    return result;
  }

  // ---- no leak

  std::optional<Judgement> judge_steps() const {
    constexpr std::size_t most_steps = 12;
    constexpr double nearly_all = 0.8;      // of the growth
    constexpr double unlikely_quiet = 0.3;  // the chance of it
    const auto found = find_steps(between(bins_, begin_ + end_cut * length_, end_), least_growth_);
    const auto& steps = found.steps;
    if (steps.empty() || found.share < nearly_all || steps.size() > most_steps) return std::nullopt;
    const auto count = static_cast<double>(steps.size());
    const double took = steps.back().seconds - steps.front().seconds;
    const double quiet = end_ - steps.back().seconds;
    auto result = steady(Reason::one_step);
    if (steps.size() > 1) {
      const bool stopped = std::pow(took / (took + quiet), count - 1) <= unlikely_quiet;
      if (stopped && !double_up(steps, quiet))
        result = steady(Reason::steps_stopped);
      else
        result = unsure(Reason::few_steps, windows_[first_window],
                        length_ * std::max(0.25, 9 / count - 1));
    }
    result.steps = steps;
    return result;
  }

  /// Steps that double, such as those of a hash table, are further and further apart.
  static bool double_up(const std::vector<Step>& steps, double quiet) {
    const auto n = steps.size();
    if (n < 3) return false;
    const double last = steps[n - 1].mib;
    const double before = 1.5 * steps[n - 2].mib;
    return last >= before && before >= 2 * steps[n - 3].mib &&
           quiet < 2 * (steps[n - 1].seconds - steps[n - 2].seconds);
  }

  bool has_grown(const Stretch& stretch) const {
    return stretch.trend.z >= least_z && stretch.slope.order_low > 0 &&
           stretch.growth() >= least_growth_;
  }

  Judgement judge_end() const {
    const auto& middle = *windows_[middle_window];
    const bool grew_lately = has_grown(*late_);
    const bool grew = has_grown(middle) && late_->slope.high > 0.33 * middle.slope.middle;
    if (!grew_lately && !grew) return judge_quiet_end();
    if (is_as_high_before(middle)) return steady(Reason::as_high_before);
    if (middle.bend.low >= 3) return steady(Reason::levelled_off);
    return judge_unclear(middle);
  }

  Judgement judge_quiet_end() const {
    if (auto tip = begun_just_now()) {
      return unsure(Reason::began_late, std::move(tip), 0.3 * length_);
    }
    const auto cycles = valleys(between(bins_, begin_ + end_cut * length_, end_));
    const auto& lows = cycles.lows;
    const bool few = lows.size() >= 3 && lows.size() <= 7;
    const bool rise =
        std::adjacent_find(lows.begin(), lows.end(), std::greater_equal<>()) == lows.end();
    if (few && rise && lows.back() - lows.front() >= std::max(least_growth_, 0.1 * cycles.range)) {
      const auto count = static_cast<double>(lows.size());
      return unsure(Reason::few_cycles, windows_[first_window],
                    length_ * std::max(0.5, 10 / count - 1));
    }
    return steady(Reason::flat);
  }

  /// Returns the last part of the curve if it has started to climb there.
  std::optional<Stretch> begun_just_now() const {
    auto tip = look_at(bins_, end_ - tip_part * length_, end_, 8);
    if (!tip || tip->floors.size() < 6 || tip->trend.tau < 0.8) return std::nullopt;
    std::optional<double> highest;
    std::optional<double> lowest_lately;
    for (const auto& [seconds, mib] : bins_) {
      if (!(seconds < tip->from)) break;
      highest = std::max(highest.value_or(mib), mib);
      if (!(seconds > windows_[middle_window]->from)) continue;
      lowest_lately = std::min(lowest_lately.value_or(mib), mib);
    }
    if (!highest || !lowest_lately) return std::nullopt;
    const double range = *highest - *lowest_lately;
    if (tip->growth() < std::max(least_growth_, 0.5 * range)) return std::nullopt;
    if (!(tip->floors.back().mib > *highest)) return std::nullopt;
    return tip;
  }

  bool is_as_high_before(const Stretch& middle) const {
    const auto& all = windows_[first_window]->floors;
    double highest = all.front().mib;
    for (std::size_t i = 0; static_cast<double>(i) < 0.6 * static_cast<double>(all.size()); ++i) {
      highest = std::max(highest, all[i].mib);
    }
    const auto& ends = late_->floors;
    const double end =
        median({ends[ends.size() - 3].mib, ends[ends.size() - 2].mib, ends[ends.size() - 1].mib});
    const double growth = std::max(middle.growth(), late_->growth());
    return end <= highest + std::max(2 * page_mib, 0.15 * growth);
  }

  Judgement judge_unclear(const Stretch& middle) const {
    auto stretch = middle;
    stretch.slope.high = std::max(stretch.slope.high, late_->slope.high);
    const auto& bend = middle.bend;
    if (paused_) {
      return unsure(Reason::paused, std::move(stretch),
                    std::max(0.1 * length_, (late_part * length_ - *paused_) / 0.62));
    }
    if (bend.low > 0.3) return slowing(std::move(stretch));
    if (bend.high < -0.5) return unsure(Reason::began_late, std::move(stretch), 0.5 * length_);
    const double noise = 10 * bend.deviation / std::max(infinitely_little, middle.growth());
    return unsure(Reason::noise, std::move(stretch), length_ * std::max(0.5, std::min(9.0, noise)));
  }

  Judgement slowing(Stretch stretch) const {
    const double x = stretch.bend.x;
    const double longer = 5 / std::max(0.5, x / 0.8) - 1;
    // the floors are in the middles of their stretches, so they are seen for less than the window
    const double seen = stretch.floors.back().seconds - stretch.floors.front().seconds;
    const double left = std::exp(-x * seen / stretch.length());
    const double level = stretch.floors.back().mib + stretch.kept_mib * left / (1 - left);
    auto result =
        unsure(Reason::slowing, std::move(stretch), length_ * std::max(0.5, std::min(4.0, longer)));
    result.level_mib = level;
    return result;
  }

  std::size_t count_;
  double least_growth_;
  double begin_;
  double length_;
  double end_;
  Readings bins_;
  std::size_t floors_;
  std::array<std::optional<Stretch>, window_starts.size()> windows_;
  std::optional<Stretch> late_;
  std::optional<double> paused_;  // seconds, in the last window that would be a leak without it
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::steady:
      return "steady";
    case Verdict::leak:
      return "leak";
    case Verdict::unsure:
      break;
  }
  return "unsure";
}

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::grows:
      return "grows";
    case Reason::grows_faster:
      return "grows faster";
    case Reason::flat:
      return "flat";
    case Reason::one_step:
      return "one step";
    case Reason::steps_stopped:
      return "steps stopped";
    case Reason::levelled_off:
      return "levelled off";
    case Reason::as_high_before:
      return "as high before";
    case Reason::every_process_steady:
      return "every process is steady";
    case Reason::few_samples:
      return "few samples";
    case Reason::few_steps:
      return "few steps";
    case Reason::few_cycles:
      return "few cycles";
    case Reason::began_late:
      return "began late";
    case Reason::paused:
      return "paused";
    case Reason::slowing:
      return "slowing";
    case Reason::noise:
      break;
  }
  return "noise";
}

Judgement judge(const Readings& readings, std::size_t count, double least_growth) {
  constexpr double at_least = 60;  // seconds
  if (count < fewest_samples || readings.back().seconds <= readings.front().seconds) {
    Judgement few;
    few.samples = count;
    few.rate = {0, 0, unknown_rate * hour};
    few.more_seconds = at_least;
    return few;
  }
  auto judgement = Judge(readings, count, least_growth).judgement();
  judgement.samples = count;
  return judgement;
}

}  // namespace mprofpp::leak
