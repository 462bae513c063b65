#pragma once

#include <ctime>
#include <string>
#include <unordered_set>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::ring {

/// Finds rings and line tables that appear in the folder of a run. While nothing changes there, a call costs
/// one fstat. (inotify would cost no less, uses one of the few instances that a user may have, and makes its
/// owner wait milliseconds for the kernel when it is closed.)
class NewRings {
 public:
  static Result<NewRings> watch(const std::string& folder);

  /// Returns the paths of the rings and line tables that have appeared since the last call.
  std::vector<std::string> find();

 private:
  NewRings(std::string folder, Fd fd) : folder_(std::move(folder)), fd_(std::move(fd)) {}

  bool has_changed();
  std::vector<std::string> list_unknown();

  std::string folder_;
  Fd fd_;
  std::unordered_set<std::string> known_;
  timespec changed_{};       ///< the time of the folder's last change that was seen
  bool is_settled_ = false;  ///< true if a further change would have a later time
};

}  // namespace mprofpp::ring
