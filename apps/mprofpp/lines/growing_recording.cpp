#include "lines/growing_recording.hpp"

#include <sys/file.h>

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

#include "mprofpp/base/file.hpp"

namespace mprofpp::app {

bool GrowingRecording::wait() {
  using namespace std::chrono_literals;
  std::this_thread::sleep_for(1s);
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  const bool has_grown = size != size_;
  idle_seconds_ = has_grown || has_recorder() ? 0 : idle_seconds_ + 1;
  size_ = size;
  return has_grown;
}

bool GrowingRecording::is_abandoned() const {
  constexpr int patience = 10;
  return idle_seconds_ >= patience;
}

bool GrowingRecording::has_recorder() const {
  const auto file = open_for_reading(path_);
  return file && ::flock(file->get(), LOCK_SH | LOCK_NB) != 0;
}

}  // namespace mprofpp::app
