#include "core/line_counts.hpp"

#include <doctest/doctest.h>

#include <string>

#include "recorded_process.hpp"

using namespace mprofpp;
using agent::LineCounts;
using test::RecordedProcess;

namespace {

LineCounts* counts_of(const std::string& name, std::uint32_t first_line = 1) {
  return LineCounts::of({name.data(), name.size()}, {"app.py", 6}, first_line, -1);
}

void check(bool is_true) {
  if (!is_true) ::_exit(1);
}

/// Runs the body in a process that is recorded, and returns true if all its checks hold.
bool holds(void (*body)()) {
  return RecordedProcess([body](const std::string&) {
           check(agent::process().is_listening() && agent::process().open_lines());
           body();
         })
      .has_exited();
}

std::string name_of(int i) {
  return "app.f" + std::to_string(i);
}

}  // namespace

TEST_CASE("equal functions have the same counts, and others have their own") {
  CHECK(holds([] {
    auto* const first = counts_of("f");
    check(first != nullptr && counts_of("f") == first);
    check(counts_of("g") != first && counts_of("f", 2) != first);
    check(counts_of("g")->number() != first->number());
  }));
}

// takes minutes if each function is compared with all others
TEST_CASE("a function is found among any number of others") {
  CHECK(holds([] {
    constexpr int count = 200'000;
    for (int i = 0; i < count; ++i) check(counts_of(name_of(i)) != nullptr);
    auto* const first = counts_of(name_of(0));
    check(counts_of(name_of(0)) == first && counts_of(name_of(1)) != first);
  }));
}

TEST_CASE("functions are no longer added when the file is full, and the files of children say so") {
  CHECK(holds([] {
    auto& lines = agent::process().lines();
    auto* const known = counts_of("known");
    check(!lines.leaves_out());
    while (lines.add_lines(0, 1) != nullptr) {
    }
    check(counts_of("new") == nullptr && counts_of("known") == known);
    lines.forget();
    check(agent::process().open_lines() && !lines.leaves_out());
    auto* const function = lines.add_function({"f", 1}, {"app.py", 6}, 1, -1);
    const auto* const header = reinterpret_cast<wire::LineTableHeader*>(function) - 1;
    check(header->facts.load() == wire::tables_full);
  }));
}
