#pragma once

#include "mprofpp/page/arrays.hpp"
#include "mprofpp/page/caps.hpp"
#include "mprofpp/page/contents.hpp"

namespace mprofpp::page {

/// Returns the functions whose lines were counted, with their sources.
Json lines_fields(const Contents& contents, const Caps& caps);

}  // namespace mprofpp::page
