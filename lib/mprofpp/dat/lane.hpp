#pragma once

#include <string>
#include <string_view>

#include "mprofpp/model/lane_id.hpp"

namespace mprofpp::dat {

/// Returns t12 for a thread, t12.g3 for a greenlet, t12.k4 for a task; empty if unknown.
std::string lane_text(const model::LaneId& lane);

/// Reads the lane in such a text; any other text is an unknown lane.
model::LaneId to_lane(std::string_view text);

}  // namespace mprofpp::dat
