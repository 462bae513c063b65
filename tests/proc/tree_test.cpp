#include "mprofpp/proc/tree.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "support/child.hpp"

using namespace mprofpp;
using namespace mprofpp::proc;
using test::Child;

namespace {

/// For a Child: forks another when it gets SIGUSR1.
void fork_on_signal() {
  ::signal(SIGUSR1, [](int) {
    if (::fork() == 0)
      while (true) ::pause();
  });
}

pid_t next_child_of(const Child& parent) {
  ::kill(parent.pid(), SIGUSR1);
  while (read_children(parent.pid()).empty()) ::usleep(100);
  return read_children(parent.pid()).front();
}

model::ProcessId id_of(const Stat& stat) {
  return {stat.pid, stat.start};
}

bool contains(const std::vector<Stat>& births, pid_t pid) {
  return std::any_of(births.begin(), births.end(),
                     [pid](const Stat& stat) { return stat.pid == pid; });
}

}  // namespace

TEST_CASE("the child of a process whose memory is already gone is found") {
  const Child parent(fork_on_signal);
  Tree tree(Roots{{parent.pid()}, {}});
  const auto roots = tree.find_births();
  REQUIRE(roots.size() == 1);
  tree.remove(id_of(roots.front()));
  const pid_t child = next_child_of(parent);
  CHECK(contains(tree.find_births(), child));
  ::kill(child, SIGKILL);
}

TEST_CASE("the process that looks is not part of a tree, also if it descends from the root") {
  Tree tree(Roots{{::getppid()}, {}});
  const auto births = tree.find_births();
  CHECK(contains(births, ::getppid()));
  CHECK_FALSE(contains(births, ::getpid()));
}

TEST_CASE("a process that is about to end is not born again") {
  const Child root([] {
    if (::fork() == 0)
      while (true) ::pause();
  });
  Tree tree(Roots{{root.pid()}, {}});
  const auto births = tree.find_births();
  REQUIRE(births.size() == 2);
  tree.remove(id_of(births.back()));
  CHECK(tree.walk(root.pid()).empty());
  ::kill(births.back().pid, SIGKILL);
}

TEST_CASE("the pid of a root that has ended means another process when it is reused") {
  const Child newcomer;
  Tree tree(Roots{{newcomer.pid()}, {}});
  const auto births = tree.find_births();
  REQUIRE(births.size() == 1);
  tree.remove(
      {newcomer.pid(), births.front().start - 1});  // the root was an earlier process with that pid
  for (pid_t i = 0; i <= Tree::walk_above; ++i) {
    const pid_t ended = ::fork();
    if (ended == 0) ::_exit(0);
    ::waitpid(ended, nullptr, 0);
  }
  CHECK(tree.find_births().empty());  // although the whole tree was walked
}

TEST_CASE("a child that has ended and is not waited for is not found by walking") {
  const Child root([] {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
  });
  Tree tree(Roots{{root.pid()}, {}});
  CHECK(tree.find_births().size() == 1);
  CHECK(tree.walk(root.pid()).empty());
}

TEST_CASE("a launched program's children that are gone before the first look are counted") {
  const Child root([] {
    for (int i = 0; i < 3; ++i) {
      const pid_t child = ::fork();
      if (child == 0) ::_exit(0);
      ::waitpid(child, nullptr, 0);
    }
  });
  Tree launched(Roots{{root.pid()}, ::getpid()});
  CHECK(launched.find_births().size() == 1);
  launched.stop_waiting();
  CHECK(launched.take_unseen() >= 3);
  Tree attached(Roots{{root.pid()}, {}});
  attached.find_births();
  attached.stop_waiting();
  CHECK(attached.take_unseen() == 0);
}

TEST_CASE("a walk from the root also finds the processes that the adopter has adopted") {
  const Child root;
  Tree tree(Roots{{root.pid()}, ::getpid()});
  REQUIRE(tree.find_births().size() == 1);
  const Child orphan;
  CHECK(contains(tree.walk(root.pid()), orphan.pid()));
}

TEST_CASE("a process that has reported its own exit does not count as unseen") {
  const Child root;
  Tree tree(Roots{{root.pid()}, ::getpid()});
  REQUIRE(tree.find_births().size() == 1);
  const auto start_and_reap = [] {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(0);
    ::waitpid(pid, nullptr, 0);
    return pid;
  };
  const pid_t before = start_and_reap();
  CHECK(tree.is_unseen(before));
  tree.account_for(before);  // its pid is newer than those that were looked at
  const pid_t after = start_and_reap();
  CHECK(tree.find_births().empty());
  CHECK_FALSE(tree.is_unseen(before));
  CHECK(tree.is_unseen(after));
  tree.account_for(after);
  CHECK_FALSE(tree.is_unseen(after));
  tree.stop_waiting();
  const auto unseen = tree.take_unseen();  // other processes may be active
  const pid_t neither = start_and_reap();
  tree.find_births();
  tree.stop_waiting();
  CHECK(tree.is_unseen(neither));
  CHECK(tree.take_unseen() >= 1);
  CHECK(unseen + 2 <
        static_cast<std::uint64_t>(neither - root.pid()));  // without `before` and `after`
}

TEST_CASE("a process that has reported its exit and lives on is found") {
  const Child root;
  Tree tree(Roots{{root.pid()}, ::getpid()});
  REQUIRE(tree.find_births().size() == 1);
  const Child child;
  tree.account_for(child.pid());
  CHECK(contains(tree.find_births(), child.pid()));
}

TEST_CASE("a process that has reported its exit and was not reaped yet is not born") {
  const Child root;
  Tree tree(Roots{{root.pid()}, ::getpid()});
  REQUIRE(tree.find_births().size() == 1);
  const Child child;
  child.kill();
  tree.account_for(child.pid());
  CHECK_FALSE(contains(tree.find_births(), child.pid()));
}

TEST_CASE(
    "more pids than are looked at one by one count as unseen, unless found alive or accounted for") {
  const Child root;
  Tree tree(Roots{{root.pid()}, ::getpid()});
  REQUIRE(tree.find_births().size() == 1);
  const auto pass_over = [] {
    for (pid_t i = 0; i <= Tree::walk_above; ++i) {
      const pid_t ended = ::fork();
      if (ended == 0) ::_exit(0);
      ::waitpid(ended, nullptr, 0);
    }
  };
  pass_over();
  const Child child;
  CHECK(contains(tree.find_births(), child.pid()));
  CHECK_FALSE(tree.is_unseen(child.pid()));
  CHECK(tree.unseen() > Tree::walk_above);
  const pid_t one = child.pid() - 1;
  const auto before = tree.unseen();
  if (tree.is_unseen(one)) {
    tree.account_for(one);
    CHECK(tree.unseen() == before - 1);
  }
}
