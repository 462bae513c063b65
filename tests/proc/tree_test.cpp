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

TEST_CASE("the child of a process whose memory is gone already is found") {
  const Child parent(fork_on_signal);
  Tree tree(Roots{{parent.pid()}, {}});
  const auto roots = tree.find_births();
  REQUIRE(roots.size() == 1);
  tree.remove(id_of(roots.front()));
  const pid_t child = next_child_of(parent);
  CHECK(contains(tree.find_births(), child));
  ::kill(child, SIGKILL);
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

TEST_CASE("the pid of a root that has ended means somebody else when it comes again") {
  const Child newcomer;
  Tree tree(Roots{{newcomer.pid()}, {}});
  const auto births = tree.find_births();
  REQUIRE(births.size() == 1);
  tree.remove(
      {newcomer.pid(), births.front().start - 1});  // the root was an earlier one of that pid
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
  launched.expect_no_more();
  CHECK(launched.take_unseen() >= 3);
  Tree attached(Roots{{root.pid()}, {}});
  attached.find_births();
  attached.expect_no_more();
  CHECK(attached.take_unseen() == 0);
}

TEST_CASE("a walk from the root finds those whom the adopter has got besides") {
  const Child root;
  Tree tree(Roots{{root.pid()}, ::getpid()});
  REQUIRE(tree.find_births().size() == 1);
  const Child orphan;
  CHECK(contains(tree.walk(root.pid()), orphan.pid()));
}
