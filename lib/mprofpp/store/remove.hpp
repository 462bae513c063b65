#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// The files that go when a person removes recordings: for each operand an index into list_recordings
/// (negative ones count from the newest; a number always means an index) or a file, and with each its
/// twin <stem>_ts.dat where there is one (mprof's old two-file format). Every operand is resolved before
/// anything is removed; what is named twice is there once.
///
/// Errors: not_found for an index or a file that is not there; malformed for a folder, or a file that
/// holds anything but a recording: this is no way to remove other files.
Result<std::vector<std::string>> files_to_remove(const std::string& folder,
                                                 const std::vector<std::string>& operands);

/// The same for all of the folder's recordings.
Result<std::vector<std::string>> all_files_to_remove(const std::string& folder);

/// Removes one file. Errors: denied, not_found, io.
Result<void> remove_file(const std::string& path);

}  // namespace mprofpp::store
