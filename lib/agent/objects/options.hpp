#pragma once

#include <string.h>

#include "core/freestanding.hpp"
#include "mprofpp/wire/writer.hpp"

namespace mprofpp::agent::objects {

/// The options of a request, which are separated by newlines.
class Options {
 public:
  explicit Options(wire::TextView text) : text_(text) {}

  /// Returns true if one of them is `name`.
  bool has(const char* name) const {
    const std::size_t length = strlen(name);
    for (const char* at = text_.bytes; at < text_.bytes + text_.length; at += line_size(at) + 1) {
      if (line_size(at) == length && memcmp(at, name, length) == 0) return true;
    }
    return false;
  }
  /// Returns what follows `name`, such as "count="; no bytes if there is no such option.
  wire::TextView after(const char* name) const {
    const std::size_t length = strlen(name);
    for (const char* at = text_.bytes; at < text_.bytes + text_.length;) {
      const auto size = line_size(at);
      if (size >= length && memcmp(at, name, length) == 0) return {at + length, size - length};
      at += size + 1;
    }
    return {nullptr, 0};
  }
  /// Returns the number that follows `name`.
  std::uint64_t number_after(const char* name, std::uint64_t otherwise) const {
    const auto digits = after(name);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < digits.length; ++i) {
      if (digits.bytes[i] < '0' || digits.bytes[i] > '9' || number > most) return otherwise;
      number = number * 10 + static_cast<std::uint64_t>(digits.bytes[i] - '0');
    }
    return digits.length == 0 ? otherwise : number;
  }

 private:
  static constexpr std::uint64_t most = 1'000'000'000'000;

  std::size_t line_size(const char* at) const {
    const auto left = static_cast<std::size_t>(text_.bytes + text_.length - at);
    const auto* const newline = static_cast<const char*>(memchr(at, '\n', left));
    return newline == nullptr ? left : static_cast<std::size_t>(newline - at);
  }

  wire::TextView text_;
};

}  // namespace mprofpp::agent::objects
