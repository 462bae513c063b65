#pragma once

#include "mprofpp/base/result.hpp"
#include "mprofpp/python/unmarked.hpp"

namespace mprofpp::app {

/// Why there are no marks, or not all, and what to do about it, as one line.
Error words_of(const python::Unmarked& unmarked);

}  // namespace mprofpp::app
