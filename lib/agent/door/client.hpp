#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "door/output.hpp"
#include "mprofpp/wire/door.hpp"
#include "objects/request.hpp"

namespace mprofpp::agent::door {

/// The state of a client's request. The server and the client's worker pass it to each other.
enum class Phase : std::uint32_t {
  idle,       ///< the server may take a request
  requested,  ///< the worker waits for the interpreter's lock
  running,    ///< the worker has the lock, or had it and runs on
  finished,   ///< the server sends what is left, and `done`
  abandoned,  ///< the server has answered that the program is busy; the worker makes it idle
};

/// The state of a call in the program's main thread, which runs it at its next safe point.
enum class MainCall : std::uint32_t { none, posted, running, done };

/// A request, and how it has ended. The parts lie in one block of memory.
struct Job {
  wire::door::Request sizes{};
  const char* verb = nullptr;
  const char* options = nullptr;
  const char* body = nullptr;
  wire::door::Done done{};
  const char* message = nullptr;  ///< a constant, or `text`; null if there is none
  char text[objects::Reply::longest_message] = {};
};

/// A connection; all zeros if there is none. The server reads and writes the socket. The worker, which runs
/// requests, does not know it, because the server has a table of descriptors of its own.
struct Client {
  std::atomic<bool> is_used = false;
  std::atomic<bool> is_gone = false;  ///< it has closed the connection
  std::atomic<bool> has_worker =
      false;                            ///< from the time when one was asked for until it has ended
  std::atomic<bool> is_wanted = false;  ///< a worker is to be started
  std::atomic<bool> is_stopped = false;  ///< its request is to be interrupted
  /// The pthread_t of the thread that runs the request, by which Python knows it: the worker, or the main
  /// thread of the program.
  std::atomic<unsigned long> runner = 0;
  Word main_call = 0;  ///< a MainCall
  Word phase = 0;      ///< a Phase
  Job job;
  Output output;

  // of the server only
  int socket = 0;
  bool has_socket = false;
  char* input = nullptr;  ///< longest_frame bytes and a header, from malloc
  std::size_t received = 0;
  std::uint64_t deadline = 0;  ///< when a program that has not given us its lock is called busy
  std::uint64_t next_interrupt = 0;  ///< if the client is gone and its request goes on

  Phase get_phase() const { return static_cast<Phase>(phase.load(std::memory_order_acquire)); }
  void set_phase(Phase next) {
    phase.store(static_cast<std::uint32_t>(next), std::memory_order_release);
    wake(phase);
  }
  /// Returns false if the phase is not `from`.
  bool change_phase(Phase from, Phase to) {
    auto expected = static_cast<std::uint32_t>(from);
    const bool is_changed = phase.compare_exchange_strong(expected, static_cast<std::uint32_t>(to));
    if (is_changed) wake(phase);
    return is_changed;
  }
};

}  // namespace mprofpp::agent::door
