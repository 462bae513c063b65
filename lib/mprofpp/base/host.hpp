#pragma once

#include <string>

#include "mprofpp/base/bytes.hpp"

namespace mprofpp {

/// Returns the name of this machine; empty if it has none.
std::string host_name();

/// Returns the memory of this machine, as MemTotal in /proc/meminfo; 0 if unknown.
Bytes host_memory();

/// Returns the size of a page of this machine's memory.
Bytes page_size();

}  // namespace mprofpp
