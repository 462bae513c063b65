#include "mprofpp/base/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace mprofpp {
namespace {

/// Repeats `read_some(bytes already read)` until the buffer is full or the file ends.
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

}  // namespace

Result<Fd> open_for_reading(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot open");
  return fd;
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

}  // namespace mprofpp
