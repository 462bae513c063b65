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

/// What to do with programs that are not Python.
enum class Others {
  ignored,
  watched  ///< until there is one that the agent can get into
};

/// Keeps what has to be known of the Pythons of a tree while they live, in case none of them makes
/// a mark. Forked children are like their parents and cost nothing; any other program costs a
/// readlink.
class PythonPrograms {
 public:
  /// Without files: no program can make marks.
  explicit PythonPrograms(std::optional<AgentFiles> files, Others others = Others::ignored)
      : files_(std::move(files)), watches_others_(others == Others::watched) {}

  /// A process that was seen for the first time, or has another command line.
  void look_at(const proc::Member& member);

  /// Those that were seen; where there are none the command itself, if it says that it is one: a
  /// wrapper may have become it and ended between two looks.
  std::vector<python::Program> all_or(const std::vector<std::string>& command) const;
  /// The same for programs that are not Python; as many as had to be watched.
  std::vector<python::Program> others_or(const std::vector<std::string>& command) const;

 private:
  bool is_new(const std::string& command);
  void look_at_other(pid_t pid, const std::string& executable);
  std::optional<python::Obstacle> obstacle_in(pid_t pid) const;
  std::optional<python::Obstacle> obstacle_of(pid_t pid, python::Obstacle of_executable) const;

  std::optional<AgentFiles> files_;
  std::unordered_set<std::string> commands_;  ///< that have been looked at
  std::vector<python::Program> programs_;
  bool watches_others_;
  std::vector<python::Program> others_;
};

}  // namespace mprofpp::record
