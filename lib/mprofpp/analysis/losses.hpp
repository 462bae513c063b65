#pragma once

#include <algorithm>
#include <cstdint>

#include "mprofpp/model/record.hpp"
#include "mprofpp/model/settings.hpp"

namespace mprofpp::analysis {

/// The amounts of what the recorder could not see, according to the recording.
struct Losses {
  std::uint64_t ticks = 0;
  std::uint64_t marks = 0;
  std::uint64_t processes = 0;  ///< an upper bound
  std::uint64_t censuses = 0;   ///< times at which objects could not be counted
  double suspended = 0;         ///< seconds
  double change = 0;            ///< MiB; changes up to this size may have been left out

  void add(const model::Lost& lost) {
    switch (lost.what) {
      case model::Loss::ticks:
        ticks += lost.count;
        break;
      case model::Loss::marks:
        marks += lost.count;
        break;
      case model::Loss::processes:
        processes += lost.count;
        break;
      case model::Loss::censuses:
        censuses += lost.count;
        break;
    }
  }
  void add(const model::Settings& settings) {
    if (settings.sparse) change = std::max(change, settings.sparse->mebibytes());
  }
  void add(const model::Suspended& record) { suspended += to_seconds(record.length); }
};

}  // namespace mprofpp::analysis
