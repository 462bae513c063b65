#pragma once

#include <cstdint>

#include "objects/array.hpp"

namespace mprofpp::agent::objects {

/// A set of small numbers.
class Bits {
 public:
  /// Makes room for numbers below `count`. Returns false if there is no memory.
  bool make(std::size_t count) { return words_.add_several(count / bits_of_word + 1) != nullptr; }
  bool has(std::uint32_t number) const {
    return (words_[number / bits_of_word] >> number % bits_of_word & 1U) != 0;
  }
  void add(std::uint32_t number) {
    words_[number / bits_of_word] |= std::uint64_t{1} << number % bits_of_word;
  }
  std::size_t bytes() const { return words_.size() * sizeof(std::uint64_t); }

 private:
  static constexpr std::size_t bits_of_word = 64;
  Array<std::uint64_t> words_;
};

}  // namespace mprofpp::agent::objects
