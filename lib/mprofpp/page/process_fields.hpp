#pragma once

#include "mprofpp/page/arrays.hpp"
#include "mprofpp/page/caps.hpp"
#include "mprofpp/page/contents.hpp"
#include "mprofpp/page/processes.hpp"

namespace mprofpp::page {

/// Returns the processes and the events of their lives.
Json processes_fields(const Contents& contents, const Caps& caps, const Processes& processes);

}  // namespace mprofpp::page
