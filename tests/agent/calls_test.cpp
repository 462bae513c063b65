#include "core/calls.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "recorded_process.hpp"

using namespace mprofpp;
using test::RecordedProcess;

namespace {

void enter(const std::string& name) {
  agent::enter({name.data(), name.size()});
}

void leave(const std::string& name) {
  agent::leave({name.data(), name.size()});
}

/// Adds an entry to the filter of this process, as its recorder would.
void add_filter_entry(const std::string& folder, std::uint64_t entry) {
  test::rings_in(folder).write_filter_entry(entry);
}

}  // namespace

TEST_CASE("a call has the same number at its start and its end, and the time passes in between") {
  const RecordedProcess process([](const std::string&) {
    enter("load");
    leave("load");
  });
  REQUIRE(process.story() == "+load -load");
  const auto& start = process.events().front();
  const auto& end = process.events().back();
  CHECK(start.call == end.call);
  CHECK(start.time <= end.time);
  CHECK(start.thread == end.thread);
  CHECK(start.rss != wire::unknown_rss);
}

TEST_CASE("a name that is used again is not written again") {
  const RecordedProcess process([](const std::string&) {
    for (int i = 0; i < 3; ++i) {
      enter("load");
      leave("load");
    }
  });
  CHECK(process.events().size() == 6);
  CHECK(process.times_written("load") == 1);
}

TEST_CASE("the end of a call ends the calls within it that were left without an end") {
  const RecordedProcess process([](const std::string&) {
    enter("a");
    enter("b");
    enter("c");
    leave("a");
    enter("d");
    leave("d");
  });
  CHECK(process.story() == "+a +b +c !c !b -a +d -d");
}

TEST_CASE("the innermost call of a name ends first, and an end without a start is ignored") {
  const RecordedProcess process([](const std::string&) {
    leave("a");
    enter("a");
    enter("a");
    leave("b");
    leave("a");
    leave("a");
    leave("a");
  });
  CHECK(process.story() == "+a +a -a -a");
  CHECK(process.events()[1].call == process.events()[2].call);
}

TEST_CASE("a place keeps its id, and its flags are those of its start") {
  const RecordedProcess process([](const std::string&) {
    agent::Place place{"void f()", 0, 0, wire::signature};
    for (int i = 0; i < 2; ++i) {
      agent::enter(place);
      agent::leave(place);
    }
    if (place.generation == 0 || place.id == 0) ::_exit(1);
  });
  CHECK(process.has_exited());
  CHECK(process.story() == "+void f() -void f() +void f() -void f()");
  CHECK(process.times_written("void f()") == 1);
  CHECK(process.events().front().flags == wire::signature);
}

TEST_CASE("a point in time is written with its text") {
  const RecordedProcess process([](const std::string&) { agent::mark({"loaded", 6}); });
  CHECK(process.story() == "loaded");
}

TEST_CASE("a function is known by its address, and its file is written first") {
  const auto address = reinterpret_cast<std::uint64_t>(&add_filter_entry);
  const RecordedProcess process([address](const std::string&) {
    agent::enter_function(address);
    agent::leave_function(address);
  });
  const auto name = std::to_string(address);
  CHECK(process.story() == "+" + name + " -" + name);
  const auto is_its = [address](const wire::Module& module) {
    return module.begin <= address && address < module.end;
  };
  const auto& modules = process.modules();
  CHECK(std::any_of(modules.begin(), modules.end(), is_its));
}

TEST_CASE("a function that the recorder has muted is passed over, and others are not") {
  const RecordedProcess process([](const std::string& folder) {
    agent::enter_function(16);
    agent::leave_function(16);
    add_filter_entry(folder, 16);
    add_filter_entry(folder, 32 | wire::wanted_bit);
    for (const std::uint64_t address : {16, 32}) {
      agent::enter_function(address);
      agent::leave_function(address);
    }
  });
  CHECK(process.story() == "+16 -16 +32 -32");
}

TEST_CASE("a call of a function that is muted while it runs still ends") {
  const RecordedProcess process([](const std::string& folder) {
    agent::enter_function(16);
    add_filter_entry(folder, 16);
    agent::leave_function(16);
  });
  CHECK(process.story() == "+16 -16");
}

TEST_CASE("marks leave errno unchanged") {
  const RecordedProcess process([](const std::string&) {
    errno = EBUSY;
    enter("a");
    agent::mark({"b", 1});
    leave("a");
    if (errno != EBUSY) ::_exit(1);
  });
  CHECK(process.has_exited());
}
