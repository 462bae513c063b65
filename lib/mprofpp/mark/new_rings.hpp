#pragma once

#include <ctime>
#include <string>
#include <unordered_set>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::mark {

/// Tells of rings that appear in the folder of a run. While nothing changes there, asking costs one
/// fstat. (inotify would cost no less, takes one of few instances a user may have, and makes its
/// owner wait milliseconds for the kernel when it ends.)
class NewRings {
 public:
  static Result<NewRings> watch(const std::string& folder);

  /// The paths of those that appeared since the last call.
  std::vector<std::string> take();

 private:
  NewRings(std::string folder, Fd fd) : folder_(std::move(folder)), fd_(std::move(fd)) {}

  bool has_changed();
  std::vector<std::string> list_unknown();

  std::string folder_;
  Fd fd_;
  std::unordered_set<std::string> known_;
  timespec changed_{};       ///< when the folder last changed, as of the last look
  bool is_settled_ = false;  ///< a later change would have a later time
};

}  // namespace mprofpp::mark
