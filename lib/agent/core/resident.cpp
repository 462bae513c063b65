#include "core/resident.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/freestanding.hpp"
#include "mprofpp/wire/record.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {
namespace {

constexpr std::uint64_t try_gap = 100'000'000;  // ns
constexpr int numbers_in_statm = 7;

/// Returns the second number of a statm file, or wire::unknown_rss. The whole text is checked,
/// because the program may have closed the descriptor and opened a file of its own with that number.
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

}  // namespace

int keep_high(int fd) {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return fd;
  const auto most = limit.rlim_cur < 1024 ? limit.rlim_cur : 1024;
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, static_cast<int>(most - most / 8));
  if (high < 0) return fd;
  wire::uncancelled::close(fd);
  return high;
}

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
  int lost = fd_.load(std::memory_order_relaxed);
  const int fd = wire::uncancelled::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  // the previous descriptor is no longer ours or was never opened, so it must not be closed
  const int kept = keep_high(fd);
  const bool is_first = fd_.compare_exchange_strong(lost, kept, std::memory_order_relaxed);
  if (!is_first) wire::uncancelled::close(kept);  // another thread has opened it meanwhile
  return true;
}

/// A descriptor that the program has closed is replaced at once, so that nothing is missed. Only if there
/// can be none, there is a gap before the next try.
[[gnu::noinline]] std::uint64_t Resident::read() {
  const KeepErrno keep_errno;
  if (const auto bytes = read_kept(); bytes != wire::unknown_rss) return bytes;
  const auto now = monotonic_now();
  if (now < next_try_.load(std::memory_order_relaxed)) return wire::unknown_rss;
  const auto bytes = open() ? read_kept() : wire::unknown_rss;
  if (bytes == wire::unknown_rss) next_try_.store(now + try_gap, std::memory_order_relaxed);
  return bytes;
}

void Resident::forget() {
  const KeepErrno keep_errno;
  // the descriptor is ours as long as it reads like a statm file
  if (read_kept() != wire::unknown_rss)
    wire::uncancelled::close(fd_.load(std::memory_order_relaxed));
  fd_.store(-1, std::memory_order_relaxed);
  next_try_.store(0, std::memory_order_relaxed);
}

}  // namespace mprofpp::agent
