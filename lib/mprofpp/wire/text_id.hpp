#pragma once

#include <cstddef>
#include <cstdint>

namespace mprofpp::wire {

/// A text and its length.
struct TextView {
  const char* bytes;
  std::size_t length;
};

/// Returns the number of a text in the rings. It is a hash (FNV-1a), so that all processes of a run
/// agree on it without communication.
constexpr std::uint64_t id_of(TextView text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < text.length; ++i) {
    hash = (hash ^ static_cast<unsigned char>(text.bytes[i])) * 0x100000001b3;
  }
  return hash;
}

}  // namespace mprofpp::wire
