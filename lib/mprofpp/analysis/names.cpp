#include "mprofpp/analysis/names.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace mprofpp::analysis {
namespace {

/// Begins at 0, ends at the dots from right to left: the endings of a name, shortest first.
template <class Visit>
void for_each_ending(std::string_view name, Visit visit) {
  constexpr int most_parts = 32;  // a name of ten thousand dots must not cost their square
  auto dot = name.rfind('.');
  for (int part = 0; part < most_parts && dot != std::string_view::npos && dot > 0; ++part) {
    if (dot + 1 < name.size() && !visit(name.substr(dot + 1))) return;
    dot = name.rfind('.', dot - 1);
  }
  visit(name);
}

}  // namespace

std::vector<std::string> short_names(const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, int> uses;
  const std::unordered_set<std::string_view> distinct(names.begin(), names.end());
  for (const auto name : distinct) {
    for_each_ending(name, [&](std::string_view ending) {
      ++uses[ending];
      return true;
    });
  }

  std::vector<std::string> shortened;
  shortened.reserve(names.size());
  for (const auto& name : names) {
    std::string_view best = name;
    for_each_ending(name, [&](std::string_view ending) {
      best = ending;
      return uses[ending] > 1;
    });
    shortened.emplace_back(best);
  }
  return shortened;
}

}  // namespace mprofpp::analysis
