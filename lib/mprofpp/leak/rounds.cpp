#include "mprofpp/leak/rounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "mprofpp/leak/floors.hpp"
#include "mprofpp/leak/reading.hpp"
#include "mprofpp/leak/shape.hpp"

namespace mprofpp::leak {
namespace {

/// Fewer moves cannot show a trend: of six floors, only one order in 720 rises throughout.
constexpr std::size_t least_moves = 5;
/// The moves that a window needs if there are enough rounds.
constexpr std::size_t good_moves = 6;

/// The floors of the rounds that count.
struct RoundsWindow {
  std::size_t first = 0;            ///< index of the first floor
  std::vector<double> xs;           ///< requests
  std::vector<double> ys;           ///< MiB
  std::vector<std::size_t> rounds;  ///< their numbers
  std::optional<Step> out;          ///< the step that was taken out of `ys`

  std::size_t moves() const { return ys.size() - 1; }
  double requests() const { return xs.back() - xs.front(); }
};

RoundsWindow window_from(const std::vector<RestFloor>& floors, std::size_t first) {
  RoundsWindow window;
  window.first = first;
  for (std::size_t i = first; i < floors.size(); ++i) {
    window.xs.push_back(floors[i].requests);
    window.ys.push_back(floors[i].mib);
    window.rounds.push_back(floors[i].round);
  }
  return window;
}

/// Returns the factor by which an interval of Student's t for eleven degrees of freedom, as that of
/// sen_slope(), is too narrow for so few moves (95 %).
double widening(std::size_t moves) {
  constexpr std::array t = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23};
  const auto freedom = std::max<std::size_t>(1, moves - 1);
  return freedom > t.size() ? 1 : t[freedom - 1] / 2.2;
}

/// Returns Sen's slope with an interval that is honest for few rounds. Floors are known to a page.
Slope slope_of(const RoundsWindow& window, const Kendall& trend) {
  auto slope = sen_slope(window.xs, window.ys, trend.variance);
  const double factor = widening(window.moves());
  const double grain = page_mib / window.requests() + 0.003 * std::abs(slope.middle);
  slope.low = slope.middle - (slope.middle - slope.low) * factor - grain;
  slope.high = slope.middle + (slope.high - slope.middle) * factor + grain;
  return slope;
}

/// Returns the growth of each round, for the mean number of requests.
std::vector<double> equal_moves(const RoundsWindow& window) {
  auto result = moves(window.ys);
  const double mean = window.requests() / static_cast<double>(window.moves());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] *= mean / (window.xs[i + 1] - window.xs[i]);
  }
  return result;
}

Bend bend_of(const RoundsWindow& window) {
  std::vector<double> us;
  for (const double x : window.xs) us.push_back((x - window.xs.front()) / window.requests());
  return bend(us, window.ys);
}

/// Returns true if the growth is spread over the rounds.
bool is_spread(const RoundsWindow& window) {
  constexpr double most = 0.4;
  constexpr double nearly_all = 0.75;
  const auto curve = kept(window.ys);
  const double growth = curve.back() - curve.front();
  const auto differences = moves(curve);
  const double largest = *std::max_element(differences.begin(), differences.end());
  const auto upward = std::count_if(differences.begin(), differences.end(),
                                    [](double move) { return move >= page_mib; });
  return largest <= most * growth &&
         static_cast<double>(upward) >= nearly_all * static_cast<double>(differences.size());
}

/// Returns true if the last rounds add clearly less than those before.
bool has_stopped(const RoundsWindow& window) {
  constexpr double clearly_less = 0.4;
  const auto differences = equal_moves(window);
  if (last_move_falls_short(differences)) return true;
  const double mean = std::accumulate(differences.begin(), differences.end(), 0.0) /
                      static_cast<double>(differences.size());
  const auto third = std::max<std::size_t>(2, differences.size() / 3);
  const double tail = std::accumulate(differences.end() - static_cast<std::ptrdiff_t>(third),
                                      differences.end(), 0.0) /
                      static_cast<double>(third);
  return tail < clearly_less * mean;
}

