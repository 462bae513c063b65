#pragma once

#include <algorithm>
#include <unordered_map>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/proc/sampler.hpp"

namespace mprofpp::record {

/// Writes the kernel peaks of processes. A growing process has a new peak at every look, so its peak is
/// written once a second at most, and the rest when the process exits.
class KernelPeaks {
 public:
  /// `sink` must outlive this object.
  explicit KernelPeaks(model::Sink& sink) : sink_(sink) {}

  /// Takes the peaks of the last look at a process, and writes them if none were written within a second.
  void update(const proc::Member& member, Instant now);
  /// Takes a peak that the process had before it reset the kernel's, and writes it if none was written within
  /// a second.
  void update(pid_t pid, Bytes rss, Instant now);
  /// Takes peaks that the process has reported itself; finish() writes them at the latest.
  void raise(pid_t pid, Bytes rss, Bytes vms);
  /// Takes the peak of a process that gets no lines, for highest() only.
  void raise_highest(Bytes rss) { highest_ = std::max(highest_, rss); }
  /// Writes the peaks that update() held back, because the name of the process changes.
  void flush(pid_t pid);
  /// Does the same and forgets the process.
  void finish(pid_t pid);
  /// Returns the highest known peak of the process; 0 if none is known.
  Bytes of(pid_t pid) const;
  /// Returns the highest peak of any process so far, running or not; 0 if none is known.
  Bytes highest() const { return highest_; }

 private:
  struct Peak {
    Bytes known;
    Bytes known_vms;
    Bytes written;
    Bytes written_vms;
    Instant written_at;
  };

  void write_due(pid_t pid, Instant now);
  void write(pid_t pid, Peak& peak);

  model::Sink& sink_;
  std::unordered_map<pid_t, Peak> peaks_;
  Bytes highest_;
};

}  // namespace mprofpp::record
