#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/layout.hpp"

namespace mprofpp::wire {

/// Where to begin to look for an address in the table.
constexpr std::size_t answer_place(std::uint64_t address) {
  // Fibonacci hashing: functions are aligned, their low bits say little
  return (address * 0x9e3779b97f4a7c15u) >> 52;
}
static_assert(answer_slots == std::size_t{1} << (64 - 52));

/// Beyond half of the table probes get long: further functions are not put there. Those that are
/// wanted leave half of that to the others.
inline constexpr std::size_t most_answers = answer_slots / 2;
inline constexpr std::size_t most_wanted = most_answers / 2;

/// What the recorder has said of a function; `unknown` as long as it has not.
enum class Answer : std::uint8_t { unknown, muted, wanted };

inline Answer answer_of(const AnswerTable& table, std::uint64_t address) {
  for (std::size_t i = answer_place(address), tries = 0; tries < answer_slots;
       ++tries, i = (i + 1) % answer_slots) {
    const auto known = table.addresses[i].load(std::memory_order_relaxed);
    if (known == address) return Answer::muted;
    if (known == (address | wanted_bit)) return Answer::wanted;
    if (known == 0) break;
  }
  return Answer::unknown;
}

}  // namespace mprofpp::wire
