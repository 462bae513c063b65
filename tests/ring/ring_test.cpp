#include "mprofpp/ring/ring.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "mprofpp/ring/stream.hpp"
#include "mprofpp/wire/writer.hpp"
#include "ring/records.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::ring;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// A process that writes into a folder.
struct Victim {
  explicit Victim(std::uint32_t slots = 64) {
    REQUIRE(writer.begin({folder.path().c_str(), 42, 42, 1, 2}, slots));
  }
  ~Victim() { writer.forget(); }

  void write(std::uint64_t from, std::uint64_t to) {
    for (auto call = from; call < to; ++call) writer.write(test::enter(call, call));
  }
  std::string path(int segment = 0) const {
    return folder / ("42.2." + std::to_string(segment) + ".ring");
  }

  TemporaryFolder folder;
  wire::Writer writer;
};

std::vector<std::uint64_t> drained(Ring& ring, WriterState writer = WriterState::running) {
  std::vector<std::uint64_t> calls;
  const auto count = ring.drain(
      writer, [&](const Record& record) { calls.push_back(std::get<wire::Event>(record).call); });
  CHECK(count.has_value());
  return calls;
}

bool is_muted(const wire::FunctionFilter& filter, std::uint64_t address) {
  return wire::verdict_on(filter, address) == wire::Verdict::muted;
}

std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> all;
  for (auto i = from; i < to; ++i) all.push_back(i);
  return all;
}

/// The content of a ring file with 64 slots, of which the first ones are given.
std::string ring_of(const std::string& slots, std::uint64_t reserved) {
  auto bytes = test::header();
  test::put(bytes, offsetof(wire::RingHeader, reserved), reserved);
  bytes.resize(wire::slots_at);
  bytes += slots;
  bytes.resize(wire::slots_at + 64 * sizeof(wire::Slot));
  return bytes;
}

}  // namespace

TEST_CASE("records arrive in their order, each once, round after round") {
  Victim process;
  auto ring = Ring::open(process.path());
  REQUIRE(ring.has_value());
  for (std::uint64_t i = 0; i < 1000; i += 50) {
    process.write(i, i + 50);
    CHECK(drained(*ring) == numbers(i, i + 50));
    CHECK(drained(*ring).empty());
  }
}

TEST_CASE("a full ring continues in the next ones, in order") {
  Victim process;
  Stream stream;
  process.write(0, 5000);
  process.writer.set_state(wire::State::live);
  for (const int segment : {1, 0, 2}) {
    if (auto ring = Ring::open(process.path(segment))) stream.add(std::move(*ring));
  }
  std::vector<std::uint64_t> calls;
  stream.drain(WriterState::running,
               [&](const Record& record) { calls.push_back(std::get<wire::Event>(record).call); });
  CHECK(calls == numbers(0, 5000));
  CHECK(stream.size().count() == static_cast<std::int64_t>(process.writer.size()));
}

TEST_CASE("a ring waits until the ring before it is found") {
  Victim process;
  process.write(0, 100);
  Stream stream;
  stream.add(std::move(*Ring::open(process.path(1))));
  CHECK(stream.drain(WriterState::running, [](const Record&) {}) == 0);
  stream.add(std::move(*Ring::open(process.path(0))));
  CHECK(stream.drain(WriterState::running, [](const Record&) {}) == 100);
}

TEST_CASE("an incomplete record is waited for as long as its writer is running") {
  const TemporaryFolder folder;
  const auto record = test::enter(7, 7);
  const auto path = folder.write(
      "x.ring", ring_of(test::slot(1, record) + test::slot(0, record) + test::slot(3, record), 3));
  auto ring = Ring::open(path);
  REQUIRE(ring.has_value());
  CHECK(drained(*ring).size() == 1);
  CHECK(drained(*ring).empty());
  CHECK(drained(*ring, WriterState::gone).size() == 1);
  CHECK(ring->new_losses() == 1);
  CHECK(ring->new_losses() == 0);
}

