#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mprofpp {

/// Returns the word that a misspelt one was most likely meant to be: the word in `known` that is
/// the fewest slips away, and the first of several. A slip is one letter too many, too few or
/// wrong, or two letters swapped. Returns nothing if there are more than three slips, or more than
/// a third of the letters of `word`.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// Does the same with at most `most` slips, however short the word is.
std::optional<std::string> nearest_within(std::size_t most, std::string_view word,
                                          const std::vector<std::string>& known);

/// Returns the names that a shell pattern which matches none of them was most likely meant to match, the best
/// first and at most `most_names`: those of which the whole, or an ending after a dot, is the fewest slips
/// away from text that the pattern matches. The limit is that of nearest(), for the letters of the pattern.
std::vector<std::string> nearest_to_pattern(std::string_view pattern,
                                            const std::vector<std::string>& names,
                                            std::size_t most_names);

}  // namespace mprofpp
