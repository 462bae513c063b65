#include "mprofpp/ring/line_table.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "mprofpp/base/file.hpp"

namespace mprofpp::ring {
namespace {

using wire::BlockHeader;
using wire::BlockKind;
using wire::FunctionBlock;
using wire::LinesBlock;
using wire::LineTableHeader;
using wire::NameBlock;

constexpr std::size_t largest_table = 64 << 20;
constexpr std::size_t longest_name = 4096;
/// Amounts of memory, and counts, that no process reaches.
constexpr std::uint64_t beyond = std::uint64_t{1} << 62;
constexpr std::uint32_t last_line = std::numeric_limits<std::int32_t>::max();

template <class T>
T field(std::span<const char> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::uint64_t number(std::span<const char> bytes, std::size_t offset) {
  const auto value = field<std::uint64_t>(bytes, offset);
  return value < beyond ? value : 0;
}

std::int64_t signed_number(std::span<const char> bytes, std::size_t offset) {
  constexpr auto limit = static_cast<std::int64_t>(beyond);
  const auto value = field<std::int64_t>(bytes, offset);
  return value > -limit && value < limit ? value : 0;
}

std::uint64_t sum_of(std::uint64_t a, std::uint64_t b) {
  return std::min(a + b, beyond - 1);  // both are less than `beyond`
}

std::string text(std::span<const char> bytes) {
  return {bytes.data(), std::min(bytes.size(), longest_name)};
}

LineNumbers entry_in(std::span<const char> bytes) {
  using Entry = wire::LineEntry;
  return {number(bytes, offsetof(Entry, count)), signed_number(bytes, offsetof(Entry, added)),
          number(bytes, offsetof(Entry, most)), number(bytes, offsetof(Entry, peak)),
          number(bytes, offsetof(Entry, elapsed))};
}

CallNumbers calls_in(std::span<const char> block) {
  CallNumbers calls;
  calls.precision = field<std::int32_t>(block, offsetof(FunctionBlock, precision));
  calls.calls = number(block, offsetof(FunctionBlock, calls));
  calls.ended = number(block, offsetof(FunctionBlock, ended));
  calls.shared = number(block, offsetof(FunctionBlock, shared));
  calls.interleaved = number(block, offsetof(FunctionBlock, interleaved));
  calls.first_entry = number(block, offsetof(FunctionBlock, first_entry));
  calls.most_entry = number(block, offsetof(FunctionBlock, most_entry));
  return calls;
}

void add(const LineNumbers& later, LineNumbers& sum) {
  sum.count = sum_of(sum.count, later.count);
  constexpr auto limit = static_cast<std::int64_t>(beyond) - 1;
  sum.added = std::clamp(sum.added + later.added, -limit, limit);
  sum.most = std::max(sum.most, later.most);
  sum.peak = std::max(sum.peak, later.peak);
  sum.elapsed = sum_of(sum.elapsed, later.elapsed);
}

std::optional<CountedFunction> function_in(std::span<const char> block) {
  if (block.size() < sizeof(FunctionBlock)) return std::nullopt;
  const std::uint64_t name = field<std::uint32_t>(block, offsetof(FunctionBlock, name_length));
  const std::uint64_t file = field<std::uint32_t>(block, offsetof(FunctionBlock, file_length));
  if (sizeof(FunctionBlock) + name + file > block.size()) return std::nullopt;
  const auto texts = block.subspan(sizeof(FunctionBlock));
  const auto first_line = field<std::uint32_t>(block, offsetof(FunctionBlock, first_line));
  return CountedFunction{{text(texts.first(name)), text(texts.subspan(name, file)),
                          std::clamp(first_line, std::uint32_t{1}, last_line)},
                         calls_in(block),
                         {}};
}

/// Collects the blocks of a table.
class BlockReader {
 public:
  void take(BlockKind kind, std::span<const char> block) {
    if (kind == BlockKind::function) take_function(block);
    if (kind == BlockKind::lines) take_lines(block);
    if (kind == BlockKind::name) take_name(block);
  }
  LineTableContent finish() { return std::move(content_); }

 private:
  void take_function(std::span<const char> block) {
    auto function = function_in(block);
    if (!function) return;
    auto& functions = content_.functions;
    const auto [known, is_new] = by_key_.try_emplace(function->key, functions.size());
    by_number_[field<std::uint32_t>(block, offsetof(FunctionBlock, number))] = known->second;
    if (is_new)
      functions.push_back(std::move(*function));
    else
      ring::add(*function, functions[known->second]);
  }

  void take_lines(std::span<const char> block) {
    if (block.size() < sizeof(LinesBlock)) return;
    const auto found = by_number_.find(field<std::uint32_t>(block, offsetof(LinesBlock, function)));
    if (found == by_number_.end()) return;
    auto& function = content_.functions[found->second];
    const std::uint64_t first = field<std::uint32_t>(block, offsetof(LinesBlock, first_line));
    for (std::uint64_t i = 0; i < wire::lines_per_block; ++i) {
      const auto entry =
          entry_in(block.subspan(offsetof(LinesBlock, lines) + i * sizeof(wire::LineEntry)));
      const bool is_possible = first + i >= function.key.first_line && first + i <= last_line;
      if (is_possible && entry != LineNumbers{}) {
        add(entry, function.lines[static_cast<std::uint32_t>(first + i)]);
      }
    }
  }

  void take_name(std::span<const char> block) {
    if (block.size() < sizeof(NameBlock)) return;
    const std::size_t length = field<std::uint32_t>(block, offsetof(NameBlock, length));
    const auto rest = block.subspan(sizeof(NameBlock));
    if (length <= rest.size()) content_.other_names.push_back(text(rest.first(length)));
  }

  LineTableContent content_;
  std::map<FunctionKey, std::size_t> by_key_;
  std::map<std::uint32_t, std::size_t> by_number_;
};

/// Opens without blocking, because the file could be a pipe with the name of a table.
Result<Fd> open_table(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno(errno, path, "cannot read the size of");
  if (!S_ISREG(status.st_mode)) return fail(Errc::malformed, path, "is not a regular file");
  return fd;
}

using HeaderBytes = std::array<char, sizeof(LineTableHeader)>;

Result<HeaderBytes> read_header(int fd, const std::string& path) {
  HeaderBytes bytes;
  const auto length = read_block_at(fd, bytes, 0);
  if (!length) return fail(Errc::io, path, length.error().what);
  if (*length < bytes.size()) return fail(Errc::malformed, path, "ends in its header");
  return bytes;
}

Result<LineTableContent> read_blocks(int fd, const std::string& path) {
  const auto header = read_header(fd, path);
  if (!header) return Failure(header.error());
  const auto state = parse_table_state(*header);
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail_errno(errno, path, "cannot read the size of");
  const auto size = std::min(
      {state.used, static_cast<std::uint64_t>(status.st_size), std::uint64_t{largest_table}});
  std::vector<char> blocks(size - std::min(size, std::uint64_t{sizeof(LineTableHeader)}));
  const auto length = read_block_at(fd, blocks, sizeof(LineTableHeader));
  if (!length) return fail(Errc::io, path, length.error().what);
  return parse_table_blocks(std::span<const char>(blocks).first(*length));
}

}  // namespace

void add(const CountedFunction& later, CountedFunction& sum) {
  const auto& from = later.calls;
  auto& calls = sum.calls;
  if (calls.precision < 0) calls.precision = from.precision;
  if (calls.calls == 0) calls.first_entry = from.first_entry;
  calls.calls = sum_of(calls.calls, from.calls);
  calls.ended = sum_of(calls.ended, from.ended);
  calls.shared = sum_of(calls.shared, from.shared);
  calls.interleaved = sum_of(calls.interleaved, from.interleaved);
  calls.most_entry = std::max(calls.most_entry, from.most_entry);
  for (const auto& [line, numbers] : later.lines) add(numbers, sum.lines[line]);
}

Result<LineTableIdentity> parse_table_identity(std::span<const char> header) {
  if (header.size() < sizeof(LineTableHeader) ||
      field<std::uint32_t>(header, offsetof(LineTableHeader, magic)) != wire::line_table_magic) {
    return fail(Errc::malformed, "", "is not a line table");
  }
  if (field<std::uint32_t>(header, offsetof(LineTableHeader, stamp)) != wire::stamp) {
    return fail(Errc::unsupported, "", "was written by another build of mprofpp");
  }
  return LineTableIdentity{field<std::uint32_t>(header, offsetof(LineTableHeader, pid)),
                           field<std::uint64_t>(header, offsetof(LineTableHeader, start)),
                           field<std::uint64_t>(header, offsetof(LineTableHeader, begun))};
}

LineTableState parse_table_state(std::span<const char> header) {
  const auto bytes = [&](std::size_t offset) {
    return Bytes(static_cast<std::int64_t>(number(header, offset)));
  };
  return {number(header, offsetof(LineTableHeader, used)),
          bytes(offsetof(LineTableHeader, allocated)), bytes(offsetof(LineTableHeader, highest)),
          field<std::uint32_t>(header, offsetof(LineTableHeader, facts))};
}

LineTableContent parse_table_blocks(std::span<const char> blocks) {
  BlockReader reader;
  while (blocks.size() >= sizeof(BlockHeader)) {
    const std::size_t size = field<std::uint32_t>(blocks, offsetof(BlockHeader, size));
    if (size < sizeof(BlockHeader) || size % 8 != 0 || size > blocks.size()) break;
    const auto kind = field<BlockKind>(blocks, offsetof(BlockHeader, kind));
    reader.take(kind, blocks.first(size));
    blocks = blocks.subspan(size);
  }
  return reader.finish();
}

Result<LineTable> LineTable::open(std::string path) {
  auto fd = open_table(path);
  if (!fd) return Failure(std::move(fd.error()));
  const auto header = read_header(fd->get(), path);
  if (!header) return Failure(header.error());
  const auto identity = parse_table_identity(*header);
  if (!identity) return fail(identity.error().code, path, identity.error().what);
  if (!may_be_kept(*fd)) fd->close();
  return LineTable(std::move(path), std::move(*fd), *identity);
}

Result<LineTableState> LineTable::read_state() const {
  const auto opened = fd_ ? Result<Fd>(Fd()) : open_table(path_);
  if (!opened) return Failure(opened.error());
  const auto header = read_header(fd_ ? fd_.get() : opened->get(), path_);
  if (!header) return Failure(header.error());
  return parse_table_state(*header);
}

Result<LineTableContent> LineTable::read_content() const {
  const auto opened = fd_ ? Result<Fd>(Fd()) : open_table(path_);
  if (!opened) return Failure(opened.error());
  return read_blocks(fd_ ? fd_.get() : opened->get(), path_);
}

void LineTable::remove() {
  ::unlink(path_.c_str());
  fd_.close();
}

}  // namespace mprofpp::ring
