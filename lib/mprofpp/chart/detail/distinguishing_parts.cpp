#include "mprofpp/chart/detail/distinguishing_parts.hpp"

#include <algorithm>
#include <string_view>

namespace mprofpp::chart {
namespace {

constexpr std::size_t first_letters = 8;
constexpr std::string_view between_words = " /:,;=@[](){}";

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(end - a.begin());
}

std::size_t word_begin(std::string_view name, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : name.find_last_of(between_words, at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t word_end(std::string_view name, std::size_t at) {
  return std::min(name.find_first_of(between_words, at), name.size());
}

/// Returns the words from one position of a name to another. If that is only a number, it includes the word
/// before it: `worker 3`.
DistinguishingPart words_around(std::string_view name, std::size_t first, std::size_t last) {
  DistinguishingPart words{word_begin(name, first), word_end(name, last)};
  const auto text = name.substr(words.begin, words.end - words.begin);
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_number && words.begin > 0) words.begin = word_begin(name, words.begin - 1);
  return words;
}

template <class Named>
void set_distinguishing_parts_of(std::vector<Named>& all) {
  std::vector<std::string> titles;
  for (const auto& named : all) titles.push_back(named.name.substr(0, named.title));
  const auto found = distinguishing_parts(titles);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].distinguishing_part = found[i];
}

}  // namespace

std::vector<DistinguishingPart> distinguishing_parts(const std::vector<std::string>& names) {
  std::vector<DistinguishingPart> all(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto least = names[i].size() + 1;
    std::size_t most = 0;
    for (const auto& other : names) {
      const auto common = common_prefix(names[i], other);
      if (common < first_letters || names[i] == other) continue;
      least = std::min(least, common);
      most = std::max(most, common);
    }
    if (most > 0) all[i] = words_around(names[i], least, most);
  }
  return all;
}

void set_distinguishing_parts(LegendTable& table) {
  set_distinguishing_parts_of(table.rows);
}

void set_distinguishing_parts(std::vector<EndLabel>& ends) {
  set_distinguishing_parts_of(ends);
}

void set_distinguishing_parts(std::vector<Panel>& panels) {
  set_distinguishing_parts_of(panels);
}

void set_distinguishing_parts(Flame& flame) {
  set_distinguishing_parts_of(flame.panels);
}

}  // namespace mprofpp::chart
