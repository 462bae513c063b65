#include "levels.hpp"

#include "process.hpp"

namespace mprofpp::agent {
namespace {

bool takes_turns(const Frame& frame) {
  return frame.lane.kind != wire::LaneKind::thread || frame.stack != 0 || frame.resumed != 0 ||
         frame.spans_others;
}

std::uint16_t level_within(const Frame& frame) {
  const bool counts = frame.begin != Begin::dropped && !frame.is_muted;
  return static_cast<std::uint16_t>(frame.level + (counts ? 1 : 0));
}

bool has_no_level(const Frame& frame) {
  return frame.level >= Frame::no_level - 1;
}

/// Only of instrumented functions the recorder says anything.
wire::Answer answer_of(const Frame& frame, const wire::AnswerTable& answers) {
  const bool is_function = (frame.flags & wire::address) != 0;
  return is_function ? wire::answer_of(answers, frame.what) : wire::Answer::wanted;
}

}  // namespace

void set_level(Frame& frame, const Frames& frames, std::uint64_t outer) {
  frame.level = Frame::no_level;
  if (takes_turns(frame)) return;
  if (frames.empty()) {
    frame.level = 0;
    return;
  }
  if (!frames.is_known()) return;
  const auto& around = frames.innermost();
  if (outer != around.call || has_no_level(around)) return;
  frame.level = level_within(around);
  frame.is_doubtful = frame.is_doubtful || around.is_doubtful;
}

void count_levels(Frames& frames, const wire::AnswerTable& answers) {
  std::uint16_t level = 0;
  bool is_doubted = false;
  for (std::size_t i = 0; i < frames.kept() && frames.at(i).level != Frame::no_level; ++i) {
    auto& frame = frames.at(i);
    const auto answer = answer_of(frame, answers);
    frame.level = level;
    frame.is_muted = answer == wire::Answer::muted;
    frame.is_doubtful = is_doubted = is_doubted || is_doubtful(answer);
    level = level_within(frame);
  }
}

bool is_doubtful(wire::Answer answer) {
  return process().is_selective() && answer == wire::Answer::unknown;
}

}  // namespace mprofpp::agent
