#include "door/server.hpp"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/freestanding.hpp"
#include "door/listener.hpp"
#include "mprofpp/wire/door.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent::door {
namespace {

using wire::door::Done;
using wire::door::Header;
using wire::door::Kind;
using wire::door::Status;

constexpr std::uint64_t nanoseconds_per_ms = 1'000'000;
/// How long a door without a client stays open.
constexpr std::uint64_t welcome = 5'000 * nanoseconds_per_ms;
constexpr std::uint64_t between_interrupts = 200 * nanoseconds_per_ms;
/// Milliseconds between two looks at the sockets while a request runs.
constexpr long nap = 5;
constexpr std::size_t room_for_input = wire::door::longest_frame + sizeof(Header);

constexpr char agent_line[] = "mprofpp\n";
constexpr char busy_message[] =
    "the program did not give up the lock of the interpreter in time; nothing was done";
constexpr char still_busy_message[] =
    "the program still has not given up the lock of the interpreter";

// Sending

/// Sends all of it, waiting for a slow client. Returns false if the client is gone.
bool send_all(Client& client, const void* bytes, std::size_t size) {
  const auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const auto sent = ::send(client.socket, at, size, MSG_NOSIGNAL);
    if (sent > 0) {
      at += sent;
      size -= static_cast<std::size_t>(sent);
      continue;
    }
    if (errno == EINTR) continue;
    pollfd ready{client.socket, POLLOUT, 0};
    constexpr int longest_wait =
        10'000;  // milliseconds: a client that is stopped must not hold the others
    if (errno != EAGAIN || ::poll(&ready, 1, longest_wait) <= 0) return false;
  }
  return true;
}

void send_done(Client& client, const Done& done, const char* message) {
  const auto length = message == nullptr ? 0 : strlen(message);
  const Header header{static_cast<std::uint32_t>(sizeof done + length), Kind::done};
  const bool is_sent = send_all(client, &header, sizeof header) &&
                       send_all(client, &done, sizeof done) && send_all(client, message, length);
  if (!is_sent) client.is_gone.store(true);
}

void send_output(Client& client) {
  while (!client.output.empty()) {
    const auto part = client.output.next();
    if (!client.is_gone.load() && !send_all(client, part.bytes, part.size))
      client.is_gone.store(true);
    client.output.remove(part.size);
  }
}

void answer(Client& client, Status status, const char* message) {
  send_done(client, Done{status, 0, 0}, message);
}

void say_hello(Client& client) {
  constexpr std::size_t length = sizeof agent_line - 1;
  const Header header{1 + length, Kind::output};
  const char stream = 0;
  const bool is_sent = send_all(client, &header, sizeof header) && send_all(client, &stream, 1) &&
                       send_all(client, agent_line, length);
  if (!is_sent) client.is_gone.store(true);
  answer(client, Status::done, nullptr);
}

// Requests

void notify_host(Visit& visit) {
  signal(visit.wanted);
}

/// Passes a request to the client's worker.
void pass(Visit& visit, Client& client) {
  client.output.clear();
  client.job.done = {};
  client.job.message = nullptr;
  client.deadline = monotonic_now() + client.job.sizes.patience_ms * nanoseconds_per_ms;
  client.set_phase(Phase::requested);
  if (client.has_worker.load()) return;
  client.has_worker.store(true);
  client.is_wanted.store(true);
  notify_host(visit);
}

/// Finds the parts of a request. Returns false if its sizes do not fit.
bool parse(const char* bytes, std::size_t size, Job& job) {
  auto& sizes = job.sizes;
  if (size < sizeof sizes) return false;
  memcpy(&sizes, bytes, sizeof sizes);
  const auto all = std::uint64_t{sizes.verb_size} + sizes.options_size + sizes.body_size;
  if (all != size - sizeof sizes) return false;
  job.verb = bytes + sizeof sizes;
  job.options = job.verb + sizes.verb_size;
  job.body = job.options + sizes.options_size;
  return true;
}

