#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace mprofpp::app {

/// Watches a recording that is being made.
class GrowingRecording {
 public:
  explicit GrowingRecording(std::string path) : path_(std::move(path)) {}

  /// Waits for a second. Returns true if the file has grown since the last call.
  bool wait();
  /// Returns true if the file has not grown for ten seconds, and no recorder holds its lock.
  bool is_abandoned() const;

 private:
  bool has_recorder() const;

  std::string path_;
  std::uintmax_t size_ = 0;
  int idle_seconds_ = 0;
};

}  // namespace mprofpp::app
