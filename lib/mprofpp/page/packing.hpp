#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::page {

/// Returns the number as four bytes, the lowest first.
std::string four_bytes(std::uint32_t number);

/// Compresses bytes as zlib does (RFC 1950), which browsers call "deflate". Errors: io if there is no memory.
Result<std::string> deflated(std::string_view bytes);

/// Returns the bytes as base64 (RFC 4648), with padding.
std::string base64(std::string_view bytes);

/// Returns the number of characters that base64() needs for so many bytes.
constexpr std::size_t base64_length(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

}  // namespace mprofpp::page
