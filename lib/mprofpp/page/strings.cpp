#include "mprofpp/page/strings.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::page {
namespace {

/// Cuts valid UTF-8 after `limit` characters.
std::string shortened(std::string text, std::size_t limit) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < limit && end < text.size(); ++i) {
    end += utf8_length(std::string_view(text).substr(end));
  }
  if (end >= text.size()) return text;
  text.resize(end);
  return text + "…";
}

/// Returns the start of the text, which has all that is shown: a character has at most four bytes.
std::string_view start_of(std::string_view text, std::size_t limit) {
  return text.substr(0, 4 * (limit + 1));
}

}  // namespace

std::string shown_text(std::string_view text, std::size_t limit) {
  return shortened(visible(start_of(text, limit)), limit);
}

std::string shown_source(std::string_view line, std::size_t limit) {
  std::string shown;
  auto rest = start_of(line, limit);
  while (!rest.empty()) {
    const auto tab = std::min(rest.find('\t'), rest.size());
    shown += visible(rest.substr(0, tab));
    if (tab < rest.size()) shown += '\t';
    rest.remove_prefix(std::min(tab + 1, rest.size()));
  }
  return shortened(std::move(shown), limit);
}

std::uint64_t Strings::number_of(const std::string& text) {
  const auto [place, is_new] = numbers_.try_emplace(text, all_.size());
  if (is_new) all_.push_back(text);
  return place->second;
}

}  // namespace mprofpp::page
