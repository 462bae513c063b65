#pragma once

#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/model/sink.hpp"

/// The grammar of a recording's lines, from the file. Text in, values out; touches no file.
namespace mprofpp::dat {

/// Whether a line meant something to us.
enum class Known { yes, no };

/// Reads one line (without its newline) and hands what it says to `sink`. Lines of unknown kind are
/// skipped (Known::no), fields behind those we know are ignored. A line of a known kind that cannot
/// be read is Errc::malformed, a format we are too old for Errc::unsupported; then nothing was handed
/// on. Files of mprof 0.61 and older are read as they are: no META, FUNC without a level, CRLF.
Result<Known> decode_line(std::string_view line, model::Sink& sink);

}  // namespace mprofpp::dat
