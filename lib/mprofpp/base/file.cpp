#include "mprofpp/base/file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace mprofpp {
namespace {

/// Calls `read_some(bytes already read)` until the buffer is full or the file ends.
template <class ReadSome>
Result<std::size_t> fill(std::size_t size, ReadSome read_some) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = read_some(done);
    if (n == 0) break;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "", "cannot read");
    done += static_cast<std::size_t>(n);
  }
  return done;
}

/// Resolves symbolic links. Returns the path itself if nothing exists there yet.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         std::free);
  return real ? std::string(real.get()) : path;
}

Result<void> write_into(const std::string& path, std::string_view data) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot write");
  auto written = write_all(fd.get(), data);
  if (!written) written.error().place = path;
  return written;
}

/// A new file next to the one that it will replace.
struct Temporary {
  Fd fd;
  std::string path;
};

Result<Temporary> open_beside(const std::string& path) {
  for (int attempt = 0;; ++attempt) {
    auto name = path + "." + std::to_string(::getpid()) + "." + std::to_string(attempt) + ".tmp";
    Fd fd(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (fd) return Temporary{std::move(fd), std::move(name)};
    constexpr int most_attempts = 100;
    if (errno != EEXIST || attempt == most_attempts) return fail_errno(errno, path, "cannot write");
  }
}

}  // namespace

Result<Fd> open_for_reading(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot open");
  return fd;
}

bool may_be_kept(const Fd& fd) {
  constexpr rlim_t reserve = 16;
  rlimit limit{};
  const bool limited = ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return !limited || static_cast<rlim_t>(fd.get()) + reserve < limit.rlim_cur;
}

Result<std::string> read_file(const std::string& path) {
  auto fd = open_for_reading(path);
  if (!fd) return Failure(std::move(fd.error()));
  std::string text;
  std::array<char, 4096> block;
  while (true) {
    auto n = read_block(fd->get(), block);
    if (!n) {
      n.error().place = path;
      return Failure(std::move(n.error()));
    }
    text.append(block.data(), *n);
    if (*n < block.size()) return text;
  }
}

Result<std::size_t> read_block(int fd, std::span<char> buffer) {
  return fill(buffer.size(), [&](std::size_t done) {
    return ::read(fd, buffer.data() + done, buffer.size() - done);
  });
}

Result<std::size_t> read_block_at(int fd, std::span<char> buffer, off_t offset) {
  return fill(buffer.size(), [&](std::size_t done) {
    return ::pread(fd, buffer.data() + done, buffer.size() - done,
                   offset + static_cast<off_t>(done));
  });
}

Result<void> write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "", "cannot write");
    data.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> replace_file(const std::string& path, std::string_view data) {
  const auto target = resolved(path);
  struct stat status {};
  if (::stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return write_into(target, data);
  }
  auto temporary = open_beside(target);
  if (!temporary) {
    temporary.error().place = path;
    return Failure(std::move(temporary.error()));
  }
  auto written = write_all(temporary->fd.get(), data);
  std::error_code error;
  if (written) std::filesystem::rename(temporary->path, target, error);
  if (error) written = fail_errno(error.value(), path, "cannot write");
  if (!written) {
    ::unlink(temporary->path.c_str());
    written.error().place = path;
  }
  return written;
}

}  // namespace mprofpp
