#pragma once

#include <optional>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/store/runs.hpp"

namespace mprofpp::store {

/// Reads a run of the recording `path` from front to back and passes its records to `sink` one at a
/// time. Whatever the length of the file, it holds only a block of 256 KiB.
///
/// Damage does not stop it: a line that cannot be read or is longer than the block, or a last line
/// without its newline (the recorder was killed while it wrote), is passed on as model::Damage, and
/// reading continues after it.
///
/// Errors: not_found, denied, io; malformed if the file is empty or not a recording (a directory, a
/// picture, a text); unsupported if a newer mprofpp wrote it.
Result<void> read(const std::string& path, model::Sink& sink, const Run& run = {});

/// Like read(), but reads only the whole lines within the first and the last `bytes` of the run.
Result<void> read_ends(const std::string& path, std::size_t bytes, model::Sink& sink,
                       const Run& run = {});

/// The first and the last time in a run.
struct TimeRange {
  Instant first;
  Instant last;
};
/// Finds the time range in the first and last 64 KiB of the run, because a chart needs it before it
/// reads the run. Returns nothing if no line there has a time. Fails as read() does.
Result<std::optional<TimeRange>> time_range(const std::string& path, const Run& run = {});

}  // namespace mprofpp::store
