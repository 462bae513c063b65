#include "mprofpp/record/session/launched.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "mprofpp/base/log.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::record {

using namespace std::chrono_literals;

namespace {

constexpr Duration patience_after_term = 5s;

}  // namespace

/// Reaps children that exited before the inbox was open: their SIGCHLD was lost.
void LaunchedSession::started() {
  reap_children();
}

void LaunchedSession::take(const launch::Signal& signal) {
  if (signal.number == SIGCHLD)
    reap_children();
  else if (!root_ended_)
    pass_on(signal);
  else if (ends_recording(signal))
    loop_.finish(model::EndReason::interrupted);
}

void LaunchedSession::pass_on(const launch::Signal& signal) {
  if (is_from_program(signal) || has_reached_program(signal)) return;
  log::info("passing signal " + std::to_string(signal.number) + " on to the program");
  send(signal.number);
}

bool LaunchedSession::send(int signal) {
  if (::kill(root_, signal) == 0) return true;
  const auto error =
      fail_errno(errno, std::to_string(root_), "cannot be sent signal " + std::to_string(signal));
  listener_.signal_refused(error.value());
  return false;
}

/// Returns true if the program itself sent the signal, for example to report to its parent that it is
/// ready. Its own signal could kill it.
bool LaunchedSession::is_from_program(const launch::Signal& signal) const {
  return signal.sender == launch::Signal::Sender::process && signal.sender_pid == root_;
}

/// Returns true if the kernel has sent the signal to the program as well. Terminal keys and changes
/// of the window size reach the whole process group, which the program may have left. A hangup of the
/// terminal reaches only the session leader, and an alarm only the process that set it. If a process
/// sent the signal, it is unknown whether it was sent to the group: a second signal does less harm
/// than none.
bool LaunchedSession::has_reached_program(const launch::Signal& signal) const {
  if (signal.sender != launch::Signal::Sender::kernel || signal.number == SIGALRM) return false;
  if (signal.number == SIGHUP && ::getsid(0) == ::getpid()) return false;
  return ::getpgid(root_) == ::getpgrp();
}

void LaunchedSession::reap_children() {
  while (const auto pid = launch::next_ended()) {
    if (*pid == root_)
      end_root();
    else
      recording_.descendant_ended(launch::reap(*pid));
  }
  if (!root_ended_) return;
  if (!waits_for_tree()) loop_.finish(how_it_ended(), root_end_);
  // orphans become our children: without children the tree is gone, so do not wait for the next tick
  else if (!launch::has_children())
    loop_.finish(how_it_ended());
}

bool LaunchedSession::waits_for_tree() const {
  return options_.until == Until::tree_ends && !timed_out_ && recording_.going_on();
}

void LaunchedSession::end_root() {
  RootEnd end;
  end.t = recording_.clock().now();
  // the zombie still shows whether it waited for children; reaping removes it
  const auto stat = proc::read_stat(root_);
  end.waited_for_children =
      stat && (stat->child_minor_faults != 0 || stat->child_major_faults != 0);
  end.ended = launch::reap(root_);
  root_ended_ = true;
  root_end_ = end.t;
  recording_.root_ended(end);
}

/// Waits for the program to exit, because its status is still to be passed on.
void LaunchedSession::give_up() {
  if (root_ended_) loop_.finish(how_it_ended());
}

void LaunchedSession::time_is_up() {
  if (options_.at_timeout == AtTimeout::leave || root_ended_)
    return loop_.finish(model::EndReason::timed_out);
  timed_out_ = true;
  log::info("timeout reached: sending SIGTERM");
  if (!send(SIGTERM)) return loop_.finish(model::EndReason::timed_out);
  ::kill(root_, SIGCONT);  // a stopped program could not react
  loop_.call_after(patience_after_term, [this] { kill_if_running(); });
}

void LaunchedSession::kill_if_running() {
  log::info("the program did not exit after SIGTERM: sending SIGKILL");
  if (!send(SIGKILL)) loop_.finish(model::EndReason::timed_out);
}

}  // namespace mprofpp::record
