#pragma once

#include <cstdint>

#include "core/frames.hpp"
#include "mprofpp/wire/function_filter.hpp"

/// The nesting levels of a thread's calls, counted as the recorder counts them: without the
/// functions that the user does not want. If calls take turns in a thread, only the recorder can
/// count their levels.
namespace mprofpp::agent {

/// Sets the level of a call that starts: one more than that of the enclosing call, whose number is
/// `outer`.
void set_level(Frame& frame, const Frames& frames, std::uint64_t outer);
/// Counts all levels again, because the recorder has decided about more functions.
void count_levels(Frames& frames, const wire::FunctionFilter& filter);

/// Returns true if the recorder may still mute an instrumented function (wire::address). That can
/// happen only if the user has selected functions.
bool is_doubtful(wire::Verdict verdict);

}  // namespace mprofpp::agent
