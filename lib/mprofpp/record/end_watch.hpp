#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/process_id.hpp"

namespace boost::asio {
class io_context;
}

namespace mprofpp::record {

/// A process whose end is waited for, and not that of a later one with its pid.
struct Watched {
  model::ProcessId id;
  Fd fd;  ///< readable when it has ended; none where the kernel gives none
};
/// Errors: vanished when there is no such process; io when no descriptor is left.
Result<Watched> watch(pid_t pid);

/// Waits for the end of processes, ours or anybody's. The kernel reports it at once; where it cannot
/// (before Linux 5.3, or in a sandbox without pidfd_open) each process is looked at 20 times a second.
class EndWatch {
 public:
  /// Calls `all_ended` once, out of the context, when the last of them has ended. The context outlives
  /// this object. Throws what Asio throws when it cannot watch a descriptor.
  EndWatch(boost::asio::io_context& context, std::vector<Watched> processes,
           std::function<void()> all_ended);
  ~EndWatch();

 private:
  class Waits;
  std::unique_ptr<Waits> waits_;
};

}  // namespace mprofpp::record
