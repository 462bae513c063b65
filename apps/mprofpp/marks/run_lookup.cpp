#include "marks/run_lookup.hpp"

#include <unistd.h>

#include <cstdlib>

#include "marks/ring_places.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/parse.hpp"
#include "mprofpp/ring/run_search.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::app {
namespace {

/// Returns the folder of the run that is in the environment of a process; empty if there is none.
std::string folder_in(const std::string& environment) {
  return std::string(proc::variable_in(environment, wire::run_variable).value_or(""));
}

/// Returns the folder of the run whose recorder was asked to record the process or one of its ancestors.
std::optional<std::string> announced_folder(pid_t pid) {
  const auto places = places_for_rings("");
  for (int depth = 0; pid > 1 && depth < 1000; ++depth) {  // reused pids may form a loop
    const auto stat = proc::read_stat(pid);
    if (!stat) return std::nullopt;
    if (auto folder = ring::find_run_folder(places, {pid, stat->start})) return folder;
    pid = stat->parent;
  }
  return std::nullopt;
}

}  // namespace

std::string folder_of_this_run() {
  const char* folder = std::getenv(wire::run_variable);
  return folder == nullptr ? std::string() : std::string(folder);
}

Result<std::string> folder_of_run(pid_t pid) {
  const auto place = "process " + std::to_string(pid);
  const auto text = read_file(proc::path_of(pid, "environ"));
  const auto own = text ? folder_in(*text) : std::string();
  if (!own.empty() && ::access(own.c_str(), F_OK) == 0) return own;
  if (auto announced = announced_folder(pid)) return *announced;
  if (!own.empty()) return own;  // Marker::open() will report that this recording has ended
  if (text) {
    return fail(Errc::not_found, place, "is not being recorded",
                "mprofpp attach records a running process, mprofpp run starts one and records it");
  }
  const bool is_denied = text.error().code == Errc::denied;
  return fail(text.error().code, place, is_denied ? "belongs to another user" : "does not exist",
              is_denied ? "mark it as that user" : "mprofpp attach and run -v print the pid");
}

Result<std::optional<pid_t>> parse_pid(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto pid = parse_integer<pid_t>(text);
  if (pid && *pid > 0) return pid;
  return fail(Errc::invalid_argument, "--pid", "'" + text + "' is not a pid",
              "ps and mprofpp run -v show the pid of a process");
}

Result<model::ProcessId> identify(pid_t pid) {
  const auto stat = proc::read_stat(pid);
  if (!stat) return fail(Errc::not_found, "process " + std::to_string(pid), "does not exist");
  return model::ProcessId{pid, stat->start};
}

Result<model::ProcessId> identify_caller(const std::string& folder) {
  const auto caller = folder_of_run(::getppid());
  return identify(caller && *caller == folder ? ::getppid() : ::getpid());
}

}  // namespace mprofpp::app
