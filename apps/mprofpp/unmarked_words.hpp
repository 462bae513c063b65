#pragma once

#include "mprofpp/base/result.hpp"
#include "mprofpp/python/unmarked.hpp"

namespace mprofpp::app {

/// Why a Python made no marks, and what to do about it, as one line.
Error words_of(const python::Unmarked& unmarked);

}  // namespace mprofpp::app
