#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/proc/parse.hpp"

/// Opens and reads the files that parse.hpp parses. Errors: vanished or not_found if the process
/// has ended, denied if it may not be examined.
namespace mprofpp::proc {

/// Checks that /proc shows the processes of our PID namespace. Errors: unsupported if it is not
/// mounted or shows another namespace, in which every pid would mean another process.
Result<void> check_own_proc();

Result<Stat> read_stat(pid_t pid);
/// See parse_stack_start().
Result<std::uint64_t> read_stack_start(pid_t pid);
/// Returns true if all threads of the process have ended: it has passed on its children
/// and waits to be reaped.
bool is_dead(const Stat& stat);
/// Returns true if there is a process with that pid that is not dead, and also if no descriptor is left to
/// find out.
bool is_alive(pid_t pid);
/// Returns true if exactly this process is dead or gone, and false if no descriptor is left to find out.
bool has_ended(const model::ProcessId& id);
Result<Status> read_status(pid_t pid);
/// Reads the command line, cut after 4 KiB. Empty for a kernel thread or a zombie.
Result<std::string> read_command(pid_t pid);
/// Reads the complete command line as separate arguments.
Result<std::vector<std::string>> read_arguments(pid_t pid);
/// Reads a symbolic link of the process: exe, cwd, root.
Result<std::string> read_link(pid_t pid, std::string_view name);
/// Returns the children of all threads of `pid`. A process that ends meanwhile has none.
std::vector<pid_t> read_children(pid_t pid);

/// Reads the newest pid from /proc/loadavg, which stays open if there are enough descriptors.
class NewestPid {
 public:
  Result<pid_t> read();

 private:
  Fd fd_;
};

/// Returns the highest possible pid: /proc/sys/kernel/pid_max, or the highest one that Linux ever assigns.
pid_t read_highest_pid();

/// Returns the thread ids of a process; none if it is gone.
std::vector<pid_t> read_threads(pid_t pid);

/// Returns /proc/PID/<file>, or /proc/PID/task/THREAD/<file>.
std::string path_of(pid_t pid, std::string_view file);
std::string path_of(pid_t pid, pid_t thread, std::string_view file);

/// Reads a file that fits in `buffer` with one read(2): the kernel creates the text of such a file
/// at that moment, and two reads would show two moments.
Result<std::string_view> read_once(const std::string& path, std::span<char> buffer);

}  // namespace mprofpp::proc
