#pragma once

#include "door/client.hpp"

namespace mprofpp::agent::door {

/// The data that the threads of an open door share. Its initial state is all zeros, and it has pages of its
/// own, so that the kernel can take them back when the door is closed.
struct alignas(4096) Visit {
  static constexpr int most_clients = 8;

  Client clients[most_clients];
  Word wanted = 0;    ///< counts what the host has to do: workers to start, requests to interrupt
  Word progress = 0;  ///< counts outputs and ends of requests, which the server has to send
  std::atomic<bool> is_over = false;  ///< the server has ended
  int listener = 0;
  char block[wire::door::longest_request_block] = {};  ///< the argument of open_function
};

/// Serves clients until the last one has gone, or none has come for some seconds.
void serve(Visit& visit);

}  // namespace mprofpp::agent::door
