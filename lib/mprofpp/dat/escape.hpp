#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mprofpp::dat {

/// Appends one field of a line: spaces, control characters, bytes that are not valid UTF-8 and
/// `% $ \` become %XX. An empty field is written as `-`, and a field that is just `-` as `%2D`.
void append_field(std::string& out, std::string_view text);

/// Reverses append_field. A `%` that does not start a %XX stands for itself, because
/// people edit these files.
std::string decode_field(std::string_view field);

/// Formats a command line for people: arguments joined by spaces, with double quotes around those
/// that a shell would split. Control characters and invalid bytes are shown as \n or \x0d, so the
/// text is one line of UTF-8.
std::string quote_arguments(std::span<const std::string> arguments);

/// Converts the output of quote_arguments for a CMDLINE record: `$` becomes `\$`, because mprof passes
/// the text to matplotlib, which reads `$…$` as a formula.
std::string escape_formulas(std::string_view text);

}  // namespace mprofpp::dat
