#include "mprofpp/ring/run_folder.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "mprofpp/base/text.hpp"
#include "mprofpp/ring/run_search.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::ring {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = wire::run_folder_prefix;
constexpr std::string_view random_part = "XXXXXX";

/// A process that has dropped its privileges can still create a file, but no user can list the files or
/// remove those of another user.
constexpr mode_t shared_mode = 01733;
/// Readable too: processes open a pipe for both directions, so that they get no SIGPIPE if the recorder
/// exits.
constexpr mode_t shared_pipe_mode = 0666;

bool serves_other_users() {
  return ::geteuid() == 0;
}

/// Returns the locked folder, or an empty descriptor if another process has locked or removed it. Errors:
/// those of the system calls.
Result<Fd> lock_folder(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd)
    return errno == ENOENT ? Result<Fd>(Fd()) : fail_errno(errno, path, "cannot open a folder");
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? Result<Fd>(Fd())
                                : fail_errno(errno, path, "cannot lock a folder");
  }
  struct stat status {};
  const bool ours =
      ::fstat(fd.get(), &status) == 0 && status.st_nlink > 0 && status.st_uid == ::geteuid();
  return ours ? std::move(fd) : Fd();
}

bool has_our_name(const std::string& name) {
  return name.starts_with(prefix) && name.size() == prefix.size() + random_part.size();
}

/// Returns true if the folder has a bell, or is empty because its recorder was killed early. Any other
/// folder only has a similar name.
bool is_run_folder(const Fd& folder, const fs::path& path) {
  struct stat status {};
  if (::fstatat(folder.get(), wire::bell_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
    return S_ISFIFO(status.st_mode);
  }
  std::error_code error;
  return fs::is_empty(path, error) && !error;
}

std::optional<int> number_behind(std::string_view beginning, std::string_view text) {
  if (!text.starts_with(beginning)) return std::nullopt;
  return parse_integer<int>(text.substr(beginning.size()));
}

void remove_folder(const std::string& path) {
  std::error_code ignored;  // if it cannot be removed, the next run tries again
  fs::remove_all(path, ignored);
}

}  // namespace

Result<RunFolder> RunFolder::make(const std::vector<std::string>& places) {
  Error last{Errc::invalid_argument, "", "no place for the folder of marks"};
  for (const auto& place : places) {
    remove_leftovers(place);
    auto made = make_in(place);
    if (made) return made;
    last = std::move(made.error());
  }
  return Failure(std::move(last));
}

Result<RunFolder> RunFolder::make_in(const std::string& place) {
  constexpr int most_attempts = 10;  // another run may take it for a leftover before it is locked
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    auto path = (fs::path(place) / prefix).string().append(random_part);
    if (::mkdtemp(path.data()) == nullptr) return fail_errno(errno, place, "cannot make a folder");
    auto lock = lock_folder(path);
    if (!lock) {
      remove_folder(path);
      return fail(lock.error().code, place, lock.error().what);
    }
    if (!*lock) continue;
    RunFolder folder(std::move(path), std::move(*lock));
    if (auto furnished = folder.furnish(); !furnished) {
      return fail(furnished.error().code, place, furnished.error().what);
    }
    return folder;
  }
  return fail(Errc::io, place, "cannot lock a folder");
}

/// Creates the bell first, because it identifies the folder as one of ours.
Result<void> RunFolder::furnish() {
  auto bell = make_pipe(wire::bell_name);
  if (!bell) return Failure(std::move(bell.error()));
  bell_ = std::move(*bell);
  auto exits = make_pipe(wire::exits_name);
  if (!exits) return Failure(std::move(exits.error()));
  exits_ = std::move(*exits);
  // fails if the user has used up the quota for pipes; a small pipe only overflows sooner
  constexpr int room = 1 << 20;
  ::fcntl(exits_.get(), F_SETPIPE_SZ, room);
  // not by the mode of mkdir, which the umask would reduce
  if (serves_other_users() && ::fchmod(lock_.get(), shared_mode) != 0) {
    return fail_errno(errno, path_, "cannot change the mode of a folder");
  }
  return {};
}

Result<Fd> RunFolder::make_pipe(std::string_view name) const {
  const auto path = path_of(name);
  if (::mkfifo(path.c_str(), 0600) != 0) return fail_errno(errno, path, "cannot make a pipe");
  // opened for reading and writing, so that the pipe always has a reader and a writer
  Fd pipe(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!pipe) return fail_errno(errno, path, "cannot open a pipe");
  if (serves_other_users() && ::fchmod(pipe.get(), shared_pipe_mode) != 0) {
    return fail_errno(errno, path, "cannot change the mode of a pipe");
  }
  return pipe;
}

RunFolder::~RunFolder() {
  if (lock_) remove_folder(path_);
}

void RunFolder::announce(const model::ProcessId& process) const {
  // best effort: without the file no marks can be made in the name of the process
  const Fd note(
      ::open(path_of(recorded_note_of(process)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

bool RunFolder::has_note(std::string_view name) const {
  return ::access(path_of(name).c_str(), F_OK) == 0 ||
         bell_notes_.names().contains(std::string(name));
}

std::vector<std::string> RunFolder::notes_after(std::string_view beginning) const {
  std::vector<std::string> ends;
  const auto add = [&](std::string_view name) {
    if (name.starts_with(beginning)) ends.emplace_back(name.substr(beginning.size()));
  };
  for (const auto& note : bell_notes_.names()) add(note);
  std::error_code error;
  fs::directory_iterator entries(path_, error);
  for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
    add(entries->path().filename().string());
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

std::optional<int> RunFolder::number_in_note(std::string_view name) const {
  for (const auto& note : bell_notes_.names()) {
    if (const auto number = number_behind(name, note)) return number;
  }
  std::error_code error;
  fs::directory_iterator entries(path_, error);
  for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
    if (const auto number = number_behind(name, entries->path().filename().string())) return number;
  }
  return std::nullopt;
}

void RunFolder::silence() {
  std::array<char, 4096> bytes;
  ssize_t got = 0;
  do {
    got = ::read(bell_.get(), bytes.data(), bytes.size());
    if (got > 0) bell_notes_.add({bytes.data(), static_cast<std::size_t>(got)});
  } while (got == static_cast<ssize_t>(bytes.size()));
}

void remove_leftovers(const std::string& place) {
  std::error_code error;
  fs::directory_iterator entries(place, fs::directory_options::skip_permission_denied, error);
  for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
    const auto& path = entries->path();
    if (!has_our_name(path.filename().string())) continue;
    const auto lock = lock_folder(path.string());
    if (lock && *lock && is_run_folder(*lock, path)) remove_folder(path.string());
  }
}

}  // namespace mprofpp::ring
