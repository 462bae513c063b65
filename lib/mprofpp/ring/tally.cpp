#include "mprofpp/ring/tally.hpp"

#include <unistd.h>

#include <utility>

#include "mprofpp/base/file.hpp"

namespace mprofpp::ring {
namespace {

bool is_same(const wire::Event& a, const wire::Event& b) {
  return a.call == b.call && a.time == b.time && a.what == b.what;
}

std::optional<TallyHead> read_head(int fd, std::size_t offset) {
  std::array<char, tally_head_size> bytes;
  const auto length = read_block_at(fd, bytes, static_cast<off_t>(offset));
  if (!length) return std::nullopt;
  return parse_tally_head(std::span<const char>(bytes).first(*length));
}

/// Returns the call that a thread was counting when it was stopped or its process was killed. A running
/// thread has finished that by the second reading.
std::optional<Counting> unfinished(int fd, std::size_t offset) {
  const auto first = read_head(fd, offset);
  if (!first || !first->counting) return std::nullopt;
  const auto second = read_head(fd, offset);
  const bool is_same =
      second && second->counting && second->counting->call == first->counting->call;
  return is_same ? second->counting : std::nullopt;
}

/// From now on sums that do not change may be replaced by others.
void begin_epoch(int fd, std::size_t offset, std::uint32_t epoch) {
  const auto at = static_cast<off_t>(offset + offsetof(wire::Tally, epoch));
  const auto written = ::pwrite(fd, &epoch, sizeof epoch, at);
  static_cast<void>(written);  // if it fails, the sums stay where they are
}

}  // namespace

/// The sums are read before the thread that owns them: a tally passes to another thread only after all its
/// sums were read.
void Tally::read_sums(int fd, std::size_t offset) {
  std::array<char, wire::sums_in_tally * sizeof(wire::CallSum)> bytes;
  const auto at = static_cast<off_t>(offset + offsetof(wire::Tally, sums));
  const auto length = read_block_at(fd, bytes, at).value_or(0);
  const auto counting = unfinished(fd, offset);
  sums_.clear();
  for (std::size_t i = 0; (i + 1) * sizeof(wire::CallSum) <= length; ++i) {
    auto sum = parse_sum(std::span<const char>(bytes).subspan(i * sizeof(wire::CallSum)));
    if (counting && counting->sum == i) {
      sum.count = counting->count;
      sum.length = counting->length;
      sum.growth = counting->growth;
    }
    auto& totals = totals_[i];
    const Totals now{sum.count, sum.length, sum.growth};
    sum.count -= totals.count;
    sum.length -= totals.length;
    sum.growth -= totals.growth;
    if (sum.count == 0) continue;
    totals = now;
    sums_.push_back(sum);
  }
}

std::optional<ShortCalls> Tally::read_short_calls(int fd, std::size_t offset, WriterState writer) {
  auto head = read_head(fd, offset);
  if (!head) return std::nullopt;
  begin_epoch(fd, offset, head->epoch + 1);
  return ShortCalls{head->thread, std::exchange(sums_, {}),
                    still_pending(std::move(head->pending), writer)};
}

/// Returns the pending calls that were pending at the last reading too. A call that the thread is just
/// entering may be read incompletely, so one reading is not enough, unless the process is gone and writes no
/// more.
std::vector<wire::Event> Tally::still_pending(std::vector<wire::Event> pending,
                                              WriterState writer) {
  if (writer == WriterState::gone) return pending;
  std::size_t same = 0;
  while (same < pending.size() && same < pending_.size() &&
         is_same(pending[same], pending_[same])) {
    ++same;
  }
  pending_ = pending;
  pending.resize(same);
  return pending;
}

}  // namespace mprofpp::ring
