#pragma once

#include <string>

#include "mprofpp/base/bytes.hpp"

namespace mprofpp {

/// The name of this machine; empty if it has none.
std::string host_name();

/// The memory of this machine: what MemTotal of /proc/meminfo says. 0 if unknown.
Bytes host_memory();

}  // namespace mprofpp
