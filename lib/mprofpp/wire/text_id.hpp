#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/writer.hpp"

namespace mprofpp::wire {

/// The number that a text has in the rings: FNV-1a, so that all processes of a run agree on it
/// without speaking.
constexpr std::uint64_t id_of(Span text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < text.length; ++i) {
    hash = (hash ^ static_cast<unsigned char>(text.bytes[i])) * 0x100000001b3;
  }
  return hash;
}

}  // namespace mprofpp::wire
