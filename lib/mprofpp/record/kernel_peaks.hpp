#pragma once

#include <unordered_map>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/store/block.hpp"

namespace mprofpp::record {

/// Which kernel peaks are in the file already. A process that grows has a new one at every look; it is
/// written once a second, and whatever is still unwritten when the process ends.
class KernelPeaks {
 public:
  void update(const proc::Member& member, Instant now, store::Block& block);
  /// Writes what update() held back, and forgets the process.
  void finish(pid_t pid, store::Block& block);
  /// The highest known; 0 when none is.
  Bytes of(pid_t pid) const;
  /// The highest of any process so far, ended or not; 0 when none is known.
  Bytes highest() const { return highest_; }

 private:
  struct Peak {
    Bytes known;
    Bytes known_vms;
    Bytes written;
    Bytes written_vms;
    Instant written_at;
  };

  static void write(pid_t pid, Peak& peak, store::Block& block);

  std::unordered_map<pid_t, Peak> peaks_;
  Bytes highest_;
};

}  // namespace mprofpp::record
