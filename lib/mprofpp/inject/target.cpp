#include "mprofpp/inject/target.hpp"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string_view>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

/// Returns the text after `name` in /proc/PID/status.
std::string_view field(std::string_view status, std::string_view name) {
  std::string_view value;
  for_each_line(status, [&](std::string_view line) {
    if (line.starts_with(name)) value = trim(line.substr(name.size()));
  });
  return value;
}

std::int64_t number_in(std::string_view status, std::string_view name) {
  const auto text = field(status, name);
  return parse_integer<std::int64_t>(text.substr(0, text.find('\t'))).value_or(0);
}

/// Returns the number of seccomp filters. Before Linux 5.9 only whether there are any is known.
std::int64_t filters_in(std::string_view status) {
  constexpr int filtered = 2;
  const auto count = number_in(status, "Seccomp_filters:");
  return count != 0 ? count : std::int64_t{number_in(status, "Seccomp:") == filtered};
}

Result<void> check_state(std::string_view status) {
  const auto state = field(status, "State:").substr(0, 1);
  if (state == "Z" || state == "X") return fail(Errc::vanished, "", "has ended");
  if (const auto tracer = number_in(status, "TracerPid:"); tracer != 0) {
    return fail(Errc::busy, "", "is being traced by process " + std::to_string(tracer),
                "end that debugger first");
  }
  if (state == "T") return fail(Errc::busy, "", "is stopped", "let it continue: kill -CONT");
  return {};
}

Result<void> check_owner(std::string_view status) {
  const auto owner = number_in(status, "Uid:");
  if (::geteuid() == 0 || owner == ::geteuid()) return {};
  return fail(Errc::denied, "", "belongs to another user", "try as that user or as root");
}

/// In the strict mode, nearly every system call kills a process.
Result<void> check_sandbox(std::string_view status) {
  return number_in(status, "Seccomp:") == 1 ? Result<void>(refuse_sandbox()) : Result<void>();
}

Result<void> check_program(pid_t pid) {
  const auto fd = open_for_reading(proc::path_of(pid, "exe"));
  std::array<char, sizeof(Elf64_Ehdr)> bytes{};
  const auto got = fd ? read_block_at(fd->get(), bytes, 0) : Result<std::size_t>(0);
  if (!got || *got != bytes.size()) return {};  // maps shows more
  const auto header = std::bit_cast<Elf64_Ehdr>(bytes);
  if (header.e_ident[EI_CLASS] == ELFCLASS32) {
    return fail(Errc::unsupported, "", "is a 32-bit program");
  }
  return {};
}

/// All kernel threads are children of the first one, which has number 2.
bool is_kernel_thread(pid_t pid, std::string_view status) {
  constexpr pid_t first = 2;
  return pid == first || number_in(status, "PPid:") == first;
}

}  // namespace

Result<void> examine(pid_t pid) {
  if (auto done = proc::check_own_proc(); !done) return done;
  const auto status = read_file(proc::path_of(pid, "status"));
  if (!status) {
    const bool is_hidden = status.error().code == Errc::denied;
    if (is_hidden) return fail(Errc::denied, "", "belongs to another user", "try as root");
    return fail(Errc::not_found, "", "no such process");
  }
  if (number_in(*status, "Tgid:") != pid) return fail(Errc::not_found, "", "no such process");
  if (field(*status, "VmSize:").empty()) {
    if (auto done = check_state(*status); !done) return done;
    if (is_kernel_thread(pid, *status)) return fail(Errc::not_found, "", "does not run Python");
    return fail(Errc::vanished, "", "has ended");  // or is about to, and has lost its memory
  }
  for (const auto check : {check_state, check_owner, check_sandbox}) {
    if (auto done = check(*status); !done) return done;
  }
  return check_program(pid);
}

pid_t tracer_of(pid_t pid) {
  const auto status = read_file(proc::path_of(pid, "status"));
  return status ? static_cast<pid_t>(number_in(*status, "TracerPid:")) : 0;
}

bool is_sandboxed(pid_t pid) {
  const auto own = read_file("/proc/self/status");
  const auto status = read_file(proc::path_of(pid, "status"));
  const auto theirs = status ? filters_in(*status) : 0;
  return theirs != 0 && (!own || theirs != filters_in(*own));
}

Failure refuse_sandbox() {
  return fail(Errc::unsupported, "",
              "is in a sandbox (seccomp) that may kill it for what this needs",
              "start it without the sandbox, or try inside of its container");
}

Failure explained(pid_t pid, const Limits& limits, const Error& error) {
  if (error.code != Errc::denied) return Failure(error);
  if (auto now = examine(pid); !now) return Failure(now.error());
  const auto yama = read_file(limits.yama);
  const auto scope = yama ? parse_integer<int>(trim(*yama)).value_or(0) : 0;
  constexpr int nobody = 3;
  if (scope == nobody) {
    return fail(Errc::denied, "", "cannot be traced: this system forbids it until it is restarted",
                "kernel.yama.ptrace_scope is 3");
  }
  if (scope != 0 && ::geteuid() != 0) {
    return fail(Errc::denied, "", "cannot be traced: this system allows that only to root",
                scope == 1 ? "try as root, or set kernel.yama.ptrace_scope to 0" : "try as root");
  }
  if (::geteuid() == 0) {
    return fail(Errc::denied, "", "cannot be traced, not even by root in this container",
                "give the container the capability SYS_PTRACE, or try outside of it");
  }
  return fail(Errc::denied, "", "cannot be traced: it has rights that you do not have",
              "try as root");
}

std::string without_deleted(std::string path) {
  constexpr std::string_view deleted = " (deleted)";
  if (path.ends_with(deleted)) path.resize(path.size() - deleted.size());
  return path;
}

}  // namespace mprofpp::inject
