#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "mprofpp/wire/layout.hpp"
#include "mprofpp/wire/line_table.hpp"

namespace mprofpp::test {

/// The numbers of a line in a table that a test makes.
struct TableLine {
  std::uint32_t line = 0;
  std::uint64_t count = 0;
  std::int64_t added = 0;
  std::uint64_t most = 0;
  std::uint64_t peak = 0;
  std::uint64_t elapsed = 0;
};

/// Makes the bytes of a file of line tables, as a process would.
class TableBytes {
 public:
  struct Process {
    std::uint32_t pid = 42;
    std::uint64_t start = 1;
    std::uint64_t begun = 2;
  };
  struct Function {
    std::string_view name = "app.load";
    std::string_view file = "/srv/app.py";
    std::uint32_t first_line = 10;
    std::int32_t precision = -1;
    std::uint64_t calls = 0;
    std::uint64_t ended = 0;
    std::uint64_t first_entry = 0;
    std::uint64_t most_entry = 0;
  };

  explicit TableBytes(const Process& process) : bytes_(sizeof(wire::LineTableHeader), '\0') {
    put(offsetof(Header, magic), wire::line_table_magic);
    put(offsetof(Header, stamp), wire::stamp);
    put(offsetof(Header, pid), process.pid);
    put(offsetof(Header, start), process.start);
    put(offsetof(Header, begun), process.begun);
    set_used();
  }

  void allocated(std::uint64_t bytes) { put(offsetof(Header, allocated), bytes); }
  void highest(std::uint64_t bytes) { put(offsetof(Header, highest), bytes); }
  void facts(std::uint32_t bits) { put(offsetof(Header, facts), bits); }
  void used(std::uint64_t bytes) { put(offsetof(Header, used), bytes); }

  void function(std::uint32_t number, const Function& function) {
    using Block = wire::FunctionBlock;
    const auto at = begin(wire::BlockKind::function, sizeof(Block));
    put(at + offsetof(Block, number), number);
    put(at + offsetof(Block, first_line), function.first_line);
    put(at + offsetof(Block, precision), function.precision);
    put(at + offsetof(Block, name_length), static_cast<std::uint32_t>(function.name.size()));
    put(at + offsetof(Block, file_length), static_cast<std::uint32_t>(function.file.size()));
    put(at + offsetof(Block, calls), function.calls);
    put(at + offsetof(Block, ended), function.ended);
    put(at + offsetof(Block, first_entry), function.first_entry);
    put(at + offsetof(Block, most_entry), function.most_entry);
    bytes_.append(function.name).append(function.file);
    end(at);
  }

  /// Adds a block that begins with the line's.
  void line(std::uint32_t function, const TableLine& numbers) {
    using Block = wire::LinesBlock;
    using Entry = wire::LineEntry;
    const auto at = begin(wire::BlockKind::lines, sizeof(Block));
    put(at + offsetof(Block, function), function);
    put(at + offsetof(Block, first_line), numbers.line);
    const auto entry = at + offsetof(Block, lines);
    put(entry + offsetof(Entry, count), numbers.count);
    put(entry + offsetof(Entry, added), numbers.added);
    put(entry + offsetof(Entry, most), numbers.most);
    put(entry + offsetof(Entry, peak), numbers.peak);
    put(entry + offsetof(Entry, elapsed), numbers.elapsed);
    end(at);
  }

  void name(std::string_view text) {
    const auto at = begin(wire::BlockKind::name, sizeof(wire::NameBlock));
    put(at + offsetof(wire::NameBlock, length), static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
    end(at);
  }

  const std::string& bytes() const { return bytes_; }
  std::string_view blocks() const {
    return std::string_view(bytes_).substr(sizeof(wire::LineTableHeader));
  }

 private:
  using Header = wire::LineTableHeader;

  template <class T>
  void put(std::size_t offset, T value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof value);
  }
  std::size_t begin(wire::BlockKind kind, std::size_t size) {
    const auto at = bytes_.size();
    bytes_.resize(at + size);
    put(at + offsetof(wire::BlockHeader, kind), kind);
    return at;
  }
  void end(std::size_t at) {
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
    put(at + offsetof(wire::BlockHeader, size), static_cast<std::uint32_t>(bytes_.size() - at));
    set_used();
  }
  void set_used() { used(bytes_.size()); }

  std::string bytes_;
};

}  // namespace mprofpp::test
