#pragma once

#include "door/server.hpp"

/// The part of the door that needs Python. Requests are run by code in Python (handlers.py), which lives as
/// long as the door is open.
namespace mprofpp::agent::door {

/// Returns true if this program has an interpreter that can run requests.
bool has_interpreter();

/// Runs the request of that client, which is in the phase `requested`, and makes its phase `finished`; `idle`
/// if the server has given it up. Must be called by a thread of ours.
void run_request(Visit& visit, Client& client);

/// Lets the code in Python forget a client that has gone.
void forget(Client& client);
/// Raises KeyboardInterrupt in the code that a client's request runs.
void interrupt_request(Client& client);
/// Frees the code in Python. No request may be running.
void forget_handlers();

}  // namespace mprofpp::agent::door
