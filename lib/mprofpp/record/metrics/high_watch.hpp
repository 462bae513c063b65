#pragma once

#include "mprofpp/base/bytes.hpp"

namespace mprofpp::record {

/// Decides when the PSS of a tree is read, so that in the end it is known for a time near the peak of the
/// tree's sum of RSS. A tree that has grown by a tenth is read at once, which happens rarely, however large
/// the tree becomes. A round of readings takes several ticks. It is valid if the tree kept its size
/// meanwhile, and a second round at the same size confirms it: the first one may have fallen into a fork,
/// when the pages had fewer sharers than afterwards.
class HighWatch {
 public:
  enum class Need {
    none,
    affordable,  ///< read when the budget allows: the tree is a little larger than at any valid round
    urgent       ///< read at once, on credit
  };

  /// Returns how urgently a tree that uses `total` is to be read.
  Need need(Bytes total) const;
  /// Starts a round while the tree uses `total`.
  void begin(Bytes total) { begun_at_ = total; }
  /// Returns true if the tree has grown by a tenth since the round started.
  bool has_grown_since_start(Bytes total) const;
  /// Ends a round in which each process was read. Returns true if the round is valid, because the tree
  /// kept its size.
  bool finish(Bytes total);
  /// Ends a round in which some process could not be read. After three failures in a row this size is not
  /// tried again.
  void fail();

 private:
  Bytes begun_at_;
  Bytes high_;  ///< the largest size of a valid round, or of one that was given up
  bool is_confirmed_ = true;
  int failures_ = 0;
};

}  // namespace mprofpp::record
