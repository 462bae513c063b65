#include "objects/looks.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <vector>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/source_hash.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kept_look = "the last look";

std::optional<fs::path> folder_in(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || *value != '/') return std::nullopt;
  return fs::path(value);
}

std::optional<fs::path> parent_folder() {
  if (auto runtime = folder_in("XDG_RUNTIME_DIR")) {
    std::error_code error;
    if (fs::is_directory(*runtime, error)) return runtime;
  }
  if (auto cache = folder_in("XDG_CACHE_HOME")) return cache;
  const auto home = folder_in("HOME");
  return home ? std::optional(*home / ".cache") : std::nullopt;
}

/// Returns true if the descriptor is of a file or folder that only this user can change.
bool is_private(const Fd& fd, mode_t kind) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return false;
  return (status.st_mode & S_IFMT) == kind && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/// Returns the part of a name that identifies a process on this machine, also after it was restarted.
std::string name_of(pid_t pid, std::uint64_t start) {
  const auto boot = read_file("/proc/sys/kernel/random/boot_id").value_or("");
  constexpr std::size_t enough = 8;
  return std::to_string(pid) + "-" + std::to_string(start) + "-" + boot.substr(0, enough) + "-";
}

std::string file_of(pid_t pid, const std::string& kind) {
  const auto stat = proc::read_stat(pid);
  return name_of(pid, stat ? stat->start : 0) + std::to_string(source_hash(kind));
}

/// Returns true if the process whose look has that name has ended.
bool is_old(std::string_view name) {
  const auto end = name.find('-');
  const auto pid = parse_integer<pid_t>(name.substr(0, end));
  if (!pid || end == std::string_view::npos) return true;
  const auto stat = proc::read_stat(*pid);
  return !stat || !name.starts_with(name_of(*pid, stat->start));
}

Duration age_of(const struct stat& status) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const auto since_epoch = [](const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
  };
  return std::max(since_epoch(now) - since_epoch(status.st_mtim), Duration::zero());
}

}  // namespace

Result<Looks> Looks::open() {
  const auto parent = parent_folder();
  if (!parent) return fail(Errc::not_found, kept_look, "cannot be kept: there is no home folder");
  const auto folder = *parent / "mprofpp" / "looks";
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  ::mkdir(folder.c_str(), S_IRWXU);
  Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return fail_errno(errno, folder.string(), "cannot be opened");
  if (!is_private(fd, S_IFDIR))
    return fail(Errc::denied, folder.string(), "other users may read it", "remove it");
  return Looks(std::move(fd));
}

std::optional<Looks::Look> Looks::last(pid_t pid, const std::string& kind) const {
  constexpr off_t largest = 64 << 20;
  const Fd file(::openat(folder_.get(), file_of(pid, kind).c_str(),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || !is_private(file, S_IFREG) || ::fstat(file.get(), &status) != 0) return std::nullopt;
  if (status.st_size > largest) return std::nullopt;
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const auto size = read_block(file.get(), text);
  if (!size || *size != text.size()) return std::nullopt;
  return Look{std::move(text), age_of(status)};
}

Result<void> Looks::keep(pid_t pid, const std::string& kind, const std::string& text) const {
  remove_old();
  const auto name = file_of(pid, kind);
  const auto temporary = name + "." + std::to_string(::getpid());
  const Fd file(::openat(folder_.get(), temporary.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return fail_errno(errno, kept_look, "cannot be kept");
  const auto written = write_all(file.get(), text);
  const int folder = folder_.get();
  if (written && ::renameat(folder, temporary.c_str(), folder, name.c_str()) == 0) return {};
  const int error = errno;
  ::unlinkat(folder, temporary.c_str(), 0);
  return fail_errno(error, kept_look, "cannot be kept");
}

void Looks::remove_old() const {
  const std::unique_ptr<DIR, int (*)(DIR*)> list(
      ::fdopendir(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
  if (list == nullptr) return;
  std::vector<std::string> old;
  while (const dirent* const entry = ::readdir(list.get())) {
    const std::string name = entry->d_name;
    if (!name.starts_with('.') && is_old(name)) old.push_back(name);
  }
  for (const auto& name : old) ::unlinkat(folder_.get(), name.c_str(), 0);
}

}  // namespace mprofpp::app
