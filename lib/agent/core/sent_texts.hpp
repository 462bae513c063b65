#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/writer.hpp"

namespace mprofpp::agent {

/// Remembers which texts were written to the ring lately. A text that is forgotten is written again.
class SentTexts {
 public:
  constexpr SentTexts() = default;

  /// Writes the text to ring number `generation`, unless it is known to be there. Returns its id.
  std::uint64_t write(wire::Writer& writer, std::uint32_t generation, wire::TextView text);

 private:
  static constexpr std::size_t slots = 1024;

  std::atomic<std::uint64_t> sent_[slots] = {};  ///< id and generation combined
};

}  // namespace mprofpp::agent
