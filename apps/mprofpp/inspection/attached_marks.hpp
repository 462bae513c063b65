#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Marks of Python programs that were running before they are recorded. Nothing of it is left in them when
/// this object is destroyed.
class AttachedMarks {
 public:
  AttachedMarks() = default;
  AttachedMarks(const AttachedMarks&) = delete;
  AttachedMarks& operator=(const AttachedMarks&) = delete;
  ~AttachedMarks() { end(); }

  /// Makes the process report marks from now on. `variables` are those that record::Listener::attached()
  /// gets.
  /// Errors: those of open_door(); busy if another recorder has its marks; unsupported if this Python cannot
  /// be marked.
  Result<void> begin(pid_t pid, const std::vector<std::string>& variables);
  /// Ends the marks of all processes that are still running. Returns those that could not be reached: their
  /// marks end with their next calls.
  std::vector<Error> end();

 private:
  std::vector<pid_t> pids_;
};

}  // namespace mprofpp::app
