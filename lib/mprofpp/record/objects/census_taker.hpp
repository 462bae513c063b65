#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/census.hpp"
#include "mprofpp/model/process_id.hpp"

namespace mprofpp::record {

/// Counts the objects of a process. This may take seconds.
class CensusTaker {
 public:
  virtual ~CensusTaker() = default;

  /// Errors: not_found if the process does not run Python; vanished if it has ended; all others mean that it
  /// could not be asked this time.
  virtual Result<inspect::Census> take(const model::ProcessId& process) = 0;
  /// Makes take() return soon. Another thread may call it.
  virtual void cancel() = 0;
};

/// Asks the agent in a process, through its door. The door is open for no longer than that: a thread of ours
/// that waits in a program would change what Python finds out about its threads when it forks.
class DoorCensusTaker : public CensusTaker {
 public:
  /// `library` is the path of the agent for programs that do not have it; a program is not stopped for longer
  /// than `max_pause`.
  DoorCensusTaker(std::string library, Duration max_pause)
      : library_(std::move(library)), max_pause_(max_pause) {}

  Result<inspect::Census> take(const model::ProcessId& process) override;
  void cancel() override;

 private:
  Result<inspect::Census> attempt(pid_t pid);
  bool ends_soon(const model::ProcessId& process) const;
  bool use(int socket);

  std::string library_;
  Duration max_pause_;
  std::atomic<bool> is_cancelled_ = false;
  std::mutex mutex_;  ///< protects socket_
  int socket_ = -1;   ///< of the current connection
};

}  // namespace mprofpp::record
