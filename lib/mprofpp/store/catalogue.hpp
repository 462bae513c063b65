#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// The recordings of a folder that carry a default name (mprofile_<14 digits>.dat), oldest first.
/// Answers file names without the folder. Fails when the folder cannot be read.
Result<std::vector<std::string>> list_recordings(const std::string& folder);

/// The recording a person means: a file of that name, else an index into list_recordings (negative
/// ones count from the newest, -1). Errors: not_found, saying which indices there are.
Result<std::string> pick_recording(const std::string& folder, const std::string& name_or_index);

/// The newest recording of the folder. Errors: not_found.
Result<std::string> newest_recording(const std::string& folder);

}  // namespace mprofpp::store
