#pragma once

#include <chrono>
#include <string>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::app {

/// Returns how far this machine's local time is ahead of UTC at `t`.
std::chrono::seconds local_ahead_of_utc(Instant t);

/// Returns the abbreviation of the local time zone at `t`: "CET".
std::string local_time_name(Instant t);

}  // namespace mprofpp::app
