#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mprofpp::app {

/// The requests that a load reports at its end.
struct RequestCounts {
  std::uint64_t complete = 0;
  std::uint64_t failed = 0;  ///< without an answer, or with a status that the load does not like
  /// Of the failed ones, those with an answer. For ab, every status but 2xx is one, a redirect too.
  std::uint64_t other_status = 0;

  friend bool operator==(const RequestCounts&, const RequestCounts&) = default;
};

/// Finds the numbers of requests in the output of ab, wrk or hey (and oha, which prints the same), added up
/// if it ran several times. Returns nothing for the output of other programs.
std::optional<RequestCounts> count_requests(std::string_view output);

}  // namespace mprofpp::app
