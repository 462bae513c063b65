#include "mprofpp/store/writer.hpp"

#include <fcntl.h>
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

Failure cannot_create(int error_number, const std::string& path) {
  if (error_number == EEXIST) {
    return fail(Errc::exists, path, "exists already", "-f overwrites it, -o FILE names another");
  }
  auto failure = fail_errno(error_number, path, "cannot write");
  if (failure.value().hint.empty()) failure.value().hint = "-o FILE writes elsewhere";
  return failure;
}

}  // namespace

Writer::Writer(Fd fd, std::string path, bool created)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      created_(created),
      regular_(is_regular(fd_.get())) {}

Result<Writer> Writer::create(const std::string& path, Overwrite overwrite) {
  constexpr int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;
  constexpr mode_t mode = 0666;  // less the umask
  Fd fd(::open(path.c_str(), flags | O_EXCL, mode));
  if (fd) return Writer(std::move(fd), path, true);
  if (errno != EEXIST) return cannot_create(errno, path);

  // a terminal, a pipe or /dev/null is not a file that could be lost
  struct stat status {};
  const bool special = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  if (overwrite == Overwrite::no && !special) return cannot_create(EEXIST, path);
  fd = Fd(::open(path.c_str(), flags, mode));
  if (!fd) return cannot_create(errno, path);
  return Writer(std::move(fd), path, false);
}

Result<void> Writer::append(std::string_view whole_lines) {
  if (size_ == 0 && regular_ && !created_ && ::ftruncate(fd_.get(), 0) != 0) {
    return fail_errno(errno, path_, "cannot overwrite");
  }
  if (auto written = write_all(fd_.get(), whole_lines); !written) {
    auto error = std::move(written.error());
    error.place = path_;
    // best effort: if even this fails, the reader drops the torn line
    if (regular_ && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) return Failure(error);
    return Failure(std::move(error));
  }
  size_ += whole_lines.size();
  return {};
}

bool Writer::was_removed() const {
  struct stat status {};
  return regular_ && ::fstat(fd_.get(), &status) == 0 && status.st_nlink == 0;
}

void Writer::discard_if_unused() {
  if (created_ && size_ == 0) ::unlink(path_.c_str());
}

}  // namespace mprofpp::store
