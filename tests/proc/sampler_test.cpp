#include "mprofpp/proc/sampler.hpp"

#include <doctest/doctest.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "mprofpp/base/file.hpp"
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

/// Like fork(), with that pid.
pid_t fork_with_pid(pid_t pid) {
  clone_args args{};
  args.exit_signal = SIGCHLD;
  args.set_tid = reinterpret_cast<std::uintptr_t>(&pid);
  args.set_tid_size = 1;
  return static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
}

/// Like fork(), with a pid below our own, which leaves the kernel's newest pid unchanged; -1 if
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

/// Starts a process with the pid of one that has ended, once the kernel's clock distinguishes the two.
pid_t successor_of(const model::ProcessId& id) {
  while (true) {
    const pid_t pid = fork_with_pid(id.pid);
    if (pid == 0)
      while (true) ::pause();
    if (pid < 0 || read_stat(pid)->start != id.start) return pid;
    end(pid);
  }
}

/// Starts a process that has just forked and is stopped, like its child, before either does
/// anything more; -1 if tracing is not allowed.
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

constexpr int brood_size = 30;

/// For a Child: forks many when it gets SIGUSR1.
void fork_brood_on_signal() {
  ::signal(SIGUSR1, [](int) {
    for (int i = 0; i < brood_size; ++i) {
      if (::fork() == 0)
        while (true) ::pause();
    }
  });
}

/// For a Child: writes over its own argument when it gets SIGUSR1, as setproctitle does, and becomes another
/// program when it gets SIGUSR2.
char* own_arguments = nullptr;
void change_on_signal() {
  ::signal(SIGUSR1, [](int) { ++*own_arguments; });
  ::signal(SIGUSR2, [](int) { ::execl("/bin/sleep", "sleep", "1000", nullptr); });
}

/// Returns the position of this process's command line, from proc(5): field 48 of stat.
char* find_own_arguments() {
  auto text = read_file("/proc/self/stat").value();
  text.erase(0, text.rfind(')') + 2);
  for (int field = 3; field < 48; ++field) text.erase(0, text.find(' ') + 1);
  return reinterpret_cast<char*>(std::strtoull(text.c_str(), nullptr, 10));
}

std::size_t count_named(const Sampler& sampler) {
  return static_cast<std::size_t>(
      std::count_if(sampler.members().begin(), sampler.members().end(),
                    [](const Member& member) { return !member.command.empty(); }));
}

void kill_children(pid_t parent) {
  for (const pid_t pid : read_children(parent)) ::kill(pid, SIGKILL);
}

Sampler sampler_of(const Child& root) {
  return Sampler(Roots{{root.pid()}, ::getpid()}, {Metric::rss, 10ms});
}

/// Returns the pids of the members, without the root.
std::vector<pid_t> descendants(const Sampler& sampler, pid_t root) {
  std::vector<pid_t> pids;
  for (const auto& member : sampler.members()) {
    if (member.id.pid != root) pids.push_back(member.id.pid);
  }
  return pids;
}

}  // namespace

