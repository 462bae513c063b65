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

/// A process whose exit is awaited. A later process with the same pid is not mistaken for it.
struct Watched {
  model::ProcessId id;
  Fd fd;  ///< readable once the process has exited; empty if the kernel does not provide it
};
/// Errors: vanished if the process does not exist; io if no descriptor is left.
Result<Watched> watch(pid_t pid);

/// Waits until processes have exited, whether or not they are children of ours. The kernel reports an
/// exit at once. Where it cannot (before Linux 5.3, or in a sandbox without pidfd_open), each process is
/// checked 20 times a second.
class EndWatch {
 public:
  /// Calls `all_ended` once, from the context, when the last of the processes has exited. `context` must
  /// outlive this object. Throws the exception of Asio if it cannot watch a descriptor.
  EndWatch(boost::asio::io_context& context, std::vector<Watched> processes,
           std::function<void()> all_ended);
  ~EndWatch();

 private:
  class Waits;
  std::unique_ptr<Waits> waits_;
};

}  // namespace mprofpp::record
