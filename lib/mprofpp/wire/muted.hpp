#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

namespace mprofpp::wire {

/// Where to begin to look for an address in the table.
constexpr std::size_t mute_place(std::uint64_t address) {
  // Fibonacci hashing: functions are aligned, their low bits say little
  return (address * 0x9e3779b97f4a7c15u) >> 52;
}
static_assert(mute_slots == std::size_t{1} << (64 - 52));

/// Beyond half of the table probes get long: further functions are not put there.
inline constexpr std::size_t most_muted = mute_slots / 2;

inline bool is_muted(const MuteTable& table, std::uint64_t address) {
  for (std::size_t i = mute_place(address), tries = 0; tries < mute_slots;
       ++tries, i = (i + 1) % mute_slots) {
    const auto known = table.addresses[i].load(std::memory_order_relaxed);
    if (known == address) return true;
    if (known == 0) return false;
  }
  return false;
}

}  // namespace mprofpp::wire
