#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "console/console.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/recording.hpp"

namespace mprofpp::app {

/// Finds the recording that an argument names: a file, an index into the recordings of this folder, or
/// - for stdin. Stdin is copied to an unnamed file, because it has to be read more than once. If the
/// file has several runs, chooses run `number`; without a number it chooses the last one and says so on
/// stderr. Errors: not_found, for the file or the run; those of reading stdin.
Result<report::RecordedRun> choose_recording(const std::string& argument,
                                             std::optional<std::size_t> number,
                                             const Console& console);

/// Returns true if an argument means a recording and not a program: it ends in .dat, is an index or - for
/// stdin, or is the name of a file that contains a recording.
bool is_recording(const std::string& argument);

/// Does that for several arguments, and returns an error in place of each recording that was not found: the
/// others can be used anyway. Without arguments chooses the recording in this folder that was written last,
/// whatever its name, and prints its name to stderr.
std::vector<Result<report::RecordedRun>> choose_recordings(
    const std::vector<std::string>& arguments, std::optional<std::size_t> number,
    const Console& console);

/// Parses the value of --run; an empty one means no number. Errors: invalid_argument.
Result<std::optional<std::size_t>> parse_run_number(const std::string& text);

}  // namespace mprofpp::app