bool is_hello(const Job& job) {
  const std::size_t length = sizeof wire::door::hello_verb - 1;
  return job.sizes.verb_size == length && memcmp(job.verb, wire::door::hello_verb, length) == 0;
}

/// Takes a request. Returns false if its bytes are needed until it is done.
bool take_request(Visit& visit, Client& client, std::size_t size) {
  if (client.get_phase() == Phase::abandoned) {
    answer(client, Status::busy, still_busy_message);
    return true;
  }
  Job job;
  if (!parse(client.input + sizeof(Header), size, job)) {
    client.is_gone.store(true);
  } else if (is_hello(job)) {
    say_hello(client);
  } else {
    client.job = job;
    pass(visit, client);
    return false;
  }
  return true;
}

void interrupt(Visit& visit, Client& client) {
  if (client.get_phase() != Phase::running) return;
  client.is_stopped.store(true);
  notify_host(visit);
}

/// Removes the first bytes of the input.
void drop_input(Client& client, std::size_t size) {
  memmove(client.input, client.input + size, client.received - size);
  client.received -= size;
}

/// The first frame of the input that is complete, if there is one. A request that is running is not a frame:
/// its bytes stay at the front, and the frame behind it is looked at.
struct Frame {
  Header header{};
  std::size_t at = 0;
  bool is_whole = false;
};

Frame frame_at(const Client& client, std::size_t at) {
  Frame frame;
  frame.at = at;
  if (client.received < at + sizeof frame.header) return frame;
  memcpy(&frame.header, client.input + at, sizeof frame.header);
  frame.is_whole = client.received - at >= sizeof frame.header + frame.header.size;
  return frame;
}

/// Returns the size of the request at the front that is being worked on; 0 if there is none.
std::size_t size_of_running(const Client& client) {
  const auto phase = client.get_phase();
  const bool is_at_work =
      phase == Phase::requested || phase == Phase::running || phase == Phase::finished;
  return is_at_work ? sizeof(Header) + frame_at(client, 0).header.size : 0;
}

/// Acts on the frames that have arrived.
void take_frames(Visit& visit, Client& client) {
  while (!client.is_gone.load()) {
    const auto frame = frame_at(client, size_of_running(client));
    const auto whole = sizeof(Header) + frame.header.size;
    if (frame.header.size > wire::door::longest_frame) client.is_gone.store(true);
    if (!frame.is_whole) return;
    if (frame.header.kind == Kind::interrupt) {
      interrupt(visit, client);
      memmove(client.input + frame.at, client.input + frame.at + whole,
              client.received - frame.at - whole);
      client.received -= whole;
    } else if (frame.header.kind == Kind::request && frame.at == 0) {
      if (take_request(visit, client, frame.header.size)) drop_input(client, whole);
    } else {
      // a second request, or a kind that we do not know
      client.is_gone.store(true);
    }
  }
}

void receive(Visit& visit, Client& client) {
  const auto room = room_for_input + sizeof(Header) - client.received;
  const auto got = ::recv(client.socket, client.input + client.received, room, MSG_DONTWAIT);
  if (got > 0) {
    client.received += static_cast<std::size_t>(got);
    take_frames(visit, client);
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    client.is_gone.store(true);
  }
}

// Clients

void welcome_client(Visit& visit) {
  const int socket = accept_friend(visit.listener);
  if (socket < 0) return;
  for (auto& client : visit.clients) {
    if (client.is_used.load() || client.has_worker.load()) continue;
    client.input = static_cast<char*>(::malloc(room_for_input + sizeof(Header)));
    if (client.input == nullptr) break;
    client.socket = socket;
    client.has_socket = true;
    client.received = 0;
    client.is_gone.store(false);
    client.output.clear();
    client.set_phase(Phase::idle);
    client.is_used.store(true);
    return;
  }
  wire::uncancelled::close(socket);
}

