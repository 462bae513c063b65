#include "core/environment.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "mprofpp/wire/names.hpp"

using namespace mprofpp;
using agent::Environment;

namespace {

/// Sets the variables of this process while it exists.
class Variables {
 public:
  explicit Variables(std::map<std::string, std::string> values) : values_(std::move(values)) {
    for (const auto& [name, value] : values_) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Variables() {
    for (const auto& [name, value] : values_) ::unsetenv(name.c_str());
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

 private:
  std::map<std::string, std::string> values_;
};

using Entries = std::vector<std::string>;

/// The entries as exec takes them.
std::vector<char*> pointers_to(Entries& entries) {
  std::vector<char*> pointers;
  for (auto& entry : entries) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool is_complete(const Environment& environment, Entries entries) {
  return environment.is_complete(pointers_to(entries).data());
}

/// Returns the environment of a program that is started with these entries.
Entries completed(const Environment& environment, Entries entries) {
  const auto given = pointers_to(entries);
  const auto size = environment.size_of_copy(given.data());
  // one more byte, which must not be written
  std::vector<char*> memory(size / sizeof(char*) + 2);
  auto* const bytes = reinterpret_cast<char*>(memory.data());
  bytes[size] = '!';
  Entries copied;
  for (auto** entry = environment.copy(given.data(), bytes); *entry != nullptr; ++entry) {
    copied.emplace_back(*entry);
  }
  CHECK(bytes[size] == '!');
  std::sort(copied.begin(), copied.end());
  return copied;
}

const std::map<std::string, std::string> ours{{wire::run_variable, "/run"},
                                              {wire::agent_variable, "/agent.so"}};
const std::string asan = "ASAN_OPTIONS=verify_asan_link_order=0";

}  // namespace

TEST_CASE("the variables of a recorder are read") {
  auto values = ours;
  values.insert({{wire::exact_variable, "1"},
                 {wire::shortest_variable, "1000000"},
                 {wire::filters_variable, "2"},
                 {wire::trace_variable, "app.*\nlib.*"},
                 {wire::no_trace_variable, "app.log"}});
  const Variables variables(values);
  Environment environment;
  REQUIRE(environment.read());
  CHECK(environment.has_variables());
  CHECK(std::string(environment.folder()) == "/run");
  CHECK(environment.is_exact());
  CHECK(environment.shortest_reported() == 1'000'000);
  CHECK(environment.filters() == 2);
  CHECK(std::string(environment.trace()) == "app.*\nlib.*");
  CHECK(std::string(environment.no_trace()) == "app.log");
}

TEST_CASE("settings that the recorder has not set have their defaults") {
  const Variables variables(ours);
  Environment environment;
  REQUIRE(environment.read());
  CHECK_FALSE(environment.is_exact());
  CHECK(environment.shortest_reported() == 0);
  CHECK(environment.filters() == 0);
  CHECK(std::string(environment.trace()).empty());
}

TEST_CASE("without a recorder there are no variables, and nothing too long is one of ours") {
  ::unsetenv(wire::agent_variable);  // a recorder may record this test
  Environment environment;
  CHECK_FALSE(environment.read());
  CHECK_FALSE(environment.has_variables());
  const Variables variables(
      {{wire::run_variable, std::string(5000, 'x')}, {wire::agent_variable, "/agent.so"}});
  Environment other;
  CHECK_FALSE(other.read());
  CHECK_FALSE(other.has_variables());
}

TEST_CASE("a program with all variables and the agent in its list needs no change") {
  const Variables variables(ours);
  Environment environment;
  REQUIRE(environment.read());
  const Entries all{"MPROFPP_RUN=/run", "MPROFPP_AGENT=/agent.so", "LD_PRELOAD=/x.so:/agent.so",
                    asan};
  CHECK(is_complete(environment, all));
  auto lacking = all;
  lacking.erase(lacking.begin());
  CHECK_FALSE(is_complete(environment, lacking));
  auto other_preload = all;
  other_preload[2] = "LD_PRELOAD=/x.so /agent.so.old";
  CHECK_FALSE(is_complete(environment, other_preload));
}

TEST_CASE("an empty environment gets all variables") {
  const Variables variables(ours);
  Environment environment;
  REQUIRE(environment.read());
  const Entries expected{asan, "LD_PRELOAD=/agent.so", "MPROFPP_AGENT=/agent.so",
                         "MPROFPP_RUN=/run"};
  CHECK(completed(environment, {}) == expected);
}

TEST_CASE("lists of the program are kept and get the agent at their end, other variables stay") {
  const Variables variables(ours);
  Environment environment;
  REQUIRE(environment.read());
  const Entries given{"PATH=/bin", "LD_PRELOAD=/x.so", "ASAN_OPTIONS=", "MPROFPP_RUN=/other"};
  const Entries expected{asan, "LD_PRELOAD=/x.so:/agent.so", "MPROFPP_AGENT=/agent.so",
                         "MPROFPP_RUN=/other", "PATH=/bin"};
  CHECK(completed(environment, given) == expected);
}

TEST_CASE("a variable whose name only begins like one of ours is another one") {
  const Variables variables(ours);
  Environment environment;
  REQUIRE(environment.read());
  const auto copied = completed(environment, {"LD_PRELOAD_OLD=/x.so"});
  CHECK(copied.size() == 5);
  CHECK(std::find(copied.begin(), copied.end(), "LD_PRELOAD=/agent.so") != copied.end());
}
