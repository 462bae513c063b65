#pragma once

#include <cstdint>
#include <string>

#include "mprofpp/model/record.hpp"

namespace mprofpp::app {

/// "x.dat: skipped 1 damaged line (line 14: cut off after 22 bytes)"
std::string damage_text(const std::string& file, std::uint64_t lines, const model::Damage& first);

}  // namespace mprofpp::app
