#include "mprofpp/inject/blocked.hpp"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

/// These wait for something outside of the process, whatever their arguments.
constexpr auto always_safe = std::to_array<std::int64_t>(
    {SYS_epoll_pwait,   SYS_epoll_pwait2,    SYS_pselect6,        SYS_ppoll,
     SYS_nanosleep,     SYS_clock_nanosleep, SYS_wait4,           SYS_waitid,
     SYS_rt_sigsuspend, SYS_rt_sigtimedwait, SYS_accept,          SYS_accept4,
     SYS_connect,       SYS_recvfrom,        SYS_recvmsg,         SYS_recvmmsg,
     SYS_sendto,        SYS_sendmsg,         SYS_sendmmsg,        SYS_flock,
     SYS_semtimedop,    SYS_msgrcv,          SYS_mq_timedreceive, SYS_io_getevents,
     SYS_io_uring_enter});

/// More of them, which newer processors do not have.
#if defined(__x86_64__)
constexpr auto safe_here =
    std::to_array<std::int64_t>({SYS_epoll_wait, SYS_select, SYS_poll, SYS_pause});
#else
constexpr std::array<std::int64_t, 0> safe_here{};
#endif

/// These are safe on everything but files, which the dynamic linker reads, too.
constexpr auto safe_without_file =
    std::to_array<std::int64_t>({SYS_read, SYS_readv, SYS_write, SYS_writev});

template <class List>
bool contains(const List& list, std::int64_t number) {
  return std::find(list.begin(), list.end(), number) != list.end();
}

/// Returns true for pipes, also those with names, sockets, terminals, and what has no file at all, such as
/// an eventfd.
bool is_no_file(pid_t pid, std::uint64_t descriptor) {
  struct stat status {};
  const auto path = proc::path_of(pid, "fd/" + std::to_string(descriptor));
  if (::stat(path.c_str(), &status) != 0) return false;
  const auto kind = status.st_mode & S_IFMT;
  return kind == S_IFIFO || kind == S_IFSOCK || kind == S_IFCHR || kind == 0;
}

std::optional<std::uint64_t> hexadecimal_word(std::string_view& rest) {
  auto word = next_word(rest);
  if (!word.starts_with("0x")) return std::nullopt;
  word.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Wait> parse_wait(std::string_view text) {
  auto rest = trim(text);
  const auto number = parse_integer<std::int64_t>(next_word(rest));
  if (!number || *number < 0) return std::nullopt;
  std::array<std::uint64_t, 7> values{};  // six arguments and the stack pointer
  for (auto& value : values) {
    const auto word = hexadecimal_word(rest);
    if (!word) return std::nullopt;
    value = *word;
  }
  return Wait{*number, values.front(), values.back()};
}

std::optional<Wait> read_wait(pid_t pid) {
  std::array<char, 256> buffer;
  const auto text = proc::read_once(proc::path_of(pid, pid, "syscall"), buffer);
  return text ? parse_wait(*text) : std::nullopt;
}

bool is_safe_wait(pid_t pid, const Wait& wait) {
  if (contains(always_safe, wait.number) || contains(safe_here, wait.number)) return true;
  return contains(safe_without_file, wait.number) && is_no_file(pid, wait.first_argument);
}

bool is_futex(const Wait& wait) {
  return wait.number == SYS_futex;
}

std::uint64_t parse_switches(std::string_view status) {
  std::uint64_t sum = 0;
  for_each_line(status, [&](std::string_view line) {
    for (const std::string_view name :
         {"voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"}) {
      if (!line.starts_with(name)) continue;
      sum += parse_integer<std::uint64_t>(trim(line.substr(name.size()))).value_or(0);
    }
  });
  return sum;
}

std::uint64_t read_switches(pid_t pid) {
  const auto text = read_file(proc::path_of(pid, pid, "status"));
  return text ? parse_switches(*text) : 0;
}

}  // namespace mprofpp::inject
