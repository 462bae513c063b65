#include "mprofpp/inspect/client.hpp"

#include <doctest/doctest.h>

#include <string>

#include "inspect/peer.hpp"
#include "mprofpp/inspect/requests.hpp"

using namespace mprofpp;
using namespace mprofpp::inspect;
using wire::door::Kind;
using namespace std::chrono_literals;

namespace {

constexpr Duration moment = 100ms;

struct Heard {
  std::string out;
  std::string error;
  TakeOutput take() {
    return [this](Stream stream, std::string_view part) {
      (stream == Stream::out ? out : error) += part;
      return true;
    };
  }
};

Result<Ending> ask(Peer& peer, Heard& heard) {
  Client client(peer.take_other_end());
  return client.ask({.verb = "run", .limit = moment}, heard.take());
}

}  // namespace

TEST_CASE("output comes in the order in which it was sent, up to the end of the request") {
  Peer peer;
  peer.say(0, "one ");
  peer.say(1, "wrong");
  peer.say(0, "two");
  peer.end(Status::failed, "why");
  Heard heard;
  const auto ending = ask(peer, heard);
  REQUIRE(ending.has_value());
  CHECK(ending->status == Status::failed);
  CHECK(ending->message == "why");
  CHECK(ending->held == 5ms);
  CHECK(heard.out == "one two");
  CHECK(heard.error == "wrong");
}

TEST_CASE("what follows the end of a request belongs to the next one") {
  Peer peer;
  peer.end(Status::done);
  peer.say(0, "second");
  peer.end(Status::busy);
  Client client(peer.take_other_end());
  Heard heard;
  CHECK(client.ask({.verb = "run", .limit = moment}, heard.take())->status == Status::done);
  CHECK(heard.out.empty());
  CHECK(client.ask({.verb = "run", .limit = moment}, heard.take())->status == Status::busy);
  CHECK(heard.out == "second");
}

TEST_CASE("a frame is understood however its bytes arrive") {
  const auto text = Peer::frame(Kind::output, std::string("\0abc", 4)) +
                    Peer::frame(Kind::done, Peer::bytes_of(wire::door::Done{Status::done, 0, 0}));
  Peer peer;
  int descriptors[2];
  REQUIRE(::pipe(descriptors) == 0);
  const Fd bell(descriptors[0]);
  const Fd ring(descriptors[1]);
  REQUIRE(write_all(ring.get(), "x").has_value());
  // each time that the client looks at the other descriptor, one more byte arrives
  std::size_t sent = 0;
  Control control{bell.get(), [&] {
                    if (sent < text.size()) peer.send(text.substr(sent++, 1));
                    return Wish::nothing;
                  }};
  Client client(peer.take_other_end());
  Heard heard;
  const auto ending = client.ask({.verb = "run", .limit = 10s}, heard.take(), control);
  REQUIRE(ending.has_value());
  CHECK(heard.out == "abc");
  CHECK(sent == text.size());
}

TEST_CASE("nonsense ends the connection") {
  const std::string nonsense[] = {
      Peer::bytes_of(wire::door::Header{0xFFFFFFFF, Kind::output}),
      Peer::bytes_of(wire::door::Header{wire::door::longest_frame + 1, Kind::output}),
      Peer::frame(static_cast<Kind>(99), "x"),
      Peer::frame(Kind::request, "x"),
      Peer::frame(Kind::output, ""),
      Peer::frame(Kind::output, "\x02text"),
      Peer::frame(Kind::done, "short"),
      Peer::frame(Kind::done, Peer::bytes_of(wire::door::Done{static_cast<Status>(77), 0, 0}))};
  for (const auto& bytes : nonsense) {
    Peer peer;
    peer.send(bytes);
    Heard heard;
    const auto ending = ask(peer, heard);
    REQUIRE_FALSE(ending.has_value());
    CHECK(ending.error().code == Errc::malformed);
  }
}

