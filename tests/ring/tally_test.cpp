#include "mprofpp/ring/tally.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <limits>

#include "mprofpp/ring/ring.hpp"
#include "mprofpp/wire/writer.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::ring;

namespace {

/// A process with a thread that counts its calls.
struct Victim {
  Victim() {
    REQUIRE(writer.begin({folder.path().c_str(), 42, 42, 1, 2}, 64));
    tally = writer.begin_tally(7);
    REQUIRE(tally != nullptr);
  }
  ~Victim() { writer.forget(); }

  wire::CallSum& sum(std::size_t i) { return tally->sums[0][i]; }
  void count(std::size_t i, std::uint32_t calls, std::uint64_t length, std::int64_t growth) {
    sum(i).what = 100 + i;
    sum(i).count += calls;
    sum(i).length += length;
    sum(i).growth += static_cast<std::uint64_t>(growth);
  }
  void begin(std::uint64_t call, std::uint64_t time) {
    auto& pending = tally->pending[tally->depth];
    pending.call = call;
    pending.what = 1;
    pending.time = time;
    pending.rss = 5000;
    pending.flags = wire::address;
    ++tally->depth;
  }

  test::TemporaryFolder folder;
  wire::Writer writer;
  wire::Tally* tally;
};

/// The recorder's end of the ring.
struct Reader {
  explicit Reader(const Victim& victim) : ring(*Ring::open(victim.folder / "42.2.0.ring")) {}

  ShortCalls look(WriterState writer = WriterState::running) {
    ShortCalls seen;
    const auto drain = [&] { CHECK(ring.drain(writer, [](const Record&) {}).has_value()); };
    drain();
    ring.read_sums();
    drain();
    ring.read_short_calls(writer, [&](const ShortCalls& calls) { seen = calls; });
    return seen;
  }

  Ring ring;
};

std::vector<std::uint64_t> numbers_of(const std::vector<wire::Event>& calls) {
  std::vector<std::uint64_t> numbers;
  for (const auto& call : calls) numbers.push_back(call.call);
  return numbers;
}

}  // namespace

TEST_CASE("each look returns the calls that were counted since the last one") {
  Victim process;
  Reader reader(process);
  process.count(0, 5, 500, 4096);
  process.count(1, 1, 30, -4096);
  auto calls = reader.look();
  CHECK(calls.thread == 7);
  REQUIRE(calls.sums.size() == 2);
  CHECK(calls.sums[0].what == 100);
  CHECK(calls.sums[0].count == 5);
  CHECK(calls.sums[0].length == 500);
  CHECK(static_cast<std::int64_t>(calls.sums[1].growth) == -4096);
  CHECK(reader.look().sums.empty());
  process.count(1, 2, 60, 0);
  calls = reader.look();
  REQUIRE(calls.sums.size() == 1);
  CHECK(calls.sums[0].count == 2);
  CHECK(calls.sums[0].length == 60);
  CHECK(calls.sums[0].growth == 0);
}

TEST_CASE("calls that are counted after the sums were read are returned by the next look") {
  Victim process;
  Reader reader(process);
  reader.look();
  process.count(0, 5, 500, 0);
  reader.ring.read_sums();
  process.count(0, 2, 200, 0);
  std::uint32_t count = 0;
  reader.ring.read_short_calls(WriterState::running,
                               [&](const ShortCalls& calls) { count = calls.sums[0].count; });
  CHECK(count == 5);
  CHECK(reader.look().sums[0].count == 2);
}

TEST_CASE("a count that overflows continues correctly") {
  Victim process;
  Reader reader(process);
  process.count(0, std::numeric_limits<std::uint32_t>::max(), 1, 0);
  CHECK(reader.look().sums[0].count == std::numeric_limits<std::uint32_t>::max());
  process.count(0, 3, 1, 0);
  CHECK(process.sum(0).count == 2);
  CHECK(reader.look().sums[0].count == 3);
}

TEST_CASE("every look starts a new epoch, so that the places of unchanged sums can be used again") {
  Victim process;
  Reader reader(process);
  reader.look();
  CHECK(process.tally->epoch == 1);
  reader.look();
  CHECK(process.tally->epoch == 2);
}

TEST_CASE("a pending call is returned once two looks have seen it") {
  Victim process;
  Reader reader(process);
  process.begin(1, 10);
  CHECK(reader.look().pending.empty());
  process.begin(2, 20);
  const auto calls = reader.look();
  REQUIRE(numbers_of(calls.pending) == std::vector<std::uint64_t>{1});
  const auto& call = calls.pending.front();
  CHECK(call.kind == wire::Kind::enter);
  CHECK(call.thread == 7);
  CHECK(call.time == 10);
  CHECK(call.rss == 5000);
  CHECK(call.flags == wire::address);
  CHECK(numbers_of(reader.look().pending) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("all pending calls of a process that is gone are returned") {
  Victim process;
  Reader reader(process);
  process.begin(1, 10);
  process.begin(2, 20);
  CHECK(numbers_of(reader.look(WriterState::gone).pending) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("an impossible depth is limited") {
  Victim process;
  Reader reader(process);
  process.tally->depth = ~0U;
  CHECK(reader.look(WriterState::gone).pending.size() == wire::most_pending);
}

TEST_CASE("a tally that is not in the file has no sums") {
  Victim process;
  process.count(0, 5, 500, 0);
  Reader reader(process);
  // the process has the file mapped, but no longer touches the part that is cut off
  const auto path = process.folder / "42.2.0.ring";
  REQUIRE(::truncate(path.c_str(), static_cast<off_t>(wire::tally_at(64, 0) + 100)) == 0);
  CHECK(reader.look().sums.empty());
}

TEST_CASE("the size of a ring includes its tallies") {
  Victim process;
  Reader reader(process);
  reader.look();
  CHECK(reader.ring.size().count() == static_cast<std::int64_t>(process.writer.size()));
}
