#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mprofpp {

/// Returns the number of columns that a terminal needs for the character: 2 for most characters of Chinese,
/// Japanese and Korean and for emoji, 0 for one that joins the character before it, else 1.
std::size_t character_width(char32_t code);

/// Returns the number of columns that a terminal needs for valid UTF-8 without control characters.
std::size_t text_width(std::string_view utf8);

/// Returns the longest start of `utf8` that fits into so many columns, with the marks that join its last
/// character.
std::string_view start_that_fits(std::string_view utf8, std::size_t columns);

/// Returns `utf8`, or if it needs more columns than that, as much of it as fits with an ellipsis.
std::string cut_to_width(std::string_view utf8, std::size_t columns);

}  // namespace mprofpp
