#include "mprofpp/leak/shape.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>

#include "mprofpp/leak/floors.hpp"
#include "mprofpp/leak/trend.hpp"

namespace mprofpp::leak {
namespace {

std::vector<double> without(const std::vector<double>& values, std::size_t index) {
  auto others = values;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(index));
  return others;
}

double median_deviation(const std::vector<double>& values, double middle) {
  std::vector<double> deviations;
  for (const double value : values) deviations.push_back(std::abs(value - middle));
  return median(std::move(deviations));
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Returns how far something that fills with `x` is at each time; the times themselves for a straight line.
std::vector<double> filling(const std::vector<double>& us, double x) {
  constexpr double straight = 1e-6;
  if (std::abs(x) < straight) return us;
  std::vector<double> heights;
  heights.reserve(us.size());
  for (const double u : us) heights.push_back((1 - std::exp(-x * u)) / (1 - std::exp(-x)));
  return heights;
}

/// Returns the sum of the squared errors of the best line through (xs, ys).
double squared_error(const std::vector<double>& xs, const std::vector<double>& ys) {
  const double mean_x = mean(xs);
  const double mean_y = mean(ys);
  double xy = 0;
  double xx = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    xy += (xs[i] - mean_x) * (ys[i] - mean_y);
    xx += (xs[i] - mean_x) * (xs[i] - mean_x);
  }
  const double slope = xy / xx;
  double sum = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const double error = ys[i] - mean_y - slope * (xs[i] - mean_x);
    sum += error * error;
  }
  return sum;
}

/// A move of the kept curve that may be a step: between two readings, or several that follow closely.
struct Move {
  std::size_t begin = 0;
  std::size_t end = 0;
  double mib = 0;
};

std::vector<Move> upward_moves(const Readings& readings, const std::vector<double>& curve) {
  constexpr double close = 0.012;  // of the time
  const double together = close * (readings.back().seconds - readings.front().seconds);
  std::vector<Move> found;
  for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
    if (curve[i + 1] <= curve[i]) continue;
    const double size = curve[i + 1] - curve[i];
    const bool follows = !found.empty() &&
                         readings[i + 1].seconds - readings[found.back().begin].seconds <= together;
    if (follows) {
      found.back().end = i + 1;
      found.back().mib += size;
    } else {
      found.push_back({i, i + 1, size});
    }
  }
  return found;
}

/// Returns true if nearly all readings from `begin` to the start of the move are below the level after it, so
/// that it is a step and not the end of a climb or of noise.
bool is_clean(const Readings& readings, std::size_t begin, const Move& move, double level) {
  constexpr double nearly_all = 0.9;
  std::vector<double> before;
  for (std::size_t i = begin; i <= move.begin; ++i) before.push_back(readings[i].mib);
  if (before.size() < 3) return false;
  std::sort(before.begin(), before.end());
  return before[static_cast<std::size_t>(nearly_all * static_cast<double>(before.size()))] < level;
}

}  // namespace

WithoutSteps without_steps(std::vector<double> values) {
  constexpr int at_most = 2;
  constexpr double much_larger = 3;      // than the median of the other moves
  constexpr double irregularity = 0.35;  // of the other moves, above which nothing stands out
  WithoutSteps result{std::move(values), {}};
  for (int i = 0; i < at_most; ++i) {
    const auto differences = moves(kept(result.values));
    const auto largest = std::max_element(differences.begin(), differences.end());
    const auto index = static_cast<std::size_t>(largest - differences.begin());
    const auto others = without(differences, index);
    const double usual = median(others);
    if (usual <= 0 || *largest < much_larger * usual) break;
    if (median_deviation(others, usual) > irregularity * usual) break;
    const double excess = *largest - usual;
    result.taken.push_back({static_cast<double>(index + 1), excess});
    for (std::size_t j = index + 1; j < result.values.size(); ++j) result.values[j] -= excess;
  }
  return result;
}

