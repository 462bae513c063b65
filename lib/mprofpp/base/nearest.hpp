#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mprofpp {

/// What a misspelt word was most likely meant to be: the word of `known` that is the fewest slips away,
/// one letter too many, too few or wrong, or two swapped; the first of several. Nothing where that is
/// more than three, or more than a third of the word.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace mprofpp
