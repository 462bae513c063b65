#include "mprofpp/wire/writer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "mprofpp/wire/function_filter.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/text_id.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::wire;

namespace {

Event event(std::uint64_t call, Kind kind = Kind::enter) {
  Event event{};
  event.kind = kind;
  event.call = call;
  return event;
}

/// The number of slots that are for everything but the ends of calls.
constexpr std::uint64_t room_in(std::uint64_t slots) {
  return slots - slots / 8;
}

/// Returns the segment files of a folder, in the order of their numbers.
std::vector<std::string> rings_in(const std::string& folder) {
  std::vector<std::string> rings;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ring_suffix) rings.push_back(entry.path().string());
  }
  std::sort(rings.begin(), rings.end());
  return rings;
}

/// A segment as another process finds it.
class Found {
 public:
  explicit Found(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }
  const RingHeader& header() const { return *reinterpret_cast<const RingHeader*>(bytes_.data()); }
  std::uint64_t reserved() const { return header().reserved.load() & ~closed_bit; }
  bool is_closed() const { return header().reserved.load() & closed_bit; }
  bool is_committed(std::uint64_t number) const {
    return slot(number).sequence.load() == number + 1;
  }
  template <Record R>
  R record(std::uint64_t number) const {
    R record;
    __builtin_memcpy(&record, slot(number).record, sizeof record);
    return record;
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  const Slot& slot(std::uint64_t number) const {
    const auto* slots = reinterpret_cast<const Slot*>(bytes_.data() + slots_at);
    return slots[number % header().slots];
  }
  std::string bytes_;
};

/// Does the same as a recorder that has read everything.
void drain(const std::string& path, std::uint64_t up_to) {
  const int fd = ::open(path.c_str(), O_WRONLY);
  REQUIRE(::pwrite(fd, &up_to, sizeof up_to, offsetof(RingHeader, drained)) == sizeof up_to);
  ::close(fd);
}

struct Fixture {
  test::TemporaryFolder folder;
  std::string path = folder.path();
  Identity identity{path.c_str(), 10, 11, 12, 13};
  Writer writer;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "A ring identifies its process and contains its records") {
  REQUIRE(writer.begin(identity));
  writer.write(event(7));
  writer.write(event(8));
  const auto rings = rings_in(path);
  REQUIRE(rings.size() == 1);
  const Found ring(rings[0]);
  CHECK(ring.header().magic == magic);
  CHECK(ring.header().stamp == stamp);
  CHECK(ring.header().pid == 10);
  CHECK(ring.header().writer == 11);
  CHECK(ring.header().start == 12);
  CHECK(ring.header().begun == 13);
  CHECK(ring.header().slots == first_slots);
  CHECK(ring.size() == size_of_segment(first_slots));
  CHECK(writer.size() == size_of_segment(first_slots));
  REQUIRE(ring.reserved() == 2);
  CHECK(ring.is_committed(0));
  CHECK(ring.record<Event>(0).call == 7);
  CHECK(ring.record<Event>(1).call == 8);
  CHECK_FALSE(ring.is_committed(2));
}

TEST_CASE_FIXTURE(Fixture, "Only the owner may read a ring, and no unfinished one is left behind") {
  REQUIRE(writer.begin(identity));
  struct stat status {};
  REQUIRE(::stat(rings_in(path)[0].c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(status.st_blocks * 512 >= static_cast<long>(size_of_segment(first_slots)));
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    CHECK(entry.path().extension() != unfinished_suffix);
  }
}

TEST_CASE_FIXTURE(Fixture, "If no ring can be made, errno is the reason") {
  const std::string missing = path + "/missing";
  identity.folder = missing.c_str();
  CHECK_FALSE(writer.begin(identity));
  CHECK(errno == ENOENT);
  const std::string long_name(600, 'x');
  identity.folder = long_name.c_str();
  CHECK_FALSE(writer.begin(identity));
  CHECK(errno == ENAMETOOLONG);
  CHECK_FALSE(writer.is_open());
}

TEST_CASE_FIXTURE(Fixture, "Slots are reused once they are drained, and not before") {
  REQUIRE(writer.begin(identity));
  for (std::uint64_t i = 0; i < room_in(first_slots); ++i) REQUIRE(writer.write(event(i)));
  while (Found(rings_in(path)[0]).reserved() < first_slots) writer.write(event(0, Kind::leave));
  drain(rings_in(path)[0], first_slots / 2);
  for (std::uint64_t i = 0; i < first_slots / 2; ++i) {
    writer.write(event(first_slots + i, Kind::leave));
  }
  CHECK(rings_in(path).size() == 1);
  const Found ring(rings_in(path)[0]);
  CHECK(ring.record<Event>(first_slots).call == first_slots);
  CHECK(ring.record<Event>(first_slots / 2).call == first_slots / 2);
}

TEST_CASE_FIXTURE(Fixture, "A full ring is closed and followed by one twice as large") {
  REQUIRE(writer.begin(identity));
  for (std::uint64_t i = 0; i <= room_in(first_slots); ++i) REQUIRE(writer.write(event(i)));
  const auto rings = rings_in(path);
  REQUIRE(rings.size() == 2);
  const Found first(rings[0]);
  const Found second(rings[1]);
  CHECK(first.is_closed());
  CHECK(first.reserved() == room_in(first_slots));
  CHECK(second.header().segment == 1);
  CHECK(second.header().begun == first.header().begun);
  CHECK(second.header().slots == 2 * first_slots);
  CHECK(second.record<Event>(0).call == room_in(first_slots));
  CHECK(writer.size() == size_of_segment(first_slots) + size_of_segment(slots_of_segment(1)));
}

TEST_CASE_FIXTURE(Fixture,
                  "After the largest ring, records are dropped and counted until it is drained") {
  REQUIRE(writer.begin(identity));
  std::uint64_t written = 0;
  while (writer.write(event(written))) ++written;
  CHECK(written == room_in(slots_of_segment(most_segments) - first_slots));
  CHECK_FALSE(writer.write(event(0)));
  const auto rings = rings_in(path);
  REQUIRE(rings.size() == most_segments);
  const auto last = rings.back();
  CHECK(Found(last).header().dropped == 2);
  drain(last, slots_of_segment(most_segments - 1));
  CHECK(writer.write(event(1)));
}

TEST_CASE_FIXTURE(Fixture, "The ends of calls still find room when nothing else does") {
  REQUIRE(writer.begin(identity));
  while (writer.write(event(0))) continue;
  std::uint64_t ends = 0;
  while (writer.write(event(0, Kind::leave))) ++ends;
  CHECK(ends == slots_of_segment(most_segments - 1) / 8);
}

TEST_CASE_FIXTURE(Fixture, "Records without an attempt to write them count as dropped") {
  REQUIRE(writer.begin(identity));
  writer.count_dropped();
  CHECK(Found(rings_in(path)[0]).header().dropped == 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "The bell rings when a ring is half full, and again only after it was heard") {
  REQUIRE(::mkfifo((path + "/" + bell_name).c_str(), 0600) == 0);
  const int bell = ::open((path + "/" + bell_name).c_str(), O_RDWR | O_NONBLOCK);
  const auto strokes = [&] {
    char bytes[64];
    return std::max<ssize_t>(::read(bell, bytes, sizeof bytes), 0);
  };
  REQUIRE(writer.begin(identity));
  for (std::uint64_t i = 0; i + 1 < first_slots / 2; ++i) writer.write(event(i));
  CHECK(strokes() == 0);
  for (int i = 0; i < 100; ++i) writer.write(event(0));
  CHECK(strokes() == 1);
  writer.stay_quiet();
  ::close(bell);
}

TEST_CASE_FIXTURE(Fixture, "A text is written in consecutive pieces") {
  REQUIRE(writer.begin(identity));
  for (const std::size_t length : {0, 1, 39, 40, 41, 80, 1000, 5000}) {
    const std::string text(length, 'x');
    const auto from = Found(rings_in(path)[0]).reserved();
    REQUIRE(writer.write_text(99, {text.data(), text.size()}));
    const Found ring(rings_in(path)[0]);
    std::string written;
    for (auto i = from; i < ring.reserved(); ++i) {
      const auto piece = ring.record<Text>(i);
      CHECK(piece.kind == Kind::text);
      CHECK(piece.id == 99);
      CHECK(piece.is_last == (i + 1 == ring.reserved()));
      written.append(piece.bytes, piece.length);
    }
    CHECK(written == text.substr(0, Writer::longest_text));
  }
}

TEST_CASE_FIXTURE(
    Fixture, "Threads that write at the same time lose and tear no record, through all growth") {
  constexpr std::uint64_t threads = 4;
  constexpr std::uint64_t each = 20'000;
  REQUIRE(writer.begin(identity));
  std::vector<std::thread> writers;
  for (std::uint64_t thread = 0; thread < threads; ++thread) {
    writers.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < each; ++i) writer.write(event(thread * each + i));
    });
  }
  for (auto& thread : writers) thread.join();

