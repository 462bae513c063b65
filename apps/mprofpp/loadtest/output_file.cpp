#include "loadtest/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
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
  auto text = read_at(fd_.get(), taken_, std::min(most, size() - std::min(size(), taken_)));
  taken_ += text.size();
  return text;
}

std::string OutputFile::tail(std::size_t bytes) const {
  const auto end = size();
  const auto length = std::min(bytes, end);
  return read_at(fd_.get(), end - length, length);
}

std::string last_lines(std::string_view text, std::size_t count) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.size(), text.find('\n'));
    const auto line = visible(trim(text.substr(0, end)));
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  std::string result;
  const auto first = lines.size() - std::min(count, lines.size());
  for (std::size_t i = first; i < lines.size(); ++i) {
    result += (result.empty() ? "" : "\n") + lines[i];
  }
  return result;
}

}  // namespace mprofpp::app
