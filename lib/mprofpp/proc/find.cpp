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

/// The file name of a command line's first word.
std::string program_of(const std::string& command) {
  const auto word = command.substr(0, command.find(' '));
  return word.substr(word.rfind('/') + 1);
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

/// Whether there is a process (or thread) of that id, asked without /proc.
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
                "root sees it");
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
  std::vector<Candidate> containing;
  for (const pid_t pid : *pids) {
    if (pid == ::getpid()) continue;
    auto found = find_by_pid(pid);
    if (!found && found.error().code == Errc::io) return found;
    for (auto& candidate : found.value_or(std::vector<Candidate>{})) {
      if (candidate.name == name || program_of(candidate.command) == name) {
        exact.push_back(std::move(candidate));
      } else if (candidate.name.find(name) != std::string::npos) {
        containing.push_back(std::move(candidate));
      }
    }
  }
  return without_descendants(exact.empty() ? std::move(containing) : std::move(exact));
}

}  // namespace mprofpp::proc
