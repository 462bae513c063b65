#pragma once

#include <cstddef>
#include <cstdint>

namespace mprofpp::wire {

/// Builds a short text without allocation. Text that does not fit is cut off, and then
/// fits() returns false.
class Path {
 public:
  explicit Path(const char* text) { add(text); }

  Path& add(const char* text) {
    while (*text != '\0') add(*text++);
    return *this;
  }
  Path& add(char byte) {
    if (length_ + 1 < room)
      text_[length_++] = byte;
    else
      fits_ = false;
    text_[length_] = '\0';
    return *this;
  }
  Path& add_number(std::uint64_t number) {
    if (number >= 10) add_number(number / 10);
    return add(static_cast<char>('0' + number % 10));
  }

  bool fits() const { return fits_; }
  const char* text() const { return text_; }

 private:
  static constexpr std::size_t room = 512;

  char text_[room];
  std::size_t length_ = 0;
  bool fits_ = true;
};

}  // namespace mprofpp::wire
