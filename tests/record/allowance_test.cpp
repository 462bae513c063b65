#include "mprofpp/record/marks/allowance.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace std::chrono_literals;
using record::Allowance;

namespace {

int take_all(Allowance& allowance) {
  int taken = 0;
  while (allowance.take()) ++taken;
  return taken;
}

}  // namespace

TEST_CASE("many processes are allowed at once, and a fixed number per second afterwards") {
  Allowance allowance;
  allowance.grow(Instant{100s}, 1);
  CHECK(take_all(allowance) == Allowance::most);
  allowance.grow(Instant{101s}, 1);
  CHECK(take_all(allowance) == Allowance::each_second);
  allowance.grow(Instant{101s}, 1);
  CHECK(take_all(allowance) == 0);
}

TEST_CASE("an unused allowance is saved up to a limit") {
  Allowance allowance;
  allowance.grow(Instant{100s}, 1);
  take_all(allowance);
  allowance.grow(Instant{100'000s}, 1);
  CHECK(take_all(allowance) == Allowance::most);
}

TEST_CASE("a recording that samples ten times less often gets a tenth of the allowance") {
  Allowance allowance;
  allowance.grow(Instant{100s}, 10);
  take_all(allowance);
  allowance.grow(Instant{101s}, 10);
  CHECK(take_all(allowance) == Allowance::each_second / 10);
}
