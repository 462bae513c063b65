#include "mprofpp/store/reader.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/decode.hpp"

namespace mprofpp::store {
namespace {

constexpr std::size_t block_size = 256 * 1024;

Failure not_a_recording(const std::string& path) {
  return fail(Errc::malformed, path, "is not a recording: no line of it is a MEM, CMDLINE or META",
              "give a .dat file that mprofpp or mprof wrote");
}

/// Turns bytes into lines and lines into records.
class LineFeed {
 public:
  LineFeed(const std::string& path, model::Sink& sink) : path_(path), sink_(sink) {}

  /// Takes all whole lines of `bytes` and answers how many bytes that were.
  Result<std::size_t> take_lines(std::string_view bytes) {
    std::size_t begin = in_skipped_line_ ? rest_of_skipped_line(bytes) : 0;
    while (begin < bytes.size()) {
      const void* newline = std::memchr(bytes.data() + begin, '\n', bytes.size() - begin);
      if (newline == nullptr) break;
      const auto end = static_cast<std::size_t>(static_cast<const char*>(newline) - bytes.data());
      if (auto taken = take_line(bytes.substr(begin, end - begin)); !taken) {
        return Failure(std::move(taken.error()));
      }
      begin = end + 1;
    }
    return begin;
  }

  /// Passes over a line that is too long to be held, of which this is the beginning. Half a line may say
  /// something else than the whole: only its kind is looked at.
  void skip_line(std::string_view beginning) {
    model::Sink nobody;
    const auto known = dat::decode_line(beginning, nobody);
    if (known && *known == dat::Known::yes) found_records_ = true;
    in_skipped_line_ = true;
    add_damage("longer than 256 KiB");
  }

  void drop_tail(std::size_t bytes) {
    add_damage("cut off after " + std::to_string(bytes) + " bytes");
  }

  bool found_records() const { return found_records_; }

 private:
  Result<void> take_line(std::string_view line) {
    auto known = dat::decode_line(line, sink_);
    if (known) {
      ++line_;
      if (*known == dat::Known::yes) found_records_ = true;
      return {};
    }
    auto& error = known.error();
    if (error.code != Errc::malformed) {
      error.place = path_;
      return Failure(std::move(error));
    }
    add_damage(std::move(error.what));
    return {};
  }

  /// How many of the bytes belong to the line that is passed over.
  std::size_t rest_of_skipped_line(std::string_view bytes) {
    const auto newline = bytes.find('\n');
    if (newline == std::string_view::npos) return bytes.size();
    in_skipped_line_ = false;
    return newline + 1;
  }

  void add_damage(std::string reason) { sink_.take(model::Damage{++line_, std::move(reason)}); }

  const std::string& path_;
  model::Sink& sink_;
  std::uint64_t line_ = 0;
  bool found_records_ = false;
  bool in_skipped_line_ = false;
};

/// Reads block after block; the line that a block cuts in two moves to the front and is ended by
/// the next, and one that fills a block is passed over. When the first block holds no record, no
/// later one is looked at.
Result<void> feed_blocks(const std::string& path, int fd, LineFeed& lines) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(block_size);
  std::size_t kept = 0;
  while (true) {
    auto got = read_block(fd, std::span(buffer.get() + kept, block_size - kept));
    if (!got) {
      got.error().place = path;
      return Failure(std::move(got.error()));
    }
    const auto filled = kept + *got;
    auto taken = lines.take_lines(std::string_view(buffer.get(), filled));
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
  if (!fd) {
    fd.error().hint = "mprofpp run PROGRAM makes a recording";
    return fd;
  }
  struct stat status {};
  if (::fstat(fd->get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return fail(Errc::malformed, path, "is a directory",
                "give a .dat file that mprofpp or mprof wrote");
  }
  return fd;
}

/// Widens a range by whatever has a time in it.
class RangeSink : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Meta& meta) override {
    if (meta.key != "start" || meta.values.empty()) return;
    const auto seconds = parse_number(meta.values.front());
    if (const auto start = seconds ? instant_from_seconds(*seconds) : std::nullopt) widen(*start);
  }
  void take(const model::Sample& sample) override { widen(sample.t); }
  void take(const model::ChildSample& sample) override { widen(sample.t); }
  // a thousand processes found at the start fill the first block before the first sample comes
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

struct Stretch {
  off_t offset;
  std::size_t bytes;
};

Result<void> read_stretch(int fd, Stretch stretch, LineFeed& lines) {
  std::string block(stretch.bytes, '\0');
  auto got = read_block_at(fd, block, stretch.offset);
  if (!got) return Failure(std::move(got.error()));
  std::string_view text(block.data(), *got);
  if (stretch.offset > 0) text.remove_prefix(std::min(text.find('\n'), text.size()));
  if (auto taken = lines.take_lines(text); !taken) return Failure(std::move(taken.error()));
  return {};
}

}  // namespace

Result<void> read(const std::string& path, model::Sink& sink) {
  auto fd = open_recording(path);
  if (!fd) return Failure(std::move(fd.error()));
  LineFeed lines(path, sink);
  return feed_blocks(path, fd->get(), lines);
}

Result<void> read_ends(const std::string& path, std::size_t bytes, model::Sink& sink) {
  auto fd = open_recording(path);
  if (!fd) return Failure(std::move(fd.error()));
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) return fail_errno(errno, path, "cannot read");

  LineFeed lines(path, sink);
  const auto size = static_cast<off_t>(bytes);
  if (status.st_size <= 2 * size) return read_stretch(fd->get(), {0, 2 * bytes}, lines);
  if (auto read = read_stretch(fd->get(), {0, bytes}, lines); !read) return read;
  return read_stretch(fd->get(), {status.st_size - size, bytes}, lines);
}

Result<std::optional<TimeRange>> time_range(const std::string& path) {
  RangeSink sink;
  if (auto read = read_ends(path, 64 * 1024, sink); !read) return Failure(std::move(read.error()));
  return sink.range;
}

}  // namespace mprofpp::store
