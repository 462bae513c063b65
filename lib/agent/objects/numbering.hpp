#pragma once

#include <cstdint>

#include "objects/array.hpp"
#include "python/layout.hpp"

namespace mprofpp::agent::objects {

inline constexpr std::uint32_t no_number = 0xFFFFFFFF;

/// Gives objects numbers from 0 on. It has a bit for each place where an object can be, in blocks of memory
/// in which there are any: Python keeps its objects close together, so that a million of them take some
/// megabytes, which the processor's cache can hold. First all objects are added, then they are numbered.
class Numbering {
 public:
  /// Returns false if there is no memory.
  bool add(const python::Object* object);
  /// Ends the adding.
  void number();

  std::uint32_t count() const { return count_; }
  /// Returns no_number if the object was not added.
  std::uint32_t find(const python::Object* object) const {
    const auto place = Place::of(object);
    const bool can_be_object = reinterpret_cast<std::uint64_t>(object) % place_size == 0;
    const auto slot = can_be_object ? slot_of(place.page) : no_number;
    return slot == no_number || slots_[slot] == 0 ? no_number
                                                  : blocks_[slots_[slot] - 1].number_at(place);
  }
  python::Object* object(std::uint32_t number) const;

  /// Calls function(object) for each object in the order of their numbers, until one returns false. Returns
  /// false in this case.
  template <class Function>
  bool visit(Function function) const {
    for (const auto& block : blocks_) {
      for (unsigned word = 0; word < words; ++word) {
        for (auto bits = block.bits[word]; bits != 0; bits &= bits - 1) {
          if (!function(block.object_at(word, bits))) return false;
        }
      }
    }
    return true;
  }

  std::size_t bytes() const {
    return blocks_.size() * sizeof(Block) + slots_.size() * sizeof(std::uint32_t);
  }

 private:
  static constexpr unsigned words = 4;
  static constexpr unsigned page_bits = 11;  ///< a block is for 2 KiB: 256 places of 8 bytes
  static constexpr unsigned place_bits = 3;
  static constexpr unsigned place_size = 1U << place_bits;

  /// The place of an object: the number of the block's memory, and of the bit in it.
  struct Place {
    std::uint64_t page;
    unsigned word;
    unsigned bit;

    static Place of(const python::Object* object) {
      const auto address = reinterpret_cast<std::uint64_t>(object);
      return {address >> page_bits, static_cast<unsigned>(address >> (place_bits + 6)) % words,
              static_cast<unsigned>(address >> place_bits) % 64};
    }
  };

  struct alignas(64) Block {
    std::uint64_t page;
    std::uint64_t bits[words];
    std::uint32_t first;         ///< the number of the first object
    std::uint8_t before[words];  ///< how many objects there are before each word

    std::uint32_t number_at(const Place& place) const {
      const auto mask = std::uint64_t{1} << place.bit;
      const auto word = bits[place.word];
      if ((word & mask) == 0) return no_number;
      return first + before[place.word] + count_bits(word & (mask - 1));
    }
    python::Object* object_at(unsigned word, std::uint64_t from_bit) const {
      const auto bit = static_cast<unsigned>(__builtin_ctzll(from_bit));
      return reinterpret_cast<python::Object*>(page << page_bits | (word * 64 + bit) << place_bits);
    }
  };

  /// Counts the bits that are set. The builtin function would be in a library that is not linked.
  static std::uint32_t count_bits(std::uint64_t word) {
    word -= word >> 1 & 0x5555555555555555;
    word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F;
    return static_cast<std::uint32_t>(word * 0x0101010101010101 >> 56);
  }

  /// Returns the slot of a block, or the free one where it would be; no_number if there are no slots.
  std::uint32_t slot_of(std::uint64_t page) const {
    if (slots_.size() == 0) return no_number;
    const auto mask = slots_.size() - 1;
    auto slot = (page * 0x9E3779B97F4A7C15 >> 20) & mask;
    while (slots_[slot] != 0 && blocks_[slots_[slot] - 1].page != page) slot = (slot + 1) & mask;
    return static_cast<std::uint32_t>(slot);
  }
  Block* block_for(std::uint64_t page);
  bool make_slots(std::size_t count);

  Array<Block> blocks_;
  Array<std::uint32_t> slots_;  ///< the number of a block and 1; a power of two of them
  std::uint32_t last_ = 0;      ///< the block that was needed last
  std::uint32_t count_ = 0;
};

}  // namespace mprofpp::agent::objects