TEST_CASE("a record that is never completed blocks later records only until it is given up") {
  const TemporaryFolder folder;
  const auto slots = test::slot(1, test::enter(7, 7)) + test::slot(0, test::enter(8, 8)) +
                     test::slot(3, test::enter(9, 9)) + test::slot(0, test::enter(10, 10)) +
                     test::slot(5, test::enter(11, 11));
  auto ring = Ring::open(folder.write("x.ring", ring_of(slots, 5)));
  REQUIRE(ring.has_value());
  CHECK(drained(*ring) == std::vector<std::uint64_t>{7});
  CHECK(ring->is_waiting());
  CHECK(drained(*ring, WriterState::stuck) == std::vector<std::uint64_t>{9});
  CHECK(ring->new_losses() == 1);
  CHECK(drained(*ring, WriterState::stuck) == std::vector<std::uint64_t>{11});
  CHECK(ring->new_losses() == 1);
  CHECK_FALSE(ring->is_waiting());
}

TEST_CASE("records that a process could not write are counted as lost, once") {
  const TemporaryFolder folder;
  auto bytes = ring_of("", 0);
  test::put(bytes, offsetof(wire::RingHeader, dropped), std::uint64_t{5});
  auto ring = Ring::open(folder.write("x.ring", bytes));
  drained(*ring);
  CHECK(ring->new_losses() == 5);
  drained(*ring);
  CHECK(ring->new_losses() == 0);
}

TEST_CASE("a writer that claims to be impossibly far ahead is not believed") {
  const TemporaryFolder folder;
  auto ring = Ring::open(
      folder.write("x.ring", ring_of(test::slot(1, test::enter(1, 1)), ~wire::closed_bit)));
  CHECK(drained(*ring).size() == 1);
  CHECK(drained(*ring, WriterState::gone).empty());
  CHECK(ring->new_losses() == 64);
}

TEST_CASE("a file that is truncated after it was opened causes an error and not a signal") {
  Victim process;
  auto ring = Ring::open(process.path());
  process.write(0, 10);
  // a copy of the file, because the process itself would get the signal
  const auto copy = process.folder / "copy.ring";
  fs::copy_file(process.path(), copy);
  auto shrinking = Ring::open(copy);
  REQUIRE(shrinking.has_value());
  fs::resize_file(copy, wire::slots_at + sizeof(wire::Slot));
  CHECK(drained(*shrinking).size() == 1);
  fs::resize_file(copy, 10);
  CHECK_FALSE(shrinking->drain(WriterState::running, [](const Record&) {}).has_value());
}

TEST_CASE("a file that is not a ring is refused") {
  const TemporaryFolder folder;
  CHECK_FALSE(Ring::open(folder.write("empty", "")).has_value());
  CHECK_FALSE(Ring::open(folder.write("text", std::string(100'000, 'x'))).has_value());
  CHECK_FALSE(Ring::open(folder.write("short", test::header())).has_value());
  CHECK_FALSE(Ring::open(folder.path()).has_value());
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(Ring::open(folder / "pipe").has_value());
}

TEST_CASE("a symbolic link with the name of a ring is not followed") {
  Victim process;
  fs::create_symlink(process.path(), process.folder / "link.ring");
  CHECK_FALSE(Ring::open(process.folder / "link.ring").has_value());
}

TEST_CASE("the process sees which functions are muted") {
  Victim process;
  Stream stream;
  stream.add(std::move(*Ring::open(process.path())));
  CHECK_FALSE(is_muted(process.writer.filter(), 0x1230));
  stream.write_filter_entry(0x1230);
  CHECK(is_muted(process.writer.filter(), 0x1230));
  CHECK(process.writer.filter_entries() == 1);
  stream.write_filter_entry(0x1230);
  CHECK(process.writer.filter_entries() == 1);
}

TEST_CASE("a writer announces that it has left, and its files can be removed then") {
  Victim process;
  Stream stream;
  stream.add(std::move(*Ring::open(process.path())));
  stream.drain(WriterState::running, [](const Record&) {});
  CHECK_FALSE(stream.is_left());
  process.writer.set_state(wire::State::left);
  stream.drain(WriterState::running, [](const Record&) {});
  CHECK(stream.is_left());
  stream.remove();
  CHECK_FALSE(fs::exists(process.path()));
}