TEST_CASE("the first tick reads the root with its name, command line and peak") {
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

TEST_CASE("a child that existed before the sampler is found by the first tick") {
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
    MESSAGE("SKIP: choosing a pid (clone3 with set_tid) needs root");
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
    MESSAGE("SKIP: choosing a pid (clone3 with set_tid) needs root");
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

TEST_CASE("a child of another process is not part of the tree") {
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

TEST_CASE("children that the adopter had before are not part of the tree") {
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

TEST_CASE("a process that has just forked has no page of its own and is alive") {
  const pid_t parent = stopped_after_fork();
  if (parent < 0) {
    MESSAGE("SKIP: tracing is not allowed here");
    return;
  }
  const auto children = read_children(parent);
  Sampler sampler(Roots{{parent}, {}}, {Metric::uss, 10ms});
  const auto changes = sampler.tick(Instant{1s}, Scope::tree);
  CHECK(changes.ended.empty());
  CHECK(changes.ended_unnamed.empty());
  CHECK(sampler.any_root_lives());
  CHECK(sampler.members().size() == 2);
  for (const pid_t child : children) end(child);
  end(parent);
}

TEST_CASE("in the scope of the roots only the root is read") {
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

TEST_CASE(
    "each of many processes born together is looked at, even with time for one look per tick") {
  const Child root(fork_brood_on_signal);
  Sampler sampler(Roots{{root.pid()}, ::getpid()}, {Metric::rss, 0ms});
  sampler.tick(Instant{1s}, Scope::tree);
  ::kill(root.pid(), SIGUSR1);
  while (read_children(root.pid()).size() < brood_size) ::usleep(100);
  auto now = Instant{2s};
  do {
    sampler.tick(now += 10ms, Scope::tree);
  } while (sampler.members().size() < brood_size + 1);
  std::size_t named = count_named(sampler);
  for (std::size_t tick = named; tick < brood_size + 1; ++tick) {
    sampler.tick(now += 10ms, Scope::tree);
    const auto before = std::exchange(named, count_named(sampler));
    CHECK(named > before);
  }
  CHECK(named == brood_size + 1);
  kill_children(root.pid());
}

TEST_CASE("a process that has become another program is looked at in the next tick") {
  const Child root(change_on_signal);
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  ::kill(root.pid(), SIGUSR2);
  while (read_command(root.pid()).value() != "sleep 1000") ::usleep(100);
  const auto changes = sampler.tick(Instant{1s}, Scope::tree);
  REQUIRE(changes.named.size() == 1);
  CHECK(changes.named.front()->command == "sleep 1000");
  CHECK(changes.retitled.empty());
}

TEST_CASE("a title that a process gives itself is read within a second and recognised as such") {
  own_arguments = find_own_arguments();
  const Child root(change_on_signal);
  Sampler sampler = sampler_of(root);
  sampler.tick(Instant{1s}, Scope::tree);
  const auto before = sampler.members().front().command;
  ::kill(root.pid(), SIGUSR1);
  while (read_command(root.pid()).value() == before) ::usleep(100);
  const auto changes = sampler.tick(Instant{2s}, Scope::tree);
  REQUIRE(changes.retitled.size() == 1);
  CHECK(changes.retitled.front()->command == read_command(root.pid()).value());
}

TEST_CASE("if titles are read at each tick, a new one is found at once") {
  own_arguments = find_own_arguments();
  const Child root(change_on_signal);
  Sampler sampler(Roots{{root.pid()}, ::getpid()},
                  {Metric::rss, 100ms, Sampler::Titles::at_each_tick});
  for (auto now = Instant{1s}; now < Instant{5s}; now += 1s) sampler.tick(now, Scope::tree);
  const auto before = sampler.members().front().command;
  ::kill(root.pid(), SIGUSR1);
  while (read_command(root.pid()).value() == before) ::usleep(100);
  const auto changes = sampler.tick(Instant{4s}, Scope::tree);
  CHECK(changes.retitled.size() == 1);
  CHECK(changes.named.size() == 1);
}

namespace {

constexpr auto shared_size = std::size_t{8} << 20;

/// Maps the file and fills its memory, so that truncating it takes that memory away again.
void map_and_fill(int file) {
  void* memory = ::mmap(nullptr, shared_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) ::_exit(1);
  std::memset(memory, 1, shared_size);
}

/// Ticks until the sampler knows that the process sleeps. Returns the time of the last tick.
Instant tick_until_asleep(Sampler& sampler, Instant now, Duration interval) {
  while (read_stat(sampler.members()[0].id.pid)->state != 'S') ::usleep(100);
  for (int i = 0; i < 40; ++i) sampler.tick(now += interval, Scope::tree);
  return now;
}

}  // namespace

TEST_CASE("what the kernel takes from a process that sleeps is seen within a second") {
  const Fd file(::memfd_create("shared", MFD_CLOEXEC));
  REQUIRE(::ftruncate(file.get(), shared_size) == 0);
  const Child root([&] { map_and_fill(file.get()); });
  Sampler sampler({{root.pid()}, {}}, {.interval = 10ms});
  sampler.tick(Instant{1s}, Scope::tree);
  const auto now = tick_until_asleep(sampler, Instant{1s}, 10ms);
  const auto before = sampler.used_by_roots();
  CHECK(before >= Bytes(shared_size));
  REQUIRE(::ftruncate(file.get(), 0) == 0);
  SUBCASE("the next tick need not read it") {
    sampler.tick(now + 1ms, Scope::tree);
    CHECK(sampler.used_by_roots() == before);
  }
  sampler.tick(now + 1s, Scope::tree);
  CHECK(sampler.used_by_roots() <= before - Bytes(shared_size));
}

TEST_CASE("a process that has slept is read again at the first tick after it has run") {
  static int file = -1;
  file = ::memfd_create("shared", MFD_CLOEXEC);
  REQUIRE(::ftruncate(file, shared_size) == 0);
  const Child root([] { ::signal(SIGUSR1, [](int) { map_and_fill(file); }); });
  Sampler sampler({{root.pid()}, {}}, {.interval = 10ms});
  sampler.tick(Instant{1s}, Scope::tree);
  const auto now = tick_until_asleep(sampler, Instant{1s}, 10ms);
  const auto before = sampler.used_by_roots();
  ::kill(root.pid(), SIGUSR1);
  Memory memory(root.pid(), Metric::rss);
  while (**memory.read() < before + Bytes(shared_size)) ::usleep(100);
  while (read_stat(root.pid())->state != 'S') ::usleep(100);
  sampler.tick(now + 1ms, Scope::tree);
  CHECK(sampler.used_by_roots() >= before + Bytes(shared_size));
  ::close(file);
}
