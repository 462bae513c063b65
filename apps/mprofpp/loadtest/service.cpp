#include "loadtest/service.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/proc/listening.hpp"
#include "mprofpp/record/session/session.hpp"
#include "options/launched_program.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A report of the recorder is a line "KIND NUMBER LENGTH" and a text of that length.
constexpr char has_started = 's';      // the pid and the recording
constexpr char has_ended = 'e';        // the status of the service
constexpr char was_not_started = 'n';  // the exit status for that

void send(int fd, char kind, int number, const std::string& text) {
  const auto line = std::string(1, kind) + " " + std::to_string(number) + " " +
                    std::to_string(text.size()) + "\n" + text;
  static_cast<void>(write_all(fd, line));  // a reader that is gone needs no report
}

/// Reports the start of the service, and prints the rest as `run` does.
class ReportingListener : public RecordingListener {
 public:
  ReportingListener(const Console& console, int fd)
      : RecordingListener(console, Hints::left_out), fd_(fd) {}
  void started(pid_t root, const std::string& path) override { send(fd_, has_started, root, path); }

 private:
  int fd_;
};

/// Records the service. Called in the child of a fork.
void record_service(const record::Options& options, const RecordingOptions& recording, int reports,
                    int output) {
  // what the service prints goes to a file, and the recorder's own messages do not
  const Console console({.out = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0),
                         .err = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)},
                        Console::Colours::none);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ReportingListener listener(console, reports);
  const auto outcome = record::record(options, listener);
  if (outcome) {
    send(reports, has_ended, outcome->status, "");
    return;
  }
  console.report(recording.explain(outcome.error()));
  send(reports, was_not_started, exit_status_of(outcome.error().cause), "");
}

}  // namespace

Result<Service> Service::start(const record::Options& options, const RecordingOptions& recording,
                               Watch& watch) {
  auto output = OutputFile::open();
  if (!output) return Failure(output.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "", "cannot create a pipe");
  Fd reading(ends[0]);
  Fd writing(ends[1]);
  launch::adopt_orphans();
  const pid_t parent = ::getpid();
  const pid_t recorder = ::fork();
  if (recorder < 0) return fail_errno(errno, "", "cannot start a process");
  if (recorder == 0) {
    reading.close();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() == parent) record_service(options, recording, writing.get(), output->fd());
    ::_exit(0);
  }
  watch.add(recorder);
  ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);
  return Service(recorder, std::move(reading), std::move(*output));
}

void Service::update(const Watch& watch) {
  const bool has_exited = watch.status_of(recorder_).has_value();
  std::array<char, 4096> part;
  while (reports_) {
    const auto length = ::read(reports_.get(), part.data(), part.size());
    if (length == 0) reports_.close();
    if (length <= 0) break;
    unread_.append(part.data(), static_cast<std::size_t>(length));
  }
  take_reports();
  output_.drop_old();
  if (has_exited && !is_over()) state_ = State::lost;
}

void Service::take_reports() {
  while (true) {
    const auto end = unread_.find('\n');
    if (end == std::string::npos) return;
    std::string_view line(unread_.data(), end);
    const auto kind = next_word(line);
    const auto number = parse_integer<int>(next_word(line)).value_or(0);
    const auto length = parse_integer<std::size_t>(line).value_or(0);
    if (unread_.size() < end + 1 + length) return;
    take(kind.empty() ? ' ' : kind.front(), number, unread_.substr(end + 1, length));
    unread_.erase(0, end + 1 + length);
  }
}

void Service::take(char kind, int number, const std::string& text) {
  if (kind == has_started) {
    state_ = State::running;
    pid_ = number;
    path_ = text;
  } else {
    state_ = kind == has_ended ? State::ended : State::not_started;
    status_ = number;
  }
}

std::vector<pid_t> Service::tree() const {
  return proc::descendants_of(recorder_);
}

/// Returns true if the recorder has exited in time.
bool Service::wait_for_end(Watch& watch, Duration longest) {
  constexpr Duration between_updates = 200ms;
  const auto end = Clock::now() + longest;
  const int signals = watch.stop_signals();
  while (!watch.status_of(recorder_)) {
    const auto left = end - Clock::now();
    if (left <= Duration::zero() || watch.stop_signals() > signals) return false;
    watch.wait(std::min<Duration>(left, between_updates));
    update(watch);
  }
  update(watch);
  return true;
}

void Service::stop(Watch& watch) {
  constexpr Duration patience = 10s;
  constexpr int attempts = 3;  // processes may be born meanwhile
  if (!watch.status_of(recorder_)) ::kill(recorder_, SIGTERM);
  if (wait_for_end(watch, patience)) return;
  for (int i = 0; i < attempts; ++i) {
    for (const pid_t pid : tree()) ::kill(pid, SIGKILL);
    if (wait_for_end(watch, patience / attempts)) return;
  }
  ::kill(recorder_, SIGKILL);
  wait_for_end(watch, patience);
}

void end_children(Watch& watch) {
  constexpr Duration patience = 2s;
  const auto end_of_patience = Clock::now() + patience;
  watch.wait(Duration::zero());
  for (const pid_t pid : proc::descendants_of(::getpid())) {
    ::kill(pid, SIGTERM);
    ::kill(pid, SIGCONT);  // a stopped process could not react
  }
  while (launch::has_children() && Clock::now() < end_of_patience) watch.wait(50ms);
  for (int i = 0; i < 100 && launch::has_children(); ++i) {
    for (const pid_t pid : proc::descendants_of(::getpid())) ::kill(pid, SIGKILL);
    watch.wait(50ms);
  }
}

}  // namespace mprofpp::app
