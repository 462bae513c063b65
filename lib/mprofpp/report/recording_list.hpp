#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/store/overview.hpp"

namespace mprofpp::report {

/// A recording in the list of a folder.
struct ListedRecording {
  std::optional<std::size_t> index;  ///< only recordings with a default name have one
  std::string name;                  ///< of the file
  Result<store::Overview> overview;  ///< an error if the file cannot be read
};

/// Lists the recordings of a folder: those with a default name, oldest first, then the others in the order in
/// which they were last written. Fails if the folder cannot be read.
Result<std::vector<ListedRecording>> list_folder(const std::string& folder);

/// Returns how far the local time is ahead of UTC.
using AheadOfUtc = std::function<std::chrono::seconds(Instant)>;

/// Formats the list as a table of lines with at most `width` characters; 0 means no limit. A narrow table
/// leaves out the start, which a default name contains, and the number of samples.
std::string list_text(const std::vector<ListedRecording>& recordings, std::size_t width,
                      const AheadOfUtc& ahead_of_utc);

/// Formats the list as JSON. Fields are added but never removed.
std::string list_json(const std::vector<ListedRecording>& recordings);

}  // namespace mprofpp::report
