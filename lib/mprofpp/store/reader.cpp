#include "mprofpp/store/reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <span>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/decode.hpp"
#include "mprofpp/store/held_values.hpp"

namespace mprofpp::store {
namespace {

constexpr std::size_t block_size = 256 * 1024;

Failure not_a_recording(const std::string& path) {
  return fail(Errc::malformed, path, "is not a recording: it has no MEM, CMDLINE or META line",
              "give a .dat file that mprofpp or mprof wrote");
}

/// Splits bytes into lines and parses the lines into records.
class LineReader {
 public:
  LineReader(const std::string& path, model::Sink& sink, std::uint64_t lines_before)
      : path_(path), sink_(sink), line_(lines_before) {}

  /// Parses all whole lines of `bytes` and returns how many bytes they have.
  Result<std::size_t> read_lines(std::string_view bytes) {
    std::size_t begin = in_skipped_line_ ? rest_of_skipped_line(bytes) : 0;
    while (begin < bytes.size()) {
      const void* newline = std::memchr(bytes.data() + begin, '\n', bytes.size() - begin);
      if (newline == nullptr) break;
      const auto end = static_cast<std::size_t>(static_cast<const char*>(newline) - bytes.data());
      if (auto taken = read_line(bytes.substr(begin, end - begin)); !taken) {
        return Failure(std::move(taken.error()));
      }
      begin = end + 1;
    }
    return begin;
  }

  /// Skips a line that is too long to be held and that starts with `beginning`. Only its kind is
  /// read, because a part of a line may mean something else than the whole.
  void skip_line(std::string_view beginning) {
    model::Sink nobody;
    const auto kind = dat::decode_line(beginning, nobody);
    if (kind && *kind == dat::LineKind::known) found_records_ = true;
    in_skipped_line_ = true;
    add_damage("longer than 256 KiB");
  }

  void drop_tail(std::size_t bytes) {
    add_damage("cut off after " + std::to_string(bytes) + " bytes");
  }

  bool found_records() const { return found_records_; }

 private:
  Result<void> read_line(std::string_view line) {
    auto kind = dat::decode_line(line, sink_);
    if (kind) {
      ++line_;
      if (*kind == dat::LineKind::known) found_records_ = true;
      return {};
    }
    auto& error = kind.error();
    if (error.code != Errc::malformed) {
      error.place = path_;
      return Failure(std::move(error));
    }
    add_damage(std::move(error.what));
    return {};
  }

  /// Returns how many of the bytes belong to the line that is skipped.
  std::size_t rest_of_skipped_line(std::string_view bytes) {
    const auto newline = bytes.find('\n');
    if (newline == std::string_view::npos) return bytes.size();
    in_skipped_line_ = false;
    return newline + 1;
  }

  void add_damage(std::string reason) { sink_.take(model::Damage{++line_, std::move(reason)}); }

  const std::string& path_;
  model::Sink& sink_;
  std::uint64_t line_;
  bool found_records_ = false;
  bool in_skipped_line_ = false;
};

/// Reads the bytes of a run from front to back.
class Blocks {
 public:
  /// Starts at the first byte of the run.
  static Result<Blocks> open(int fd, const Run& run) {
    if (run.begin > 0 && ::lseek(fd, static_cast<off_t>(run.begin), SEEK_SET) < 0) {
      return fail_errno(errno, "", "cannot read");
    }
    const auto end = run.end.value_or(std::numeric_limits<std::uint64_t>::max());
    return Blocks(fd, end - run.begin);
  }

  /// Fills the buffer unless the run ends before that.
  Result<std::size_t> read(std::span<char> buffer) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    auto got = read_block(fd_, buffer.first(size));
    if (got) left_ -= *got;
    return got;
  }

 private:
  Blocks(int fd, std::uint64_t left) : fd_(fd), left_(left) {}

