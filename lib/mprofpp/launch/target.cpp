#include "mprofpp/launch/target.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/launch/spawn.hpp"

namespace mprofpp::launch {
namespace {

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "", "cannot make a pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

std::string hexadecimal(std::uint64_t bits) {
  std::array<char, 17> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), bits, 16);
  return std::string(digits.data(), error == std::errc{} ? end : digits.data());
}

std::vector<std::string> stub_arguments(const Program& program, const StartState& start_state,
                                        int go, int report) {
  std::vector<std::string> arguments = {std::to_string(go), std::to_string(report),
                                        std::to_string(start_state.descriptor_limit),
                                        hexadecimal(start_state.blocked_signals),
                                        start_state.ignores_ended_children ? "ignore" : "default"};
  arguments.insert(arguments.end(), program.argv.begin(), program.argv.end());
  return arguments;
}

/// Returns the next number from the stub; nothing if it has closed its end.
std::optional<long> read_number(int fd) {
  long number = 0;
  ssize_t n = 0;
  do {
    n = ::read(fd, &number, sizeof number);
  } while (n < 0 && errno == EINTR);
  if (n != static_cast<ssize_t>(sizeof number)) return std::nullopt;
  return number;
}

/// Returns true for `LANG=C` and similar arguments, which only a shell understands.
bool is_assignment(const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || (argument[0] >= '0' && argument[0] <= '9'))
    return false;
  constexpr auto of_names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return argument.find_first_not_of(of_names) == equals;
}

/// Returns true for the name of a Python file that does not exist.
bool is_missing_script(const std::string& name) {
  std::error_code ignored;
  return name.ends_with(".py") && name.find(' ') == std::string::npos && !is_assignment(name) &&
         !std::filesystem::exists(name, ignored);
}

/// Returns a hint for a program that exec has not found.
std::string hint_for_missing(const std::string& name) {
  if (is_assignment(name)) return "use env " + name + " to set a variable";
  if (name.find(' ') != std::string::npos)
    return "pass the program and its arguments separately, not in one pair of quotes";
  if (name.find('/') != std::string::npos) return "check the path";
  if (is_missing_script(name)) return "is it in this folder?";
  std::error_code ignored;
  const bool is_here = std::filesystem::is_regular_file(name, ignored);
  return is_here ? "the file in this folder is ./" + name : "is it installed and in PATH?";
}

Failure exec_failure(int error, const std::string& name) {
  const bool has_slash = name.find('/') != std::string::npos;
  std::error_code ignored;
  if (error == ENOENT && has_slash && ::access(name.c_str(), F_OK) == 0) {
    return fail(Errc::unsupported, name, "cannot be executed: its interpreter is missing",
                "check its first line");
  }
  if (error == ENOENT || error == ENOTDIR) {
    return fail(Errc::not_found, name, is_missing_script(name) ? "no such file" : "no such program",
                hint_for_missing(name));
  }
  if (error == EACCES && has_slash && std::filesystem::is_directory(name, ignored)) {
    return fail(Errc::denied, name, "cannot be executed: it is a directory");
  }
  if (error == EACCES) {
    return fail(Errc::denied, name, "cannot be executed: permission denied",
                "chmod +x makes a file executable");
  }
  return fail(Errc::unsupported, name, std::string("cannot be executed: ") + std::strerror(error));
}

}  // namespace

Target::Target(pid_t pid, std::string name, Fd go, Fd report)
    : pid_(pid), name_(std::move(name)), go_(std::move(go)), report_(std::move(report)) {}

Target::Target(Target&& other) noexcept
    : pid_(other.pid_),
      is_ours_to_reap_(std::exchange(other.is_ours_to_reap_, false)),
      name_(std::move(other.name_)),
      go_(std::move(other.go_)),
      report_(std::move(other.report_)),
      inherited_peak_(other.inherited_peak_) {}

Target::~Target() {
  if (!is_ours_to_reap_) return;
  go_.close();  // the stub exits
  reap(pid_);
}

Bytes Target::inherited_peak() const {
  return inherited_peak_;
}

Result<Target> Target::hold(const Program& program, const StartState& start_state) {
  auto go = make_pipe();
  if (!go) return Failure(std::move(go.error()));
  auto report = make_pipe();
  if (!report) return Failure(std::move(report.error()));

  const int theirs[] = {go->read.get(), report->write.get()};
  const auto pid = spawn({program.stub,
                          stub_arguments(program, start_state, theirs[0], theirs[1]),
                          start_state.environment,
                          {theirs[0], theirs[1]},
                          theirs[1]});
  if (!pid) return Failure(pid.error());

  Target target(*pid, program.argv.front(), std::move(go->write), std::move(report->read));
  report->write.close();  // now only the stub holds this end: it closes when the stub ends
  const auto peak = read_number(target.report_.get());
  if (!peak) return fail(Errc::io, program.stub, "did not start");
  if (*peak < 0) return fail_errno(static_cast<int>(-*peak), program.stub, "cannot start");
  target.inherited_peak_ = Bytes::from_kibibytes(*peak);
  return target;
}

Result<void> Target::release() {
  const char go = 'g';
  // EPIPE: the stub was killed while it waited; the recorder sees that as the end of the program
  if (::write(go_.get(), &go, 1) != 1 && errno != EPIPE) {
    return fail_errno(errno, name_, "cannot start");
  }
  go_.close();
  const auto error = read_number(report_.get());
  report_.close();
  if (error) return exec_failure(static_cast<int>(*error), name_);
  is_ours_to_reap_ = false;
  return {};
}

}  // namespace mprofpp::launch
