#include "mprofpp/mark/image.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::mark {
namespace {

using namespace std::chrono_literals;

std::optional<double> mebibytes_of(std::uint64_t rss) {
  constexpr std::uint64_t most = std::uint64_t{1} << 60;  // unknown_rss lies above it
  if (rss > most) return std::nullopt;
  return Bytes(static_cast<std::int64_t>(rss)).mebibytes();
}

/// Of an unsigned number that may be anything.
Duration nanoseconds(std::uint64_t count) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  return Duration(static_cast<std::int64_t>(std::min(count, most)));
}

void add_flag(std::string& flags, std::string_view flag) {
  if (!flags.empty()) flags += ',';
  flags += flag;
}

std::string flags_of(const OpenCall& call, const Reading& out, const wire::Event& leave) {
  std::string flags;
  if ((leave.flags & wire::raised) != 0) add_flag(flags, "raised");
  if (call.in.reused || out.reused) add_flag(flags, "reused");
  const auto length = static_cast<std::uint64_t>((out.t - call.in.t).count());
  if (leave.active != 0 && leave.active <= length) {
    add_flag(flags, "active=" + fixed(to_seconds(Duration(leave.active)), 6));
  }
  return flags;
}

}  // namespace

void Image::take(const Record& record) {
  std::visit(
      [this](const auto& value) {
        using Kind = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Kind, wire::Event>)
          take_event(value);
        else
          functions_.take(value);
      },
      record);
}

void Image::take(const ShortCalls& calls, Instant limit) {
  for (const auto& sum : calls.sums) take_sum(calls.thread, sum);
  for (const auto& event : calls.pending) {
    if (background_.instant_of(event.time) >= limit) break;
    take_pending(event);
  }
}

void Image::take_sum(std::uint32_t thread, const CallSum& sum) {
  wire::Event begin{};
  begin.what = sum.what;
  begin.flags = sum.flags;
  const auto& function = functions_.of(begin);
  if (!function.is_wanted) return;
  EndedCalls ended;
  ended.count = sum.count;
  ended.length = nanoseconds(sum.length);
  ended.from = background_.instant_of(sum.from);
  ended.to = std::max(ended.from, background_.instant_of(sum.to));
  ended.rss_min = mebibytes_of(sum.rss_min);
  ended.rss_max = mebibytes_of(sum.rss_max);
  ended.growth = Bytes(static_cast<std::int64_t>(sum.growth)).mebibytes();
  grouping_.add({{thread}, &function, sum.level}, ended, sink_);
}

/// It goes on for so long that it is told, if not by the process then by us. A process that is
/// killed may have told of it and not yet said that it is pending no longer.
void Image::take_pending(const wire::Event& event) {
  constexpr std::size_t most = wire::most_tallies * wire::most_pending;  // of an honest process
  if (taken_early_.contains(event.call) || taken_early_.size() == most) return;
  if (process_->lanes.holds(lane_of(event), event.call)) return;
  enter(event);
  taken_early_.insert(event.call);
}

void Image::take_event(const wire::Event& event) {
  switch (event.kind) {
    case wire::Kind::enter:
      return enter(event);
    case wire::Kind::leave:
      return leave(event);
    default:
      return mark(event);
  }
}

Reading Image::reading_of(const wire::Event& event) const {
  Reading reading;
  reading.t = background_.instant_of(event.time);
  reading.rss = mebibytes_of(event.rss);
  reading.mib = background_.memory_at(reading.t, process_->pid, reading.rss);
  reading.reused = (event.flags & wire::reused) != 0;
  return reading;
}

void Image::enter(const wire::Event& event) {
  if (!taken_early_.empty() && taken_early_.erase(event.call) > 0) return;
  const auto& function = functions_.of(event);
  if (!function.is_wanted) return;
  OpenCall call{event.call, &function, reading_of(event), 0, this};
  const bool is_span = (event.flags & wire::within) != 0;
  auto& lanes = process_->lanes;
  const bool entered = is_span ? lanes.enter_within(lane_of(event), std::move(call), event.active)
                               : lanes.enter(lane_of(event), std::move(call));
  if (!entered) ++lost_;
}

/// A call that is not open is one that is not wanted, or whose begin was lost.
void Image::leave(const wire::Event& event) {
  const auto lane = lane_of(event);
  if (has_lost_) {
    const auto t = background_.instant_of(event.time);
    tell_open(process_->lanes.close_within(lane, event.call, this), t);
  }
  auto left = process_->lanes.leave(lane, event.call);
  if (!left) return;
  auto out = reading_of(event);
  out.t = std::max(out.t, left->call.in.t);
  auto flags = flags_of(left->call, out, event);
  const EndedCall ended{std::move(left->call), out};
  if (!grouping_.takes(left->lane, ended, sink_)) tell_call(left->lane, ended, std::move(flags));
}

void Image::mark(const wire::Event& event) {
  const auto t = background_.instant_of(event.time);
  sink_.take(model::PointMark{t, process_->pid, functions_.text_of(event.what)});
}

void Image::tell_call(const LaneId& lane, const EndedCall& ended, std::string flags) {
  const auto& in = ended.call.in;
  sink_.take(model::Call{
      .name = ended.call.function->name,
      .mib_in = in.mib,
      .t_in = in.t,
      .mib_out = ended.out.mib,
      .t_out = ended.out.t,
      .level = ended.call.level,
      .pid = process_->pid,
      .lane = name_of(lane),
      .rss_in = in.rss,
      .rss_out = ended.out.rss,
      .flags = std::move(flags),
  });
}

void Image::tell(Instant now) {
  for (const auto& [lane, call] : process_->lanes.take_begun_before(now - told_while_open)) {
    sink_.take(model::OpenCall{call.in.t, process_->pid, name_of(lane), call.level, call.in.rss,
                               call.function->name});
  }
  grouping_.tell(now, sink_);
}

void Image::end(Instant t) {
  tell_open(process_->lanes.close(this), t);
  grouping_.tell_all(sink_);
}

void Image::tell_open(std::vector<Lanes::Placed> calls, Instant t) {
  for (auto& [lane, call] : calls) {
    Reading out;
    out.t = std::max(t, call.in.t);
    out.mib = background_.memory_at(out.t, process_->pid, std::nullopt);
    tell_call(lane, {std::move(call), out}, "open");
  }
}

}  // namespace mprofpp::mark
