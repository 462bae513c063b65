// What a recorded process can put into its rings: anything. The bytes are slots of records, taken
// as if they were whole.

#include <algorithm>
#include <cstring>
#include <set>
#include <string>

#include "expect.hpp"
#include "mprofpp/mark/decode.hpp"
#include "mprofpp/mark/image.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

class Flat : public mark::Background {
 public:
  Instant instant_of(std::uint64_t nanoseconds) const override {
    return Instant(Duration(static_cast<std::int64_t>(nanoseconds % latest)));
  }
  double memory_at(Instant, pid_t, const std::optional<double>& rss) const override {
    return rss.value_or(0);
  }

 private:
  static constexpr std::uint64_t latest = 4'000'000'000'000'000'000;
};

/// Counts what is told and looks at it.
class Told : public model::Sink {
 public:
  using model::Sink::take;
  void take(const model::Call& call) override {
    ++calls;
    expect(call.t_in <= call.t_out, "no call ends before it begins");
    expect(call.level >= 0 && *call.level <= 1 << 20, "a level is the number of calls around");
    expect(call.name.size() <= 4096, "a name has an end");
    expect(!call.rss_in || *call.rss_in >= 0, "no process has less than no memory");
  }
  void take(const model::CallGroup& group) override {
    calls += group.count;
    expect(group.count > 0, "a group is not empty");
    expect(group.t_from <= group.t_to && group.seconds >= 0, "no time is negative");
  }

  std::uint64_t calls = 0;
};

/// As if this build had written it: any other's is refused at once.
std::string stamped(std::string_view input) {
  std::string bytes(input);
  constexpr auto at = offsetof(wire::Heading, stamp);
  if (bytes.size() >= at + sizeof wire::stamp) {
    std::memcpy(bytes.data() + at, &wire::stamp, sizeof wire::stamp);
  }
  return bytes;
}

void check_headings(std::string_view input) {
  const auto identity = mark::parse_identity(stamped(input));
  if (identity) {
    expect(identity->slots >= 64 && identity->slots <= 1 << 17, "a ring has a size that fits");
    expect(identity->segment < wire::most_segments, "a ring is one of few");
  }
  const auto progress = mark::parse_progress(input);
  if (progress) expect(progress->reserved < wire::closed_bit, "the closing bit is no number");
}

std::uint64_t feed(std::string_view input, mark::Image& image) {
  std::uint64_t enters = 0;
  for (; input.size() >= sizeof(wire::Slot); input.remove_prefix(sizeof(wire::Slot))) {
    const auto record = mark::decode(input.substr(0, sizeof(wire::Slot)));
    if (!record) continue;
    const auto* event = std::get_if<wire::Event>(&*record);
    if (event != nullptr && event->kind == wire::Kind::enter) ++enters;
    image.take(*record);
  }
  return enters;
}

/// The same bytes as what a thread has counted and is in. Answers how many calls that are.
std::uint64_t feed_short_calls(std::string_view input, mark::Image& image) {
  mark::ShortCalls calls;
  std::uint64_t count = 0;
  for (auto rest = input; rest.size() >= sizeof(wire::CallSum);
       rest.remove_prefix(sizeof(wire::CallSum))) {
    auto sum = mark::parse_sum(rest);
    if (sum.count == 0) continue;
    count += sum.count;
    calls.sums.push_back(sum);
  }
  std::string head(input);
  head.resize(mark::tally_head_size);
  calls.pending = mark::parse_tally_head(head)->pending;
  std::set<std::uint64_t> pending;
  for (const auto& event : calls.pending) pending.insert(event.call);
  image.take(calls, Instant::max());
  return count + pending.size();
}

}  // namespace

void check(std::string_view input) {
  check_headings(input);
  const auto committed = mark::count_committed(input, 0);
  expect(committed <= input.size() / sizeof(wire::Slot), "no more records than there is room for");

  const Flat background;
  const Selection all;
  mark::Texts texts;
  Told told;
  const auto process = std::make_shared<mark::Process>(mark::Process{1, {}});
  mark::Image image(process, mark::Functions(all, texts, {}), {}, background, told);
  const auto enters = feed(input, image) + feed_short_calls(input, image);
  image.tell(Instant(std::chrono::seconds(1)));
  image.end(Instant(std::chrono::seconds(2)));
  expect(told.calls == enters, "every call that begins is told of, once");
  expect(process->lanes.open() == 0, "nothing is open at the end");
}

}  // namespace mprofpp::fuzz
