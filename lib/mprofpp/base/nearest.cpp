#include "mprofpp/base/nearest.hpp"

#include <algorithm>

namespace mprofpp {
namespace {

/// The optimal string alignment distance, row by row: `before[j]` is that of a's beginning to b's first
/// j letters.
std::size_t slips_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_before(b.size() + 1);
  std::vector<std::size_t> before(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> now(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + wrong});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], two_before[j - 2] + 1);
    }
    two_before = std::move(before);
    before = std::move(now);
  }
  return before.back();
}

std::size_t difference(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  std::size_t fewest = std::min<std::size_t>(3, word.size() / 3) + 1;
  std::optional<std::string> found;
  for (const auto& candidate : known) {
    if (difference(word.size(), candidate.size()) >= fewest) continue;
    const auto slips = slips_between(word, candidate);
    if (slips >= fewest) continue;
    fewest = slips;
    found = candidate;
  }
  return found;
}

}  // namespace mprofpp
