#include "mprofpp/record/marks/python_programs.hpp"

#include <unistd.h>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

constexpr std::size_t most_commands = 4096;
constexpr std::size_t most_programs = 64;

/// Returns the path of a command, which is searched in the usual folders if it names none.
std::string path_of(const std::string& command) {
  if (command.find('/') != std::string::npos) return command;
  for (const std::string folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
    if (::access((folder + command).c_str(), X_OK) == 0) return folder + command;
  }
  return command;
}

/// Returns the path of a process's executable. The kernel hides it if the process has more rights than
/// ours; the result is derived from the first argument then.
std::string executable_of(pid_t pid, const std::vector<std::string>& argv) {
  if (auto link = proc::read_link(pid, "exe")) return std::move(*link);
  return path_of(argv.front());
}

/// Returns true if the process sees the file at the same path as we do, or if that is unknown.
bool reaches(pid_t pid, const std::string& path) {
  const auto root = proc::path_of(pid, "root");
  return ::access((root + "/").c_str(), F_OK) != 0 || ::access((root + path).c_str(), F_OK) == 0;
}

}  // namespace

bool PythonPrograms::is_new(const std::string& command) {
  return commands_.size() < most_commands && programs_.size() < most_programs &&
         commands_.insert(command).second;
}

void PythonPrograms::examine(const proc::Member& member) {
  if (!is_new(member.command)) return;
  const pid_t pid = member.id.pid;
  auto argv = proc::read_arguments(pid);
  if (!argv || argv->empty()) return;
  const auto executable = executable_of(pid, *argv);
  if (!python::is_python(executable)) return examine_other(pid, executable);
  const auto obstacle = obstacle_of(pid, python::obstacle_of(executable));
  if (!obstacle) return;
  auto folder = proc::read_link(pid, "cwd");
  programs_.push_back({executable, folder ? std::move(*folder) : ".", std::move(*argv), *obstacle});
}

void PythonPrograms::examine_other(pid_t pid, const std::string& executable) {
  if (!watches_other_programs_ || other_programs_.size() == most_programs) return;
  const auto obstacle = obstacle_of(pid, python::obstacle_of_program(executable));
  if (!obstacle) return;
  other_programs_.push_back({executable, ".", {}, *obstacle});
  watches_other_programs_ = *obstacle != python::Obstacle::none;
}

std::vector<python::Program> PythonPrograms::programs_or(
    const std::vector<std::string>& command) const {
  if (!programs_.empty() || command.empty() || !python::is_python(command.front()))
    return programs_;
  const auto executable = path_of(command.front());
  return {{executable, ".", command, python::obstacle_of(executable)}};
}

std::vector<python::Program> PythonPrograms::other_programs_or(
    const std::vector<std::string>& command) const {
  if (!watches_other_programs_ || !other_programs_.empty() || command.empty())
    return other_programs_;
  const auto executable = path_of(command.front());
  return {{executable, ".", command, python::obstacle_of_program(executable)}};
}

/// Returns the obstacle that the executable shows, or else the one that the process's environment shows.
/// Returns nothing if the process reports its marks to another recorder.
std::optional<python::Obstacle> PythonPrograms::obstacle_of(pid_t pid,
                                                            python::Obstacle of_executable) const {
  const bool is_known = of_executable != python::Obstacle::none || !files_;
  return is_known ? of_executable : obstacle_in(pid);
}

std::optional<python::Obstacle> PythonPrograms::obstacle_in(pid_t pid) const {
  const auto environment = read_file(proc::path_of(pid, "environ"));
  if (!environment) return python::Obstacle::none;
  const auto run = proc::variable_in(*environment, wire::run_variable);
  if (!run) return python::Obstacle::lost_environment;
  if (*run != files_->folder) return std::nullopt;
  const bool is_reached = reaches(pid, files_->agent) && reaches(pid, files_->folder);
  return is_reached ? python::Obstacle::none : python::Obstacle::out_of_reach;
}

}  // namespace mprofpp::record
