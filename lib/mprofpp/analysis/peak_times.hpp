#pragma once

#include <sys/types.h>

#include <cstdint>
#include <unordered_map>

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// Finds out when the kernel's peaks were reached. The peak of a process is read again as long as it rises,
/// so a higher one was reached after the previous one was read, or after the process started. The peak of a
/// whole tree may be from any time.
class PeakTimes {
 public:
  void take(const model::Process& process);
  void take(const model::Sample& sample) { tick_ = sample.t; }
  /// Takes readings of the MEM line.
  void take(const model::Held& total) { tick_ = total.last; }

  /// Returns the period in which the peak was reached, in a recording that began at `start`.
  Window reached(const model::KernelPeak& peak, Instant start);

 private:
  struct KnownPeak {
    std::uint64_t process = 0;  ///< its start time, as in model::ProcessId
    double mib = 0;
    Window reached;
  };

  Instant tick_ = Instant::min();  ///< of the last sample
  std::unordered_map<pid_t, KnownPeak> known_;
};

}  // namespace mprofpp::analysis
