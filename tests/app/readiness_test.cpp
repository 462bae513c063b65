#include "loadtest/readiness.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::app;

namespace {

template <class Sign>
Sign parsed(const char* text) {
  const auto sign = parse_ready(text);
  REQUIRE(sign.has_value());
  REQUIRE(std::holds_alternative<Sign>(*sign));
  return std::get<Sign>(*sign);
}

}  // namespace

TEST_CASE("a service may be ready when a port, an answer or a text shows it") {
  CHECK(parsed<AnsweringPort>("port 8000").port == 8000);
  CHECK(parsed<AnsweredGet>("GET http://127.0.0.1:8000/health").address ==
        WebAddress{"127.0.0.1", 8000, "/health"});
  CHECK(parsed<AnsweredGet>("GET localhost:80").address == WebAddress{"localhost", 80, "/"});
  CHECK(parsed<PrintedText>("text Listening on").text == "Listening on");
  parsed<AnyListeningSocket>("");
}

TEST_CASE("other values of --ready are refused with an example") {
  for (const auto* text : {"prt 5", "port", "port 0", "port 70000", "port x", "GET", "GET http://",
                           "GET a b", "text", "text  ", "8000"}) {
    CAPTURE(text);
    const auto sign = parse_ready(text);
    REQUIRE_FALSE(sign.has_value());
    CHECK(sign.error().code == Errc::invalid_argument);
    CHECK(sign.error().hint.find('\'') != std::string::npos);
  }
}

TEST_CASE("GET with https is refused, and the hint names the port") {
  const auto sign = parse_ready("GET https://127.0.0.1:8443/");
  REQUIRE_FALSE(sign.has_value());
  CHECK(sign.error().hint == "write 'port 8443'");
}

TEST_CASE("an address has a host, a port and a path") {
  CHECK(parse_address("http://[::1]:8000/a?b=c#d") == WebAddress{"::1", 8000, "/a?b=c"});
  CHECK(parse_address("http://user:secret@example.org") == WebAddress{"example.org", 80, "/"});
  CHECK(parse_address("https://example.org/x") == WebAddress{"example.org", 443, "/x", true});
  CHECK(parse_address("http://h?x") == WebAddress{"h", 80, "/?x"});
  CHECK_FALSE(parse_address("http://").has_value());
  CHECK_FALSE(parse_address("http://h:99999/").has_value());
  CHECK_FALSE(parse_address("http://[::1/").has_value());
}

TEST_CASE("the address of a load is found in its command") {
  CHECK(find_address("ab -n 5 'http://127.0.0.1:8000/a'; true") ==
        WebAddress{"127.0.0.1", 8000, "/a"});
  CHECK(find_address("for i in 1 2; do curl http://localhost:81/$i; done")->port == 81);
  CHECK_FALSE(find_address("./requests.sh https httpd").has_value());
}

TEST_CASE("only addresses of this machine are local") {
  CHECK(WebAddress{"127.0.0.1", 1}.is_local());
  CHECK(WebAddress{"localhost", 1}.is_local());
  CHECK(WebAddress{"::1", 1}.is_local());
  CHECK_FALSE(WebAddress{"example.org", 1}.is_local());
}
