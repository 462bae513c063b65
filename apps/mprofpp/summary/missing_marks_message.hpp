#pragma once

#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/python/missing_marks_reason.hpp"

namespace mprofpp::app {

/// Returns the message that explains why there are no marks, or not all, with a hint about what to do.
/// `option` is the one that a pattern was given with.
Error missing_marks_message(const python::MissingMarksReason& reason, std::string_view option);

/// Returns the reason as an error without a place, for a cause that needs no further facts.
Error explanation_of(python::MissingMarksReason::Cause cause);

}  // namespace mprofpp::app
