#include "mprofpp/store/names.hpp"

#include <doctest/doctest.h>

#include "support/locale.hpp"

using namespace mprofpp;
using store::expand_name;

namespace {

const store::NameValues values = {
    .pid = "4711",
    .host = "node7",
    .variable = [](const std::string& name) -> std::optional<std::string> {
      if (name == "RANK") return "3";
      if (name == "EMPTY") return "";
      return std::nullopt;
    },
};

}  // namespace

TEST_CASE("the default name is mprof's") {
  std::tm local{};
  local.tm_year = 126;
  local.tm_mon = 10;
  local.tm_mday = 20;
  local.tm_hour = 9;
  local.tm_min = 5;
  local.tm_sec = 7;
  CHECK(store::default_name(local) == "mprofile_20261120090507.dat");
  const test::CommaLocale german;
  CHECK(store::default_name(local) == "mprofile_20261120090507.dat");
}

TEST_CASE("a name without a percent sign stays as it is") {
  CHECK(expand_name("out/a b.dat", values).value() == "out/a b.dat");
  CHECK(expand_name("", values).value() == "");
}

TEST_CASE("pid, host and environment variables are inserted in a name") {
  CHECK(expand_name("r%q{RANK}-%h-%p.dat", values).value() == "r3-node7-4711.dat");
  CHECK(expand_name("%q{EMPTY}.dat", values).value() == ".dat");
  CHECK(expand_name("100%%.dat", values).value() == "100%.dat");
  CHECK(expand_name("%q{RANK}%q{RANK}", values).value() == "33");
}

TEST_CASE("the error names a variable that is not set") {
  const auto name = expand_name("%q{SLURM_PROCID}.dat", values);
  REQUIRE_FALSE(name.has_value());
  CHECK(name.error().code == Errc::invalid_argument);
  CHECK(name.error().what.find("SLURM_PROCID") != std::string::npos);
}

TEST_CASE("an unknown percent letter is refused") {
  for (const std::string pattern : {"%x", "a%", "%q", "%q{RANK", "%qRANK}", "% p"}) {
    CAPTURE(pattern);
    const auto name = expand_name(pattern, values);
    REQUIRE_FALSE(name.has_value());
    CHECK(name.error().code == Errc::invalid_argument);
  }
}
