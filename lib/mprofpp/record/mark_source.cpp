#include "mprofpp/record/mark_source.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_gap = 10ms;
constexpr Duration longest_gap = 500ms;
/// Calls come one by one that could be summed, were there places for more sums: each look frees
/// those of sums that rest.
constexpr std::uint64_t many_records = wire::first_slots / 4;
/// And no more often: a tally takes a tenth of that to be read.
constexpr Duration sums_gap = 100us;
constexpr Duration longest_wait = 1s;

}  // namespace

MarkSource::Key MarkSource::key_of(const mark::RingIdentity& identity) {
  return {identity.pid, identity.start, identity.writer, identity.begun};
}

void MarkSource::know(pid_t pid, std::unique_ptr<mark::Image> image) {
  pid_ = pid;
  image_ = std::move(image);
}

void MarkSource::drain(Instant now) {
  const auto count = drain(writer(now), now);
  const bool lacks_room = count >= many_records || stream_.lacks_tally();
  if (lacks_room && now >= next_sums_) look(writer(now), now);
}

/// One that was waited for longer than any thread rests in the midst of writing has been left by a
/// signal handler (siglongjmp), and would hold up what is behind it for ever.
mark::Writer MarkSource::writer(Instant now) const {
  const bool hangs = waiting_since_ && now - *waiting_since_ > longest_wait;
  return hangs ? mark::Writer::hangs : mark::Writer::lives;
}

std::uint64_t MarkSource::drain(mark::Writer writer, Instant now) {
  const auto count = stream_.drain(writer, [this](const mark::Record& record) {
    image_->take(record);
    answer();
  });
  took(count, now);
  return count;
}

/// At once: there may be very many more of them behind this one.
void MarkSource::answer() {
  for (const auto answer : image_->take_answers()) stream_.tell(answer);
}

void MarkSource::drain(Instant now, std::vector<GuestEvent>& aside) {
  const auto count = stream_.drain(writer(now), [&](const mark::Record& record) {
    const auto* event = std::get_if<wire::Event>(&record);
    if (event != nullptr) return aside.push_back({*event, this});
    image_->take(record);
  });
  took(count, now);
}

void MarkSource::took(std::uint64_t count, Instant now) {
  note_loss();
  note_waiting(now, count);
  has_told_ = has_told_ || count > 0;
  gap_ = count > 0 ? Duration{} : std::clamp(gap_ * 2, shortest_gap, longest_gap);
  next_look_ = now + gap_;
  note_state(now);
}

void MarkSource::note_loss() {
  const auto lost = stream_.take_lost();
  lost_ += lost;
  if (lost > 0) image_->note_loss();
}

void MarkSource::note_waiting(Instant now, std::uint64_t count) {
  if (count > 0 || !stream_.is_waiting())
    waiting_since_.reset();
  else
    waiting_since_ = waiting_since_.value_or(now);
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
  if (stream_.tallies() == 0) return;
  next_sums_ = now + stream_.tallies() * sums_gap;
  stream_.read_sums();
  drain(writer, now);
  const auto since = writer == mark::Writer::is_gone ? Instant::max() : now - mark::told_while_open;
  stream_.look(writer, [&](const mark::ShortCalls& calls) { image_->take(calls, since); });
}

void MarkSource::tell(Instant now) {
  look(writer(now), now);
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
