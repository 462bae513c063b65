#include "door/scratch.hpp"

#include <sys/mman.h>

#include <cstdint>

#include "core/text_block.hpp"
#include "mprofpp/wire/door.hpp"

namespace mprofpp::agent::door {
namespace {

/// A hexadecimal number, and the position after its last digit.
struct Hexadecimal {
  std::uintptr_t value = 0;
  const char* end;
};

int digit_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  return -1;
}

Hexadecimal hexadecimal_at(const char* text) {
  Hexadecimal number{0, text};
  for (; digit_of(*number.end) >= 0; ++number.end) {
    number.value = number.value * 16 + static_cast<std::uintptr_t>(digit_of(*number.end));
  }
  return number;
}

}  // namespace

void unmap_scratch(const char* block) {
  const char* const text = value_in(block, wire::door::scratch_name);
  if (text == nullptr) return;
  const auto address = hexadecimal_at(text);
  if (*address.end != '-') return;
  const auto size = hexadecimal_at(address.end + 1);
  // the caller of mprofpp_open_door has mapped it
  ::munmap(reinterpret_cast<void*>(address.value),
           size.value);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace mprofpp::agent::door