Bend bend(const std::vector<double>& us, const std::vector<double>& values) {
  constexpr int least = -30;  // tenths
  constexpr int most = 120;
  constexpr double f_95 = 5.0;  // F(1, 9) at 95 %
  constexpr double rounding = 1e-12;
  std::vector<double> errors;
  for (int tenths = least; tenths <= most; ++tenths) {
    errors.push_back(squared_error(filling(us, tenths * 0.1), values));
  }
  const auto x_at = [&](std::size_t index) { return (least + static_cast<int>(index)) * 0.1; };
  const auto best = std::min_element(errors.begin(), errors.end());
  const double freedom = std::max(1.0, static_cast<double>(us.size()) - 3);
  const double limit = *best * (1 + f_95 / freedom) + rounding;
  Bend result;
  result.x = x_at(static_cast<std::size_t>(best - errors.begin()));
  result.low = std::numeric_limits<double>::max();
  result.high = std::numeric_limits<double>::lowest();
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (errors[i] > limit) continue;
    result.low = std::min(result.low, x_at(i));
    result.high = std::max(result.high, x_at(i));
  }
  result.deviation = std::sqrt(*best / freedom);
  return result;
}

bool last_move_falls_short(const std::vector<double>& moves) {
  const std::vector<double> before(moves.begin(), moves.end() - 1);
  const double usual = mean(before);
  double squares = 0;
  for (const double move : before) squares += (move - usual) * (move - usual);
  const double deviation = std::sqrt(squares / (static_cast<double>(before.size()) - 1));
  constexpr double clearly = 0.6;  // of the usual move
  return usual - moves.back() > std::max(clearly * usual, 3 * deviation);
}

double grain(const Readings& readings) {
  const auto curve = kept(amounts(readings));
  auto differences = moves(curve);
  std::sort(differences.begin(), differences.end(), std::greater<>());
  double sum = 0;
  for (const double move : differences) {
    sum += move;
    if (sum >= 0.5 * (curve.back() - curve.front())) return move;
  }
  return 0;
}

Pause pause(const Readings& readings) {
  constexpr double part = 0.03;  // of the growth
  const auto curve = kept(amounts(readings));
  const double growth = curve.back() - curve.front();
  const double length = readings.back().seconds - readings.front().seconds;
  if (growth <= 0) return {length, 0};
  const double delta = part * growth;
  const auto reached = std::find_if(curve.begin(), curve.end(),
                                    [&](double mib) { return mib > curve.back() - delta; });
  const auto quiet = static_cast<std::size_t>(reached - curve.begin());
  Pause result;
  std::size_t j = 0;
  for (std::size_t i = 0; i <= quiet; ++i) {
    while (j < quiet && curve[j] <= curve[i] + delta) ++j;
    result.longest = std::max(result.longest, readings[j].seconds - readings[i].seconds);
  }
  const auto below = quiet > 0 ? quiet - 1 : 0;
  result.last = readings.back().seconds - readings[below].seconds;
  return result;
}

Steps find_steps(const Readings& readings, double least) {
  constexpr std::size_t fewest_readings = 8;
  constexpr double smallest = 0.05;  // of the growth
  if (readings.size() < fewest_readings) return {};
  const auto curve = kept(amounts(readings));
  const double growth = curve.back() - curve.front();
  if (growth < least) return {};
  auto candidates = upward_moves(readings, curve);
  std::erase_if(candidates, [&](const Move& move) { return move.mib < smallest * growth; });

  Steps result;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& move = candidates[i];
    const auto next = i + 1 < candidates.size() ? candidates[i + 1].begin : readings.size() - 1;
    const bool stays = next >= move.end + 2;
    if (stays && is_clean(readings, begin, move, curve[move.end])) {
      result.steps.push_back({readings[move.end].seconds, move.mib});
    }
    begin = move.end;
  }
  double sum = 0;
  for (const auto& step : result.steps) sum += step.mib;
  result.share = sum / growth;
  return result;
}

Valleys valleys(const Readings& readings) {
  constexpr double part = 0.3;  // of the range, that it has to fall or rise
  const auto values = amounts(readings);
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  Valleys result;
  const double turn = part * (*highest - *lowest);
  // from the product, as the reference has it
  result.range = turn / part;
  double top = values.front();
  double low = values.front();
  bool falls = false;
  for (const double value : values) {
    if (falls) {
      low = std::min(low, value);
      if (value <= low + turn) continue;
      result.lows.push_back(low);
      falls = false;
      top = value;
    } else {
      top = std::max(top, value);
      if (value >= top - turn) continue;
      falls = true;
      low = value;
    }
  }
  if (falls) result.lows.push_back(low);
  return result;
}

}  // namespace mprofpp::leak
