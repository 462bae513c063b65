#pragma once

#include <optional>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::store {

/// Reads the recording `path` from front to back and hands its records to `sink` one at a time; only a
/// block of 256 KiB is held, whatever the length of the file.
///
/// Damage does not stop it: a line that cannot be read or is longer than the block, or a last line
/// without its newline (the recorder was killed while writing), is handed on as model::Damage and
/// reading goes on behind it.
///
/// Errors: not_found, denied, io; malformed when the file is empty or holds nothing of a recording
/// (a directory, a picture, a text); unsupported when a newer mprofpp wrote it.
Result<void> read(const std::string& path, model::Sink& sink);

/// As read(), but only the whole lines within the first and the last `bytes` of the file.
Result<void> read_ends(const std::string& path, std::size_t bytes, model::Sink& sink);

/// When the recording begins and ends, from its first and last 64 KiB: a chart must know before it
/// reads. Nothing when no line with a time is found there. Fails as read() does.
struct TimeRange {
  Instant first;
  Instant last;
};
Result<std::optional<TimeRange>> time_range(const std::string& path);

}  // namespace mprofpp::store