void say_busy(Client& client) {
  if (!client.change_phase(Phase::requested, Phase::abandoned)) return;
  answer(client, Status::busy, busy_message);
  drop_input(client, sizeof(Header) + frame_at(client, 0).header.size);
}

void finish(Visit& visit, Client& client) {
  send_output(client);
  const Done done = client.job.done;
  const char* const message = client.job.message;
  drop_input(client, size_of_running(client));
  client.set_phase(Phase::idle);
  if (!client.is_gone.load()) send_done(client, done, message);
  take_frames(visit, client);
}

/// Ends a connection as soon as its worker has ended.
void dismiss(Visit& visit, Client& client) {
  client.output.give_up();
  wake(client.phase);
  if (client.get_phase() == Phase::requested)
    client.change_phase(Phase::requested, Phase::abandoned);
  if (client.get_phase() == Phase::finished) client.set_phase(Phase::idle);
  if (client.get_phase() == Phase::running && monotonic_now() > client.next_interrupt) {
    client.next_interrupt = monotonic_now() + between_interrupts;
    interrupt(visit, client);
  }
  if (client.has_socket) wire::uncancelled::close(client.socket);
  client.has_socket = false;
  if (client.has_worker.load()) return;
  ::free(client.input);
  client.input = nullptr;
  client.is_used.store(false);
}

void look_after(Visit& visit, Client& client) {
  send_output(client);
  if (client.get_phase() == Phase::finished && !client.is_gone.load()) finish(visit, client);
  const bool is_late = client.get_phase() == Phase::requested && monotonic_now() > client.deadline;
  if (is_late && !client.is_gone.load()) say_busy(client);
  if (client.is_gone.load()) dismiss(visit, client);
}

bool is_busy(const Client& client) {
  return client.is_used.load() && (client.is_gone.load() || client.get_phase() != Phase::idle);
}

/// Waits for something to happen at the sockets, for so many milliseconds at most.
void look_at_sockets(Visit& visit, int milliseconds) {
  // poll refuses more entries than the limit of descriptors, which the program may have set very low
  pollfd ready[1 + Visit::most_clients];
  Client* heard[1 + Visit::most_clients] = {};
  nfds_t count = 0;
  ready[count++] = {visit.listener, POLLIN, 0};
  for (auto& client : visit.clients) {
    if (!client.is_used.load() || !client.has_socket) continue;
    heard[count] = &client;
    ready[count++] = {client.socket, POLLIN, 0};
  }
  if (::poll(ready, count, milliseconds) <= 0) return;
  for (nfds_t i = 1; i < count; ++i) {
    if (ready[i].revents != 0) receive(visit, *heard[i]);
  }
  if (ready[0].revents != 0) welcome_client(visit);
}

/// Does one round of work. Returns the number of clients, and whether requests are running.
struct Round {
  int clients = 0;
  bool is_busy = false;
};

Round look_after_all(Visit& visit) {
  Round round;
  for (auto& client : visit.clients) {
    if (client.is_used.load()) look_after(visit, client);
    if (!client.is_used.load()) continue;
    ++round.clients;
    round.is_busy = round.is_busy || is_busy(client);
  }
  return round;
}

}  // namespace

void serve(Visit& visit) {
  const auto end_of_welcome = monotonic_now() + welcome;
  bool had_client = false;
  while (true) {
    const auto seen = visit.progress.load();
    const Round round = look_after_all(visit);
    had_client = had_client || round.clients > 0;
    if (round.clients == 0 && (had_client || monotonic_now() > end_of_welcome)) {
      look_at_sockets(visit, 0);  // one may have come meanwhile
      if (look_after_all(visit).clients == 0) return;
    } else if (round.is_busy) {
      wait_while(visit.progress, seen, nap);
      look_at_sockets(visit, 0);
    } else {
      constexpr int longest = 1000;
      look_at_sockets(visit, longest);
    }
  }
}

}  // namespace mprofpp::agent::door
