#include "core/short_calls.hpp"

namespace mprofpp::agent {
namespace {

using wire::CallSum;
using wire::Rate;

constexpr std::uint64_t second_length = 1'000'000'000;  // ns

// The recorder may read these values at any time. Each value is consistent by itself, and no two
// have to match, except those of a pending call: it uses them if a second look finds them unchanged.
template <class T>
T get(const std::atomic<T>& value) {
  return value.load(std::memory_order_relaxed);
}

template <class T>
void set(std::atomic<T>& value, T to) {
  value.store(to, std::memory_order_relaxed);
}

template <class T>
void add(std::atomic<T>& value, T more) {
  set(value, static_cast<T>(get(value) + more));
}

/// Uses Fibonacci hashing, because functions are aligned and the low bits of their addresses carry
/// little information.
std::size_t place_of(std::uint64_t key, std::size_t places) {
  return (key * 0x9e3779b97f4a7c15u >> 40) % places;
}

/// Returns the rate of a function. The functions of a set are roughly in the order of their last
/// ends: one that is found after the first place moves up by one, and a new one replaces the last.
Rate& rate_of(Rate (&set)[wire::rates_in_set], std::uint64_t what) {
  if (set[0].what == what) return set[0];
  for (std::size_t i = 1; i < wire::rates_in_set; ++i) {
    if (set[i].what != what) continue;
    const Rate found = set[i];
    set[i] = set[i - 1];
    set[i - 1] = found;
    return set[i - 1];
  }
  set[wire::rates_in_set - 1] = {what, 0, 0, 0};
  return set[wire::rates_in_set - 1];
}

/// Returns true if the recorder has seen the whole sum and no call was added since.
bool is_over(const CallSum& sum, std::uint32_t epoch) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(epoch) - get(sum.epoch)) >= 2;
}

/// Also compares times, because the low bits of an epoch repeat after about a minute.
bool is_of_earlier_epoch(const CallSum& sum, std::uint8_t epoch, std::uint64_t time) {
  constexpr std::uint64_t longest_epoch = 10 * second_length;
  return get(sum.count) == 0 || get(sum.epoch) != epoch || time - get(sum.to) > longest_epoch;
}

void begin_epoch(CallSum& sum, std::uint8_t epoch, const Moment& in) {
  set(sum.epoch, epoch);
  set(sum.from, in.time);
  set(sum.rss_min, in.rss);
  set(sum.rss_max, in.rss);
}

void widen(CallSum& sum, std::uint64_t rss) {
  if (rss < get(sum.rss_min)) set(sum.rss_min, rss);
  if (rss > get(sum.rss_max)) set(sum.rss_max, rss);
}

}  // namespace

void ShortCalls::begin(wire::Tally& tally, std::uint64_t shortest) {
  tally_ = &tally;
  shortest_ = shortest;
  forget_pending();
}

wire::Tally* ShortCalls::end() {
  auto* tally = tally_;
  tally_ = nullptr;
  depth_ = 0;
  return tally;
}

void ShortCalls::push(const Frame& call, const Moment& in, std::size_t frame) {
  if (depth_ == 0) first_frame_ = frame;
  auto& pending = tally_->pending[depth_];
  set(pending.call, call.call);
  set(pending.what, call.what);
  set(pending.time, in.time);
  set(pending.rss, in.rss);
  set(pending.flags, std::uint64_t{in.flags} | call.flags);
  tally_->depth.store(static_cast<std::uint32_t>(++depth_), std::memory_order_release);
}

Moment ShortCalls::begin_of(std::size_t i) const {
  const auto& pending = tally_->pending[i];
  const auto reused = static_cast<std::uint8_t>(get(pending.flags) & wire::reused);
  return {get(pending.time), get(pending.rss), reused};
}

void ShortCalls::pop() {
  tally_->depth.store(static_cast<std::uint32_t>(--depth_), std::memory_order_release);
}

void ShortCalls::forget_pending() {
  depth_ = 0;
  tally_->depth.store(0, std::memory_order_release);
}

/// A function that was busy for a second is busy for all of the next one too; see mark::Grouping.
bool ShortCalls::is_busy(std::uint64_t what, std::uint64_t time) {
  const auto second = static_cast<std::uint32_t>(time / second_length);
  auto& rate = rate_of(tally_->rates[place_of(what, wire::rate_sets)], what);
  if (rate.second != second) {
    rate.before = rate.second + 1 == second ? rate.now : std::uint16_t{0};
    rate.now = 0;
    rate.second = second;
  }
  if (rate.now <= wire::busy_ends) ++rate.now;
  return rate.now > wire::busy_ends || rate.before > wire::busy_ends;
}

bool ShortCalls::absorb(const Frame& call, const Moment& out) {
  const auto in = begin_of(depth_ - 1);
  if (!is_busy(call.what, out.time) || out.time - in.time >= shortest_) return false;
  if (in.rss == wire::unknown_rss || out.rss == wire::unknown_rss) return false;
  auto* sum = sum_of(call);
  if (sum == nullptr) return false;
  const auto epoch = static_cast<std::uint8_t>(get(tally_->epoch));
  if (is_of_earlier_epoch(*sum, epoch, out.time)) begin_epoch(*sum, epoch, in);
  widen(*sum, in.rss);
  widen(*sum, out.rss);
  set(sum->to, out.time);
  begin_counting(*sum, call.call);
  add(sum->length, out.time - in.time);
  add(sum->growth, out.rss - in.rss);
  add(sum->count, std::uint32_t{1});
  pop();
  return true;
}

/// Saves the sum as it is now. The recorder uses these values until pop().
void ShortCalls::begin_counting(const CallSum& sum, std::uint64_t call) {
  auto& counting = tally_->counting;
  set(counting.length, get(sum.length));
  set(counting.growth, get(sum.growth));
  set(counting.count, get(sum.count));
  set(counting.sum, static_cast<std::uint32_t>(&sum - &tally_->sums[0][0]));
  counting.call.store(call, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_release);
}

/// Returns the sum to which the call belongs; null if all places of its set are in use.
CallSum* ShortCalls::sum_of(const Frame& call) {
  auto& sums = tally_->sums[place_of(call.what + call.level, wire::sum_sets)];
  CallSum* free = nullptr;
  const auto epoch = get(tally_->epoch);
  for (auto& sum : sums) {
    if (get(sum.what) == call.what && get(sum.level) == call.level) return &sum;
    if (free == nullptr && (get(sum.what) == 0 || is_over(sum, epoch))) free = &sum;
  }
  if (free == nullptr) return nullptr;
  set(free->what, call.what);
  set(free->level, call.level);
  set(free->flags, call.flags);
  return free;
}

}  // namespace mprofpp::agent
