#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::mark {

/// Tells of rings that appear in the folder of a run.
class NewRings {
 public:
  static Result<NewRings> watch(const std::string& folder);

  /// The paths of those that appeared since the last call; now and then one that was told before.
  std::vector<std::string> take();

 private:
  NewRings(std::string folder, Fd fd) : folder_(std::move(folder)), fd_(std::move(fd)) {}

  std::string folder_;
  Fd fd_;
};

}  // namespace mprofpp::mark
