#include "core/exit_report.hpp"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/environment.hpp"
#include "core/freestanding.hpp"
#include "core/own_files.hpp"
#include "core/process.hpp"
#include "mprofpp/wire/exit_record.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/path.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {
namespace {

/// The process to which this memory belongs. A vforked child runs in its parent's memory and finds
/// its parent's pid here.
struct Owner {
  pid_t pid;
  pid_t loaded_pid;     ///< the process into which the program was loaded
  std::uint64_t begun;  ///< when the program was loaded or forked, as in wire::ExitRecord
};
__attribute__((section(".data"))) constinit Owner owner{};  // see environment.cpp

/// Asks the kernel, because glibc before 2.25 caches the pid, and a child of clone() would get its
/// parent's.
pid_t current_pid() {
  return static_cast<pid_t>(::syscall(SYS_getpid));
}

/// Opens the pipe for reports, for reading too: otherwise a recorder that is gone would mean SIGPIPE.
/// Returns a negative number if the pipe is out of reach.
int open_pipe() {
  wire::Path path(environment().folder());
  path.add('/').add(wire::exits_name);
  constexpr int flags = O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW;
  return path.fits() ? wire::uncancelled::open(path.text(), flags) : -1;
}

/// Returns false if the values are not known, or if the program has come into a sandbox in which a
/// report could kill it.
bool fill(wire::ExitRecord& record) {
  const auto status = own_status();
  if (status.pid == 0 || status.filters > environment().filters()) return false;
  const auto ours = process().memory_of_agent();
  const auto highest = process().highest_before_resets();
  const auto peak = status.peak_rss > highest ? status.peak_rss : highest;
  record.stamp = wire::stamp;
  record.pid = status.pid;
  record.parent = status.parent;
  record.begun = owner.begun;
  memcpy(record.name, status.name, sizeof record.name);
  record.time = monotonic_now();
  record.peak_rss = peak > ours ? peak - ours : 0;
  record.peak_vms = status.peak_vms;
  return true;
}

void report(wire::ExitRecord::Why why) {
  const KeepErrno keep_errno;
  wire::ExitRecord record{};
  record.why = why;
  if (!fill(record)) return;
  const int pipe = open_pipe();
  if (pipe < 0) return;
  wire::uncancelled::write(pipe, &record, sizeof record);  // refused if the pipe is full
  wire::uncancelled::close(pipe);
}

bool may_report() {
  return process().is_recorded() && !process().is_quiet() && current_pid() == owner.pid;
}

}  // namespace

void prepare_exit_reports() {
  const pid_t pid = current_pid();
  owner = {pid, pid, monotonic_now()};
}

void report_as_new_process() {
  owner.pid = current_pid();
  owner.begun = monotonic_now();
}

void report_exit() {
  if (may_report()) report(wire::ExitRecord::Why::exit);
}

/// The memory that a forked child has before its exec is its parent's, and not the peak of the new
/// program.
void report_exec() {
  if (may_report() && owner.pid == owner.loaded_pid) report(wire::ExitRecord::Why::exec);
}

}  // namespace mprofpp::agent
