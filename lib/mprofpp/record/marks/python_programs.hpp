#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/python/missing_marks_reason.hpp"

namespace mprofpp::record {

/// The files that the agent needs in a process.
struct AgentFiles {
  std::string agent;
  std::string folder;  ///< the folder of the run
};

/// How to treat programs that are not Python.
enum class OtherPrograms {
  ignored,
  watched  ///< they are collected until there is one into which the agent can be loaded
};

/// Collects facts about the Python programs of a tree while they are running, so that the summary can
/// explain missing marks. A forked child resembles its parent and costs nothing; any other program costs
/// a readlink.
class PythonPrograms {
 public:
  /// `files` is empty if no program can make marks.
  explicit PythonPrograms(std::optional<AgentFiles> files,
                          OtherPrograms other_programs = OtherPrograms::ignored)
      : files_(std::move(files)),
        watches_other_programs_(other_programs == OtherPrograms::watched) {}

  /// Examines a process that the sampler sees for the first time or that has a new command line.
  void examine(const proc::Member& member);

  /// Returns the Python programs that were seen. If there are none, returns `command` if it names a Python:
  /// a wrapper may have called exec for it, and it may have exited between two looks.
  std::vector<python::Program> programs_or(const std::vector<std::string>& command) const;
  /// Returns the same for programs that are not Python, as far as they were watched.
  std::vector<python::Program> other_programs_or(const std::vector<std::string>& command) const;

 private:
  bool is_new(const std::string& command);
  void examine_other(pid_t pid, const std::string& executable);
  std::optional<python::Obstacle> obstacle_in(pid_t pid) const;
  std::optional<python::Obstacle> obstacle_of(pid_t pid, python::Obstacle of_executable) const;

  std::optional<AgentFiles> files_;
  std::unordered_set<std::string> commands_;  ///< command lines that were examined
  std::vector<python::Program> programs_;
  bool watches_other_programs_;
  std::vector<python::Program> other_programs_;
};

}  // namespace mprofpp::record
