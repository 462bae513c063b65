#pragma once

#include "mprofpp/page/arrays.hpp"
#include "mprofpp/page/contents.hpp"
#include "mprofpp/page/processes.hpp"

namespace mprofpp::page {

/// Returns the judgement, the floors and the line that shows the rate; null if there is none.
Json leak_json(const Contents& contents, const Processes& processes);

}  // namespace mprofpp::page
