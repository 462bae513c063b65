#include "mprofpp/page/arrays.hpp"

namespace mprofpp::page {

void append_unsigned(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out += static_cast<char>((number & 0x7f) | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

void append_signed(std::string& out, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  append_unsigned(out, (bits << 1) ^ (number < 0 ? ~std::uint64_t{0} : 0));
}

Json Arrays::reference(std::size_t count, const char* kind) const {
  return {{"at", bytes_.size()}, {"n", count}, {"as", kind}};
}

}  // namespace mprofpp::page
