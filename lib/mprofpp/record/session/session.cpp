#include "mprofpp/record/session/session.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/system/system_error.hpp>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/launch/signals.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/marks/channel.hpp"
#include "mprofpp/record/marks/environment.hpp"
#include "mprofpp/record/recording.hpp"
#include "mprofpp/record/session/attached.hpp"
#include "mprofpp/record/session/launched.hpp"

namespace mprofpp::record {
namespace {

using Cause = NotRecorded::Cause;
using Sinks = std::vector<model::Sink*>;

tl::unexpected<NotRecorded> not_recorded(Error error, Cause cause = Cause::recorder) {
  return tl::unexpected<NotRecorded>(NotRecorded{cause, std::move(error)});
}

Cause cause_of_exec_failure(const Error& error) {
  return error.code == Errc::not_found ? Cause::program_not_found : Cause::program_not_executable;
}

Result<store::Writer> create_output(const Options& options, pid_t pid) {
  for (int attempt = 0;; ++attempt) {
    const auto name = options.name(pid, attempt);
    if (!name) return Failure(name.error());
    if (options.descriptor) return store::Writer::to_descriptor(Fd(*options.descriptor), *name);
    auto writer = store::Writer::create(*name, options.overwrite);
    const bool is_taken =
        !writer && (writer.error().code == Errc::exists || writer.error().code == Errc::busy);
    if (!is_taken || attempt + 1 >= options.name_attempts) return writer;
  }
}

/// Creates a session and checks that a descriptor is left for readings. The event loop needs some
/// descriptors, and every reading of a process needs one more. Boost throws when none are left.
template <class Session, class... Arguments>
Result<std::unique_ptr<Session>> make_session(Arguments&&... arguments) {
  try {
    auto session = std::make_unique<Session>(std::forward<Arguments>(arguments)...);
    if (auto spare = open_for_reading("/proc/loadavg"); !spare) return Failure(spare.error());
    return session;
  } catch (const boost::system::system_error& error) {
    return fail_errno(error.code().value(), "", "cannot wait for events");
  }
}

/// Raises the priority of this thread above that of the recorded programs, if the kernel allows it (it does
/// for root, and within RLIMIT_NICE). Among hundreds of busy processes a recorder of equal priority gets a
/// few milliseconds a second: it would miss most ticks, and the names of processes that run between them.
/// Programs that were started before keep their priority.
void run_before_recorded_programs() {
  constexpr int steps = 10;  // each is a tenth more of the processor
  constexpr int highest = -20;
  errno = 0;
  const int now = ::getpriority(PRIO_PROCESS, 0);
  if (errno != 0) return;
  if (::setpriority(PRIO_PROCESS, 0, std::max(highest, now - steps)) != 0) {
    log::debug("the recorder is not allowed to raise its priority");
  }
}

/// Lets `mprofpp mark -p PID` find the recording even if the program cannot load the agent (because it
/// is linked statically or setuid).
void announce(const MarkAccess& access, pid_t root) {
  const auto stat = proc::read_stat(root);
  if (access.channel && stat) access.channel->folder.announce({root, stat->start});
}

/// Returns the command line of a running process, or its pid if it has none.
std::vector<std::string> argv_of(pid_t pid) {
  auto argv = proc::read_arguments(pid);
  if (!argv || argv->empty()) return {std::to_string(pid)};
  return std::move(*argv);
}

/// Each early return undoes what was created before: the target is reaped without
/// having started, and the file is removed.
tl::expected<Outcome, NotRecorded> record(const Options& options, Listener& listener,
                                          const Sinks& sinks, const Launch& launch) {
  launch::adopt_orphans();
  auto start_state = launch.start_state;
  auto access = open_mark_channel(options.marks, start_state.environment);
  auto target = launch::Target::hold(launch.program, start_state);
  if (!target) return not_recorded(std::move(target.error()));
  const pid_t root = target->pid();
  announce(access, root);
  run_before_recorded_programs();
  auto writer = create_output(options, root);
  if (!writer) return not_recorded(std::move(writer.error()), Cause::file);
  // not earlier: opening a pipe for output waits for its reader, and Ctrl-C must interrupt that
  auto inbox = launch::SignalInbox::open();
  if (!inbox) return not_recorded(std::move(inbox.error()));

  const Subject subject{{{root}, ::getpid()}, launch.program.argv, target->inherited_peak()};
  Recording recording(subject, options, listener, {std::move(*writer), sinks}, std::move(access));
  auto session =
      make_session<LaunchedSession>(root, std::move(*inbox), recording, options, listener);
  if (!session) return not_recorded(std::move(session.error()));
  recording.begin();
  if (auto released = target->release(); !released) {
    const auto cause = cause_of_exec_failure(released.error());
    return not_recorded(std::move(released.error()), cause);
  }
  listener.started(root, recording.outcome().path);
  (*session)->run();
  return recording.outcome();
}

tl::expected<Outcome, NotRecorded> record(const Options& options, Listener& listener,
                                          const Sinks& sinks, const Attach& attach) {
  std::vector<Watched> targets;
  for (const pid_t pid : attach.pids) {
    auto target = watch(pid);
    if (!target) return not_recorded(std::move(target.error()));
    targets.push_back(std::move(*target));
  }
  run_before_recorded_programs();
  auto writer = create_output(options, attach.pids.front());
  if (!writer) return not_recorded(std::move(writer.error()), Cause::file);
  auto inbox = launch::SignalInbox::open();
  if (!inbox) return not_recorded(std::move(inbox.error()));

  const Subject subject{{attach.pids, std::nullopt}, argv_of(attach.pids.front()), Bytes{}};
  auto access = open_mark_channel(options.marks, attach.pids);
  const auto marks = access.channel ? mark_variables(*options.marks, access.channel->folder)
                                    : std::vector<std::string>();
  Recording recording(subject, options, listener, {std::move(*writer), sinks}, std::move(access));
  auto session =
      make_session<AttachedSession>(std::move(targets), std::move(*inbox), recording, options);
  if (!session) return not_recorded(std::move(session.error()));
  recording.begin();
  listener.attached(marks);
  (*session)->run();
  return recording.outcome();
}

}  // namespace

tl::expected<Outcome, NotRecorded> record(const Options& options, Listener& listener,
                                          const std::vector<model::Sink*>& sinks) {
  return std::visit([&](const auto& target) { return record(options, listener, sinks, target); },
                    options.target);
}

}  // namespace mprofpp::record
