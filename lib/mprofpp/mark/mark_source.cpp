#include "mprofpp/mark/mark_source.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::mark {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_gap = 10ms;
constexpr Duration longest_gap = 500ms;
/// With this many records at once, calls arrive one by one that the process would have summed if it
/// had free places for sums. Each look frees the places of sums that no longer change.
constexpr std::uint64_t many_records = wire::first_slots / 4;
/// The shortest time between two looks, for each tally: reading one takes a tenth of it.
constexpr Duration sums_gap = 100us;
constexpr Duration longest_wait = 1s;

}  // namespace

MarkSource::Key MarkSource::key_of(const ring::RingIdentity& identity) {
  return {identity.pid, identity.start, identity.writer, identity.begun};
}

void MarkSource::attach_process(pid_t pid, std::unique_ptr<ProgramImage> image) {
  pid_ = pid;
  image_ = std::move(image);
}

void MarkSource::drain(Instant now) {
  const auto count = drain(writer(now), now);
  const bool lacks_room = count >= many_records || stream_.lacks_tally();
  if (lacks_room && now >= next_sums_) read_short_calls(writer(now), now);
}

/// Treats a record as abandoned if it has been incomplete for longer than a thread can pause while
/// writing it. A signal handler may have left it (siglongjmp), and it would block all later records
/// forever.
ring::WriterState MarkSource::writer(Instant now) const {
  const bool is_stuck = waiting_since_ && now - *waiting_since_ > longest_wait;
  return is_stuck ? ring::WriterState::stuck : ring::WriterState::running;
}

std::uint64_t MarkSource::drain(ring::WriterState writer, Instant now) {
  const auto count = stream_.drain(writer, [this](const ring::Record& record) {
    image_->add(record);
    write_filter_entries();
  });
  on_drained(count, now);
  return count;
}

/// Notifies the process at once, because many more records of the same function may follow.
void MarkSource::write_filter_entries() {
  for (const auto entry : image_->new_filter_entries()) stream_.write_filter_entry(entry);
}

void MarkSource::drain(Instant now, std::vector<GuestEvent>& guest_events) {
  const auto count = stream_.drain(writer(now), [&](const ring::Record& record) {
    const auto* event = std::get_if<wire::Event>(&record);
    if (event != nullptr) return guest_events.push_back({*event, this});
    image_->add(record);
  });
  on_drained(count, now);
}

void MarkSource::on_drained(std::uint64_t count, Instant now) {
  note_loss();
  note_waiting(now, count);
  has_records_ = has_records_ || count > 0;
  gap_ = count > 0 ? Duration{} : std::clamp(gap_ * 2, shortest_gap, longest_gap);
  next_look_ = now + gap_;
  note_state(now);
}

void MarkSource::note_loss() {
  const auto lost = stream_.new_losses();
  lost_ += lost;
  if (lost > 0) image_->note_loss();
}

void MarkSource::note_waiting(Instant now, std::uint64_t count) {
  if (count > 0 || !stream_.is_waiting())
    waiting_since_.reset();
  else
    waiting_since_ = waiting_since_.value_or(now);
}

/// A program whose exec fails returns to the live state at once. One that is seen leaving twice has
/// left.
void MarkSource::note_state(Instant now) {
  if (!stream_.is_left()) {
    left_at_.reset();
    return;
  }
  is_gone_ = left_at_ && now > *left_at_;
  left_at_ = left_at_.value_or(now);
}

void MarkSource::read_short_calls(ring::WriterState writer, Instant now) {
  if (stream_.tallies() == 0) return;
  next_sums_ = now + stream_.tallies() * sums_gap;
  stream_.read_sums();
  drain(writer, now);
  const auto since = writer == ring::WriterState::gone ? Instant::max() : now - open_call_delay;
  stream_.read_short_calls(writer,
                           [&](const ring::ShortCalls& calls) { image_->add(calls, since); });
}

void MarkSource::write_due(Instant now) {
  read_short_calls(writer(now), now);
  image_->write_due(now);
}

void MarkSource::end(Instant t) {
  drain(ring::WriterState::gone, t);
  read_short_calls(ring::WriterState::gone, t);
  image_->end(t);
  stream_.remove();
}

std::uint64_t MarkSource::new_losses() {
  return std::exchange(lost_, 0) + image_->new_losses();
}

}  // namespace mprofpp::mark