/// Takes a step out of floors that climb regularly. Several would rather be a climb that is not regular.
RoundsWindow without_excess(RoundsWindow window) {
  constexpr std::size_t enough_moves = 6;
  if (window.moves() < enough_moves) return window;
  auto result = without_steps(window.ys);
  if (result.taken.size() != 1) return window;
  window.ys = std::move(result.values);
  window.out = result.taken.front();
  window.out->seconds =
      static_cast<double>(window.rounds[static_cast<std::size_t>(window.out->seconds)]);
  return window;
}

/// Takes a single step out of floors that are flat otherwise, unless it is so late that nobody knows whether
/// more follow.
RoundsWindow without_single_step(RoundsWindow window) {
  constexpr double much_larger = 3;
  constexpr std::size_t quiet_rounds = 2;
  const auto differences = moves(window.ys);
  std::size_t largest = 0;
  double second = 0;
  for (std::size_t i = 1; i < differences.size(); ++i) {
    const bool is_larger = std::abs(differences[i]) > std::abs(differences[largest]);
    second = std::max(second, std::abs(differences[is_larger ? largest : i]));
    if (is_larger) largest = i;
  }
  const double size = differences[largest];
  const bool is_step = std::abs(size) > much_larger * second + default_least_growth;
  if (!is_step || largest + quiet_rounds >= differences.size()) return window;
  for (std::size_t i = largest + 1; i < window.ys.size(); ++i) window.ys[i] -= size;
  window.out = Step{static_cast<double>(window.rounds[largest + 1]), size};
  return window;
}

RoundsJudgement judgement_of(const RoundsWindow& window, const Slope& slope) {
  RoundsJudgement judgement;
  judgement.rate = slope;
  judgement.first = window.rounds.front();
  judgement.growth_mib = slope.middle * window.requests();
  judgement.step = window.out;
  return judgement;
}

/// Judges whether the floors of a window are a leak. Returns nothing if not.
std::optional<RoundsJudgement> leak_in(RoundsWindow window, const RoundsQuestion& question) {
  constexpr double nearly_always = 0.75;
  constexpr double rare_by_chance = 2.6;
  constexpr double sure_part = 1.0 / 3;  // of the rate; less is nearly nothing
  // a larger bend would be something that fills and may be full soon; after a longer warm-up, it is one
  const double straight = window.first > question.warmup ? 0.4 : 0.8;
  constexpr double no_bend = 0.25;  // more is a bend that is certain, however small
  window = without_excess(std::move(window));
  const auto trend = kendall(window.ys);
  if (trend.tau < nearly_always || trend.z < rare_by_chance) return std::nullopt;
  const auto slope = slope_of(window, trend);
  if (slope.low <= question.least_rate || slope.low < sure_part * slope.middle) return std::nullopt;
  if (slope.middle * window.requests() < question.least_growth) return std::nullopt;
  const auto shape = bend_of(window);
  if (shape.high > straight || shape.low > no_bend) return std::nullopt;
  if (!is_spread(window) || has_stopped(window)) return std::nullopt;
  auto judgement = judgement_of(window, slope);
  judgement.verdict = Verdict::leak;
  judgement.reason = Reason::grows;
  return judgement;
}

/// Returns how many more rounds make an interval narrow enough: its width falls with the 3/2th power.
std::size_t rounds_for(const RoundsWindow& window, const Slope& slope,
                       const RoundsQuestion& question) {
  constexpr double most_times = 9;
  const double target = std::max(question.certain_rate, slope.middle) / 2;
  const double excess = (slope.high - slope.low) / 2 / target;
  const double times = std::clamp(std::pow(excess, 2.0 / 3) - 1, 0.5, most_times);
  return static_cast<std::size_t>(std::ceil(times * static_cast<double>(window.moves())));
}

Reason reason_of_growth(const RoundsWindow& window) {
  constexpr double slows = 0.3;
  const auto shape = bend_of(window);
  if (shape.low > slows || has_stopped(window)) return Reason::slowing;
  if (shape.high < -slows) return Reason::began_late;
  return Reason::noise;
}

/// Returns true if the rounds last at least three time constants of something that fills, and the last third
/// of them adds nearly nothing.
bool has_levelled_off(const RoundsWindow& window) {
  constexpr double nearly_full = 3;
  constexpr double nearly_nothing = 0.1;
  if (bend_of(window).low < nearly_full) return false;
  const auto curve = kept(window.ys);
  const double tail = curve.back() - curve[window.moves() * 2 / 3];
  return tail <= nearly_nothing * (curve.back() - curve.front());
}

