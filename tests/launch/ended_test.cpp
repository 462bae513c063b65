#include "mprofpp/launch/ended.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <thread>

using namespace mprofpp;

namespace {

pid_t start_waiting_child() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) ::pause();
  }
  return pid;
}

pid_t start_ending_child(int status) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(status);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
  return pid;
}

/// Stops a process with ptrace, in a thread of its own, as long as it lives.
class StoppedByTracer {
 public:
  explicit StoppedByTracer(pid_t pid) {
    std::promise<bool> stopped;
    auto is_stopped = stopped.get_future();
    tracer_ = std::thread([this, pid, &stopped] {
      siginfo_t info{};
      stopped.set_value(::ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 &&
                        ::ptrace(PTRACE_INTERRUPT, pid, 0, 0) == 0 &&
                        ::waitid(P_PID, static_cast<id_t>(pid), &info,
                                 WSTOPPED | WNOWAIT | __WALL | __WNOTHREAD) == 0);
      end_.get_future().wait();
    });
    is_stopped_ = is_stopped.get();
  }
  StoppedByTracer(const StoppedByTracer&) = delete;
  StoppedByTracer& operator=(const StoppedByTracer&) = delete;
  ~StoppedByTracer() {
    end_.set_value();
    tracer_.join();
  }
  bool is_stopped() const { return is_stopped_; }

 private:
  std::promise<void> end_;
  std::thread tracer_;
  bool is_stopped_ = false;
};

}  // namespace

TEST_SUITE_BEGIN("launch/ended");

TEST_CASE("a child that a thread of ours stops has not ended, and hides no child that has") {
  const pid_t stopped = start_waiting_child();
  {
    const StoppedByTracer tracer(stopped);
    if (!tracer.is_stopped()) {
      MESSAGE("SKIP: this system refuses ptrace");
    } else {
      CHECK_FALSE(launch::next_ended());
      const pid_t ended = start_ending_child(3);
      CHECK(launch::next_ended() == ended);
      CHECK(launch::reap(ended).status == 3);
      CHECK_FALSE(launch::next_ended());
    }
  }
  ::kill(stopped, SIGKILL);
  CHECK(launch::reap(stopped).status == 128 + SIGKILL);
}

TEST_SUITE_END();
