#include "mprofpp/store/heading.hpp"

#include <doctest/doctest.h>

#include "mprofpp/store/reader.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using test::TemporaryFolder;

namespace {

std::vector<model::Meta> settings_of(std::vector<std::string> argv) {
  store::Block block;
  store::Heading heading;
  heading.argv = std::move(argv);
  heading.roots = {1};
  store::add_heading(block, heading);
  test::Collector collector;
  const TemporaryFolder folder;
  REQUIRE(store::read(folder.write("x.dat", block.text()), collector).has_value());
  return collector.of<model::Meta>();
}

std::vector<std::string> value_of(const std::vector<model::Meta>& settings, std::string_view key) {
  for (const auto& setting : settings) {
    if (setting.key == key) return setting.values;
  }
  return {};
}

}  // namespace

TEST_CASE("the words of a command are kept exactly") {
  const std::vector<std::string> argv = {"sort", "", "-", "a b", "new\nline", "\xff$"};
  const auto settings = settings_of(argv);
  CHECK(value_of(settings, "argv") == argv);
  CHECK(value_of(settings, "argv_more").empty());
}

TEST_CASE("a command line as long as the kernel allows leaves a recording that can be read") {
  const std::string longest_word(128 * 1024 - 1, '\n');
  const auto settings = settings_of({"cc", "-c", longest_word, longest_word, longest_word});
  CHECK(value_of(settings, "argv") == std::vector<std::string>{"cc", "-c"});
  CHECK(value_of(settings, "argv_more") == std::vector<std::string>{"3"});
}
