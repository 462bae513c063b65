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

/// Opens and reads the files that parse.hpp understands. Errc::vanished or not_found when the process
/// has ended, denied when it may not be looked at.
namespace mprofpp::proc {

/// Whether /proc shows the processes of our PID namespace. Errors: unsupported when it is not mounted, or
/// shows another namespace's, where every pid would mean somebody else.
Result<void> check_own_proc();

Result<Stat> read_stat(pid_t pid);
/// Whether all threads of a process have ended: it has handed on its children and waits to be reaped.
bool is_dead(const Stat& stat);
/// Whether that very process is dead or gone. One that cannot be looked at for want of a descriptor is not.
bool has_ended(const model::ProcessId& id);
Result<Status> read_status(pid_t pid);
/// The command line, cut after 4 KiB. Empty for a kernel thread or a zombie.
Result<std::string> read_command(pid_t pid);
/// The same, uncut, as its words.
Result<std::vector<std::string>> read_words(pid_t pid);
/// Where a link of the process leads: exe, cwd, root.
Result<std::string> read_link(pid_t pid, std::string_view name);
/// The children of all threads of `pid`. A process that ends meanwhile has none.
std::vector<pid_t> read_children(pid_t pid);

/// The last pid that was handed out, from /proc/loadavg, which is kept open where descriptors suffice.
class NewestPid {
 public:
  Result<pid_t> read();

 private:
  Fd fd_;
};

/// The thread ids of a process, none when it is gone.
std::vector<pid_t> read_threads(pid_t pid);

/// /proc/PID/<file>, and /proc/PID/task/THREAD/<file>.
std::string path_of(pid_t pid, std::string_view file);
std::string path_of(pid_t pid, pid_t thread, std::string_view file);

/// The text of a file that fits `buffer`, in one read(2): the kernel makes such a file up at that
/// moment, and two reads would show two moments.
Result<std::string_view> read_once(const std::string& path, std::span<char> buffer);

}  // namespace mprofpp::proc
