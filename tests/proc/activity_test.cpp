#include "mprofpp/proc/activity.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "mprofpp/proc/files.hpp"
#include "support/child.hpp"

using namespace mprofpp;
using namespace mprofpp::proc;
using test::Child;

namespace {

void wait_until_asleep(pid_t pid) {
  while (read_stat(pid)->state != 'S') ::usleep(100);
}

}  // namespace

TEST_CASE("a sleeping process has not run, and has run after it was woken") {
  const Child child([] { ::signal(SIGUSR1, [](int) {}); });
  wait_until_asleep(child.pid());
  Activity activity(child.pid());
  CHECK(activity.has_run());
  CHECK_FALSE(activity.has_run());
  ::kill(child.pid(), SIGUSR1);
  while (!activity.has_run()) ::usleep(100);
  wait_until_asleep(child.pid());
  activity.has_run();
  CHECK_FALSE(activity.has_run());
}

TEST_CASE("a process whose first thread sleeps has run if another one has") {
  const Child child([] {
    std::thread([] {
      while (true) ::usleep(100);
    }).detach();
  });
  Activity activity(child.pid());
  CHECK(activity.has_run());
  while (!activity.has_run()) ::usleep(100);
}

TEST_CASE("a process that is gone counts as one that has run") {
  const Child child;
  Activity activity(child.pid());
  activity.has_run();
  child.kill();
  CHECK(activity.has_run());
}
