#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/inject/memory.hpp"

namespace mprofpp::inject {

/// The start of a file that is mapped into a process, which is where its ELF header is.
struct MappedStart {
  Address begin = 0;
  std::string path;  ///< as the kernel writes it, without " (deleted)"

  std::string_view name() const;  ///< what follows the last slash
};

/// Parses /proc/PID/maps. Only mappings of the first byte of a file are returned; lines that make no sense
/// are skipped.
std::vector<MappedStart> parse_maps(std::string_view text);

/// Errors: denied, vanished, not_found.
Result<std::vector<MappedStart>> read_maps(pid_t pid);

}  // namespace mprofpp::inject
