#pragma once

#include <string>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/proc/activity.hpp"
#include "mprofpp/proc/memory.hpp"
#include "mprofpp/proc/parse.hpp"

namespace mprofpp::proc {

/// A process of the tree, with the state that the sampler keeps about it.
struct Member {
  Member(const Stat& stat, Metric metric, Instant now);

  /// Returns the part of a reading that belongs to the program.
  Bytes without_ours(Bytes reading) const;
  Amounts without_ours(Amounts amounts) const;

  /// Returns true if it was looked at fewer than six times: most programs call exec soon after fork.
  bool is_young() const;
  /// Returns true if its address space looks like that of another program than at the last look.
  bool seems_replaced() const;
  /// Sets all `ran_since_…` if the process may have run since the last call.
  void notice_activity();
  /// Returns true if its memory may differ from the last reading.
  bool needs_reading(Instant now);

  model::ProcessId id;
  pid_t parent;
  bool is_root = false;
  std::string name;
  std::string command;
  Bytes left_out;        ///< part of each reading that belongs to mprofpp, not to the program
  Bytes used;            ///< last reading of the metric; 0 before the first, or if it is refused
  Bytes kernel_peak;     ///< highest VmHWM or reading at a look; 0 before the first look
  Bytes vms_peak;        ///< highest VmPeak at a look; 0 before the first look
  Instant next_look;     ///< when name, command line and peak are read again
  Instant next_walk;     ///< when its children are searched for again
  Instant next_reading;  ///< when its memory is read even if it has not run
  Duration look_gap;
  int looks = 0;
  int threads = 0;                ///< at the last look
  bool ran_since_look = true;     ///< as of the last call of notice_activity()
  bool ran_since_title = true;    ///< the same, since its command line was read
  bool ran_since_reading = true;  ///< the same, since its memory was read
  bool ran_at_last_check = true;  ///< what the last check of needs_reading() found
  int unchecked_readings = 0;     ///< how many readings come without a check whether it has run
  Shape shape_at_look;            ///< shape of its memory at the last look
  std::uint64_t stack = 0;        ///< start of its stack when `command` was read; 0 if unknown
  bool named = false;             ///< it was reported in Changes::named
  bool has_own_memory = false;    ///< it is known not to run in its parent's memory
  Memory memory;
  Activity activity;
};

}  // namespace mprofpp::proc
