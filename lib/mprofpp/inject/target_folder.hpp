#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::inject {

/// A new folder in the /tmp of a process, which the process can read and only we can write to. The destructor
/// removes it. Links in the way are not followed, so that a process cannot lead root to another place.
class TargetFolder {
 public:
  /// Errors: those of openat2(2) and mkdir(2).
  static Result<TargetFolder> make(pid_t pid);
  TargetFolder(TargetFolder&&) = default;
  TargetFolder& operator=(TargetFolder&&) = delete;
  ~TargetFolder();

  /// Writes a new file. Errors: those of open(2) and write(2).
  Result<void> add(const std::string& name, std::string_view bytes);
  /// Returns the path of a file as the process sees it.
  std::string path_of(const std::string& name) const { return "/tmp/" + name_ + "/" + name; }

 private:
  TargetFolder(Fd parent, std::string name) : parent_(std::move(parent)), name_(std::move(name)) {}
  Result<void> open();

  Fd parent_;
  std::string name_;
  Fd fd_;
  std::vector<std::string> files_;
};

}  // namespace mprofpp::inject
