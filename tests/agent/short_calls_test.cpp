#include "core/short_calls.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mprofpp/ring/ring.hpp"
#include "mprofpp/wire/writer.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;

namespace {

constexpr std::uint64_t function = 0x1000;
constexpr std::uint64_t second = 1'000'000'000;  // ns
constexpr std::uint64_t length = 70;             // ns, of every call
constexpr std::uint64_t growth = 4096;

/// A thread whose calls of one function are so short and so many that they are summed.
struct Thread {
  Thread() {
    if (!writer.begin({folder.path().c_str(), 42, 42, 1, 2}, 64)) return;
    short_calls.begin(*writer.begin_tally(7), second);
    for (int i = 0; i < 200; ++i) short_calls.count(function, second);
  }
  ~Thread() { writer.forget(); }

  /// Starts a call within the previous one, which stays open.
  void begin(std::uint64_t call) {
    agent::Frame frame{.call = call, .what = function};
    frame.level = static_cast<std::uint16_t>(short_calls.pending());
    short_calls.push(frame, {second, 5000, 0}, short_calls.pending());
  }
  bool end(std::uint64_t call) {
    agent::Frame frame{.call = call, .what = function};
    frame.level = static_cast<std::uint16_t>(short_calls.pending() - 1);
    return short_calls.absorb(frame, {second + length, 5000 + growth, 0});
  }

  test::TemporaryFolder folder;
  wire::Writer writer;
  agent::ShortCalls short_calls;
};

/// The report of a recorder about the thread if it were killed now.
struct Report {
  std::uint64_t counted = 0;
  std::uint64_t length = 0;
  std::uint64_t growth = 0;
  std::size_t open = 0;

  friend bool operator==(const Report&, const Report&) = default;
};

Report report_on(const Thread& thread) {
  Report report;
  auto ring = ring::Ring::open(thread.folder / "42.2.0.ring");
  REQUIRE(ring.has_value());
  CHECK(ring->drain(ring::WriterState::gone, [](const ring::Record&) {}).has_value());
  ring->read_sums();
  ring->read_short_calls(ring::WriterState::gone, [&](const ring::ShortCalls& calls) {
    for (const auto& sum : calls.sums) {
      report.counted += sum.count;
      report.length += sum.length;
      report.growth += sum.growth;
    }
    report.open = calls.pending.size();
  });
  return report;
}

/// Does the work in another process, instruction by instruction, and calls `look` after each. Returns
/// false if that is not allowed.
bool step_through(const std::function<void()>& work, const std::function<void()>& look) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
    ::raise(SIGSTOP);
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const bool is_allowed = WIFSTOPPED(status);
  while (WIFSTOPPED(status)) {
    if (::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0) break;
    ::waitpid(child, &status, 0);
    look();
  }
  if (WIFSTOPPED(status)) ::kill(child, SIGKILL), ::waitpid(child, &status, 0);
  return is_allowed;
}

/// Adds a report, unless it is the same as the last one.
void append_new(std::vector<Report>& all, const Report& report) {
  if (all.empty() || !(all.back() == report)) all.push_back(report);
}

}  // namespace

TEST_CASE("a call is either open or counted, wherever its thread is killed") {
  Thread thread;
  thread.begin(1);
  thread.begin(2);
  REQUIRE(thread.end(2));
  std::vector<Report> reports;
  const auto count_one = [&] {
    thread.begin(3);
    thread.end(3);
  };
  const auto look = [&] { append_new(reports, report_on(thread)); };
  if (!step_through(count_one, look)) {
    MESSAGE("SKIP: needs ptrace");
    return;
  }
  CHECK(reports == std::vector<Report>{{1, length, growth, 1},
                                       {1, length, growth, 2},
                                       {2, 2 * length, 2 * growth, 1}});
}