  int fd_;
  std::uint64_t left_;
};

/// Reads block after block. A line that is cut by the end of a block moves to the front and is
/// completed by the next block; a line that fills a block is skipped. If the first block holds no
/// record, the search ends there.
Result<void> feed_blocks(const std::string& path, Blocks blocks, LineReader& lines) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(block_size);
  std::size_t kept = 0;
  while (true) {
    auto got = blocks.read(std::span(buffer.get() + kept, block_size - kept));
    if (!got) {
      got.error().place = path;
      return Failure(std::move(got.error()));
    }
    const auto filled = kept + *got;
    auto taken = lines.read_lines(std::string_view(buffer.get(), filled));
    if (!taken) return Failure(std::move(taken.error()));
    kept = filled - *taken;
    if (kept == block_size) {
      lines.skip_line(std::string_view(buffer.get(), kept));
      kept = 0;
    }

    if (filled == 0 && !lines.found_records()) {
      return fail(Errc::malformed, path, "is empty: nothing was recorded");
    }
    if (!lines.found_records()) return not_a_recording(path);
    if (filled < block_size) break;
    std::memmove(buffer.get(), buffer.get() + *taken, kept);
  }
  if (kept > 0) lines.drop_tail(kept);
  return {};
}

Result<Fd> open_recording(const std::string& path) {
  auto fd = open_for_reading(path);
  if (!fd) return fd;
  struct stat status {};
  if (::fstat(fd->get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return fail(Errc::malformed, path, "is a directory",
                "give a .dat file that mprofpp or mprof wrote");
  }
  return fd;
}

/// Widens a range to include the times of all records.
class RangeSink : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Settings& settings) override {
    if (settings.start) widen(*settings.start);
  }
  void take(const model::Sample& sample) override { widen(sample.t); }
  void take(const model::ChildSample& sample) override { widen(sample.t); }
  // a thousand processes at the start fill the first block before the first sample
  void take(const model::Process& process) override { widen(process.t); }
  void take(const model::Call& call) override {
    widen(call.t_in);
    widen(call.t_out);
  }

  std::optional<TimeRange> range;

 private:
  void widen(Instant t) {
    if (!range) range = TimeRange{t, t};
    range->first = std::min(range->first, t);
    range->last = std::max(range->last, t);
  }
};

struct FilePart {
  enum class Start { at_a_line, within_a_line };

  std::uint64_t offset;
  std::uint64_t bytes;
  Start start;
};

Result<void> read_part(int fd, FilePart part, LineReader& lines) {
  std::string block(part.bytes, '\0');
  auto got = read_block_at(fd, block, static_cast<off_t>(part.offset));
  if (!got) return Failure(std::move(got.error()));
  std::string_view text(block.data(), *got);
  if (part.start == FilePart::Start::within_a_line) {
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  if (auto taken = lines.read_lines(text); !taken) return Failure(std::move(taken.error()));
  return {};
}

}  // namespace

Result<void> read(const std::string& path, model::Sink& sink, const Run& run) {
  auto fd = open_recording(path);
  if (!fd) return Failure(std::move(fd.error()));
  auto blocks = Blocks::open(fd->get(), run);
  if (!blocks) {
    blocks.error().place = path;
    return Failure(std::move(blocks.error()));
  }
  HeldValues values(sink);
  LineReader lines(path, values, run.lines_before);
  if (auto read = feed_blocks(path, *blocks, lines); !read) return read;
  values.finish();
  return {};
}

Result<void> read_ends(const std::string& path, std::size_t bytes, model::Sink& sink,
                       const Run& run) {
  using Start = FilePart::Start;
  auto fd = open_recording(path);
  if (!fd) return Failure(std::move(fd.error()));
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) return fail_errno(errno, path, "cannot read");

  LineReader lines(path, sink, run.lines_before);
  const auto end = std::min(run.end.value_or(std::numeric_limits<std::uint64_t>::max()),
                            static_cast<std::uint64_t>(status.st_size));
  const auto size = end - std::min(run.begin, end);
  if (size <= 2 * bytes) return read_part(fd->get(), {run.begin, size, Start::at_a_line}, lines);
  if (auto read = read_part(fd->get(), {run.begin, bytes, Start::at_a_line}, lines); !read) {
    return read;
  }
  return read_part(fd->get(), {end - bytes, bytes, Start::within_a_line}, lines);
}

Result<std::optional<TimeRange>> time_range(const std::string& path, const Run& run) {
  RangeSink sink;
  if (auto read = read_ends(path, 64 * 1024, sink, run); !read) {
    return Failure(std::move(read.error()));
  }
  return sink.range;
}

}  // namespace mprofpp::store
