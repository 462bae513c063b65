#include "loadtest/watch.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "loadtest/load.hpp"
#include "loadtest/service.hpp"
#include "mprofpp/launch/ended.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using namespace std::chrono_literals;

namespace {

/// Restores the signals that Watch blocks.
class SignalMask {
 public:
  SignalMask() { ::sigprocmask(SIG_SETMASK, nullptr, &mask_); }
  SignalMask(const SignalMask&) = delete;
  SignalMask& operator=(const SignalMask&) = delete;
  ~SignalMask() { ::sigprocmask(SIG_SETMASK, &mask_, nullptr); }

  const sigset_t& mask() const { return mask_; }

 private:
  sigset_t mask_{};
};

Watch opened() {
  auto watch = Watch::open();
  REQUIRE(watch.has_value());
  return std::move(*watch);
}

pid_t child_that_exits(int status) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(status);
  REQUIRE(pid > 0);
  return pid;
}

Load started(const char* command, const SignalMask& before, Watch& watch) {
  auto load = Load::start(command, before.mask(), watch);
  REQUIRE(load.has_value());
  return std::move(*load);
}

void wait_for_all(Watch& watch) {
  while (launch::has_children()) watch.wait(10ms);
}

}  // namespace

TEST_CASE("the status of a child that was added is kept") {
  const SignalMask before;
  auto watch = opened();
  const pid_t child = child_that_exits(7);
  watch.add(child);
  CHECK_FALSE(watch.status_of(child).has_value());
  wait_for_all(watch);
  CHECK(watch.status_of(child) == 7);
}

TEST_CASE("the status of an orphan is not kept, because a later child may have its pid") {
  const SignalMask before;
  auto watch = opened();
  const pid_t orphan = child_that_exits(7);
  wait_for_all(watch);
  CHECK_FALSE(watch.status_of(orphan).has_value());
  watch.add(orphan);
  CHECK_FALSE(watch.status_of(orphan).has_value());
}

TEST_CASE("a child with the pid of an earlier one has no status yet") {
  const SignalMask before;
  auto watch = opened();
  const pid_t child = child_that_exits(7);
  watch.add(child);
  wait_for_all(watch);
  watch.add(child);
  CHECK_FALSE(watch.status_of(child).has_value());
}

TEST_CASE("what a load leaves in the background is killed when its shell exits") {
  const SignalMask before;
  launch::adopt_orphans();
  auto watch = opened();
  const auto load = started("sleep 1000 & sleep 1000 & exit 3", before, watch);
  wait_for_all(watch);  // ends only because both are gone
  CHECK(load.status() == 3);
}

TEST_CASE("a load that is given up is killed with its children") {
  const SignalMask before;
  launch::adopt_orphans();
  auto watch = opened();
  { const auto load = started("sleep 1000 & sleep 1000", before, watch); }
  wait_for_all(watch);
  CHECK_FALSE(launch::has_children());
}

TEST_CASE("children that ignore SIGTERM are ended too") {
  const SignalMask before;
  launch::adopt_orphans();
  auto watch = opened();
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGTERM, SIG_IGN);
    static_cast<void>(::write(ends[1], "x", 1));
    while (true) ::pause();
  }
  char ready = 0;
  REQUIRE(::read(ends[0], &ready, 1) == 1);
  watch.add(child);
  end_children(watch);
  CHECK(watch.status_of(child) == 128 + SIGKILL);
  CHECK_FALSE(launch::has_children());
  ::close(ends[0]);
  ::close(ends[1]);
}
