#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

namespace mprofpp::inject {

/// An address in another process.
using Address = std::uint64_t;

/// The memory of another process. Its content is never trusted.
class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;

  /// Fills `buffer`. Returns false if not all of it is mapped and readable.
  virtual bool read(Address from, std::span<char> buffer) const = 0;

  template <class Value>
  std::optional<Value> value_at(Address from) const {
    static_assert(std::is_trivially_copyable_v<Value>);
    Value value{};
    if (!read(from, std::span(reinterpret_cast<char*>(&value), sizeof value))) return std::nullopt;
    return value;
  }

  /// Returns the text up to its zero byte, or `limit` bytes of it; empty if it cannot be read.
  std::string text_at(Address from, std::size_t limit) const;
};

/// Reads and writes without stopping the process.
class ProcessMemory : public Memory {
 public:
  explicit ProcessMemory(pid_t pid) : pid_(pid) {}

  bool read(Address from, std::span<char> buffer) const override;
  /// Returns false if not all of it is mapped and writable.
  bool write(Address to, std::span<const char> bytes) const;

  template <class Value>
  bool write_value(Address to, const Value& value) const {
    static_assert(std::is_trivially_copyable_v<Value>);
    return write(to, std::span(reinterpret_cast<const char*>(&value), sizeof value));
  }

 private:
  pid_t pid_;
};

}  // namespace mprofpp::inject
