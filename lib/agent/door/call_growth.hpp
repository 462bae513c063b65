#pragma once

#include "door/client.hpp"
#include "python/api.hpp"

namespace mprofpp::agent::door {

/// Returns true if the request has wire::door::around_option.
bool is_about_call(const Job& job);

/// Waits for a call and counts the objects before and after it, until the time of wire::door::wait_option is
/// over or the client is gone. Gives up the interpreter's lock meanwhile. Sets done.held_ns.
void answer_about_call(Client& client, python::Object* handlers, objects::Reply& reply);

}  // namespace mprofpp::agent::door
