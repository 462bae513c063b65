#pragma once

#include <string>
#include <string_view>

#include "mprofpp/model/record.hpp"

namespace mprofpp::dat {

/// Returns a comma-separated list: open, raised, reused, active=<seconds>, grown=<MiB>; empty
/// if there is no flag.
std::string flags_text(const model::CallFlags& flags);

/// Reads the flags in such a list. Flags of a later version and numbers that cannot be read are skipped.
model::CallFlags to_flags(std::string_view list);

}  // namespace mprofpp::dat
