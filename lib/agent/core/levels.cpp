#include "core/levels.hpp"

#include "core/process.hpp"

namespace mprofpp::agent {
namespace {

bool takes_turns(const Frame& frame) {
  return frame.lane.kind != wire::LaneKind::thread || frame.stack != 0 || frame.resumed != 0 ||
         frame.spans_others;
}

std::uint16_t level_within(const Frame& frame) {
  const bool counts = frame.start != Start::dropped && !frame.is_muted;
  return static_cast<std::uint16_t>(frame.level + (counts ? 1 : 0));
}

bool has_no_level(const Frame& frame) {
  return frame.level >= Frame::no_level - 1;
}

/// The recorder decides about instrumented functions only.
wire::Verdict verdict_on(const Frame& frame, const wire::FunctionFilter& filter) {
  const bool is_function = (frame.flags & wire::address) != 0;
  return is_function ? wire::verdict_on(filter, frame.what) : wire::Verdict::wanted;
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

void count_levels(Frames& frames, const wire::FunctionFilter& filter) {
  std::uint16_t level = 0;
  bool is_doubted = false;
  for (std::size_t i = 0; i < frames.kept() && frames.at(i).level != Frame::no_level; ++i) {
    auto& frame = frames.at(i);
    const auto verdict = verdict_on(frame, filter);
    frame.level = level;
    frame.is_muted = verdict == wire::Verdict::muted;
    frame.is_doubtful = is_doubted = is_doubted || is_doubtful(verdict);
    level = level_within(frame);
  }
}

bool is_doubtful(wire::Verdict verdict) {
  return process().is_selective() && verdict == wire::Verdict::unknown;
}

}  // namespace mprofpp::agent
