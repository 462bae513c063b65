// What a program sends through its door, which may be anything: frames, and the JSON of stacks.

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "expect.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/inspect/client.hpp"
#include "mprofpp/inspect/process_stacks.hpp"
#include "mprofpp/inspect/requests.hpp"
#include "mprofpp/inspect/shown_text.hpp"
#include "mprofpp/inspect/stacks_json.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

using inspect::Client;

/// Returns a client of a program that sends these bytes, and nothing after them. They must fit into the
/// buffer of a socket.
Client client_of(std::string_view bytes) {
  std::array<int, 2> ends{-1, -1};
  const bool is_made = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0;
  expect(is_made, "there is a descriptor for a socket");
  const Fd program(ends[1]);
  const auto sent = ::send(program.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  expect(bytes.empty() || sent == static_cast<ssize_t>(bytes.size()), "a small answer can be sent");
  ::shutdown(program.get(), SHUT_WR);
  return Client(Fd(ends[0]));
}

bool is_expected(Errc code) {
  return code == Errc::vanished || code == Errc::malformed || code == Errc::busy ||
         code == Errc::denied || code == Errc::unsupported;
}

void check_harmless(std::string_view text) {
  const bool is_harmless = std::none_of(text.begin(), text.end(), [](unsigned char byte) {
    return byte < ' ' && byte != '\n' && byte != '\t';
  });
  expect(is_harmless, "text of a program does not control a terminal");
}

/// The frames of an answer.
void check_frames(std::string_view bytes) {
  auto client = client_of(bytes);
  std::size_t taken = 0;
  inspect::ShownText shown;
  const auto ending =
      client.ask({.verb = "run", .limit = std::chrono::seconds(1)}, [&](auto, auto part) {
        taken += part.size();
        check_harmless(shown.add(part));
        return true;
      });
  check_harmless(shown.finish());
  expect(taken <= bytes.size(), "there is no more output than was sent");
  if (!ending) {
    expect(is_expected(ending.error().code), "a wrong answer is refused for what it is");
    return;
  }
  expect(ending->status.has_value(), "without a user only the program ends a request");
  expect(ending->message.size() <= bytes.size(), "the message was sent");
}

void check_stacks(const inspect::Stacks& stacks) {
  expect(stacks.stacks.size() <= inspect::most_stacks, "the number of stacks is limited");
  std::size_t frames = 0;
  for (const auto& stack : stacks.stacks) frames += stack.frames.size();
  expect(frames <= inspect::most_frames, "the number of frames is limited");
  inspect::ProcessStacks process;
  process.folder = "/";
  process.stacks = stacks;
  check_harmless(inspect::stacks_text(process, inspect::TextColours::none));
  const auto line = inspect::stacks_json(process);
  check_harmless(line);
  expect(std::count(line.begin(), line.end(), '\n') <= 1, "the JSON of a process is one line");
}

/// The answers of whole requests, after the frames of which more may follow.
void check_requests(std::string_view bytes) {
  auto client = client_of(bytes);
  const auto answer =
      inspect::read_stacks(client, inspect::Locals::shown, std::chrono::milliseconds(1));
  if (answer) check_stacks(answer->stacks);
  if (!answer)
    expect(is_expected(answer.error().code), "wrong stacks are refused for what they are");
  auto other = client_of(bytes);
  const auto names = inspect::complete(other, "x", std::chrono::milliseconds(1));
  if (!names) return;
  for (const auto& name : *names) check_harmless(name);
}

}  // namespace

void check(std::string_view bytes) {
  constexpr std::size_t buffer = 64 * 1024;
  const auto part = bytes.substr(0, buffer);
  check_frames(part);
  check_requests(part);
  const auto stacks = inspect::parse_stacks(bytes);
  if (stacks) check_stacks(*stacks);
}

}  // namespace mprofpp::fuzz
