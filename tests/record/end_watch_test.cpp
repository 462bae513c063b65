#include "mprofpp/record/session/end_watch.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "mprofpp/proc/files.hpp"
#include "support/child.hpp"

using namespace mprofpp;
using record::EndWatch;
using record::Watched;
using test::Child;

namespace {

/// How the exit of a process is noticed.
enum class Way { reported, looked_at };

Watched watched(const Child& child, Way way = Way::reported) {
  auto process = record::watch(child.pid());
  REQUIRE(process.has_value());
  if (way == Way::looked_at) process->fd.close();
  return std::move(*process);
}

/// A watch of processes that counts its calls.
class Fixture {
 public:
  template <class... Processes>
  explicit Fixture(Processes... processes) {
    std::vector<Watched> all;
    (all.push_back(std::move(processes)), ...);
    watch.emplace(context, std::move(all), [this] { ++calls; });
  }

  int calls = 0;
  boost::asio::io_context context{1};
  std::optional<EndWatch> watch;
};

}  // namespace

TEST_CASE("a process to watch is identified by its pid and its start") {
  const Child child;
  const auto process = record::watch(child.pid());
  REQUIRE(process.has_value());
  CHECK(process->id == model::ProcessId{child.pid(), proc::read_stat(child.pid())->start});
}

TEST_CASE("a process that does not exist cannot be watched") {
  const auto process = record::watch(1 << 22);
  REQUIRE_FALSE(process.has_value());
  CHECK(process.error().code == Errc::vanished);
}

TEST_CASE("the end of the last of several processes is reported, once") {
  for (const auto way : {Way::reported, Way::looked_at}) {
    const Child first;
    const Child second;
    Fixture fixture(watched(first), watched(second, way));
    first.kill();
    fixture.context.poll();
    CHECK(fixture.calls == 0);
    second.kill();
    fixture.context.run();  // until there is nothing to wait for
    CHECK(fixture.calls == 1);
  }
}

TEST_CASE("the end of several processes at once is reported once") {
  const Child first;
  const Child second;
  const Child third;
  Fixture fixture(watched(first, Way::looked_at), watched(second, Way::looked_at), watched(third));
  for (const auto* child : {&first, &second, &third}) child->kill();
  fixture.context.run();
  CHECK(fixture.calls == 1);
}

TEST_CASE("a later process with the same pid is not mistaken for one that has ended") {
  const Child child;
  auto process = watched(child, Way::looked_at);
  --process.id.start;
  Fixture fixture(std::move(process));
  fixture.context.run();
  CHECK(fixture.calls == 1);
}

TEST_CASE("a watch that is destroyed reports nothing") {
  for (const auto way : {Way::reported, Way::looked_at}) {
    const Child child;
    Fixture fixture(watched(child, way));
    child.kill();
    fixture.watch.reset();
    fixture.context.run();
    CHECK(fixture.calls == 0);
  }
}
