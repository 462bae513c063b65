#include "mprofpp/base/nearest.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp {
namespace {

/// Returns the optimal string alignment distance, computed row by row: `before[j]` is the distance
/// between the letters of `a` so far and the first j letters of `b`.
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

/// Like slips_between, but `*` in the pattern stands for any text and `?` for any letter.
std::size_t slips_from_pattern(std::string_view pattern, std::string_view text) {
  std::vector<std::size_t> two_before(text.size() + 1);
  std::vector<std::size_t> before(text.size() + 1);
  for (std::size_t j = 0; j <= text.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= pattern.size(); ++i) {
    const bool is_any = pattern[i - 1] == '*';
    std::vector<std::size_t> now(text.size() + 1);
    now[0] = before[0] + (is_any ? 0 : 1);
    for (std::size_t j = 1; j <= text.size(); ++j) {
      if (is_any) {
        now[j] = std::min(before[j], now[j - 1]);
        continue;
      }
      const bool fits = pattern[i - 1] == '?' || pattern[i - 1] == text[j - 1];
      now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + (fits ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && pattern[i - 1] == text[j - 2] && pattern[i - 2] == text[j - 1];
      if (swapped) now[j] = std::min(now[j], two_before[j - 2] + 1);
    }
    two_before = std::move(before);
    before = std::move(now);
  }
  return before.back();
}

/// Returns the slips for the name or for one of its endings, whichever are fewer.
std::size_t slips_in_name(std::string_view pattern, std::string_view name) {
  auto fewest = slips_from_pattern(pattern, name);
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    name.remove_prefix(dot + 1);
    fewest = std::min(fewest, slips_from_pattern(pattern, name));
  }
  return fewest;
}

std::size_t difference(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  return nearest_within(std::min<std::size_t>(3, word.size() / 3), word, known);
}

std::optional<std::string> nearest_within(std::size_t most, std::string_view word,
                                          const std::vector<std::string>& known) {
  std::size_t fewest = most + 1;
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

std::vector<std::string> nearest_to_pattern(std::string_view pattern,
                                            const std::vector<std::string>& names,
                                            std::size_t most_names) {
  constexpr std::size_t longest = 256;  // the time grows with the product of the lengths
  const auto letters = static_cast<std::size_t>(
      std::count_if(pattern.begin(), pattern.end(), [](char c) { return c != '*' && c != '?'; }));
  const auto most = std::min<std::size_t>(3, letters / 3);
  std::vector<std::pair<std::size_t, const std::string*>> found;
  for (const auto& name : names) {
    if (name.size() > longest || pattern.size() > longest) continue;
    const auto slips = slips_in_name(pattern, name);
    if (slips <= most) found.emplace_back(slips, &name);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (const auto& [slips, name] : found) {
    if (nearest.size() < most_names) nearest.push_back(*name);
  }
  return nearest;
}

}  // namespace mprofpp
