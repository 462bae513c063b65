#pragma once

#include <string_view>

namespace mprofpp::proc {

/// Which memory of a process is meant.
enum class Metric {
  rss,  ///< resident: every page that is in RAM, shared ones in full
  pss,  ///< proportional: a page shared by n processes counts 1/n in each, so that sums are true
  uss,  ///< unique: what would come back if the process ended
};

constexpr std::string_view name_of(Metric metric) {
  switch (metric) {
    case Metric::pss:
      return "pss";
    case Metric::uss:
      return "uss";
    case Metric::rss:
      break;
  }
  return "rss";
}

}  // namespace mprofpp::proc
