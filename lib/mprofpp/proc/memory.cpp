#include "mprofpp/proc/memory.hpp"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::proc {
namespace {

/// Opens a statm file to keep it open. Returns no descriptor if it may not be kept; then the
/// process is only read more slowly.
Fd open_to_keep(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd && !may_be_kept(fd)) fd.close();
  return fd;
}

Result<Bytes> resident_bytes(std::string_view statm) {
  static const std::int64_t page_size = ::sysconf(_SC_PAGESIZE);
  const auto pages = parse_resident_pages(statm);
  if (!pages) return Failure(pages.error());
  return Bytes(*pages * page_size);
}

}  // namespace

Memory::Memory(pid_t pid, Metric metric) : pid_(pid), metric_(metric) {
  read_from(path_of(pid, ""));
}

void Memory::read_from(std::string folder) {
  folder_ = std::move(folder);
  if (metric_ == Metric::rss) fd_ = open_to_keep(path());
}

Result<std::optional<Bytes>> Memory::read() {
  if (metric_ == Metric::rss) {
    const auto resident = read_resident();
    if (!resident) return Failure(resident.error());
    return *resident == Bytes{} ? std::nullopt : std::optional(*resident);
  }
  const auto amounts = read(source_of(metric_));
  if (!amounts) return Failure(amounts.error());
  const bool is_gone = (*amounts)[Metric::rss] == Bytes{};
  return is_gone ? std::nullopt : std::optional((*amounts)[metric_]);
}

Result<Bytes> Memory::read_resident() {
  std::array<char, 256> buffer;
  if (!fd_) {
    const auto text = read_once(path(), buffer);
    return text ? take_statm(*text) : Failure(text.error());
  }
  const ssize_t n = ::pread(fd_.get(), buffer.data(), buffer.size(), 0);
  if (n < 0) return fail_errno(errno, path(), "cannot read");
  return take_statm(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
}

/// Compares the text with the last one first: most processes do nothing most of the time, and that
/// is cheaper than parsing.
Result<Bytes> Memory::take_statm(std::string_view text) {
  if (text == std::string_view(statm_.data(), statm_size_)) return resident_;
  auto resident = resident_bytes(text);
  if (!resident) return resident;
  if (const auto shape = parse_shape(text)) shape_ = *shape;
  statm_size_ = text.size() <= statm_.size() ? text.copy(statm_.data(), statm_.size()) : 0;
  return resident_ = *resident;
}

Result<Amounts> Memory::read(MetricSource source) const {
  std::array<char, 4096> buffer;
  const bool walks = source == MetricSource::rollup;
  const auto text = read_once(folder_ + (walks ? "smaps_rollup" : "status"), buffer);
  if (!text) return Failure(text.error());
  if (text->empty()) return Amounts{};  // the memory went away between open and read
  if (walks) return parse_rollup(*text);
  const auto status = parse_status(*text);
  if (!status) return Failure(status.error());
  return status->amounts;
}

bool Memory::is_gone() const {
  std::array<char, 256> buffer;
  const auto text = read_once(folder_ + "statm", buffer);
  const auto resident = text ? resident_bytes(*text) : Failure(text.error());
  return !resident || *resident == Bytes{};
}

Result<void> Memory::follow_living_thread() {
  for (const pid_t thread : read_threads(pid_)) {
    read_from(path_of(pid_, thread, ""));
    const auto bytes = read();
    if (bytes && *bytes) return {};
  }
  read_from(path_of(pid_, ""));
  return fail(Errc::vanished, path(), "has no living thread");
}

bool share_memory(pid_t one, pid_t other) {
  return ::syscall(SYS_kcmp, one, other, KCMP_VM, 0UL, 0UL) == 0;
}

}  // namespace mprofpp::proc
