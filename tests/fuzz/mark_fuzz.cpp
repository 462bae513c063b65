// The rings, into which a recorded process can write anything. The input is read as slots of records that are
// all complete.

#include <algorithm>
#include <cstring>
#include <set>
#include <string>

#include "expect.hpp"
#include "mprofpp/mark/program_image.hpp"
#include "mprofpp/ring/decode.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

/// Returns a timeline that leaves nearly all times unchanged and shows no memory.
mark::Timeline flat() {
  constexpr Duration latest(4'000'000'000'000'000'000);
  mark::Timeline timeline{{Instant(), mark::EventTime::Steady::time_point()}, {}};
  timeline.clock.update(Instant(latest), mark::EventTime::Steady::time_point(latest));
  return timeline;
}

/// Checks the calls that are reported, and counts them.
class CallChecker : public model::Sink {
 public:
  using model::Sink::take;
  void take(const model::Call& call) override {
    ++calls;
    expect(call.t_in <= call.t_out, "no call ends before it starts");
    expect(call.level >= 0 && *call.level <= 1 << 20, "a level is the number of surrounding calls");
    expect(call.name.size() <= 4096, "a name has at most 4096 bytes");
    expect(!call.rss_in || *call.rss_in >= 0, "no amount of memory is negative");
  }
  void take(const model::CallGroup& group) override {
    calls += group.count;
    expect(group.count > 0, "a group is not empty");
    expect(group.t_from <= group.t_to && group.seconds >= 0, "no time is negative");
  }

  std::uint64_t calls = 0;
};

/// Returns the input with the stamp of this build. A ring with any other stamp is refused at once.
std::string stamped(std::string_view input) {
  std::string bytes(input);
  constexpr auto at = offsetof(wire::RingHeader, stamp);
  if (bytes.size() >= at + sizeof wire::stamp) {
    std::memcpy(bytes.data() + at, &wire::stamp, sizeof wire::stamp);
  }
  return bytes;
}

void check_headers(std::string_view input) {
  const auto identity = ring::parse_identity(stamped(input));
  if (identity) {
    expect(identity->slots >= 64 && identity->slots <= 1 << 17, "a ring has a size that fits");
    expect(identity->segment < wire::most_segments, "a segment has a valid number");
  }
  const auto progress = ring::parse_progress(input);
  if (progress) expect(progress->reserved < wire::closed_bit, "the closing bit does not count");
}

std::uint64_t feed(std::string_view input, mark::ProgramImage& image) {
  std::uint64_t enters = 0;
  for (; input.size() >= sizeof(wire::Slot); input.remove_prefix(sizeof(wire::Slot))) {
    const auto record = ring::decode(input.substr(0, sizeof(wire::Slot)));
    if (!record) continue;
    const auto* event = std::get_if<wire::Event>(&*record);
    if (event != nullptr && event->kind == wire::Kind::enter) ++enters;
    image.add(*record);
  }
  return enters;
}

/// Reads the same bytes as a thread's sums and pending calls. Returns the number of these calls, without the
/// pending ones that are open already: a process that was killed may have written both.
std::uint64_t feed_short_calls(std::string_view input, mark::Lanes& lanes,
                               mark::ProgramImage& image) {
  ring::ShortCalls calls;
  std::uint64_t count = 0;
  for (auto rest = input; rest.size() >= sizeof(wire::CallSum);
       rest.remove_prefix(sizeof(wire::CallSum))) {
    auto sum = ring::parse_sum(rest);
    if (sum.count == 0) continue;
    count += sum.count;
    calls.sums.push_back(sum);
  }
  std::string head(input);
  head.resize(ring::tally_head_size);
  calls.pending = ring::parse_tally_head(head)->pending;
  std::set<std::uint64_t> pending;
  for (const auto& event : calls.pending) {
    if (!lanes.holds(mark::lane_of(event), event.call)) pending.insert(event.call);
  }
  image.add(calls, Instant::max());
  return count + pending.size();
}

}  // namespace

void check(std::string_view input) {
  check_headers(input);
  const auto committed = ring::count_committed(input, 0);
  expect(committed <= input.size() / sizeof(wire::Slot), "there are no more records than slots");

  const auto timeline = flat();
  const Selection all;
  ring::StringTable texts;
  symbols::Tables tables;
  CallChecker checker;
  const auto process = std::make_shared<mark::Process>(mark::Process{1, {}});
  mark::ProgramImage image(process, {all, texts, tables}, {}, timeline, checker);
  auto enters = feed(input, image);
  enters += feed_short_calls(input, process->lanes, image);
  image.write_due(Instant(std::chrono::seconds(1)));
  image.end(Instant(std::chrono::seconds(2)));
  expect(checker.calls == enters, "every call that starts is reported exactly once");
  expect(process->lanes.open() == 0, "nothing is open at the end");
}

}  // namespace mprofpp::fuzz
