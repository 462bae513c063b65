#pragma once

#include <sys/types.h>

#include <optional>

#include "mprofpp/base/bytes.hpp"

namespace mprofpp::launch {

/// A child of ours that has ended.
struct Ended {
  pid_t pid = 0;
  int status = 0;  ///< as a shell has it: 128 + n after signal n
  /// The kernel's ru_maxrss: the largest of the process, its waited-for descendants and the image it
  /// was forked from.
  Bytes largest;
};

/// A child that has ended and was not reaped yet; it stays a zombie that /proc still shows.
std::optional<pid_t> next_ended();

/// Whether there is any child that lives or was not reaped yet.
bool has_children();

/// Reaps that child.
Ended reap(pid_t pid);

/// Makes this process the parent of descendants whose own parent has died, so that a program that
/// daemonises stays in the tree.
void adopt_orphans();

}  // namespace mprofpp::launch
