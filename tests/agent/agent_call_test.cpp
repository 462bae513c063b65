#include "core/agent_call.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

#include "core/calls.hpp"
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

/// Enters `count` calls, each within the one before.
void enter_deep(int count) {
  for (int i = 0; i < count; ++i) enter("deep");
}

std::size_t count_of(const RecordedProcess& process, wire::Kind kind) {
  const auto& events = process.events();
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(),
                    [kind](const wire::Event& event) { return event.kind == kind; }));
}

}  // namespace

TEST_CASE("the calls in which a thread exits end, the innermost first, as if by an exception") {
  const RecordedProcess process([](const std::string&) {
    enter("main");
    std::thread([] {
      enter("a");
      enter("b");
    }).join();
    leave("main");
  });
  CHECK(process.has_exited());
  CHECK(process.story() == "+main +a +b !b !a -main");
}

TEST_CASE("a thread may exit in a recursion that is too deep to store") {
  constexpr std::size_t stored = 32 + 65'536;
  const RecordedProcess process(
      [](const std::string&) { std::thread([] { enter_deep(70'000); }).join(); });
  CHECK(process.has_exited());
  CHECK(count_of(process, wire::Kind::enter) == stored);
  CHECK(count_of(process, wire::Kind::leave) == stored);
}

TEST_CASE(
    "a thread of a sandboxed program, in which no memory can be mapped, may exit in deep calls") {
  const RecordedProcess process([](const std::string&) {
    agent::process().enter_sandbox();
    std::thread([] { enter_deep(40); }).join();
  });
  CHECK(process.has_exited());
  CHECK(count_of(process, wire::Kind::enter) == 32);
  CHECK(count_of(process, wire::Kind::leave) == 32);
}

TEST_CASE("after a recursion that was too deep to store, the calls around it still end") {
  const RecordedProcess process([](const std::string&) {
    agent::process().enter_sandbox();
    enter("outer");
    enter_deep(40);
    for (int i = 0; i < 40; ++i) leave("deep");
    leave("outer");
  });
  CHECK(count_of(process, wire::Kind::enter) == 32);
  CHECK(count_of(process, wire::Kind::leave) == 32);
  CHECK(process.story().ends_with("-outer"));
}

TEST_CASE("every call of a function that is called very often is either written or summed") {
  const RecordedProcess process(
      [](const std::string&) {
        for (int i = 0; i < 5000; ++i) {
          enter("often");
          leave("often");
        }
      },
      {{wire::shortest_variable, "1000000000"}});
  const auto written = count_of(process, wire::Kind::leave);
  CHECK(count_of(process, wire::Kind::enter) == written);
  CHECK(process.summed() > 0);
  CHECK(written + process.summed() == 5000);
  CHECK(process.lost() == 0);
}

TEST_CASE("without a shortest length, every call is written") {
  const RecordedProcess process([](const std::string&) {
    for (int i = 0; i < 5000; ++i) {
      enter("often");
      leave("often");
    }
  });
  CHECK(count_of(process, wire::Kind::leave) == 5000);
  CHECK(process.summed() == 0);
}

TEST_CASE("pending calls are written in their order when one of them ends and is not summed") {
  const RecordedProcess process(
      [](const std::string&) {
        for (int i = 0; i < 1000; ++i) {
          enter("often");
          leave("often");
        }
        enter("outer");
        enter("inner");
        agent::mark({"between", 7});
        leave("inner");
        leave("outer");
      },
      {{wire::shortest_variable, "1000000000"}});
  CHECK(process.story().find("+outer +inner -inner -outer") != std::string::npos);
}

TEST_CASE("a forked child writes the open calls of its parent into a ring of its own") {
  const RecordedProcess process([](const std::string& folder) {
    enter("parent");
    if (::fork() == 0) {
      enter("child");
      leave("child");
      leave("parent");
      ::_exit(0);
    }
    ::wait(nullptr);
    // leave only the child's ring, which is the newer one
    const auto own = std::to_string(::getpid()) + ".";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const auto path = entry.path();
      if (path.filename().string().starts_with(own)) std::filesystem::remove(path);
    }
  });
  CHECK(process.has_exited());
  CHECK(process.story() == "+? +child -child -?");  // that name is in the parent's ring
  CHECK((process.events().front().flags & wire::inherited) != 0);
  CHECK((process.events().back().flags & wire::inherited) == 0);
}

TEST_CASE("nothing is written if no recorder has prepared for the process") {
  const RecordedProcess process(
      [](const std::string& folder) {
        enter("a");
        leave("a");
        const auto is_empty = std::filesystem::is_empty(folder);
        if (!is_empty) ::_exit(1);
      },
      {{wire::run_variable, ""}});
  CHECK(process.has_exited());
  CHECK(process.events().empty());
}
