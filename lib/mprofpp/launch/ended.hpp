#pragma once

#include <sys/types.h>

#include <optional>

#include "mprofpp/base/bytes.hpp"

namespace mprofpp::launch {

/// A child process that has ended.
struct Ended {
  pid_t pid = 0;
  int status = 0;  ///< as a shell reports it: 128 + n after signal n
  /// The kernel's ru_maxrss: the largest value of the process, the descendants it has waited for,
  /// and the image it was forked from.
  Bytes largest;
};

/// Returns a child that has ended and was not reaped yet; it remains a zombie that /proc still shows.
std::optional<pid_t> next_ended();

/// Returns true if any child is alive or was not reaped yet.
bool has_children();

/// Reaps the child, and waits for its end if necessary.
Ended reap(pid_t pid);

/// Makes this process the parent of descendants whose own parent has died, so that a program that
/// daemonises stays in the tree.
void adopt_orphans();

}  // namespace mprofpp::launch
