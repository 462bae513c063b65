#include "mprofpp/mark/program_image.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::mark {
namespace {

using namespace std::chrono_literals;

std::optional<double> mebibytes_of(std::uint64_t rss) {
  constexpr std::uint64_t most = std::uint64_t{1} << 60;  // unknown_rss is above it
  if (rss > most) return std::nullopt;
  return Bytes(static_cast<std::int64_t>(rss)).mebibytes();
}

/// Converts an unsigned number, which may be anything.
Duration nanoseconds(std::uint64_t count) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  return Duration(static_cast<std::int64_t>(std::min(count, most)));
}

/// Returns nothing if the call was never suspended, or claims to have run for longer than it existed.
std::optional<Activity> activity_of(const wire::Event& leave, Duration length) {
  if (leave.active == 0 || leave.active > static_cast<std::uint64_t>(length.count())) return {};
  Activity activity{nanoseconds(leave.active), std::nullopt};
  const auto bytes = static_cast<std::int64_t>(leave.what);
  if (leave.what != wire::unknown_growth) activity.growth = Bytes(bytes).mebibytes();
  return activity;
}

model::CallFlags flags_of(const EndedCall& ended, const wire::Event& leave) {
  model::CallFlags flags{.raised = (leave.flags & wire::raised) != 0,
                         .reused = ended.call.in.reused || ended.out.reused};
  if (!ended.activity) return flags;
  flags.active_seconds = to_seconds(ended.activity->length);
  flags.grown_mib = ended.activity->growth;
  return flags;
}

}  // namespace

void ProgramImage::add(const ring::Record& record) {
  std::visit(
      [this](const auto& value) {
        using Kind = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Kind, wire::Event>)
          add_event(value);
        else
          functions_.add(value);
      },
      record);
}

void ProgramImage::add(const ring::ShortCalls& calls, Instant limit) {
  for (const auto& sum : calls.sums) add_sum(calls.thread, sum);
  for (const auto& event : calls.pending) {
    if (timeline_.clock.of(event.time) >= limit) break;
    enter_pending(event);
  }
}

void ProgramImage::add_sum(std::uint32_t thread, const ring::CallSum& sum) {
  wire::Event begin{};
  begin.what = sum.what;
  begin.flags = sum.flags;
  const auto& function = functions_.of(begin);
  if (!function.is_wanted) return;
  EndedCalls ended;
  ended.count = sum.count;
  ended.length = nanoseconds(sum.length);
  ended.from = timeline_.clock.of(sum.from);
  ended.to = std::max(ended.from, timeline_.clock.of(sum.to));
  ended.rss_min = mebibytes_of(sum.rss_min);
  ended.rss_max = mebibytes_of(sum.rss_max);
  ended.growth = Bytes(static_cast<std::int64_t>(sum.growth)).mebibytes();
  const LaneId lane{thread, LaneId::Kind::thread, 0};
  grouping_.add({lane, &function, sum.level}, ended, sink_);
}

/// Enters a call that the process has not written itself, because it has been open for long. A process that
/// was killed may have written the call and not removed it from the pending ones.
void ProgramImage::enter_pending(const wire::Event& event) {
  constexpr std::size_t most = wire::most_tallies * wire::most_pending;  // no sane process has more
  if (entered_early_.contains(event.call) || entered_early_.size() == most) return;
  if (process_->lanes.holds(lane_of(event), event.call)) return;
  enter(event);
  entered_early_.insert(event.call);
}

void ProgramImage::add_event(const wire::Event& event) {
  switch (event.kind) {
    case wire::Kind::enter:
      return enter(event);
    case wire::Kind::leave:
      return leave(event);
    default:
      return mark(event);
  }
}

Reading ProgramImage::reading_of(const wire::Event& event) const {
  Reading reading;
  reading.t = timeline_.clock.of(event.time);
  reading.rss = mebibytes_of(event.rss);
  reading.mib = timeline_.memory.at(reading.t, process_->pid, reading.rss);
  reading.reused = (event.flags & wire::reused) != 0;
  return reading;
}

void ProgramImage::enter(const wire::Event& event) {
  if (!entered_early_.empty() && entered_early_.erase(event.call) > 0) return;
  const auto& function = functions_.of(event);
  if (!function.is_wanted) return;
  OpenCall call{event.call, &function, reading_of(event), 0, this};
  const bool is_span = (event.flags & wire::within) != 0;
  auto& lanes = process_->lanes;
  const bool entered = is_span ? lanes.enter_within(lane_of(event), std::move(call), event.active)
                               : lanes.enter(lane_of(event), std::move(call));
  if (!entered) ++lost_;
}

/// If the call is not open, its function is unwanted or its enter record was lost.
void ProgramImage::leave(const wire::Event& event) {
  const auto lane = lane_of(event);
  if (has_lost_) {
    const auto t = timeline_.clock.of(event.time);
    write_open(process_->lanes.close_within(lane, event.call, this), t);
  }
  auto left = process_->lanes.leave(lane, event.call);
  if (!left) return;
  auto out = reading_of(event);
  out.t = std::max(out.t, left->call.in.t);
  const auto activity = activity_of(event, out.t - left->call.in.t);
  const EndedCall ended{std::move(left->call), out, activity};
  const auto flags = flags_of(ended, event);
  if (!grouping_.absorb(left->lane, ended, sink_)) write_call(left->lane, ended, flags);
}

void ProgramImage::mark(const wire::Event& event) {
  const auto t = timeline_.clock.of(event.time);
  sink_.take(model::PointMark{t, process_->pid, functions_.text_of(event.what)});
}

void ProgramImage::write_call(const LaneId& lane, const EndedCall& ended,
                              const model::CallFlags& flags) {
  const auto& in = ended.call.in;
  sink_.take(model::Call{
      .name = ended.call.function->name,
      .mib_in = in.mib,
      .t_in = in.t,
      .mib_out = ended.out.mib,
      .t_out = ended.out.t,
      .level = ended.call.level,
      .pid = process_->pid,
      .lane = lane,
      .rss_in = in.rss,
      .rss_out = ended.out.rss,
      .flags = flags,
  });
}

void ProgramImage::write_due(Instant now) {
  for (const auto& [lane, call] : process_->lanes.next_begun_before(now - open_call_delay)) {
    sink_.take(model::OpenCall{call.in.t, process_->pid, lane, call.level, call.in.rss,
                               call.function->name});
  }
  grouping_.write_until(now, sink_);
}

void ProgramImage::end(Instant t) {
  write_open(process_->lanes.close(this), t);
  grouping_.write_all(sink_);
}

void ProgramImage::write_open(std::vector<Lanes::Placed> calls, Instant t) {
  for (auto& [lane, call] : calls) {
    Reading out;
    out.t = std::max(t, call.in.t);
    out.mib = timeline_.memory.at(out.t, process_->pid, std::nullopt);
    write_call(lane, {std::move(call), out}, {.open = true});
  }
}

}  // namespace mprofpp::mark
