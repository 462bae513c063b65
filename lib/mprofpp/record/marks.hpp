#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/mark/new_rings.hpp"
#include "mprofpp/mark/run_folder.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/clock.hpp"
#include "mprofpp/record/event_time.hpp"
#include "mprofpp/record/mark_source.hpp"
#include "mprofpp/record/memory_line.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/store/block.hpp"
#include "mprofpp/symbols/naming.hpp"

namespace mprofpp::record {

/// The marks of a run: finds the rings of its processes, and writes what comes through them into
/// the recording.
class Marks {
 public:
  /// `options`, `clock` and `block` outlive it.
  Marks(mark::RunFolder folder, mark::NewRings rings, const MarkOptions& options,
        const Clock& clock, store::Block& block);

  /// Readable when there is much to take.
  int bell() const { return folder_.bell(); }
  void silence_bell() { folder_.silence(); }

  /// Opens rings that have appeared. Answers whether there are some of processes not known yet.
  bool find_rings();
  /// Looks for the processes of unknown rings among those that live and those that have just ended.
  /// Answers the processes that make marks for the first time.
  std::vector<const proc::Member*> identify(const proc::Sampler& sampler,
                                            const proc::Changes& changes);
  /// Whether the process has made a mark.
  bool is_marking(pid_t pid) const { return processes_.contains(pid); }
  /// The memory of each process that is ours: its rings.
  std::unordered_map<pid_t, Bytes> memory_of_rings() const;

  /// A sample of the MEM line; see MemoryLine.
  void add_memory(Instant t, double mib, pid_t alone) { memory_.add(t, mib, alone); }

  enum class Which { due, all };
  /// Writes what has come, by `now`.
  void drain(Instant now, Which which);
  void process_ended(pid_t pid, Instant t);
  /// Processes that nobody ever saw have left marks and are gone.
  void take_strangers(Instant now);
  /// Whether a process that has ended has made a mark of its own. `mprofpp mark` does not count, nor
  /// does a ring without records: one is made before a program filters its system calls.
  bool any_came() const { return any_came_; }
  /// Whether some process has a ring of another build of mprofpp, which cannot be read.
  bool any_was_foreign() const { return any_was_foreign_; }
  const mark::RunFolder& folder() const { return folder_; }
  /// How many there were that could not be recorded.
  std::uint64_t lost() const { return told_lost_ + lost_; }
  /// The recording ends: so do calls that are open.
  void finish(Instant now);

 private:
  using Sources = std::map<MarkSource::Key, MarkSource>;

  /// What images ask, and where they put what they find.
  class Desk : public mark::Background, public model::Sink {
   public:
    explicit Desk(const Marks& marks, store::Block& block) : marks_(marks), block_(block) {}
    Instant instant_of(std::uint64_t nanoseconds) const override {
      return marks_.time_.of(nanoseconds);
    }
    double memory_at(Instant t, pid_t pid, const std::optional<double>& rss) const override {
      return marks_.memory_.at(t, pid, rss);
    }
    using model::Sink::take;
    void take(const model::Call& call) override { block_.add(call); }
    void take(const model::OpenCall& call) override { block_.add(call); }
    void take(const model::CallGroup& group) override { block_.add(group); }
    void take(const model::PointMark& mark) override { block_.add(mark); }

   private:
    const Marks& marks_;
    store::Block& block_;
  };

  bool open_ring(const std::string& path);
  const proc::Member* find_process(const MarkSource::Key& key, const proc::Sampler& sampler,
                                   const proc::Changes& changes) const;
  void know(MarkSource& source, pid_t pid);
  mark::Namer make_namer();
  void drain_guests(Instant now);
  void end_followed();
  void end_left(Instant now);
  Sources::iterator end(Sources::iterator source, Instant t);
  void tell(Instant now);
  void tell_lost(Instant now);

  mark::RunFolder folder_;
  mark::NewRings rings_;
  const MarkOptions& options_;
  const Clock& clock_;
  store::Block& block_;
  EventTime time_;
  MemoryLine memory_;
  Desk desk_;
  symbols::Tables tables_;
  mark::Texts texts_;                                                    ///< of all processes
  std::unordered_map<pid_t, std::shared_ptr<mark::Process>> processes_;  ///< that make marks
  Sources sources_;
  std::vector<std::string> unopened_;  ///< for want of descriptors
  Instant next_tell_;
  bool any_came_ = false;
  bool any_was_foreign_ = false;
  std::uint64_t lost_ = 0;  ///< and not told yet
  std::uint64_t told_lost_ = 0;
};

}  // namespace mprofpp::record
