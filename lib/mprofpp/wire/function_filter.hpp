#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

namespace mprofpp::wire {

/// Returns the slot of a FunctionFilter at which the search for an address starts.
constexpr std::size_t filter_place(std::uint64_t address) {
  // Fibonacci hashing: functions are aligned, so their low bits say little
  return (address * 0x9e3779b97f4a7c15u) >> 52;
}
static_assert(filter_slots == std::size_t{1} << (64 - 52));

/// Beyond half of the filter probes get long, so no more functions are added then. Wanted functions
/// take at most half of that and leave the rest to the others.
inline constexpr std::size_t most_filter_entries = filter_slots / 2;
inline constexpr std::size_t most_wanted_entries = most_filter_entries / 2;

/// The recorder's decision about a function; `unknown` as long as there is none.
enum class Verdict : std::uint8_t { unknown, muted, wanted };

inline Verdict verdict_on(const FunctionFilter& filter, std::uint64_t address) {
  for (std::size_t i = filter_place(address), tries = 0; tries < filter_slots;
       ++tries, i = (i + 1) % filter_slots) {
    const auto known = filter.addresses[i].load(std::memory_order_relaxed);
    if (known == address) return Verdict::muted;
    if (known == (address | wanted_bit)) return Verdict::wanted;
    if (known == 0) break;
  }
  return Verdict::unknown;
}

}  // namespace mprofpp::wire
