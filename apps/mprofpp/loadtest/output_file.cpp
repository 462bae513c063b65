#include "loadtest/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "options/unnamed_file.hpp"

namespace mprofpp::app {
namespace {

std::string read_at(int fd, std::size_t offset, std::size_t length) {
  std::string text(length, '\0');
  const auto read = read_block_at(fd, text, static_cast<off_t>(offset));
  text.resize(read ? *read : 0);
  return text;
}

}  // namespace

Result<OutputFile> OutputFile::open() {
  auto fd = open_unnamed_file();
  if (!fd) return Failure(fd.error());
  ::fcntl(fd->get(), F_SETFL, O_APPEND);  // several processes write to it
  return OutputFile(std::move(*fd));
}

std::size_t OutputFile::size() const {
  struct stat status {};
  return ::fstat(fd_.get(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

std::string OutputFile::take_new() {
  constexpr std::size_t most = 1 << 20;
  std::string left_out;
  if (taken_ < dropped_) {
    const auto bytes = Bytes(static_cast<std::int64_t>(dropped_ - taken_));
    left_out = "(" + readable(bytes) + " left out)\n";
    taken_ = dropped_;
  }
  const auto text = read_at(fd_.get(), taken_, std::min(most, size() - std::min(size(), taken_)));
  taken_ += text.size();
  return left_out + text;
}

void OutputFile::drop_old() {
  constexpr std::size_t kept = 1 << 20;
  const auto end = size();
  if (end < dropped_ + 2 * kept) return;
  const auto begin = end - kept;
  // a hole, because the file must not become shorter: the programs append to it
  if (::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(dropped_), static_cast<off_t>(begin - dropped_)) == 0) {
    dropped_ = begin;
  }
}

std::string OutputFile::tail(std::size_t bytes) const {
  const auto end = size();
  const auto length = std::min(bytes, end - dropped_);
  return read_at(fd_.get(), end - length, length);
}

std::string last_lines(std::string_view text, std::size_t count) {
  std::vector<std::string> lines;
  for_each_line(text, [&](std::string_view whole) {
    const auto line = visible(trim(whole));
    if (!line.empty()) lines.push_back(line);
  });
  std::string result;
  const auto first = lines.size() - std::min(count, lines.size());
  for (std::size_t i = first; i < lines.size(); ++i) {
    result += (result.empty() ? "" : "\n") + lines[i];
  }
  return result;
}

}  // namespace mprofpp::app
