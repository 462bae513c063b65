#pragma once

#include <optional>
#include <string>

#include "mprofpp/symbols/elf_file.hpp"

namespace mprofpp::symbols {

/// How much a name may cost: between two samples everything must be over in a few milliseconds.
enum class Effort { between_samples, unlimited };

struct DebugSearch {
  std::optional<ElfFile> found;
  bool was_too_much = false;  ///< there is a file that only an unlimited effort can be sure of
};

/// Looks for the separate file with the symbols of `file`, which was opened as `path`: by its
/// build-id below `debug_root`, else by the name in .gnu_debuglink in the same folder, in its
/// folder .debug, and below `debug_root`. It is the right one if the build-ids are the same or,
/// where one has none, the checksum is. To add up a large file is an unlimited effort.
DebugSearch find_debug_file(const ElfFile& file, const std::string& path,
                            const std::string& debug_root, Effort effort);

}  // namespace mprofpp::symbols
