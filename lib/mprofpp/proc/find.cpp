#include "mprofpp/proc/find.hpp"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <unordered_set>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/script.hpp"

namespace mprofpp::proc {
namespace {

Result<std::vector<pid_t>> all_pids() {
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, Close> directory(::opendir("/proc"));
  if (!directory) return fail_errno(errno, "/proc", "cannot open");
  while (const dirent* entry = ::readdir(directory.get())) {
    if (const auto pid = parse_integer<pid_t>(entry->d_name)) pids.push_back(*pid);
  }
  std::sort(pids.begin(), pids.end());
  return pids;
}

/// Returns the file name of the program in a command line.
std::string program_of(const std::string& command) {
  const auto path = command.substr(0, command.find(' '));
  return path.substr(path.rfind('/') + 1);
}

/// Returns true if an interpreter runs a script of that name. Most command lines do not contain the
/// name, which is checked first.
bool runs_script(const Candidate& candidate, const std::string& name) {
  if (candidate.command.find(name) == std::string::npos) return false;
  const auto arguments = read_arguments(candidate.pid);
  const auto script = arguments ? script_of(*arguments) : std::string();
  return !script.empty() && (script == name || script.ends_with('/' + name));
}

bool descends_from(pid_t pid, const std::unordered_set<pid_t>& ancestors) {
  for (int depth = 0; depth < 1000; ++depth) {  // a loop of reused pids must end
    const auto stat = read_stat(pid);
    if (!stat || stat->parent <= 1) return false;
    if (ancestors.contains(stat->parent)) return true;
    pid = stat->parent;
  }
  return false;
}

std::vector<Candidate> without_descendants(std::vector<Candidate> found) {
  std::unordered_set<pid_t> pids;
  for (const auto& candidate : found) pids.insert(candidate.pid);
  std::erase_if(found, [&](const Candidate& c) { return descends_from(c.pid, pids); });
  return found;
}

/// Checks without /proc whether a process (or thread) with that id exists.
bool exists(pid_t pid) {
  return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM);
}

}  // namespace

Result<std::vector<Candidate>> find_by_pid(pid_t pid) {
  const auto status = read_status(pid);
  if (!status && status.error().code == Errc::io) return Failure(status.error());
  if (!status && exists(pid)) {
    return fail(Errc::denied, std::to_string(pid),
                "is another user's process, which /proc hides (it is mounted with hidepid)",
                "root can see it");
  }
  if (!status || status->thread_group != pid) return std::vector<Candidate>{};
  return std::vector{Candidate{pid, status->name, read_command(pid).value_or("")}};
}

bool are_others_hidden() {
  const auto mounts = read_file("/proc/self/mountinfo");
  return mounts && ::geteuid() != 0 && hides_processes(*mounts);
}

Result<std::vector<Candidate>> find_by_name(const std::string& name) {
  const auto pids = all_pids();
  if (!pids) return Failure(pids.error());
  std::vector<Candidate> exact;
  std::vector<Candidate> running;  // a script of that name
  std::vector<Candidate> containing;
  for (const pid_t pid : *pids) {
    if (pid == ::getpid()) continue;
    auto found = find_by_pid(pid);
    if (!found && found.error().code == Errc::io) return found;
    for (auto& candidate : found.value_or(std::vector<Candidate>{})) {
      if (candidate.name == name || program_of(candidate.command) == name) {
        exact.push_back(std::move(candidate));
      } else if (runs_script(candidate, name)) {
        running.push_back(std::move(candidate));
      } else if (candidate.name.find(name) != std::string::npos) {
        containing.push_back(std::move(candidate));
      }
    }
  }
  const auto is_dead = [](const Candidate& candidate) { return !is_alive(candidate.pid); };
  for (auto* found : {&exact, &running, &containing}) {
    std::erase_if(*found, is_dead);
    if (!found->empty()) return without_descendants(std::move(*found));
  }
  return std::vector<Candidate>{};
}

}  // namespace mprofpp::proc
