#include "mprofpp/record/session/launched.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "mprofpp/launch/ended.hpp"
#include "record/session_parts.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::single_tick;

namespace {

/// Starts a child that runs `prepare` and then waits for signals. Returns after `prepare`; the session
/// reaps the child.
pid_t start(const std::function<void()>& prepare) {
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    prepare();
    (void)!::write(ready[1], "r", 1);
    while (true) ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return pid;
}

/// A session that records a child of the test as the program that it has launched.
struct Fixture {
  explicit Fixture(const std::function<void()>& program, Options wanted = single_tick())
      : options(std::move(wanted)),
        root(start(program)),
        recording({{{root}, ::getpid()}, {"victim"}, {}}, options, listener,
                  {test::writer_of(folder / "x.dat")}),
        session(root, std::move(inbox), recording, options, listener) {}

  const Outcome& run() {
    recording.begin();
    session.run();
    return recording.outcome();
  }

  const Options options;
  const test::TemporaryFolder folder;
  launch::SignalInbox inbox = test::open_inbox();  // before the program can send a signal
  const pid_t root;
  Listener listener;
  Recording recording;
  LaunchedSession session;
};

/// For a program: makes it exit with status 7 when it gets that signal.
void exit_at(int signal) {
  ::signal(signal, [](int) { ::_exit(7); });
}

/// For a program: lets a child of it do something and exit.
void let_child(const std::function<void()>& act) {
  if (::fork() != 0) return;
  act();
  ::_exit(0);
}

void end(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

/// Waits until the child has exited (WEXITED) or stopped (WSTOPPED), and leaves it to the session to notice.
void wait_for(int event, pid_t child) {
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, event | WNOWAIT) == 0);
}

}  // namespace

TEST_CASE("a signal to the recorder is passed on to its program") {
  const pid_t recorder = ::getpid();
  Fixture fixture([=] {
    exit_at(SIGUSR1);
    let_child([=] { ::kill(recorder, SIGUSR1); });
  });
  const auto& outcome = fixture.run();
  CHECK(outcome.end == model::EndReason::ended);
  CHECK(outcome.status == 7);
}

TEST_CASE("a signal that the program itself has sent is not passed back to it") {
  const pid_t recorder = ::getpid();
  Fixture fixture([=] {
    exit_at(SIGUSR1);
    ::signal(SIGUSR2, [](int) { ::_exit(3); });
    ::kill(recorder, SIGUSR1);
    let_child([=] { ::kill(recorder, SIGUSR2); });
  });
  CHECK(fixture.run().status == 3);
}

TEST_CASE("a program whose exit was not reported is reaped at the start") {
  Fixture fixture([] { exit_at(SIGUSR1); });
  ::kill(fixture.root, SIGUSR1);
  wait_for(WEXITED, fixture.root);
  test::open_inbox().take();  // now its SIGCHLD is lost
  const auto& outcome = fixture.run();
  CHECK(outcome.end == model::EndReason::ended);
  CHECK(outcome.status == 7);
}

TEST_CASE("processes that outlive their program are left alone") {
  launch::adopt_orphans();
  Fixture fixture([] {
    exit_at(SIGUSR1);
    let_child([] {
      while (true) ::pause();
    });
  });
  ::kill(fixture.root, SIGUSR1);
  const auto& outcome = fixture.run();
  CHECK(outcome.end == model::EndReason::ended);
  REQUIRE(outcome.survivors.size() == 1);
  const pid_t survivor = outcome.survivors.front().pid;
  CHECK(::kill(survivor, 0) == 0);
  end(survivor);
}

TEST_CASE("once the program has exited, a signal ends the recording of the rest of its tree") {
  launch::adopt_orphans();
  const pid_t recorder = ::getpid();
  auto options = single_tick();
  options.until = Until::tree_ends;
  int end[2];
  REQUIRE(::pipe(end) == 0);
  Fixture fixture(
      [=] {
        const pid_t program = ::getpid();
        exit_at(SIGUSR1);
        let_child([=] {
          ::close(end[1]);
          while (::kill(program, 0) == 0) ::usleep(100);  // until the recorder has reaped it
          ::kill(recorder, SIGTERM);
          char byte = 0;
          (void)!::read(end[0], &byte, 1);  // the tree must not end before the recording
        });
      },
      options);
  ::kill(fixture.root, SIGUSR1);
  const auto& outcome = fixture.run();
  ::close(end[1]);
  ::close(end[0]);
  CHECK(outcome.end == model::EndReason::interrupted);
  CHECK(outcome.status == 7);
}

TEST_CASE("the timeout leaves the program alone") {
  auto options = single_tick();
  options.timeout = 0s;
  Fixture fixture([] {}, options);
  CHECK(fixture.run().end == model::EndReason::timed_out);
  CHECK(::kill(fixture.root, 0) == 0);
  end(fixture.root);
}

TEST_CASE("the timeout ends the program if that was requested") {
  auto options = single_tick();
  options.timeout = 0s;
  options.at_timeout = AtTimeout::terminate;
  Fixture fixture([] {}, options);
  const auto& outcome = fixture.run();
  CHECK(outcome.end == model::EndReason::timed_out);
  CHECK(outcome.status == 128 + SIGTERM);
}

TEST_CASE("the timeout ends a program that is stopped without waiting for SIGKILL") {
  auto options = single_tick();
  options.timeout = 0s;
  options.at_timeout = AtTimeout::terminate;
  Fixture fixture([] {}, options);
  ::kill(fixture.root, SIGSTOP);
  wait_for(WSTOPPED, fixture.root);
  CHECK(fixture.run().status == 128 + SIGTERM);
}
