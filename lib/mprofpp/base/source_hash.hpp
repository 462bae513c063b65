#pragma once

#include <cstdint>
#include <string_view>

namespace mprofpp {

/// Returns the FNV-1a hash of a source file's bytes. A recording contains the hashes of the files whose lines
/// it counts, so that a reader notices that a file has changed since then.
constexpr std::uint64_t source_hash(std::string_view text) {
  constexpr std::uint64_t prime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * prime;
  return hash;
}

/// Stands for the hash of a source that had changed before it could be hashed.
inline constexpr std::uint64_t unknown_source_hash = 0;

}  // namespace mprofpp
