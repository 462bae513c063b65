#pragma once

#include <optional>
#include <string>

#include "mprofpp/symbols/elf_file.hpp"

namespace mprofpp::symbols {

/// How much work a name may take: between two samples, everything must be over in a few milliseconds.
enum class Effort { between_samples, unlimited };

struct DebugSearch {
  std::optional<ElfFile> found;
  bool was_too_expensive = false;  ///< only an unlimited effort can verify one of the files
};

/// Looks for the separate file with the symbols of `file`, which was opened as `path`: by its
/// build-id below `debug_root`, otherwise by the name in .gnu_debuglink in the same folder, in its
/// folder .debug, and below `debug_root`. A file is the right one if its build-id is the same or,
/// if one of the two has none, its checksum matches. Computing the checksum of a large file needs
/// an unlimited effort.
DebugSearch find_debug_file(const ElfFile& file, const std::string& path,
                            const std::string& debug_root, Effort effort);

}  // namespace mprofpp::symbols
