#include "mprofpp/record/objects/census_thread.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace mprofpp::record {
namespace {

/// The recorder may run at a higher priority than the programs. Its censuses need none.
void run_as_programs_do() {
  ::setpriority(PRIO_PROCESS, 0, 0);
}

}  // namespace

void CensusThread::ask(const model::ProcessId& process) {
  const std::lock_guard lock(mutex_);
  if (is_over_ || std::find(asked_.begin(), asked_.end(), process) != asked_.end()) return;
  asked_.push_back(process);
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_one();
}

std::vector<CensusThread::Taken> CensusThread::taken() {
  const std::lock_guard lock(mutex_);
  return std::exchange(taken_, {});
}

void CensusThread::end() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    asked_.clear();
  }
  taker_->cancel();
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CensusThread::work() {
  run_as_programs_do();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_over_ || !asked_.empty(); });
    if (is_over_) return;
    const auto process = asked_.front();
    lock.unlock();
    auto census = taker_->take(process);
    const auto t = clock_.now();
    lock.lock();
    if (is_over_) return;
    asked_.pop_front();
    taken_.push_back({process, t, std::move(census)});
  }
}

}  // namespace mprofpp::record
