#pragma once

#include "mprofpp/base/instant.hpp"

namespace mprofpp::analysis {

/// A period of a recording, both ends included.
struct Window {
  Instant begin = Instant::min();
  Instant end = Instant::max();

  bool contains(Instant t) const { return t >= begin && t <= end; }
  bool contains(Instant from, Instant to) const { return from >= begin && to <= end; }
  bool touches(Instant from, Instant to) const { return to >= begin && from <= end; }
  bool is_whole() const { return begin == Instant::min() && end == Instant::max(); }
};

}  // namespace mprofpp::analysis
