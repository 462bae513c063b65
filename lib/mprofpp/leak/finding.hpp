#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::leak {

/// A place that holds more and more memory.
struct Finding {
  std::string kind;   ///< "line", "site" or "type", as JSON has it
  std::string where;  ///< app.py:41 in handle
  double mib = 0;     ///< that it added in the recording and that was not given back
  std::optional<std::uint64_t> count = {};  ///< how often
};

/// Looks for places that grow in one kind of record. A recording has them or not, so each kind is optional:
/// it takes the records as the other analyses do, and is asked once the process that leaks is known.
class Evidence : public model::Sink {
 public:
  /// Returns the places in the process, or in all processes without a pid, that added most, the largest
  /// first.
  virtual std::vector<Finding> findings(std::optional<pid_t> pid) const = 0;
};

/// Returns every kind of evidence that this version reads.
std::vector<std::unique_ptr<Evidence>> all_evidence();

}  // namespace mprofpp::leak
