#include "mprofpp/store/header.hpp"

#include <doctest/doctest.h>

#include "mprofpp/store/lines.hpp"
#include "mprofpp/store/reader.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using test::TemporaryFolder;

namespace {

model::Settings settings_of(std::vector<std::string> argv) {
  store::Lines lines;
  store::write_header(lines, {.roots = {1}, .argv = std::move(argv)});
  test::Collector collector;
  const TemporaryFolder folder;
  REQUIRE(store::read(folder.write("x.dat", lines.text()), collector).has_value());
  model::Settings settings;
  for (const auto& line : collector.of<model::Settings>()) settings.update(line);
  return settings;
}

}  // namespace

TEST_CASE("the arguments of a command are stored exactly") {
  const std::vector<std::string> argv = {"sort", "", "-", "a b", "new\nline", "\xff$"};
  const auto settings = settings_of(argv);
  CHECK(settings.argv == argv);
  CHECK_FALSE(settings.argv_left_out.has_value());
}

TEST_CASE("a command line of the maximum length leaves a recording that can be read") {
  const std::string longest_word(128 * 1024 - 1, '\n');
  const auto settings = settings_of({"cc", "-c", longest_word, longest_word, longest_word});
  CHECK(settings.argv == std::vector<std::string>{"cc", "-c"});
  CHECK(settings.argv_left_out == 3);
}
