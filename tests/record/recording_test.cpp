#include "mprofpp/record/recording.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "mprofpp/base/file.hpp"
#include "mprofpp/store/reader.hpp"
#include "support/child.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::Child;

namespace {

struct Events : Listener {
  void stopped(const Error& error) override { messages.push_back("stopped: " + error.what); }
  void file_removed(const Error& error) override { messages.push_back("removed: " + error.what); }
  void slowed_down(Bytes, Duration interval) override {
    messages.push_back("slowed down to " + std::to_string(interval / 1ms) + " ms");
  }
  std::optional<model::PointMark> recorded(Instant tick) override {
    if (mark.empty()) return std::nullopt;
    return model::PointMark{tick, 7, std::exchange(mark, {})};
  }
  std::vector<std::string> messages;
  std::string mark;  ///< for the next tick
};

store::Writer writer_of(const std::string& path) {
  auto writer = store::Writer::create(path, store::Overwrite::no);
  REQUIRE(writer.has_value());
  return std::move(*writer);
}

/// A recording of a child of the test, as one that was attached to.
class Fixture {
 public:
  explicit Fixture(Options wanted = {}, const std::string& path = "")
      : options(std::move(wanted)),
        recording({{{child.pid()}, std::nullopt}, {"victim"}, {}}, options, events,
                  {writer_of(path.empty() ? folder / "x.dat" : path), {&records}}) {}

  void tick() { recording.tick(recording.clock().now(), 0, Clock::Steady::now() + 1h); }
  std::string path() const { return folder / "x.dat"; }

  const Options options;
  const test::TemporaryFolder folder;
  const Child child;
  Events events;
  test::Collector records;
  Recording recording;
};

template <class Record>
std::size_t count_of(const test::Collector& records) {
  return records.of<Record>().size();
}

}  // namespace

TEST_CASE("the file and every other sink get the same records") {
  Fixture fixture;
  fixture.recording.begin();
  fixture.tick();
  fixture.tick();
  fixture.recording.finish(model::EndReason::interrupted, fixture.recording.clock().now(), 0);

  const auto& records = fixture.records;
  CHECK(count_of<model::CommandLine>(records) == 1);
  CHECK(count_of<model::Sample>(records) == 2);
  REQUIRE(count_of<model::End>(records) == 1);
  CHECK(records.of<model::End>().front().reason == model::EndReason::interrupted);
  CHECK(records.of<model::End>().front().samples == 2);

  store::Lines lines;
  for (const auto& record : records.records) {
    std::visit([&](const auto& value) { lines.take(value); }, record);
  }
  CHECK(read_file(fixture.path()).value() == lines.text());
}

TEST_CASE("a sparse file leaves out what the other sinks get, and a reader knows it") {
  Options options;
  options.sparse_from = Bytes{};
  Fixture fixture(options);
  fixture.recording.begin();
  for (int tick = 0; tick < 50; ++tick) fixture.tick();
  fixture.recording.finish(model::EndReason::interrupted, fixture.recording.clock().now(), 0);

  test::Collector read;
  REQUIRE(store::read(fixture.path(), read).has_value());
  CHECK(count_of<model::Sample>(read) < 50);
  std::uint64_t ticks = count_of<model::Sample>(read);
  for (const auto& held : read.of<model::Held>()) ticks += held.ticks;
  CHECK(ticks == 50);
  CHECK(count_of<model::Sample>(fixture.records) == 50);
  CHECK(read_file(fixture.path()).value().find("META sparse 0\n") != std::string::npos);
}

TEST_CASE("a recording becomes sparse when it is large, once") {
  Options options;
  options.sparse_from = Bytes::from_kibibytes(1);
  Fixture fixture(options);
  fixture.recording.begin();
  for (int tick = 0; tick < 100; ++tick) fixture.tick();
  std::size_t changes = 0;
  for (const auto& settings : fixture.records.of<model::Settings>()) {
    changes += settings.sparse.has_value() ? 1 : 0;
  }
  CHECK(changes == 1);
  const auto text = read_file(fixture.path()).value();
  CHECK(text.find("META sparse 0\n") >= 1024);
  CHECK(text.find("ticks=") > text.find("META sparse"));
}

TEST_CASE("a recording that is to be dense has all samples, however large it is") {
  Options options;
  options.sparse_from = std::nullopt;
  Fixture fixture(options);
  fixture.recording.begin();
  for (int tick = 0; tick < 100; ++tick) fixture.tick();
  CHECK(read_file(fixture.path()).value().find("ticks=") == std::string::npos);
}

TEST_CASE("a mark of the listener is in the file and in the other sinks, at the time of its tick") {
  Fixture fixture;
  fixture.recording.begin();
  fixture.tick();
  fixture.events.mark = "leak: +6.00 MiB/h";
  fixture.tick();
  fixture.tick();
  const auto marks = fixture.records.of<model::PointMark>();
  REQUIRE(marks.size() == 1);
  CHECK(marks.front().text == "leak: +6.00 MiB/h");
  CHECK(marks.front().t == fixture.records.of<model::Sample>()[1].t);
  test::Collector read;
  REQUIRE(store::read(fixture.path(), read).has_value());
  REQUIRE(count_of<model::PointMark>(read) == 1);
  CHECK(read.of<model::PointMark>().front().pid == 7);
}