RoundsJudgement steady(RoundsJudgement judgement, const RoundsWindow& window,
                       const RoundsQuestion& question) {
  judgement.verdict = Verdict::steady;
  judgement.reason = window.out ? Reason::one_step : Reason::flat;
  judgement.rate.high = std::max(
      {judgement.rate.high, question.least_rate, question.least_growth / window.requests()});
  judgement.more = 0;
  return judgement;
}

/// Returns true if the last floors are far above all earlier ones, so that nobody knows what follows.
bool rises_at_end(const RoundsWindow& window) {
  constexpr std::size_t most_floors = 2;
  constexpr double far = 2;  // in ranges of the floors before
  for (std::size_t last = 1; last <= most_floors; ++last) {
    const auto begin = window.ys.end() - static_cast<std::ptrdiff_t>(last);
    const auto [low, high] = std::minmax_element(window.ys.begin(), begin);
    const double rise = *std::min_element(begin, window.ys.end()) - *high;
    if (rise > default_least_growth + far * (*high - *low)) return true;
  }
  return false;
}

/// Judges floors that are not a leak. `all` has all rounds that count, `late` the second half of them.
RoundsJudgement steady_or_unsure(const RoundsWindow& all, const RoundsWindow& late,
                                 const RoundsQuestion& question) {
  constexpr double by_chance = 2;
  const auto window = without_single_step(late);
  const auto trend = kendall(window.ys);
  const auto slope = slope_of(window, trend);
  auto judgement = judgement_of(window, slope);
  const double tiny = std::max(question.least_rate, question.least_growth / window.requests());
  if (rises_at_end(window)) {
    judgement.reason = Reason::began_late;
    judgement.more = window.moves() / 2 + 1;
    return judgement;
  }
  if (slope.high <= tiny) return steady(judgement, window, question);
  if (trend.z >= by_chance && slope.order_low > 0) {
    judgement.reason = reason_of_growth(all);
    if (slope.high <= question.certain_rate && has_levelled_off(all)) {
      auto level = steady(judgement, window, question);
      level.reason = Reason::levelled_off;
      return level;
    }
  } else if (slope.high <= question.certain_rate ||
             slope.high * window.requests() <= question.least_growth) {
    return steady(judgement, window, question);
  } else {
    judgement.reason = Reason::noise;
  }
  judgement.more = rounds_for(window, slope, question);
  return judgement;
}

}  // namespace

RoundsJudgement judge_rounds(const std::vector<RestFloor>& floors, const RoundsQuestion& question) {
  const auto count = floors.size();
  const auto warmup = question.warmup;
  if (count < warmup + 1 + least_moves) {
    RoundsJudgement judgement;
    judgement.more = warmup + 1 + good_moves - count;
    judgement.first = floors[std::min(warmup, count - 1)].round;
    return judgement;
  }
  const auto counted = count - 1 - warmup;
  const auto shortest = std::max(std::min(good_moves, counted), (counted + 1) / 2);
  const auto last_start = count - 1 - shortest;
  const auto stride = std::max<std::size_t>(1, counted / 8);
  for (std::size_t first = warmup; first <= last_start; first += stride) {
    const auto leak = leak_in(window_from(floors, first), question);
    if (leak) return *leak;
  }
  return steady_or_unsure(window_from(floors, warmup), window_from(floors, last_start), question);
}

RoundsJudgement Looks::take(RoundsJudgement judgement) {
  constexpr std::size_t confirming_rounds = 4;
  constexpr double regular = 0.9;
  if (judgement.reason == Reason::few_samples) return judgement;
  const bool is_leak = judgement.verdict == Verdict::leak;
  const bool is_regular = judgement.rate.low >= regular * judgement.rate.middle;
  const bool is_sure = was_leak_ || (taken_ == 0 && is_regular);
  ++taken_;
  was_leak_ = is_leak;
  if (is_leak && !is_sure) {
    judgement.verdict = Verdict::unsure;
    judgement.more = confirming_rounds;
  }
  return judgement;
}

}  // namespace mprofpp::leak
