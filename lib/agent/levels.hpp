#pragma once

#include <cstdint>

#include "frames.hpp"
#include "mprofpp/wire/answers.hpp"

/// The levels of a thread's calls as the recorder will count them: it leaves out functions that
/// nobody wants. Where a thread's calls take turns only the recorder can tell.
namespace mprofpp::agent {

/// Gives a call that begins its level, one more than that of the call it is within, whose number is
/// `outer`.
void set_level(Frame& frame, const Frames& frames, std::uint64_t outer);
/// All of them anew: the recorder has said more of functions.
void count_levels(Frames& frames, const wire::AnswerTable& answers);

/// Whether the recorder may yet say that nobody wants an instrumented function (wire::address): only
/// where a selection of functions was asked for.
bool is_doubtful(wire::Answer answer);

}  // namespace mprofpp::agent
