#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mprofpp::dat {

/// One field of a line: blanks, control characters, bytes that are not valid UTF-8 and `% $ \` become
/// %XX. An empty field is written `-`, and a field that is just `-` as `%2D`.
void append_field(std::string& out, std::string_view text);

/// The inverse. A `%` that starts no %XX stands for itself: people edit these files.
std::string decode_field(std::string_view field);

/// A command line for people: words joined by blanks, double quotes around those that a shell would
/// split. Control characters and invalid bytes show as \n or \x0d, so the text is one line of UTF-8.
std::string quote_words(std::span<const std::string> words);

/// What quote_words gives, as a CMDLINE record holds it: `$` becomes `\$`, because mprof hands the
/// text to matplotlib, which takes `$…$` for a formula.
std::string escape_formulas(std::string_view text);

}  // namespace mprofpp::dat
