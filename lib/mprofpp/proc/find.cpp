#include "mprofpp/proc/find.hpp"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::proc {
namespace {

std::vector<pid_t> all_pids() {
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, Close> directory(::opendir("/proc"));
  while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) {
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

}  // namespace

std::vector<Candidate> find_by_pid(pid_t pid) {
  const auto status = read_status(pid);
  if (!status || status->thread_group != pid) return {};
  return {Candidate{pid, status->name, read_command(pid).value_or("")}};
}

std::vector<Candidate> find_by_name(const std::string& name) {
  std::vector<Candidate> exact;
  std::vector<Candidate> containing;
  for (const pid_t pid : all_pids()) {
    if (pid == ::getpid()) continue;
    for (auto& candidate : find_by_pid(pid)) {
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
