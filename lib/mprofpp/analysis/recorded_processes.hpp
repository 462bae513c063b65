#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// A process of a recording. Two may have the same pid, one after the other.
struct RecordedProcess {
  pid_t pid = 0;
  std::uint64_t start = 0;  ///< 0 if unknown
  std::string name = {};    ///< its last one; empty if unknown
};

/// Numbers the processes of a recording, so that a fold can keep something for each of them.
class RecordedProcesses {
 public:
  void take(const model::Process& process) {
    auto& known = all_[number_of(process.id.pid)];
    const bool is_other = known.start != 0 && known.start != process.id.start;
    if (is_other) newest_.erase(process.id.pid);
    auto& own = is_other ? all_[number_of(process.id.pid)] : known;
    own.start = process.id.start;
    own.name = process.name;
  }

  /// Returns the number of the process that has the pid now.
  std::size_t number_of(pid_t pid) {
    const auto [found, is_new] = newest_.emplace(pid, all_.size());
    if (is_new) all_.push_back({.pid = pid});
    return found->second;
  }
  const RecordedProcess& at(std::size_t number) const { return all_[number]; }

 private:
  std::vector<RecordedProcess> all_;
  std::unordered_map<pid_t, std::size_t> newest_;
};

}  // namespace mprofpp::analysis
