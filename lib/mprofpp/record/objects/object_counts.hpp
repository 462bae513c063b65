#pragma once

#include <map>
#include <memory>
#include <vector>

#include "mprofpp/model/sink.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/objects/census_thread.hpp"
#include "mprofpp/record/objects/object_lines.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::record {

/// Counts the objects of all Python processes of a recording from time to time.
class ObjectCounts {
 public:
  /// When the first census is: a program that is launched imports its modules first.
  enum class First { at_once, after_interval };

  /// `clock` and `sink` must outlive this object.
  ObjectCounts(Duration interval, First first, std::unique_ptr<CensusTaker> taker,
               const Clock& clock, model::Sink& sink);

  /// Asks all processes at the next look, whether it is time or not.
  void ask_soon() { next_round_ = Instant::min(); }
  /// Asks the processes if it is time. Does not wait for answers.
  void look(const std::vector<proc::Member>& members, Instant now);
  /// Returns the censuses that have been taken, for add().
  std::vector<CensusThread::Taken> taken() { return thread_.taken(); }
  /// Writes a census, or counts it as lost if it could not be taken.
  void add(const CensusThread::Taken& taken);
  void process_ended(const model::ProcessId& process);
  void write_losses(Instant now);
  /// Asks no more processes. The one that is being asked is left alone.
  void end() { thread_.end(); }

  const ObjectOutcome& outcome() const { return outcome_; }

 private:
  bool is_other_program(const proc::Member& member, Instant now);
  void note_failure(const CensusThread::Taken& taken);

  /// A program that does not run Python.
  struct Other {
    std::uint64_t stack = 0;  ///< start of its stack: another program has another one
    Instant next_try;
  };

  Duration interval_;
  Instant next_round_;
  model::Sink& sink_;
  ObjectLines lines_;
  std::map<model::ProcessId, Other> others_;
  std::uint64_t lost_ = 0;  ///< that no LOST line reports yet
  ObjectOutcome outcome_;
  CensusThread thread_;
};

}  // namespace mprofpp::record
