#include "mprofpp/leak/call_counts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace mprofpp::leak {
namespace {

model::Call call_at(double second, const std::string& name = "app.f", pid_t pid = 7) {
  model::Call call;
  call.name = name;
  call.pid = pid;
  call.t_in = instant_from_seconds(1000 + second).value();
  call.t_out = instant_from_seconds(1000 + second + 0.001).value();
  call.level = 0;
  return call;
}

}  // namespace

TEST_CASE("cells know what belongs to the time before any point") {
  Cells cells;
  cells.add(0, 4, 8);
  cells.add(2.5, 2.5, 10);
  CHECK(cells.until(0) == 0);
  CHECK(cells.until(1) == doctest::Approx(2));
  CHECK(cells.until(2) == doctest::Approx(4));
  CHECK(cells.until(2.5) == doctest::Approx(4 + 1 + 5));
  CHECK(cells.until(100) == doctest::Approx(18));
  cells.halve();
  CHECK(cells.until(1) == doctest::Approx(4));
  CHECK(cells.until(100) == doctest::Approx(18));
}

TEST_CASE("the number of calls that had ended is exact at the edges of a long recording") {
  CallCounts counts;
  constexpr int calls = 100000;
  for (int i = 0; i < calls; ++i) counts.take(call_at(i));
  const auto functions = counts.functions(7, {1000.0, 1000.0 + calls / 2, 1000.0 + calls});
  REQUIRE(functions.size() == 1);
  CHECK(functions[0].ended[1] == doctest::Approx(calls / 2).epsilon(0.001));
  CHECK(functions[0].ended[2] == doctest::Approx(calls).epsilon(0.001));
}

TEST_CASE("many functions make the cells longer and lose no call") {
  CallCounts counts;
  constexpr int many = 4000;
  for (int i = 0; i < many; ++i) {
    const auto name = "app.f" + std::to_string(i);
    counts.take(call_at(i * 0.1, name));
    counts.take(call_at(i * 0.1 + 0.05, name));
  }
  const auto functions = counts.functions(7, {999, 2000});
  REQUIRE(functions.size() == many);
  for (const auto& function : functions) CHECK(function.ended[1] == doctest::Approx(2));
}

TEST_CASE("very many functions are counted as one from some number on") {
  CallCounts counts;
  constexpr int calls = 10000;
  for (int i = 0; i < calls; ++i) counts.take(call_at(i * 0.1, "app.f" + std::to_string(i)));
  const auto functions = counts.functions(7, {999, 3000});
  CHECK(functions.size() < 5000);
  double sum = 0;
  for (const auto& function : functions) sum += function.ended[1];
  CHECK(sum == doctest::Approx(calls));
}

TEST_CASE("a process whose pid was given to another one is forgotten") {
  CallCounts counts;
  counts.take(call_at(1));
  CHECK(counts.only_process() == 7);
  counts.forget(7);
  CHECK(counts.functions(7, {1000, 1010}).empty());
}

}  // namespace mprofpp::leak
