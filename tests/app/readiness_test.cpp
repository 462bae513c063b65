#include "loadtest/readiness.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

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

TEST_CASE("the addresses of a load are found in its command") {
  CHECK(find_addresses("ab -n 5 'http://127.0.0.1:8000/a'; true") ==
        std::vector{WebAddress{"127.0.0.1", 8000, "/a"}});
  CHECK(find_addresses("for i in 1 2; do curl http://localhost:81/$i; done").front().port == 81);
  CHECK(find_addresses("ab http://h:1/ && ab --url=http://h:2/").size() == 2);
  CHECK(find_addresses("./requests.sh https httpd").empty());
  CHECK(find_local_address("x http://example.org/ http://127.0.0.1:5/ http://127.0.0.1:6/") ==
        WebAddress{"127.0.0.1", 5, "/"});
}

TEST_CASE("an address of a load needs no scheme") {
  for (const auto* text : {"curl 127.0.0.1:81/", "ab -n 5 localhost:81/a", "x [::1]:81",
                           "curl '127.0.0.1:81/a?b'; true"}) {
    CAPTURE(text);
    const auto found = find_addresses(text);
    REQUIRE(found.size() == 1);
    CHECK(found.front().port == 81);
  }
  CHECK(find_addresses("ab 127.0.0.1/").front().port == 80);
  for (const auto* text :
       {"ab -H a:5 x:80", "date +%H:%M", "ls 12:30 user@host:/a", "echo 127.0.0.1"}) {
    CAPTURE(text);
    CHECK(find_addresses(text).empty());
  }
}

TEST_CASE("an address without a port that may be continued proves nothing") {
  for (const auto* text : {"U=http://127.0.0.1; curl $U:8000/", "U='http://127.0.0.1' x",
                           "U=http://127.0.0.1 && curl $U:8000/", "curl http://127.0.0.1:$PORT/",
                           "curl http://127.0.0.1$REST"}) {
    CAPTURE(text);
    CHECK_FALSE(find_local_address(text).has_value());
  }
  CHECK(find_addresses("curl http://127.0.0.1").front().port == 80);
  CHECK(find_addresses("curl 'http://127.0.0.1/'").front().port == 80);
}

TEST_CASE("the name of this machine is local") {
  std::array<char, 256> name{};
  REQUIRE(::gethostname(name.data(), name.size() - 1) == 0);
  CHECK(WebAddress{name.data(), 1}.is_local());
  CHECK(find_local_address(std::string("curl ") + name.data() + ":81/").has_value());
}

TEST_CASE("the answer of a GET that is missing is described") {
  const auto sign = parse_ready("GET http://127.0.0.1:8000/health");
  REQUIRE(sign.has_value());
  CHECK(missing_text(*sign, 404) == "GET /health at port 8000 was answered with status 404");
  CHECK(missing_text(*sign, std::nullopt) == "GET /health at port 8000 was not answered");
}

TEST_CASE("only addresses of this machine are local") {
  CHECK(WebAddress{"127.0.0.1", 1}.is_local());
  CHECK(WebAddress{"localhost", 1}.is_local());
  CHECK(WebAddress{"::1", 1}.is_local());
  CHECK_FALSE(WebAddress{"example.org", 1}.is_local());
}
