#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// Returns the files to remove when a user removes recordings. Each operand is an index into
/// list_recordings (negative ones count from the newest; a number always means an index) or a file. The
/// twin <stem>_ts.dat of each file is included if it exists (mprof's old two-file format). Every operand is
/// resolved before anything is removed; a file that is named twice is returned once.
///
/// Errors: not_found for an index or a file that does not exist; malformed for a folder or a file
/// that is not a recording, because other files must not be removed this way.
Result<std::vector<std::string>> files_to_remove(const std::string& folder,
                                                 const std::vector<std::string>& operands);

/// Does the same for all recordings of the folder that have a default name.
Result<std::vector<std::string>> all_files_to_remove(const std::string& folder);

/// Removes one file. Errors: denied, not_found, io.
Result<void> remove_file(const std::string& path);

}  // namespace mprofpp::store
