#pragma once

#include <doctest/doctest.h>
#include <sys/types.h>

#include <string>
#include <utility>

#include "mprofpp/record/marks/channel.hpp"
#include "ring/marking_program.hpp"
#include "ring/records.hpp"

namespace mprofpp::test {

/// Linux assigns only smaller pids, so no process has this one.
inline constexpr pid_t pid_of_none = 1 << 22;

/// Opens a channel for marks whose folder is in `place`.
inline record::MarkChannel channel_in(const std::string& place) {
  auto folder = ring::RunFolder::make({place});
  REQUIRE(folder.has_value());
  auto rings = ring::NewRings::watch(folder->path());
  REQUIRE(rings.has_value());
  return {std::move(*folder), std::move(*rings)};
}

}  // namespace mprofpp::test
