#pragma once

#include <string>
#include <string_view>

namespace mprofpp::report {

/// Returns text for a cell of Markdown, in which no character has a meaning.
std::string markdown_text(std::string_view text);

}  // namespace mprofpp::report
