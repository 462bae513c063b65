#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/python/unmarked.hpp"

namespace mprofpp::record {

/// What the agent needs in a process.
struct AgentFiles {
  std::string agent;
  std::string folder;  ///< of the run
};

/// Keeps what has to be known of the Pythons of a tree while they live, in case none of them makes
/// a mark. Forked children are like their parents and cost nothing; any other program costs a
/// readlink.
class PythonPrograms {
 public:
  /// Without files: no marks are wanted.
  explicit PythonPrograms(std::optional<AgentFiles> files) : files_(std::move(files)) {}

  /// A process that was seen for the first time, or has another command line.
  void look_at(const proc::Member& member);

  /// Those that were seen; where there are none the command itself, if it says that it is one: a
  /// wrapper may have become it and ended between two looks.
  std::vector<python::Program> all_or(const std::vector<std::string>& command) const;

 private:
  bool is_new(const std::string& command);
  std::optional<python::Obstacle> obstacle_in(pid_t pid) const;

  std::optional<AgentFiles> files_;
  std::unordered_set<std::string> commands_;  ///< that have been looked at
  std::vector<python::Program> programs_;
};

}  // namespace mprofpp::record
