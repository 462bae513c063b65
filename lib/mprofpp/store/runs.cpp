#include "mprofpp/store/runs.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "mprofpp/base/file.hpp"
#include "mprofpp/dat/decode.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::store {
namespace {

constexpr std::size_t search_block = 64 * 1024;  // stays in the cache of the processor

/// Detects a file that has our header and, as its last record, END.
class Ending : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Settings& settings) override {
    if (!has_samples_ && settings.format) is_ours_ = true;
  }
  void take(const model::End&) override { has_ended_ = true; }
  void take(const model::Sample&) override {
    has_samples_ = true;
    has_ended_ = false;
  }
  void take(const model::CommandLine&) override { has_ended_ = false; }

  bool is_one_run() const { return is_ours_ && has_ended_; }

 private:
  bool is_ours_ = false;
  bool has_samples_ = false;
  bool has_ended_ = false;
};

/// Finds runs by the beginnings of lines.
class RunSearch {
 public:
  /// `line` starts at byte `offset`; it is only the beginning of a long line.
  void take_line(std::string_view line, std::uint64_t offset) {
    if (line.starts_with(dat::sample_start)) has_samples_ = true;
    if (line.starts_with(dat::command_line_start) && has_samples_) {
      runs_.back().end = offset;
      runs_.push_back({offset, std::nullopt, lines_});
      has_samples_ = false;
    }
    ++lines_;
  }

  std::vector<Run> runs() && { return std::move(runs_); }

 private:
  std::vector<Run> runs_ = {{}};
  std::uint64_t lines_ = 0;
  bool has_samples_ = false;
};

/// Passes on all lines of a block, and keeps the beginning of the line that is cut by its end.
class LineSplitter {
 public:
  explicit LineSplitter(RunSearch& search) : search_(search) {}

  void split(std::string_view block) {
    std::size_t begin = 0;
    while (begin < block.size()) {
      const void* found = std::memchr(block.data() + begin, '\n', block.size() - begin);
      const auto* newline = static_cast<const char*>(found);
      const auto end =
          newline == nullptr ? block.size() : static_cast<std::size_t>(newline - block.data());
      add(block.substr(begin, end - begin), offset_ + begin);
      if (newline != nullptr) finish_line();
      begin = end + 1;
    }
    offset_ += block.size();
  }

 private:
  /// Keeps only the beginning of a line, because the words that matter are short.
  void add(std::string_view piece, std::uint64_t offset) {
    constexpr std::size_t enough = 16;
    if (beginning_.empty()) line_offset_ = offset;
    if (beginning_.size() < enough) beginning_ += piece.substr(0, enough);
  }

  void finish_line() {
    search_.take_line(beginning_, line_offset_);
    beginning_.clear();
  }

  RunSearch& search_;
  std::uint64_t offset_ = 0;
  std::uint64_t line_offset_ = 0;
  std::string beginning_;
};

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

/// Passes the blocks of a file to `take` until it returns false.
template <class Take>
Result<void> for_each_block(const std::string& path, Take take) {
  auto fd = open_for_reading(path);
  if (!fd) return Failure(std::move(fd.error()));
  const auto buffer = std::make_unique_for_overwrite<char[]>(search_block);
  while (true) {
    auto got = read_block(fd->get(), std::span(buffer.get(), search_block));
    if (!got) {
      got.error().place = path;
      return Failure(std::move(got.error()));
    }
    if (!take(std::string_view(buffer.get(), *got)) || *got < search_block) return {};
  }
}

/// Returns true if a line of `text`, other than its first, starts as the CMDLINE line of a run does. Few
/// other lines contain an I, so memchr skips most of the text.
bool has_later_command_line(std::string_view text) {
  const auto start = "\n" + std::string(dat::command_line_start);
  const auto before_rare = start.find('I');
  for (auto at = text.find('I'); at != std::string_view::npos; at = text.find('I', at + 1)) {
    if (at >= before_rare && text.substr(at - before_rare).starts_with(start)) return true;
  }
  return false;
}

/// Returns true if the file may have several runs. It is five times as fast as a search that looks at each
/// line.
Result<bool> has_later_command_line_in(const std::string& path) {
  constexpr std::size_t overlap = 16;
  bool is_found = false;
  std::string end_of_last;
  const auto read = for_each_block(path, [&](std::string_view block) {
    const auto across = end_of_last + std::string(block.substr(0, overlap));
    is_found = has_later_command_line(across) || has_later_command_line(block);
    end_of_last = block.substr(block.size() - std::min(block.size(), overlap));
    return !is_found;
  });
  if (!read) return Failure(read.error());
  return is_found;
}

Result<std::vector<Run>> search(const std::string& path) {
  const auto has_more = has_later_command_line_in(path);  // few files have
  if (!has_more) return Failure(has_more.error());
  if (!*has_more) return std::vector{Run{}};
  RunSearch search;
  LineSplitter splitter(search);
  const auto read = for_each_block(path, [&](std::string_view block) {
    splitter.split(block);
    return true;
  });
  if (!read) return Failure(read.error());
  return std::move(search).runs();
}

}  // namespace

Result<std::vector<Run>> find_runs(const std::string& path) {
  constexpr std::size_t header_and_end = 4096;
  const std::vector<Run> one = {Run{}};
  if (!is_file(path)) return one;
  Ending ending;
  if (auto read = read_ends(path, header_and_end, ending); !read) return one;
  return ending.is_one_run() ? one : search(path);
}

}  // namespace mprofpp::store
