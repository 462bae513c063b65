#include "mprofpp/record/marks/source_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/source_hash.hpp"

namespace mprofpp::record {
namespace {

namespace fs = std::filesystem;

constexpr off_t largest_source = 8 << 20;
constexpr std::size_t most_hashes = 10'000;

struct OpenSource {
  std::string name;
  Fd fd;
};

/// Opens without blocking, because any name can be that of a pipe or a device.
Fd open_source(const std::string& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

Fd open_absolute(pid_t pid, const std::string& file) {
  const auto root = "/proc/" + std::to_string(pid) + "/root";
  if (auto fd = open_source(root + file)) return fd;
  return ::access(root.c_str(), F_OK) == 0 ? Fd() : open_source(file);
}

OpenSource open_relative(const SourceReader& reader, const std::string& file) {
  std::error_code error;
  for (const auto& folder :
       {reader.folder, working_directory_of(reader.pid), fs::current_path(error).string()}) {
    if (!folder.starts_with('/')) continue;
    const auto path = fs::path(folder) / file;
    if (auto fd = open_source(path)) return {path.lexically_normal(), std::move(fd)};
  }
  return {file, Fd()};
}

std::optional<std::uint64_t> hash_of_content(const Fd& fd, off_t size) {
  std::string text(static_cast<std::size_t>(size), '\0');
  const auto length = read_block_at(fd.get(), text, 0);
  if (!length) return std::nullopt;
  return source_hash(std::string_view(text).substr(0, *length));
}

Duration since_epoch(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

}  // namespace

std::string working_directory_of(pid_t pid) {
  std::error_code error;
  return fs::read_symlink("/proc/" + std::to_string(pid) + "/cwd", error).string();
}

SourceFile SourceFiles::of(const SourceReader& reader, const std::string& file) {
  // code that does not come from a file has a name such as <stdin>
  if (file.empty() || file.front() == '<' || file.find('\0') != std::string::npos) {
    return {file, std::nullopt};
  }
  auto source = file.starts_with('/') ? OpenSource{file, open_absolute(reader.pid, file)}
                                      : open_relative(reader, file);
  if (!source.fd) return {std::move(source.name), std::nullopt};
  const auto found = hash(source.fd, reader.start);
  return {std::move(source.name), found};
}

std::optional<std::uint64_t> SourceFiles::hash(const Fd& fd, Instant start) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  if (status.st_size > largest_source) return std::nullopt;
  // the change of the inode also shows a file that another one, which may be older, has replaced
  if (Instant(since_epoch(status.st_ctim)) > start) return unknown_source_hash;
  const Version version{status.st_dev, status.st_ino, status.st_size,
                        since_epoch(status.st_mtim).count()};
  if (const auto known = hashes_.find(version); known != hashes_.end()) return known->second;
  if (hashes_.size() >= most_hashes) hashes_.clear();
  return hashes_[version] = hash_of_content(fd, status.st_size);
}

}  // namespace mprofpp::record
