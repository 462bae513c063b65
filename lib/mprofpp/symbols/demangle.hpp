#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mprofpp::symbols {

/// What abi::__cxa_demangle says of a mangled function name (`_Z…`); nothing for what it cannot
/// read, and for a name whose text would be longer than 64 KiB: a few dozen bytes can stand for
/// gigabytes.
std::optional<std::string> demangled(const std::string& symbol);

}  // namespace mprofpp::symbols
