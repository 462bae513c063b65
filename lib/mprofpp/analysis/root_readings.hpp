#pragma once

#include <sys/types.h>

#include <optional>
#include <set>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// A value of a series and its time.
struct Maximum {
  double mib = 0;
  Instant t;
};

/// The root's own memory, which has no lines of its own: it is the MEM line where that is the root alone,
/// and what the CHLD lines of the tick leave of it where MEM is the sum over the tree. With a sum and no CHLD
/// lines it is known only while no other process lives.
///
/// Give it the records in the order of the file. The CHLD lines of a tick follow its MEM line, so the reading
/// of a tick comes with the record that ends the tick.
class RootReadings {
 public:
  void take(const model::Meta& meta);
  void take(const model::Process& process);
  void take(const model::ChildSample& sample);
  /// The reading of the tick before this one.
  std::optional<Maximum> take(const model::Sample& sample);
  /// The MEM line before the root's end repeats the last total, so it counts only if there is no other.
  std::optional<Maximum> take(const model::Exit& exit);
  /// The reading of the last tick. Call once, at the end.
  std::optional<Maximum> finish() { return settle(); }

  /// The only root of the recording; nothing if it has several or does not say.
  std::optional<pid_t> root() const { return root_; }
  bool sums_children() const { return sums_children_; }

 private:
  std::optional<Maximum> settle();

  std::optional<pid_t> root_;
  bool sums_children_ = false;
  bool has_child_lines_ = false;
  bool has_ended_ = false;
  std::set<pid_t> others_;  // living processes beside the root
  std::optional<Maximum> total_;
  bool is_first_ = true;
  bool is_shared_ = false;  // others lived when the tick was read
  double children_ = 0;
};

}  // namespace mprofpp::analysis
