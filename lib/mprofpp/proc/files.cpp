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

int open_proc_file(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

constexpr auto load_path = "/proc/loadavg";

Result<pid_t> read_newest_pid(const Fd& fd) {
  std::array<char, 128> buffer;
  const ssize_t n = ::pread(fd.get(), buffer.data(), buffer.size(), 0);
  if (n < 0) return fail_errno(errno, load_path, "cannot read");
  return parse_newest_pid(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

std::string path_of(pid_t pid, std::string_view file) {
  std::string path = "/proc/";
  append_integer(path, pid);
  return path.append("/").append(file);
}

std::string path_of(pid_t pid, pid_t thread, std::string_view file) {
  std::string name = "task/";
  append_integer(name, thread);
  return path_of(pid, name.append("/").append(file));
}

Result<void> check_own_proc() {
  constexpr auto hint = "mount -t proc proc /proc, or unshare --mount-proc";
  std::array<char, 32> target;
  const ssize_t n = ::readlink("/proc/self", target.data(), target.size());
  if (n < 0) return fail(Errc::unsupported, "/proc", "is not mounted", hint);
  const auto self = parse_integer<pid_t>({target.data(), static_cast<std::size_t>(n)});
  if (self == ::getpid()) return {};
  return fail(Errc::unsupported, "/proc", "shows the processes of another PID namespace", hint);
}

Result<std::string_view> read_once(const std::string& path, std::span<char> buffer) {
  const Fd fd(open_proc_file(path));
  if (!fd) return fail_errno(errno, path, "cannot open");
  const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
  if (n < 0) return fail_errno(errno, path, "cannot read");
  return std::string_view(buffer.data(), static_cast<std::size_t>(n));
}

std::vector<pid_t> read_threads(pid_t pid) {
  std::vector<pid_t> threads;
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path_of(pid, "task").c_str()));
  while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) {
    if (const auto thread = parse_integer<pid_t>(entry->d_name)) threads.push_back(*thread);
  }
  return threads;
}

Result<Stat> read_stat(pid_t pid) {
  std::array<char, 2048> buffer;
  const auto text = read_once(path_of(pid, "stat"), buffer);
  if (!text) return Failure(text.error());
  return parse_stat(*text);
}

Result<std::uint64_t> read_stack_start(pid_t pid) {
  std::array<char, 2048> buffer;
  const auto text = read_once(path_of(pid, "stat"), buffer);
  if (!text) return Failure(text.error());
  return parse_stack_start(*text);
}

bool is_dead(const Stat& stat) {
  return (stat.state == 'Z' && stat.threads < 2) || stat.state == 'X';
}

bool is_alive(pid_t pid) {
  const auto stat = read_stat(pid);
  return stat ? !is_dead(*stat) : stat.error().code == Errc::io;
}

bool has_ended(const model::ProcessId& id) {
  const auto stat = read_stat(id.pid);
  if (!stat) return stat.error().code != Errc::io;
  return stat->start != id.start || is_dead(*stat);
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

Result<std::vector<std::string>> read_arguments(pid_t pid) {
  const auto text = read_file(path_of(pid, "cmdline"));
  if (!text) return Failure(text.error());
  return parse_arguments(*text);
}

Result<std::string> read_link(pid_t pid, std::string_view name) {
  const auto path = path_of(pid, name);
  std::array<char, 4096> target;
  const ssize_t n = ::readlink(path.c_str(), target.data(), target.size());
  if (n < 0) return fail_errno(errno, path, "cannot read");
  return std::string(target.data(), static_cast<std::size_t>(n));
}

std::vector<pid_t> read_children(pid_t pid) {
  std::vector<pid_t> all;
  for (const pid_t thread : read_threads(pid)) {
    // the list of a parent of thousands is longer than one page: read to the end
    const auto text = read_file(path_of(pid, thread, "children"));
    if (!text) continue;
    const auto children = parse_children(*text);
    all.insert(all.end(), children.begin(), children.end());
  }
  return all;
}

Result<pid_t> NewestPid::read() {
  if (fd_) return read_newest_pid(fd_);
  Fd fd(open_proc_file(load_path));
  if (!fd) return fail_errno(errno, load_path, "cannot open");
  auto newest = read_newest_pid(fd);
  if (may_be_kept(fd)) fd_ = std::move(fd);
  return newest;
}

pid_t read_highest_pid() {
  constexpr pid_t highest_of_all = 1 << 22;
  const auto text = read_file("/proc/sys/kernel/pid_max");
  return text ? parse_integer<pid_t>(trim(*text)).value_or(highest_of_all) : highest_of_all;
}

}  // namespace mprofpp::proc
