#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mprofpp::fuzz {

/// What each *_fuzz.cpp defines: takes bytes that mean harm, and expects what must hold of any
/// bytes.
void check(std::string_view bytes);

}  // namespace mprofpp::fuzz
