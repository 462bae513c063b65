#include "mprofpp/mark/tally.hpp"

#include <unistd.h>

#include <utility>

#include "mprofpp/base/file.hpp"

namespace mprofpp::mark {
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

/// The call that a thread was just counting when it was stopped, or its process killed. One that
/// goes on has long done so in a second look.
std::optional<Counting> unfinished(int fd, std::size_t offset) {
  const auto first = read_head(fd, offset);
  if (!first || !first->counting) return std::nullopt;
  const auto second = read_head(fd, offset);
  const bool is_same =
      second && second->counting && second->counting->call == first->counting->call;
  return is_same ? second->counting : std::nullopt;
}

/// From now on sums that do not change may give their places to others.
void begin_epoch(int fd, std::size_t offset, std::uint32_t epoch) {
  const auto at = static_cast<off_t>(offset + offsetof(wire::Tally, epoch));
  const auto written = ::pwrite(fd, &epoch, sizeof epoch, at);
  static_cast<void>(written);  // then their places stay theirs
}

}  // namespace

/// Before it is known whose they are: a tally that has gone to another thread had been told whole.
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
    auto& known = known_[i];
    const Known now{sum.count, sum.length, sum.growth};
    sum.count -= known.count;
    sum.length -= known.length;
    sum.growth -= known.growth;
    if (sum.count == 0) continue;
    known = now;
    sums_.push_back(sum);
  }
}

std::optional<ShortCalls> Tally::look(int fd, std::size_t offset, Writer writer) {
  auto head = read_head(fd, offset);
  if (!head) return std::nullopt;
  begin_epoch(fd, offset, head->epoch + 1);
  return ShortCalls{head->thread, std::exchange(sums_, {}),
                    still_pending(std::move(head->pending), writer)};
}

/// A call that the thread was just writing down may be read half. Two looks tell, and a process
/// that is gone writes no more.
std::vector<wire::Event> Tally::still_pending(std::vector<wire::Event> pending, Writer writer) {
  if (writer == Writer::is_gone) return pending;
  std::size_t same = 0;
  while (same < pending.size() && same < pending_.size() &&
         is_same(pending[same], pending_[same])) {
    ++same;
  }
  pending_ = pending;
  pending.resize(same);
  return pending;
}

}  // namespace mprofpp::mark
