#pragma once

#include <cstdint>
#include <vector>

#include "mprofpp/analysis/spans.hpp"

/// Decides which lanes share the rows of a flame chart. Lanes that are never busy at the same time need one
/// row, not one each: a server that starts a thread for every request has thousands of lanes.
namespace mprofpp::chart {

enum class LaneKind { main_thread, thread, greenlet, task, unknown };

/// Returns the kind of a lane. The main thread of a process has the pid as its number.
LaneKind kind_of(const analysis::Lane& lane);

/// Returns the number of the thread, greenlet or task.
std::uint64_t number_of(const analysis::Lane& lane);

/// A lane, or several of one kind and process that share tracks.
struct TrackGroup {
  std::vector<std::uint32_t> lanes = {};  ///< indices of Spans::lanes, ascending
  /// Indices of Spans::spans. Each call is on the track of the call that made it, and outer calls
  /// do not overlap on a track.
  std::vector<std::vector<std::uint32_t>> tracks = {};
};

/// Assigns every lane to one group. The threads, the greenlets and the tasks of a process form one group each
/// if that takes fewer tracks than there are lanes; all other lanes have a group and a track of their own. A
/// thread stays on its track from its first call to its last. The numbers of greenlets and tasks are reused,
/// so a track is chosen for each of their outer calls: the last one of the lane if that is free.
std::vector<TrackGroup> share_tracks(const analysis::Spans& spans);

}  // namespace mprofpp::chart
