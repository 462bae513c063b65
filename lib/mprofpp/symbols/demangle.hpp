#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mprofpp::symbols {

/// Demangles a function name (`_Z…`) as abi::__cxa_demangle does. Returns nothing for a name that it cannot
/// read or whose text would be longer than 64 KiB: a few dozen bytes can stand for gigabytes.
std::optional<std::string> demangled(const std::string& symbol);

}  // namespace mprofpp::symbols
