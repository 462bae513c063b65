#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// Returns true if a file name is mprofile_<14 digits>.dat, which is the default of run.
bool has_default_name(std::string_view name);

/// Returns the path of `name` in `folder`; only the name for the current folder.
std::string in_folder(const std::string& folder, const std::string& name);

/// Lists the recordings of a folder that have a default name, oldest first. Returns file names
/// without the folder. Fails if the folder cannot be read.
Result<std::vector<std::string>> list_recordings(const std::string& folder);

/// Finds the recording that a user means: a file of that name, otherwise an index into
/// list_recordings (negative ones count from the newest, -1). Errors: not_found, with the valid
/// indices in the hint.
Result<std::string> pick_recording(const std::string& folder, const std::string& name_or_index);

/// Returns the recording with that index, which must be a number. Errors: the same as for pick_recording().
Result<std::string> recording_at(const std::string& folder, const std::string& index);

/// Lists the recordings of a folder that have another name, *.dat, in the order in which they were
/// last written. Returns file names without the folder. Opens each such file, because its name does
/// not show whether it is a recording.
std::vector<std::string> list_named(const std::string& folder);

/// Finds the recording of the folder that was written last, whatever its name; of those with a
/// default name, the last by name. Errors: not_found.
Result<std::string> newest_recording(const std::string& folder);

}  // namespace mprofpp::store
