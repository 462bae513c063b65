#include "mprofpp/record/python_programs.hpp"

#include <unistd.h>

#include <string_view>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

constexpr std::size_t most_commands = 4096;
constexpr std::size_t most_programs = 64;

/// A command without a folder is looked for in the usual ones.
std::string path_of(const std::string& command) {
  if (command.find('/') != std::string::npos) return command;
  for (const std::string folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
    if (::access((folder + command).c_str(), X_OK) == 0) return folder + command;
  }
  return command;
}

/// The kernel does not show the executable of a process with more rights than ours: then its own
/// first word has to do.
std::string executable_of(pid_t pid, const std::vector<std::string>& words) {
  if (auto link = proc::read_link(pid, "exe")) return std::move(*link);
  return path_of(words.front());
}

std::optional<std::string_view> value_in(std::string_view environment, std::string_view name) {
  while (!environment.empty()) {
    const auto entry = environment.substr(0, environment.find('\0'));
    if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) {
      return entry.substr(name.size() + 1);
    }
    environment.remove_prefix(std::min(environment.size(), entry.size() + 1));
  }
  return std::nullopt;
}

/// Whether the process sees a file where we do.
bool reaches(pid_t pid, const std::string& path) {
  const auto root = proc::path_of(pid, "root");
  return ::access((root + "/").c_str(), F_OK) != 0 || ::access((root + path).c_str(), F_OK) == 0;
}

}  // namespace

bool PythonPrograms::is_new(const std::string& command) {
  return commands_.size() < most_commands && programs_.size() < most_programs &&
         commands_.insert(command).second;
}

void PythonPrograms::look_at(const proc::Member& member) {
  if (!is_new(member.command)) return;
  const pid_t pid = member.id.pid;
  auto words = proc::read_words(pid);
  if (!words || words->empty()) return;
  const auto executable = executable_of(pid, *words);
  if (!python::is_python(executable)) return look_at_other(pid, executable);
  const auto obstacle = obstacle_of(pid, python::obstacle_of(executable));
  if (!obstacle) return;
  auto folder = proc::read_link(pid, "cwd");
  programs_.push_back(
      {executable, folder ? std::move(*folder) : ".", std::move(*words), *obstacle});
}

void PythonPrograms::look_at_other(pid_t pid, const std::string& executable) {
  if (!watches_others_ || others_.size() == most_programs) return;
  const auto obstacle = obstacle_of(pid, python::obstacle_of_program(executable));
  if (!obstacle) return;
  others_.push_back({executable, ".", {}, *obstacle});
  watches_others_ = *obstacle != python::Obstacle::none;
}

std::vector<python::Program> PythonPrograms::all_or(const std::vector<std::string>& command) const {
  if (!programs_.empty() || command.empty() || !python::is_python(command.front()))
    return programs_;
  const auto executable = path_of(command.front());
  return {{executable, ".", command, python::obstacle_of(executable)}};
}

std::vector<python::Program> PythonPrograms::others_or(
    const std::vector<std::string>& command) const {
  if (!watches_others_ || !others_.empty() || command.empty()) return others_;
  const auto executable = path_of(command.front());
  return {{executable, ".", command, python::obstacle_of_program(executable)}};
}

/// What its executable says, or else its surroundings. Nothing when its marks are another recorder's.
std::optional<python::Obstacle> PythonPrograms::obstacle_of(pid_t pid,
                                                            python::Obstacle of_executable) const {
  const bool is_known = of_executable != python::Obstacle::none || !files_;
  return is_known ? of_executable : obstacle_in(pid);
}

/// Nothing when its marks are another recorder's.
std::optional<python::Obstacle> PythonPrograms::obstacle_in(pid_t pid) const {
  const auto environment = read_file(proc::path_of(pid, "environ"));
  if (!environment) return python::Obstacle::none;
  const auto run = value_in(*environment, wire::run_variable);
  if (!run) return python::Obstacle::lost_environment;
  if (*run != files_->folder) return std::nullopt;
  const bool is_reached = reaches(pid, files_->agent) && reaches(pid, files_->folder);
  return is_reached ? python::Obstacle::none : python::Obstacle::out_of_reach;
}

}  // namespace mprofpp::record