TEST_CASE("a connection that is closed in the middle of a frame has vanished") {
  for (const std::string bytes : {"", "\1", "\5\0\0\0\x10\0\0\0ab"}) {
    Peer peer;
    peer.send(bytes);
    Client client(peer.take_other_end());
    peer.close();
    Heard heard;
    const auto ending = client.ask({.verb = "run", .limit = 10s}, heard.take());
    REQUIRE_FALSE(ending.has_value());
    CHECK(ending.error().code == Errc::vanished);
  }
}

TEST_CASE("a program that does not answer in time is busy") {
  Peer peer;
  Heard heard;
  const auto ending = ask(peer, heard);
  REQUIRE_FALSE(ending.has_value());
  CHECK(ending.error().code == Errc::busy);
}

TEST_CASE("output without an end does not move the time limit") {
  Peer peer;
  Client client(peer.take_other_end());
  peer.say(0, "x");
  const auto ending = client.ask({.verb = "run", .limit = moment}, [&](Stream, std::string_view) {
    peer.say(0, "x");
    return true;
  });
  REQUIRE_FALSE(ending.has_value());
  CHECK(ending.error().code == Errc::busy);
}

TEST_CASE("a reader that wants no more ends the request") {
  Peer peer;
  peer.say(0, "much");
  Client client(peer.take_other_end());
  const auto ending =
      client.ask({.verb = "run", .limit = 10s}, [](Stream, std::string_view) { return false; });
  REQUIRE(ending.has_value());
  CHECK_FALSE(ending->status.has_value());
}

TEST_CASE("a request that does not fit into a frame is not sent") {
  Peer peer;
  Client client(peer.take_other_end());
  Heard heard;
  const auto ending =
      client.ask({.verb = "run", .body = std::string(1 << 20, 'x'), .limit = moment}, heard.take());
  REQUIRE_FALSE(ending.has_value());
  CHECK(ending.error().code == Errc::invalid_argument);
  CHECK(peer.received().empty());
}

TEST_CASE("an interrupt is sent while the request runs, and leaving ends the wait") {
  Peer peer;
  int descriptors[2];
  REQUIRE(::pipe(descriptors) == 0);
  const Fd bell(descriptors[0]);
  const Fd ring(descriptors[1]);
  REQUIRE(write_all(ring.get(), "x").has_value());
  int count = 0;
  Control control{bell.get(), [&] { return ++count == 1 ? Wish::interrupt : Wish::leave; }};
  Client client(peer.take_other_end());
  Heard heard;
  const auto ending = client.ask({.verb = "run"}, heard.take(), control);
  REQUIRE(ending.has_value());
  CHECK_FALSE(ending->status.has_value());
  CHECK(peer.received().ends_with(Peer::frame(Kind::interrupt, "")));
}

TEST_CASE("answers that are larger than any answer are refused") {
  Peer peer;
  peer.say(0, std::string(5000, 'x'));
  peer.end(Status::done);
  Client client(peer.take_other_end());
  const auto hello = say_hello(client);
  REQUIRE_FALSE(hello.has_value());
  CHECK(hello.error().code == Errc::malformed);
}

TEST_CASE("names that a terminal cannot show, or that do not continue the text, are not offered") {
  Peer peer;
  peer.say(0, "main.cache\nmain.\x1b[31m\nother\nmain.c d\nmain.größe");
  peer.end(Status::done);
  Client client(peer.take_other_end());
  const auto names = complete(client, "main.", moment);
  REQUIRE(names.has_value());
  CHECK(*names == std::vector<std::string>{"main.cache", "main.größe"});
}

TEST_CASE("a program that is busy or refuses has a message for the user") {
  for (const auto& [status, code] :
       {std::pair(Status::busy, Errc::busy), std::pair(Status::refused, Errc::denied)}) {
    Peer peer;
    peer.end(status, "because");
    Client client(peer.take_other_end());
    const auto answer = read_stacks(client, Locals::left_out, moment);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == code);
    CHECK(answer.error().what == "because");
  }
}
