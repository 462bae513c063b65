#pragma once

#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/model/sink.hpp"

/// Parses the lines of a recording. Text in, values out; opens no file.
namespace mprofpp::dat {

enum class LineKind {
  known,
  unknown  ///< a later version wrote the line
};

/// Parses one line (without its newline) and passes its record to `sink`. Lines of unknown kind are
/// skipped, and fields after the known ones are ignored. Errors: malformed if a line of a known
/// kind cannot be read; unsupported if the format is too new for this program. Then nothing was
/// passed on. Files of mprof 0.61 and older are read as they are: no META, FUNC without a level,
/// CRLF.
Result<LineKind> decode_line(std::string_view line, model::Sink& sink);

/// The beginnings of a MEM line and of the CMDLINE line that a run starts with. They are for a search through
/// a file that needs no more of it.
inline constexpr std::string_view sample_start = "MEM ";
inline constexpr std::string_view command_line_start = "CMDLINE ";

}  // namespace mprofpp::dat
