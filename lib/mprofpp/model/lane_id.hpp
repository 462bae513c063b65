#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace mprofpp::model {

/// A row of calls within a process: calls of one thread, greenlet or task, each within the one before it.
struct LaneId {
  enum class Kind : std::uint8_t {
    unknown,  ///< a recording of mprof does not say
    thread,
    greenlet,
    task
  };

  std::uint32_t thread = 0;  ///< the kernel's thread id, as the process sees it
  Kind kind = Kind::unknown;
  std::uint64_t number = 0;  ///< of the greenlet or task within the process

  friend auto operator<=>(const LaneId&, const LaneId&) = default;
};

}  // namespace mprofpp::model

template <>
struct std::hash<mprofpp::model::LaneId> {
  std::size_t operator()(const mprofpp::model::LaneId& lane) const noexcept {
    const auto kind = static_cast<std::uint64_t>(lane.kind);
    return std::hash<std::uint64_t>{}((lane.number << 2 | kind) * 0x9E3779B97F4A7C15ULL ^
                                      lane.thread);
  }
};
