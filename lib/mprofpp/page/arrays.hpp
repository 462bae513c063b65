#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "mprofpp/page/packing.hpp"

namespace mprofpp::page {

using Json = nlohmann::ordered_json;

/// Appends the number as LEB128: seven bits in each byte, the lowest first, and the eighth bit if more
/// follow.
void append_unsigned(std::string& out, std::uint64_t number);

/// Appends a number that may be negative. The sign is in the lowest bit (zigzag), so that small numbers are
/// short.
void append_signed(std::string& out, std::int64_t number);

/// Collects the arrays of numbers of a page as bytes. Each function appends an array and returns the object
/// of JSON that refers to it: where it is, how many numbers it has, and how they are written.
class Arrays {
 public:
  template <class Items, class NumberOf>
  Json add_unsigned(const Items& items, NumberOf number_of) {
    auto json = reference(items.size(), "u");
    for (const auto& item : items) append_unsigned(bytes_, number_of(item));
    return json;
  }
  /// The differences between the numbers that `number_of` makes of the items; the first one is that from 0. A
  /// value is `scale` times the sum of the differences up to it.
  template <class Items, class NumberOf>
  Json add_deltas(const Items& items, double scale, NumberOf number_of) {
    auto json = reference(items.size(), "d");
    json["scale"] = scale;
    json["from"] = 0;
    std::int64_t before = 0;
    for (const auto& item : items) {
      const std::int64_t number = number_of(item);
      append_signed(bytes_, number - before);
      before = number;
    }
    return json;
  }
  /// 32 bits each, little endian.
  template <class Items, class NumberOf>
  Json add_floats(const Items& items, NumberOf number_of) {
    auto json = reference(items.size(), "f");
    for (const auto& item : items)
      bytes_ += four_bytes(std::bit_cast<std::uint32_t>(number_of(item)));
    return json;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  Json reference(std::size_t count, const char* kind) const;

  std::string bytes_;
};

}  // namespace mprofpp::page
