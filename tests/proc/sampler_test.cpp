#include "mprofpp/proc/sampler.hpp"

#include <doctest/doctest.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <thread>

#include "support/child.hpp"

using namespace mprofpp;
using namespace mprofpp::proc;
using test::Child;
using namespace std::chrono_literals;

namespace {

/// For a Child: forks another when it gets SIGUSR1.
void fork_on_signal() {
  ::signal(SIGUSR1, [](int) {
    if (::fork() == 0)
      while (true) ::pause();
  });
}

/// As fork(), with that pid.
pid_t fork_with_pid(pid_t pid) {
  clone_args args{};
  args.exit_signal = SIGCHLD;
  args.set_tid = reinterpret_cast<std::uintptr_t>(&pid);
  args.set_tid_size = 1;
  return static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
}

/// As fork(), with a pid below our own, which leaves the kernel's newest pid as it was; -1 where
/// that is not allowed.
pid_t fork_with_low_pid() {
  for (pid_t pid = ::getpid() - 1; pid > 1; --pid) {
    const pid_t forked = fork_with_pid(pid);
    if (forked >= 0 || errno != EEXIST) return forked;
  }
  return -1;
}

bool may_choose_pids() {
  const pid_t pid = fork_with_low_pid();
  if (pid == 0) ::_exit(0);
  return pid > 0 && ::waitpid(pid, nullptr, 0) == pid;
}

void end(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

/// A process with the pid of one that has ended, once the kernel's clock tells the two apart.
pid_t successor_of(const model::ProcessId& id) {
  while (true) {
    const pid_t pid = fork_with_pid(id.pid);
    if (pid == 0)
      while (true) ::pause();
    if (pid < 0 || read_stat(pid)->start != id.start) return pid;
    end(pid);
  }
}

/// A process that has just forked, stopped together with its child before either does anything more; none
/// where tracing is not allowed.
pid_t stopped_after_fork() {
  const pid_t parent = ::fork();
  if (parent == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(0);
    ::raise(SIGSTOP);
    ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);  // fork() itself writes into the child
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(parent, &status, 0);
  if (!WIFSTOPPED(status)) return -1;
  ::ptrace(PTRACE_SETOPTIONS, parent, nullptr, PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL);
  ::ptrace(PTRACE_CONT, parent, nullptr, nullptr);
  ::waitpid(parent, &status, 0);
  return parent;
}

Sampler sampler_of(const Child& root) {
  return Sampler(Roots{{root.pid()}, ::getpid()}, {Metric::rss, 10ms});
}

/// Pids of the members, without the root.
std::vector<pid_t> descendants(const Sampler& sampler, pid_t root) {
  std::vector<pid_t> pids;
  for (const auto& member : sampler.members()) {
    if (member.id.pid != root) pids.push_back(member.id.pid);
  }
  return pids;
}

}  // namespace

TEST_CASE("the first tick reads the root, and its name, command line and peak with it") {
  const Child root;
  Sampler sampler = sampler_of(root);
  const auto changes = sampler.tick(Instant{1s}, Scope::tree);
  REQUIRE(sampler.any_root_lives());
  CHECK(sampler.used_by_roots() > Bytes{});
  CHECK(sampler.members()[0].kernel_peak >= sampler.used_by_roots());
  CHECK(sampler.members()[0].id.start > 0);
  REQUIRE(changes.named.size() == 1);
  CHECK_FALSE(changes.named[0]->command.empty());
  CHECK_FALSE(sampler.had_children());
}

TEST_CASE("a child that was there before the sampler is found by the first tick") {
  const Child root([] {
    if (::fork() == 0)
      while (true) ::pause();
  });
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  const auto found = descendants(sampler, root.pid());
  CHECK(found.size() == 1);
  for (const pid_t pid : found) ::kill(pid, SIGKILL);
}

TEST_CASE("a child born between two ticks is found") {
  const Child root(fork_on_signal);
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  REQUIRE(descendants(sampler, root.pid()).empty());
  ::kill(root.pid(), SIGUSR1);
  while (read_children(root.pid()).empty()) ::usleep(100);
  sampler.tick(Instant{1010ms}, Scope::tree);
  CHECK(sampler.had_children());
  for (const pid_t pid : read_children(root.pid())) ::kill(pid, SIGKILL);
}

TEST_CASE("a child that was given a pid of its parent's choice is found within a second") {
  if (!may_choose_pids()) {
    MESSAGE("SKIP: choosing a pid (clone3 with set_tid) takes root");
    return;
  }
  const Child root([] {
    ::signal(SIGUSR1, [](int) {
      if (fork_with_low_pid() == 0)
        while (true) ::pause();
    });
  });
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  ::kill(root.pid(), SIGUSR1);
  while (read_children(root.pid()).empty()) ::usleep(100);
  for (auto now = Instant{1s}; now <= Instant{2s + 100ms}; now += 10ms)
    sampler.tick(now, Scope::tree);
  CHECK(sampler.had_children());
  for (const pid_t pid : read_children(root.pid())) ::kill(pid, SIGKILL);
}

TEST_CASE(
    "a process with the pid of one that has ended is not read in its place, whatever the metric") {
  if (!may_choose_pids()) {
    MESSAGE("SKIP: choosing a pid (clone3 with set_tid) takes root");
    return;
  }
  for (const auto metric : {Metric::rss, Metric::pss}) {
    const pid_t root = fork_with_low_pid();
    if (root == 0)
      while (true) ::pause();
    Sampler sampler(Roots{{root}, {}}, {metric, 10ms});
    sampler.tick(Instant{1s}, Scope::tree);
    REQUIRE(sampler.any_root_lives());
    const auto id = sampler.members().front().id;
    end(root);
    REQUIRE(successor_of(id) == root);
    const auto changes = sampler.tick(Instant{2s}, Scope::tree);
    end(root);
    REQUIRE(changes.ended.size() == 1);
    CHECK(changes.ended.front().id == id);
    CHECK_FALSE(sampler.any_root_lives());
  }
}

TEST_CASE("a child born to somebody else is not ours") {
  const Child stranger(fork_on_signal);
  const Child root;
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  ::kill(stranger.pid(), SIGUSR1);
  while (read_children(stranger.pid()).empty()) ::usleep(100);
  sampler.tick(Instant{2s}, Scope::tree);
  CHECK_FALSE(sampler.had_children());
  for (const pid_t pid : read_children(stranger.pid())) ::kill(pid, SIGKILL);
}

TEST_CASE("children that the adopter had before are not the tree's") {
  const Child stranger;
  const Child root;
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  CHECK(descendants(sampler, root.pid()).empty());
}

TEST_CASE("a zombie is reported as ended and its zeros are never a reading") {
  const Child root;
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  const auto before = sampler.used_by_roots();
  CHECK(before > Bytes{});
  root.kill();
  const auto changes = sampler.tick(Instant{2s}, Scope::tree);
  REQUIRE(changes.ended.size() == 1);
  CHECK(changes.ended.front().id.pid == root.pid());
  CHECK_FALSE(sampler.any_root_lives());
}

TEST_CASE("a process that has just forked has no page of its own, and lives") {
  const pid_t parent = stopped_after_fork();
  if (parent < 0) {
    MESSAGE("SKIP: tracing is not allowed here");
    return;
  }
  const auto children = read_children(parent);
  Sampler sampler(Roots{{parent}, {}}, {Metric::uss, 10ms});
  const auto changes = sampler.tick(Instant{1s}, Scope::tree);
  CHECK(changes.ended.empty());
  CHECK(changes.stillborn.empty());
  CHECK(sampler.any_root_lives());
  CHECK(sampler.members().size() == 2);
  for (const pid_t child : children) end(child);
  end(parent);
}

TEST_CASE("with the root's scope only the root is read") {
  const Child root([] {
    if (::fork() == 0)
      while (true) ::pause();
  });
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::roots);
  CHECK(sampler.used_by_roots() > Bytes{});
  for (const auto& member : sampler.members()) {
    if (member.id.pid == root.pid()) continue;
    CHECK(member.used == Bytes{});
    ::kill(member.id.pid, SIGKILL);
  }
}

TEST_CASE("threads take pids but are not processes") {
  const Child root([] {
    ::signal(SIGUSR1, [](int) {
      std::thread([] {
        while (true) ::pause();
      }).detach();
    });
  });
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  ::kill(root.pid(), SIGUSR1);
  while (read_stat(root.pid())->threads < 2) {
    ::usleep(100);
    sampler.tick(Instant{2s}, Scope::tree);
  }
  sampler.tick(Instant{500s}, Scope::tree);
  CHECK_FALSE(sampler.had_children());
  CHECK(sampler.members().size() == 1);
}
