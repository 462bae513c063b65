#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "mprofpp/model/sink.hpp"

namespace mprofpp::store {

/// Passes on the records of a recording, and adds the readings that a sparse one leaves out (see
/// SparseLines) as model::Held records. Those of the MEM line come before the next MEM record; lines that
/// only show that nothing has changed become part of them. Those of a process come before its next record,
/// because it may not have changed for a long time. The work grows with the number of lines, and a dense
/// recording passes through unchanged.
class HeldValues : public model::UniformSink<HeldValues> {
 public:
  /// `next` must outlive this object.
  explicit HeldValues(model::Sink& next) : next_(next) {}

  template <class Record>
  void each(const Record& record) {
    release();
    next_.take(record);
  }
  void each(const model::Sample& sample);
  void each(const model::ChildSample& sample);
  void each(const model::Process& process);
  void each(const model::Exit& exit);
  void each(const model::Settings& settings);
  void each(const model::Damage& damage);
  void each(const model::End& end);

  /// Adds the last readings of a recording whose recorder was killed. The lines of the last tick may be
  /// incomplete, so nothing is known of a process without a line there.
  void finish();

 private:
  struct Tick {
    std::uint64_t number = 0;
    Instant t;
  };
  struct Child {
    model::ChildSample line;
    std::uint64_t tick = 0;  ///< number of the tick of that line
  };

  void start_at(const model::Sample& sample);
  void go_on_to(const model::Sample& sample);
  void hold_total(Instant first, Instant last, std::uint64_t ticks);
  void release();
  void add_held(const Child& child, Tick last);
  void settle(pid_t pid);
  void settle_all(Tick last);

  model::Sink& next_;
  bool is_sparse_ = false;
  bool is_broken_ = false;   ///< a line was damaged since the last MEM line
  model::Sample total_;      ///< of the last tick with lines
  bool is_waiting_ = false;  ///< `total_` repeats the sample before it and was not passed on yet
  std::optional<model::Held> held_total_;      ///< not passed on yet; it ends before `total_`
  Tick tick_;                                  ///< the last one with lines
  Tick before_;                                ///< the tick before that
  std::unordered_map<pid_t, Child> children_;  ///< those whose values hold
};

}  // namespace mprofpp::store
