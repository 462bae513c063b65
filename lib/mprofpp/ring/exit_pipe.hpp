#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/wire/exit_record.hpp"

namespace mprofpp::ring {

/// The reading end of the pipe that processes report their exits through.
class ExitPipe {
 public:
  /// `pipe` must be non-blocking. The caller keeps owning it.
  explicit ExitPipe(int pipe) : pipe_(pipe) {}

  /// Reads the oldest reports, at most `most` of them. Bytes that are not a report are skipped.
  std::vector<wire::ExitRecord> read(std::size_t most);
  /// Returns true if the last read() returned `most` reports, so that there may be more.
  bool has_more() const { return has_more_; }

 private:
  bool read_bytes();
  std::optional<wire::ExitRecord> next();

  int pipe_;
  std::string bytes_;     ///< the bytes that were read last
  std::size_t used_ = 0;  ///< how many of them next() has used
  bool has_more_ = false;
};

}  // namespace mprofpp::ring
