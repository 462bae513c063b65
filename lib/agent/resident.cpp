#include "resident.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.hpp"
#include "keep_errno.hpp"
#include "mprofpp/wire/record.hpp"
#include "mprofpp/wire/uncancelled.hpp"
#include "number.hpp"

namespace mprofpp::agent {
namespace {

constexpr std::uint64_t try_gap = 100'000'000;  // ns
constexpr int numbers_in_statm = 7;

/// The second number of a statm, or unknown. Everything is looked at: the program may have closed
/// the descriptor and opened something of its own under the number.
std::uint64_t resident_pages(const char* text) {
  std::uint64_t pages = 0;
  for (int i = 0; i < numbers_in_statm; ++i) {
    const Number number = number_at(text);
    const char after = i + 1 < numbers_in_statm ? ' ' : '\n';
    if (number.end == text || *number.end != after) return wire::unknown_rss;
    if (i == 1) pages = number.value;
    text = number.end + 1;
  }
  return *text == '\0' ? pages : wire::unknown_rss;
}

std::uint64_t page_size() {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

/// Where programs that number their own descriptors do not look.
int keep_high(int fd) {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return fd;
  const auto most = limit.rlim_cur < 1024 ? limit.rlim_cur : 1024;
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, static_cast<int>(most - most / 8));
  if (high < 0) return fd;
  wire::uncancelled::close(fd);
  return high;
}

}  // namespace

std::uint64_t Resident::read_kept() const {
  const int fd = fd_.load(std::memory_order_relaxed);
  if (fd < 0) return wire::unknown_rss;
  char text[160];
  const auto got = wire::uncancelled::pread(fd, text, sizeof text - 1, 0);
  if (got <= 0) return wire::unknown_rss;
  text[got] = '\0';
  const auto pages = resident_pages(text);
  return pages == wire::unknown_rss ? pages : pages * page_size();
}

bool Resident::open() {
  const int fd = wire::uncancelled::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  // what was kept is not ours any more, or was never opened: closing it is not for us
  fd_.store(keep_high(fd), std::memory_order_relaxed);
  return true;
}

[[gnu::noinline]] std::uint64_t Resident::read() {
  const KeepErrno keep_errno;
  if (const auto bytes = read_kept(); bytes != wire::unknown_rss) return bytes;
  const auto now = monotonic_now();
  if (now < next_try_.load(std::memory_order_relaxed)) return wire::unknown_rss;
  next_try_.store(now + try_gap, std::memory_order_relaxed);
  return open() ? read_kept() : wire::unknown_rss;
}

void Resident::forget() {
  const KeepErrno keep_errno;
  // ours as long as it still reads like a statm
  if (read_kept() != wire::unknown_rss)
    wire::uncancelled::close(fd_.load(std::memory_order_relaxed));
  fd_.store(-1, std::memory_order_relaxed);
  next_try_.store(0, std::memory_order_relaxed);
}

}  // namespace mprofpp::agent
