#include "mprofpp/proc/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::proc {
namespace {

std::string path_of(pid_t pid, std::string_view file) {
  std::string path = "/proc/";
  append_integer(path, pid);
  return path.append("/").append(file);
}

int open_proc_file(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

/// The text of a file that fits one page, in `buffer`. One read(2): the kernel makes such a file up
/// at that moment, so two reads would show two moments.
Result<std::string_view> read_once(const std::string& path, std::span<char> buffer) {
  const Fd fd(open_proc_file(path));
  if (!fd) return fail_errno(errno, path, "cannot open");
  const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
  if (n < 0) return fail_errno(errno, path, "cannot read");
  return std::string_view(buffer.data(), static_cast<std::size_t>(n));
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

/// The thread ids of a process, none when it is gone.
std::vector<pid_t> read_threads(pid_t pid) {
  std::vector<pid_t> threads;
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path_of(pid, "task").c_str()));
  while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) {
    if (const auto thread = parse_integer<pid_t>(entry->d_name)) threads.push_back(*thread);
  }
  return threads;
}

std::string task_path(pid_t pid, pid_t thread, std::string_view file) {
  std::string name = "task/";
  append_integer(name, thread);
  return path_of(pid, name.append("/").append(file));
}

}  // namespace

Result<Stat> read_stat(pid_t pid) {
  std::array<char, 2048> buffer;
  const auto text = read_once(path_of(pid, "stat"), buffer);
  if (!text) return Failure(text.error());
  return parse_stat(*text);
}

Result<Status> read_status(pid_t pid) {
  std::array<char, 4096> buffer;
  const auto text = read_once(path_of(pid, "status"), buffer);
  if (!text) return Failure(text.error());
  return parse_status(*text);
}

Result<std::string> read_command(pid_t pid) {
  std::array<char, 4096> buffer;
  const auto text = read_once(path_of(pid, "cmdline"), buffer);
  if (!text) return Failure(text.error());
  return parse_command(*text);
}

std::vector<pid_t> read_children(pid_t pid) {
  std::vector<pid_t> all;
  for (const pid_t thread : read_threads(pid)) {
    // a parent of thousands has more children than one page: read to the end
    const auto text = read_file(task_path(pid, thread, "children"));
    if (!text) continue;
    const auto children = parse_children(*text);
    all.insert(all.end(), children.begin(), children.end());
  }
  return all;
}

Result<pid_t> NewestPid::read() {
  if (!fd_) fd_ = Fd(open_proc_file("/proc/loadavg"));
  if (!fd_) return fail_errno(errno, "/proc/loadavg", "cannot open");
  std::array<char, 128> buffer;
  const ssize_t n = ::pread(fd_.get(), buffer.data(), buffer.size(), 0);
  if (n < 0) return fail_errno(errno, "/proc/loadavg", "cannot read");
  return parse_newest_pid(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
}

ResidentMemory::ResidentMemory(pid_t pid)
    : path_(path_of(pid, "statm")), pid_(pid), fd_(open_proc_file(path_)) {}

Result<Bytes> ResidentMemory::read() {
  static const std::int64_t page_size = ::sysconf(_SC_PAGESIZE);
  std::array<char, 256> buffer;
  Fd opened;
  if (!fd_) opened = Fd(open_proc_file(path_));
  const int fd = fd_ ? fd_.get() : opened.get();
  const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), 0);
  if (n < 0) return fail_errno(errno, path_, "cannot read");
  const auto pages = parse_resident_pages(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  if (!pages) return Failure(pages.error());
  return Bytes(*pages * page_size);
}

Result<void> ResidentMemory::follow_living_thread() {
  for (const pid_t thread : read_threads(pid_)) {
    auto path = task_path(pid_, thread, "statm");
    std::array<char, 256> buffer;
    const auto text = read_once(path, buffer);
    const auto pages = text ? parse_resident_pages(*text) : Result<std::int64_t>(0);
    if (!pages || *pages == 0) continue;
    path_ = std::move(path);
    fd_ = Fd(open_proc_file(path_));
    return {};
  }
  return fail(Errc::vanished, path_, "has no living thread");
}

}  // namespace mprofpp::proc
