#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <span>

namespace mprofpp::inject {

/// Returns the action of a seccomp filter for a system call, with its data (SECCOMP_RET_DATA). A filter that
/// the kernel would not accept counts as one that kills the process.
std::uint32_t action_of(std::span<const sock_filter> filter, const seccomp_data& call);

/// Returns true if the filter lets a process live that is entered and in which the agent runs: the system
/// calls that this needs are allowed, or fail with an error.
bool is_survivable(std::span<const sock_filter> filter);

}  // namespace mprofpp::inject
