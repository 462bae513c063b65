#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mprofpp::fuzz {

/// Checks what must hold for any bytes, even malicious ones. Each *_fuzz.cpp defines this function.
void check(std::string_view bytes);

}  // namespace mprofpp::fuzz
