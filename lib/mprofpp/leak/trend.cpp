#include "mprofpp/leak/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>

#include "mprofpp/leak/floors.hpp"

namespace mprofpp::leak {
namespace {

/// Student's t for 11 degrees of freedom, 95 %: an interval is made of twelve floors.
constexpr double student_t = 2.2;

/// Kendall's variance of S for n values, and what a group of n equal values takes from it.
double variance_term(double n) {
  return n * (n - 1) * (2 * n + 5);
}

/// Returns the values in whole pages. They stay doubles, because a damaged recording may have any number.
std::vector<double> in_pages(const std::vector<double>& values) {
  std::vector<double> pages;
  pages.reserve(values.size());
  for (const double value : values) {
    pages.push_back(std::nearbyint(value / page_mib));
  }
  return pages;
}

/// Returns the standard error of the mean move, times the number of moves: the noise of the climb from the
/// first value to the last. White noise of the values cancels out; a random walk does not.
double noise_of_climb(const std::vector<double>& ys) {
  const auto differences = moves(ys);
  const auto count = static_cast<double>(differences.size());
  const double mean = std::accumulate(differences.begin(), differences.end(), 0.0) / count;
  double variance = 0;
  for (const double move : differences) variance += (move - mean) * (move - mean);
  double covariance = 0;
  for (std::size_t i = 1; i < differences.size(); ++i) {
    covariance += (differences[i - 1] - mean) * (differences[i] - mean);
  }
  const double long_run = (variance + 2 * covariance) / (count - 1);
  return std::sqrt(std::max(0.0, long_run) * count);
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Kendall kendall(const std::vector<double>& values) {
  const auto pages = in_pages(values);
  const auto n = static_cast<double>(pages.size());
  int s = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    for (std::size_t j = i + 1; j < pages.size(); ++j) {
      s += (pages[j] > pages[i] ? 1 : 0) - (pages[j] < pages[i] ? 1 : 0);
    }
  }
  std::map<double, int> ties;
  for (const auto page : pages) ++ties[page];
  double tied = 0;
  for (const auto& [page, count] : ties) tied += variance_term(count);
  Kendall result;
  result.tau = s / (n * (n - 1) / 2);
  // from tau, because the rules compare z with a threshold that the reference reaches in this way
  result.z = (result.tau * n * (n - 1) / 2 - 1) / std::sqrt(variance_term(n) / 18);
  result.variance = std::max(1.0, (variance_term(n) - tied) / 18);
  return result;
}

Slope sen_slope(const std::vector<double>& xs, const std::vector<double>& ys, double variance) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    for (std::size_t j = i + 1; j < xs.size(); ++j) {
      slopes.push_back((ys[j] - ys[i]) / (xs[j] - xs[i]));
    }
  }
  std::sort(slopes.begin(), slopes.end());
  const auto count = static_cast<double>(slopes.size());
  const double width = student_t * std::sqrt(variance);
  const auto low = static_cast<std::size_t>(std::max(0.0, std::floor((count - width) / 2)));
  const auto high = static_cast<std::size_t>(std::min(count - 1, std::ceil((count + width) / 2)));
  Slope slope;
  slope.middle = median(slopes);
  slope.order_low = slopes[low];
  const double noise = student_t * (noise_of_climb(ys) / (xs.back() - xs.front()));
  slope.low = std::min(slopes[low], slope.middle - noise);
  slope.high = std::max(slopes[high], slope.middle + noise);
  return slope;
}

}  // namespace mprofpp::leak
