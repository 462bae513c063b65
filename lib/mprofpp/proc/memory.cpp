#include "mprofpp/proc/memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::proc {
namespace {

/// The descriptor of a statm file, if it may be kept: without, the process is only read more slowly.
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

Memory::Memory(pid_t pid, Metric metric)
    : pid_(pid),
      metric_(metric),
      path_(path_of(pid, metric == Metric::rss ? "statm" : "smaps_rollup")) {
  if (metric == Metric::rss) fd_ = open_to_keep(path_);
}

Result<Bytes> Memory::read() {
  return metric_ == Metric::rss ? read_resident() : read_rollup();
}

Result<Bytes> Memory::read_resident() {
  std::array<char, 256> buffer;
  if (!fd_) {
    const auto text = read_once(path_, buffer);
    return text ? resident_bytes(*text) : Failure(text.error());
  }
  const ssize_t n = ::pread(fd_.get(), buffer.data(), buffer.size(), 0);
  if (n < 0) return fail_errno(errno, path_, "cannot read");
  return resident_bytes(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
}

Result<Bytes> Memory::read_rollup() const {
  std::array<char, 4096> buffer;
  const auto text = read_once(path_, buffer);
  if (!text) return Failure(text.error());
  if (text->empty()) return Bytes{};  // the memory went away between open and read
  const auto rollup = parse_rollup(*text);
  if (!rollup) return Failure(rollup.error());
  return metric_ == Metric::pss ? rollup->pss : rollup->uss;
}

Result<void> Memory::follow_living_thread() {
  const std::string first_path = path_;
  for (const pid_t thread : read_threads(pid_)) {
    path_ = path_of(pid_, thread, metric_ == Metric::rss ? "statm" : "smaps_rollup");
    fd_ = metric_ == Metric::rss ? open_to_keep(path_) : Fd();
    const auto bytes = read();
    if (bytes && *bytes > Bytes{}) return {};
  }
  path_ = first_path;
  return fail(Errc::vanished, path_, "has no living thread");
}

}  // namespace mprofpp::proc
