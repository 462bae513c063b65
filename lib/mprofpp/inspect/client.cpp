#include "mprofpp/inspect/client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

namespace mprofpp::inspect {
namespace {

using wire::door::Done;
using wire::door::Header;
using wire::door::Kind;
using wire::door::longest_frame;
using Clock = std::chrono::steady_clock;

template <class Value>
void append(std::string& out, const Value& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class Value>
Value value_at_start(std::string_view bytes) {
  Value value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Failure not_an_answer() {
  return fail(Errc::malformed, "", "has sent something that is not an answer");
}

Failure has_closed() {
  return fail(Errc::vanished, "", "has closed the connection");
}

std::uint32_t size_of(const std::string& text) {
  return static_cast<std::uint32_t>(text.size());
}

/// Returns how long poll() may wait: until `end`, or for ever.
int milliseconds_until(const std::optional<Clock::time_point>& end) {
  if (!end) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end - Clock::now()).count();
  return static_cast<int>(std::clamp<long>(left, 0, std::numeric_limits<int>::max()));
}

Result<Ending> ending_in(std::string_view content) {
  constexpr std::size_t longest_message = 1000;
  if (content.size() < sizeof(Done)) return not_an_answer();
  const auto done = value_at_start<Done>(content);
  if (done.status > Status::too_long) return not_an_answer();
  constexpr auto longest = static_cast<std::uint64_t>(Duration::max().count());
  Ending ending;
  ending.status = done.status;
  ending.message = content.substr(sizeof done, longest_message);
  ending.held = Duration(static_cast<Duration::rep>(std::min(done.held_ns, longest)));
  return ending;
}

}  // namespace

Result<std::string> frame_of(const Request& request) {
  constexpr auto longest_patience = std::chrono::hours(1);
  const auto size = sizeof(wire::door::Request) + request.verb.size() + request.options.size() +
                    request.body.size();
  if (size > longest_frame) return fail(Errc::invalid_argument, "", "is larger than 1 MiB");
  const auto patience = std::clamp<Duration>(request.patience, Duration::zero(), longest_patience);
  std::string bytes;
  append(bytes, Header{static_cast<std::uint32_t>(size), Kind::request});
  append(bytes,
         wire::door::Request{.patience_ms = static_cast<std::uint32_t>(
                                 std::chrono::ceil<std::chrono::milliseconds>(patience).count()),
                             .verb_size = size_of(request.verb),
                             .options_size = size_of(request.options),
                             .body_size = size_of(request.body)});
  return bytes + request.verb + request.options + request.body;
}

Result<Ending> Client::ask(const Request& request, const TakeOutput& take, const Control& control) {
  const auto bytes = frame_of(request);
  if (!bytes) return Failure(bytes.error());
  const auto end = request.limit ? Moment(Clock::now() + *request.limit) : std::nullopt;
  if (auto sent = send(*bytes, end); !sent) return Failure(std::move(sent.error()));
  while (true) {
    auto ending = take_frames(take);
    if (!ending) return Failure(std::move(ending.error()));
    if (*ending) return std::move(**ending);
    const auto wish = wait(POLLIN, end, control);
    if (!wish) return Failure(wish.error());
    if (*wish == Wish::leave) return Ending{};
    if (*wish == Wish::interrupt) {
      std::string interrupt;
      append(interrupt, Header{0, Kind::interrupt});
      constexpr auto longest = std::chrono::seconds(1);
      if (auto sent = send(interrupt, Clock::now() + longest); !sent)
        return Failure(std::move(sent.error()));
      continue;
    }
    if (auto got = receive(); !got) return Failure(std::move(got.error()));
  }
}

Result<void> Client::send(std::string_view bytes, Moment end) {
  while (!bytes.empty()) {
    const auto sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (const auto ready = wait(POLLOUT, end, {}); !ready) return Failure(ready.error());
    } else if (errno != EINTR) {
      return has_closed();
    }
  }
  return {};
}

Result<Wish> Client::wait(short events, Moment end, const Control& control) const {
  while (true) {
    std::array<pollfd, 2> ready{pollfd{socket_.get(), events, 0},
                                pollfd{control.descriptor, POLLIN, 0}};
    const int left = milliseconds_until(end);
    const int count = left == 0 ? 0 : ::poll(ready.data(), ready.size(), left);
    if (count < 0 && errno != EINTR) return fail_errno(errno, "", "cannot wait for an answer");
    if (count == 0) return fail(Errc::busy, "", "does not answer in time");
    if (ready[1].revents != 0) {
      const auto wish = control.read();
      if (wish != Wish::nothing) return wish;
    }
    if (ready[0].revents != 0) return Wish::nothing;
  }
}

Result<void> Client::receive() {
  constexpr std::size_t part = 64 * 1024;
  const auto before = received_.size();
  received_.resize(before + part);
  const auto got = ::recv(socket_.get(), received_.data() + before, part, MSG_DONTWAIT);
  const int error = errno;
  received_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
  const bool is_open = got > 0 || (got < 0 && (error == EAGAIN || error == EINTR));
  if (!is_open) return has_closed();
  return {};
}

Result<std::optional<Ending>> Client::take_frames(const TakeOutput& take) {
  std::string_view rest = received_;
  std::optional<Ending> ending;
  while (!ending && rest.size() >= sizeof(Header)) {
    const auto header = value_at_start<Header>(rest);
    if (header.size > longest_frame) return not_an_answer();
    if (rest.size() < sizeof header + header.size) break;
    auto taken = take_frame(header.kind, rest.substr(sizeof header, header.size), take);
    if (!taken) return taken;
    ending = std::move(*taken);
    rest.remove_prefix(sizeof header + header.size);
  }
  received_.erase(0, received_.size() - rest.size());
  return ending;
}

Result<std::optional<Ending>> Client::take_frame(Kind kind, std::string_view content,
                                                 const TakeOutput& take) {
  if (kind == Kind::done) {
    auto ending = ending_in(content);
    if (!ending) return Failure(std::move(ending.error()));
    return std::optional(std::move(*ending));
  }
  if (kind != Kind::output || content.empty()) return not_an_answer();
  const auto stream = static_cast<Stream>(content[0]);
  if (stream > Stream::error) return not_an_answer();
  if (!take(stream, content.substr(1))) return std::optional(Ending{});
  return std::nullopt;
}

}  // namespace mprofpp::inspect
