#include "cli/layout.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::app;

TEST_CASE("the other files are in folders next to that of the executable") {
  const auto layout = find_layout();
  const auto prefix = layout.hold.substr(0, layout.hold.rfind("/libexec/"));
  CHECK(layout.hold == prefix + "/libexec/mprofpp/hold");
  CHECK(layout.agent == prefix + "/lib/mprofpp/libmprofpp-agent.so");
  CHECK(layout.draw == prefix + "/lib/mprofpp/libmprofpp-draw.so");
  CHECK(layout.page == prefix + "/share/mprofpp/html/page.html");
}

TEST_CASE("a file of the layout that is missing is an error that names it") {
  const test::TemporaryFolder folder;
  CHECK(check_part(folder.write("hold", "")).has_value());
  const auto missing = check_part(folder / "agent");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == Errc::not_found);
  CHECK(missing.error().place == folder / "agent");
  CHECK(missing.error().hint == parts_hint);
}
