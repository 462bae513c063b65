#include "mprofpp/record/mark_source.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_gap = 10ms;
constexpr Duration longest_gap = 500ms;
/// Calls come one by one that could be summed, were there places for more sums: each look frees those
/// of sums that rest.
constexpr std::uint64_t many_records = wire::first_slots / 4;

}  // namespace

MarkSource::Key MarkSource::key_of(const mark::RingIdentity& identity) {
  return {identity.pid, identity.start, identity.writer, identity.begun};
}

void MarkSource::know(pid_t pid, std::unique_ptr<mark::Image> image) {
  pid_ = pid;
  image_ = std::move(image);
}

void MarkSource::drain(mark::Writer writer, Instant now) {
  const auto take = [this](const mark::Record& record) { image_->take(record); };
  const auto count = stream_.drain(writer, take);
  if (count >= many_records && writer == mark::Writer::lives) look(writer, now);
  took(count, now);
}

void MarkSource::drain(mark::Writer writer, Instant now, std::vector<GuestEvent>& aside) {
  const auto count = stream_.drain(writer, [&](const mark::Record& record) {
    const auto* event = std::get_if<wire::Event>(&record);
    if (event != nullptr) return aside.push_back({*event, this});
    image_->take(record);
  });
  took(count, now);
}

void MarkSource::took(std::uint64_t count, Instant now) {
  for (const auto address : image_->take_unwanted()) stream_.mute(address);
  note_loss();
  gap_ = count > 0 ? Duration{} : std::clamp(gap_ * 2, shortest_gap, longest_gap);
  next_look_ = now + gap_;
  note_state(now);
}

void MarkSource::note_loss() {
  const auto lost = stream_.take_lost();
  lost_ += lost;
  if (lost > 0) image_->note_loss();
}

/// An exec that fails comes back at once: who is seen twice on its way out has left.
void MarkSource::note_state(Instant now) {
  if (!stream_.is_left()) {
    left_at_.reset();
    return;
  }
  is_gone_ = left_at_ && now > *left_at_;
  left_at_ = left_at_.value_or(now);
}

void MarkSource::look(mark::Writer writer, Instant now) {
  const auto since = writer == mark::Writer::lives ? now - mark::told_while_open : Instant::max();
  stream_.look(writer, [&](const mark::ShortCalls& calls) { image_->take(calls, since); });
}

void MarkSource::tell(Instant now) {
  look(mark::Writer::lives, now);
  image_->tell(now);
}

void MarkSource::end(Instant t) {
  drain(mark::Writer::is_gone, t);
  look(mark::Writer::is_gone, t);
  image_->end(t);
  stream_.remove();
}

std::uint64_t MarkSource::take_lost() {
  return std::exchange(lost_, 0) + image_->take_lost();
}

}  // namespace mprofpp::record