  std::set<std::uint64_t> seen;
  std::uint64_t dropped = 0;
  std::map<std::uint64_t, std::uint64_t> newest;
  for (const auto& path_of_ring : rings_in(path)) {
    const Found ring(path_of_ring);
    dropped += ring.header().dropped;
    for (std::uint64_t i = 0; i < ring.reserved(); ++i) {
      REQUIRE(ring.is_committed(i));
      const auto call = ring.record<Event>(i).call;
      seen.insert(call);
      auto& latest = newest[call / each];
      CHECK(call >= latest);
      latest = call;
    }
  }
  CHECK(seen.size() + dropped == threads * each);
  CHECK(dropped == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "A thread's new tally is empty, in the ring's file, and counted in its header") {
  REQUIRE(writer.begin(identity));
  CHECK(Found(rings_in(path)[0]).header().tallies == 0);
  const auto* first = writer.begin_tally(7);
  const auto* second = writer.begin_tally(8);
  REQUIRE((first != nullptr && second != nullptr && first != second));
  CHECK(first->thread == 7);
  CHECK(first->depth == 0);
  CHECK(first->sums[0][0].count == 0);
  const Found ring(rings_in(path)[0]);
  CHECK(ring.header().tallies == 2);
  CHECK(ring.size() == tally_at(first_slots, 2));
  CHECK(writer.size() == size_of_segment(first_slots) + 2 * sizeof(Tally));
}

TEST_CASE_FIXTURE(Fixture,
                  "A tally whose thread has ended is reused once the recorder has seen it") {
  REQUIRE(writer.begin(identity));
  auto* tally = writer.begin_tally(7);
  Writer::end_tally(*tally);
  CHECK(tally->thread == 7);
  auto* other = writer.begin_tally(8);
  CHECK(other != tally);
  CHECK(Found(rings_in(path)[0]).header().lacks_tally == 1);
  tally->epoch = 2;  // two looks, one of which started after the end
  CHECK(writer.begin_tally(9) == tally);
  CHECK(tally->thread == 9);
  CHECK(writer.begin_tally(10) != tally);
}

TEST_CASE_FIXTURE(Fixture, "There is a tally for each of a limited number of threads") {
  REQUIRE(writer.begin(identity));
  for (std::uint32_t i = 0; i < most_tallies; ++i) REQUIRE(writer.begin_tally(i) != nullptr);
  for (int i = 0; i < 3; ++i) CHECK(writer.begin_tally(99) == nullptr);
  CHECK(Found(rings_in(path)[0]).header().tallies == most_tallies);
  writer.forget();
  REQUIRE(writer.begin({path.c_str(), 10, 11, 12, 14}));
  CHECK(writer.begin_tally(1) != nullptr);
}

TEST_CASE_FIXTURE(Fixture, "If no system call may be made, there is no tally") {
  REQUIRE(writer.begin(identity));
  writer.stay_quiet();
  CHECK(writer.begin_tally(1) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "A writer that has forgotten its rings can begin again") {
  REQUIRE(writer.begin(identity));
  writer.write(event(1));
  writer.forget();
  CHECK_FALSE(writer.is_open());
  CHECK(writer.size() == 0);
  identity.begun = 14;
  REQUIRE(writer.begin(identity));
  writer.write(event(2));
  CHECK(rings_in(path).size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "The state is set in every segment") {
  REQUIRE(writer.begin(identity));
  for (std::uint64_t i = 0; i <= first_slots; ++i) writer.write(event(i));
  writer.set_state(State::left);
  for (const auto& ring : rings_in(path)) CHECK(Found(ring).header().state == State::left);
}

TEST_CASE("A function is muted once its address is in the filter") {
  auto filter = std::make_unique<FunctionFilter>();
  CHECK(verdict_on(*filter, 0x1000) == Verdict::unknown);
  const auto put = [&](std::uint64_t address) {
    auto place = filter_place(address);
    while (filter->addresses[place] != 0) place = (place + 1) % filter_slots;
    filter->addresses[place] = address;
  };
  for (std::uint64_t i = 1; i <= most_filter_entries; ++i) put(i * 16);
  for (std::uint64_t i = 1; i <= most_filter_entries; ++i) {
    CHECK(verdict_on(*filter, i * 16) == Verdict::muted);
  }
  CHECK(verdict_on(*filter, 8) == Verdict::unknown);
}

TEST_CASE("Equal texts have equal ids in every process") {
  const std::string text = "größer";
  CHECK(id_of({text.data(), text.size()}) == id_of({"größer", text.size()}));
  CHECK(id_of({"a", 1}) == 0xaf63dc4c8601ec8c);  // the published value of FNV-1a
}
