#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::store {

/// Passes on the records of a recording. Once a Settings record makes the recording sparse, it leaves out the
/// samples that repeat the ones before. A tick is written if a value has changed: first what was left out of
/// the tick before it, so that straight lines between the written points are the curves that all samples
/// would draw; then its MEM line and the lines of the processes that changed. Otherwise a MEM line every ten
/// seconds shows that nothing did. Everything that was left out is written before a record after which the
/// values mean something else: an exit, another title, a pause, another interval. See share/doc/format.md.
///
/// A sample is compared as a number, and formatted only if it is written.
class SparseLines : public model::UniformSink<SparseLines> {
 public:
  /// `next` must outlive this object.
  explicit SparseLines(model::Sink& next) : next_(next) {}

  /// Decides which lines of the current tick are written, now that all of its samples are known.
  void end_tick();
  /// Writes everything that was left out. The next tick gets all of its lines: ticks were missed before it,
  /// or it has no samples of processes.
  void start_over();

  template <class Record>
  void each(const Record& record) {
    end_tick();
    next_.take(record);
  }
  void each(const model::Sample& sample);
  void each(const model::ChildSample& sample);
  void each(const model::Process& process);
  void each(const model::Exit& exit);
  void each(const model::KernelPeak& peak);
  void each(const model::Suspended& suspended);
  void each(const model::Settings& settings);
  void each(const model::End& end);

 private:
  struct Value {
    double mib = 0;
    std::vector<model::Reading> extra_readings = {};

    friend bool operator==(const Value&, const Value&) = default;
  };
  /// The MEM line, or the lines of a process.
  struct Series {
    Value written;  ///< in the last line
    Value before;   ///< at the reading before the last
    Value now;      ///< at the last reading
    double highest = -std::numeric_limits<double>::infinity();
    std::vector<model::Reading> highest_readings = {};
    std::uint64_t line_tick = 0;  ///< number of the tick of the last line; 0 if there is none
    std::uint64_t read_tick = 0;  ///< number of the tick of the last reading

    bool has_changed() const { return line_tick == 0 || now != written; }
  };
  using Child = std::pair<const pid_t, Series>;
  struct Tick {
    std::uint64_t number = 0;
    Instant t;
  };

  void take_reading(Series& series, double mib, const std::vector<model::Reading>& extra_readings);
  bool is_far_from_line(const Series& series) const;
  std::vector<Child*> left_out_at_tick_before();
  void write_all();
  void write_changes();
  void write_rest_of_tick_before();
  void write_rest_of_tick();
  void write_total(const Value& value, Tick tick, std::uint64_t ticks);
  void write_child(Child& child, const Value& value, Tick tick);
  void catch_up();
  void catch_up_and_forget(pid_t pid);

  model::Sink& next_;
  bool is_sparse_ = false;
  double min_change_ = 0;  ///< MiB

  Series total_;
  std::unordered_map<pid_t, Series> children_;
  std::vector<Child*> read_children_;  ///< at the current tick, in the order of their samples

  Tick tick_;  ///< the current one
  Tick tick_before_;
  Instant t_line_;                ///< of the last MEM line
  std::uint64_t left_out_ = 0;    ///< ticks that have ended since the last MEM line
  bool is_open_ = false;          ///< the current tick has not ended
  bool needs_all_lines_ = false;  ///< the current tick does not depend on the ones before
  bool is_due_ = false;           ///< a value has changed enough to be written
};

}  // namespace mprofpp::store
