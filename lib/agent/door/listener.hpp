#pragma once

namespace mprofpp::agent::door {

/// Gives the calling thread a table of descriptors of its own, which is empty: neither the program nor its
/// children then see what the thread opens, and a program that closes all descriptors does not close those.
/// Has no effect if the kernel refuses.
void leave_descriptors();

/// Returns a socket that listens under that name (wire::door::socket_name); -1, with errno, on failure.
int listen_at(const char* name);
/// Removes the socket's file, if it has one.
void remove_socket(const char* name);

/// Returns the connection of the next client, or -1. One of another user than root, the program's own user,
/// or the effective one is closed without a word.
int accept_friend(int listener);

}  // namespace mprofpp::agent::door
