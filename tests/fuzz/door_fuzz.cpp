// What a program answers to mprofpp through its door: frames, the JSON of stacks, and output for a terminal.

#include <sys/socket.h>

#include <algorithm>
#include <string>

#include "expect.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/inspect/client.hpp"
#include "mprofpp/inspect/process_stacks.hpp"
#include "mprofpp/inspect/shown_text.hpp"
#include "mprofpp/inspect/stacks_json.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

bool controls(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte < 0x20 && letter != '\n' && letter != '\t') || byte == 0x7F;
  });
}

void check_frames(std::string_view bytes) {
  constexpr std::size_t fits = 64 * 1024;  // into the buffer of a socket
  int both[2];
  if (bytes.size() > fits || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0)
    return;
  inspect::Client client{Fd(both[0])};
  Fd program(both[1]);
  (void)write_all(program.get(), bytes);
  ::shutdown(program.get(), SHUT_WR);
  std::size_t size = 0;
  const auto ending = client.ask({.verb = "run"}, [&](inspect::Stream, std::string_view part) {
    size += part.size();
    return true;
  });
  expect(size <= bytes.size(), "no output is made up");
  expect(ending || ending.error().code == Errc::malformed || ending.error().code == Errc::vanished,
         "an answer is whole, or refused");
}

void check_stacks(std::string_view bytes) {
  auto stacks = inspect::parse_stacks(bytes);
  if (!stacks) return;
  inspect::ProcessStacks process;
  process.stacks = std::move(*stacks);
  const auto text = inspect::stacks_text(process, inspect::TextColours::none);
  expect(!controls(text), "stacks cannot control a terminal");
  expect(text.find('\t') == std::string::npos, "each name is on one line");
  const auto json = inspect::stacks_json(process);
  expect(std::count(json.begin(), json.end(), '\n') == 1, "JSON is one line");
}

void check_output(std::string_view bytes) {
  inspect::ShownText whole;
  inspect::ShownText parts;
  std::string shown;
  for (const char byte : bytes) shown += parts.add(std::string_view(&byte, 1));
  shown += parts.finish();
  expect(!controls(shown), "output cannot control a terminal");
  const auto at_once = whole.add(bytes);
  expect(at_once + whole.finish() == shown, "the parts in which output arrives do not matter");
}

}  // namespace

void check(std::string_view bytes) {
  check_frames(bytes);
  check_stacks(bytes);
  check_output(bytes);
}

}  // namespace mprofpp::fuzz
