#include "mprofpp/store/writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "mprofpp/base/file.hpp"

namespace mprofpp::store {
namespace {

bool is_regular(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// Tries to take the lock. Without locks in the file system, nothing is ever locked.
bool is_locked_by_another(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Failure being_recorded(const std::string& path) {
  return fail(Errc::busy, path, "is being written by another mprofpp");
}

Failure cannot_create(int error_number, const std::string& path) {
  if (error_number == EEXIST) return fail(Errc::exists, path, "already exists");
  return fail_errno(error_number, path, "cannot write");
}

}  // namespace

Writer::Writer(Fd fd, std::string path, Origin origin)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      origin_(origin),
      regular_(is_regular(fd_.get())) {}

Writer Writer::to_descriptor(Fd fd, std::string name) {
  return Writer(std::move(fd), std::move(name), Origin::descriptor);
}

Result<Writer> Writer::create(const std::string& path, Overwrite overwrite) {
  constexpr int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;
  constexpr mode_t mode = 0666;  // less the umask
  Fd fd(::open(path.c_str(), flags | O_EXCL, mode));
  if (fd) {
    if (is_locked_by_another(fd.get())) return being_recorded(path);
    return Writer(std::move(fd), path, Origin::created);
  }
  if (errno != EEXIST) return cannot_create(errno, path);

  // a terminal, a pipe or /dev/null is not a file that could be lost
  struct stat status {};
  const bool special = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  if (overwrite == Overwrite::no && !special) return cannot_create(EEXIST, path);
  fd = Fd(::open(path.c_str(), flags, mode));
  if (!fd) return cannot_create(errno, path);
  if (!special && is_locked_by_another(fd.get())) return being_recorded(path);
  return Writer(std::move(fd), path, Origin::existing);
}

Result<void> Writer::append(std::string_view whole_lines) {
  const bool is_old = is_whole_file() && origin_ == Origin::existing;
  if (size_ == 0 && is_old && ::ftruncate(fd_.get(), 0) != 0) {
    return fail_errno(errno, path_, "cannot overwrite");
  }
  if (auto written = write_all(fd_.get(), whole_lines); !written) {
    auto error = std::move(written.error());
    error.place = path_;
    // best effort: if even this fails, the reader drops the torn line
    if (is_whole_file() && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
      return Failure(error);
    }
    return Failure(std::move(error));
  }
  size_ += whole_lines.size();
  return {};
}

bool Writer::was_removed() const {
  struct stat status {};
  return is_whole_file() && ::fstat(fd_.get(), &status) == 0 && status.st_nlink == 0;
}

Writer::~Writer() {
  if (fd_ && origin_ == Origin::created && size_ == 0) ::unlink(path_.c_str());
}

}  // namespace mprofpp::store
