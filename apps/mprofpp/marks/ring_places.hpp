#pragma once

#include <string>
#include <vector>

namespace mprofpp::app {

/// Returns the folders that may hold the rings, the best first. Rings are shared memory, so a file system
/// in memory is best: /dev/shm, then XDG_RUNTIME_DIR. Root does not use the latter, because programs of
/// root may switch to a user that cannot enter it. The last resort is the folder of the recording
/// `output`.
std::vector<std::string> places_for_rings(const std::string& output);

}  // namespace mprofpp::app
