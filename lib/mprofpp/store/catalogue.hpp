#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// Whether a file name is mprofile_<14 digits>.dat, as run gives it.
bool has_default_name(std::string_view name);

/// The path of `name` in `folder`; just the name in the current one.
std::string in_folder(const std::string& folder, const std::string& name);

/// The recordings of a folder that carry a default name, oldest first. Answers file names without the
/// folder. Fails when the folder cannot be read.
Result<std::vector<std::string>> list_recordings(const std::string& folder);

/// The recording a person means: a file of that name, else an index into list_recordings (negative
/// ones count from the newest, -1). Errors: not_found, saying which indices there are.
Result<std::string> pick_recording(const std::string& folder, const std::string& name_or_index);

/// The recording of that index, which must be a number. Errors as pick_recording().
Result<std::string> recording_at(const std::string& folder, const std::string& index);

/// The newest recording of the folder that has a default name. Errors: not_found.
Result<std::string> newest_recording(const std::string& folder);

/// The recording of another name, *.dat, that was written last, if that was after `path` was; empty if
/// there is none. `path` may be empty too: then any will do.
std::string named_later(const std::string& folder, const std::string& path);

}  // namespace mprofpp::store
