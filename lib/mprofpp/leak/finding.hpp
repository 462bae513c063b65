#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::leak {

/// How fast a place grows.
struct FindingRate {
  double mib_per_hour = 0;
  double count_per_hour = 0;
  std::optional<double> mib_per_call =
      {};  ///< of the function that keeps the memory, if that is known
  std::optional<double> count_per_call = {};
};

/// A place that holds more and more memory.
struct Finding {
  std::string kind;   ///< "line", "site" or "type", as JSON has it
  std::string where;  ///< app.py:41 in handle
  double mib = 0;     ///< that it added in the recording and that was not given back
  std::optional<std::uint64_t> count = {};  ///< how often; of a type, how many objects
  std::optional<FindingRate> rate = {};     ///< if the time of the growth was recorded
};

/// The leak for which places are looked for.
struct LeakPlace {
  std::optional<pid_t> pid = {};  ///< none: all processes together
  double from = 0;                ///< seconds since the epoch
  double to = 0;
  std::optional<std::uint64_t> calls = {};  ///< of the function that keeps the memory, in this time
};

/// Looks for places that grow in one kind of record. A recording has them or not, so each kind is optional:
/// it takes the records as the other analyses do, and is asked once the process that leaks is known.
class Evidence : public model::Sink {
 public:
  /// Returns the places that added most, the largest first.
  virtual std::vector<Finding> findings(const LeakPlace& leak) const = 0;
};

/// Returns every kind of evidence that this version reads.
std::vector<std::unique_ptr<Evidence>> all_evidence();

}  // namespace mprofpp::leak