TEST_CASE("missed ticks are between two ticks that have all lines") {
  Options options;
  options.sparse_from = Bytes{};
  Fixture fixture(options);
  fixture.recording.begin();
  for (int tick = 0; tick < 3; ++tick) fixture.tick();
  fixture.recording.tick(fixture.recording.clock().now(), 5, Clock::Steady::now() + 1h);
  const auto text = read_file(fixture.path()).value();
  const auto last = text.rfind("MEM ");
  CHECK(text.find("ticks=0\nLOST", last) != std::string::npos);
}

TEST_CASE("a recording that never ticks leaves no file") {
  const test::TemporaryFolder folder;
  const Options options;
  Listener listener;
  {
    Recording recording({{{::getpid()}, std::nullopt}, {"x"}, {}}, options, listener,
                        {writer_of(folder / "x.dat")});
    recording.begin();
  }
  CHECK_FALSE(std::filesystem::exists(folder / "x.dat"));
}

TEST_CASE("the header says what is recorded") {
  Options options;
  options.children = Children::summed;
  options.metric = model::Metric::uss;
  options.interval = 20ms;
  options.version = "1.2.3";
  Fixture fixture(options);
  fixture.recording.begin();
  const auto headers = fixture.records.of<model::Settings>();
  REQUIRE(headers.size() == 1);
  const auto& header = headers.front();
  CHECK(header.format == 1);
  CHECK(header.version == "1.2.3");
  CHECK(header.metric == model::Metric::uss);
  CHECK(header.interval == 20ms);
  CHECK(header.children == Children::summed);
  CHECK(header.only_root() == fixture.child.pid());
  CHECK(header.argv == std::vector<std::string>{"victim"});
  CHECK(header.without_marks);
}

TEST_CASE("missed ticks and suspensions are recorded and counted") {
  Fixture fixture;
  fixture.recording.begin();
  fixture.recording.tick(fixture.recording.clock().now(), 3, Clock::Steady::now() + 1h);
  fixture.recording.suspended(2s);
  fixture.recording.finish(model::EndReason::ended, fixture.recording.clock().now(), 4);
  const auto lost = fixture.records.of<model::Lost>();
  REQUIRE(lost.size() == 2);
  CHECK(lost[0].what == model::Loss::ticks);
  CHECK(lost[0].count == 3);
  CHECK(lost[1].count == 4);
  CHECK(count_of<model::Suspended>(fixture.records) == 1);
  CHECK(fixture.recording.outcome().missed_ticks == 7);
  CHECK(fixture.recording.outcome().suspended == 2s);
}

TEST_CASE("the exit of a launched root repeats the last sample and adds the kernel's peak") {
  const test::TemporaryFolder folder;
  Child child;
  const Options options;
  Events events;
  test::Collector records;
  Recording recording({{{child.pid()}, ::getpid()}, {"x"}, Bytes{}}, options, events,
                      {writer_of(folder / "x.dat"), {&records}});
  recording.begin();
  recording.tick(recording.clock().now(), 0, Clock::Steady::now() + 1h);
  const auto before = records.of<model::Sample>();
  REQUIRE(before.size() == 1);

  RootEnd end;
  end.t = recording.clock().now();
  end.ended = {child.pid(), 3, Bytes(1LL << 40)};
  recording.root_ended(end);
  recording.finish(model::EndReason::ended, end.t, 0);

  const auto samples = records.of<model::Sample>();
  REQUIRE(samples.size() == 2);
  CHECK(samples[1].mib == samples[0].mib);
  const auto exits = records.of<model::Exit>();
  REQUIRE(exits.size() == 1);
  CHECK(exits[0].status == 3);
  CHECK(recording.outcome().kernel_peak == Bytes(1LL << 40));
  CHECK(recording.outcome().status == 3);
}

TEST_CASE("a full disk stops the recording, reports that once and writes no more") {
  Fixture fixture({}, "/dev/full");
  fixture.recording.begin();
  CHECK(fixture.recording.going_on());
  fixture.tick();
  CHECK_FALSE(fixture.recording.going_on());
  fixture.recording.finish(model::EndReason::ended, fixture.recording.clock().now(), 0);
  CHECK(fixture.events.messages.size() == 1);
  REQUIRE(fixture.recording.outcome().stopped.has_value());
  CHECK(fixture.recording.outcome().stopped->place == "/dev/full");
}

TEST_CASE("a file that was removed during the recording is reported at the end") {
  Fixture fixture;
  fixture.recording.begin();
  fixture.tick();
  std::filesystem::remove(fixture.path());
  fixture.tick();
  CHECK(fixture.events.messages.empty());
  fixture.recording.finish(model::EndReason::ended, fixture.recording.clock().now(), 0);
  CHECK(fixture.events.messages ==
        std::vector<std::string>{"removed: was removed during the recording"});
}

TEST_CASE(
    "a file that reaches its limit makes the interval ten times longer, and says so in the file") {
  Options options;
  options.max_size = Bytes(100);
  Fixture fixture(options);
  fixture.recording.begin();
  fixture.tick();
  CHECK(fixture.recording.interval() == 1s);
  CHECK(fixture.events.messages == std::vector<std::string>{"slowed down to 1000 ms"});
  const auto settings = fixture.records.of<model::Settings>();
  REQUIRE(settings.size() == 2);
  CHECK(settings.back().interval == 1s);
}

TEST_CASE("the end of the last root is noticed") {
  Fixture fixture;
  fixture.recording.begin();
  fixture.tick();
  CHECK(fixture.recording.any_root_lives());
  fixture.child.kill();
  fixture.tick();
  CHECK_FALSE(fixture.recording.any_root_lives());
  CHECK(count_of<model::Exit>(fixture.records) == 1);
}
