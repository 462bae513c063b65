#pragma once

#include <cstdint>

namespace mprofpp::agent {

/// A number and where it ends.
struct Number {
  std::uint64_t value = 0;
  const char* end;
};
inline Number number_at(const char* text) {
  Number number{0, text};
  for (; *number.end >= '0' && *number.end <= '9'; ++number.end) {
    number.value = number.value * 10 + static_cast<std::uint64_t>(*number.end - '0');
  }
  return number;
}

}  // namespace mprofpp::agent
