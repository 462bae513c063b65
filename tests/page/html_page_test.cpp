#include "mprofpp/page/html_page.hpp"

#include <doctest/doctest.h>

#include "mprofpp/page/packing.hpp"

using namespace mprofpp;
using namespace mprofpp::page;

namespace {

constexpr const char* text = "<title>@TITLE@</title><script id=\"recording\">@RECORDING@</script>";

}  // namespace

TEST_CASE("title and data are put into their places, and the title cannot be markup") {
  const auto page = Template::parse(text).value();
  CHECK(page.filled("a</title><script>", "data") ==
        "<title>a&lt;/title&gt;&lt;script&gt;</title><script id=\"recording\">" + base64("data") +
            "</script>");
}

TEST_CASE("a title that looks like a place is only a title") {
  const auto page = Template::parse(text).value();
  CHECK(page.filled("@RECORDING@", "x") ==
        "<title>@RECORDING@</title><script id=\"recording\">eA==</script>");
}

TEST_CASE("data for which there is room makes a page of at most two million bytes") {
  const auto page = Template::parse(text).value();
  const std::string title(10'000, '&');
  const std::string data(page.room(title), 'x');
  const auto size = page.filled(title, data).size();
  CHECK(size <= largest_page);
  CHECK(size > largest_page - 8);
}

TEST_CASE("a file without the places is not a template") {
  CHECK(Template::parse("<title>@TITLE@</title>").error().code == Errc::malformed);
  CHECK(Template::parse("@RECORDING@ before @TITLE@").error().code == Errc::malformed);
}
