#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "mprofpp/record/clock.hpp"
#include "mprofpp/record/objects/census_taker.hpp"

namespace mprofpp::record {

/// Takes censuses one after another in a thread of its own, so that samples do not wait for them.
class CensusThread {
 public:
  /// A census that was taken, or the reason why it was not.
  struct Taken {
    model::ProcessId process;
    Instant t;  ///< when the answer was there
    Result<inspect::Census> census;
  };

  /// `clock` must outlive this object. The thread starts with the first process that is asked.
  CensusThread(std::unique_ptr<CensusTaker> taker, const Clock& clock)
      : taker_(std::move(taker)), clock_(clock) {}
  CensusThread(const CensusThread&) = delete;
  CensusThread& operator=(const CensusThread&) = delete;
  ~CensusThread() { end(); }

  /// Asks a process, unless it is being asked already.
  void ask(const model::ProcessId& process);
  /// Returns what has been taken since the last call. Never waits.
  std::vector<Taken> taken();
  /// Asks no more processes, and waits for the current one to be left.
  void end();

 private:
  void work();

  std::unique_ptr<CensusTaker> taker_;
  const Clock& clock_;
  std::mutex mutex_;  ///< protects what follows
  std::condition_variable changed_;
  std::deque<model::ProcessId> asked_;  ///< the first one is being asked
  std::vector<Taken> taken_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace mprofpp::record
