#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/mark/mark_source.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/clock.hpp"
#include "mprofpp/record/marks/line_tables.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/ring/new_rings.hpp"
#include "mprofpp/ring/run_folder.hpp"
#include "mprofpp/symbols/naming.hpp"

namespace mprofpp::record {

/// Records the marks of a run: finds the rings and line tables of its processes and writes their marks and
/// lines into the recording.
class Marks {
 public:
  /// `options`, `clock` and `sink` outlive it.
  Marks(ring::RunFolder folder, ring::NewRings rings, const MarkOptions& options,
        const Clock& clock, model::Sink& sink);

  /// Returns a descriptor that becomes readable when a ring fills up or a process leaves a note.
  int bell() const { return folder_.bell(); }
  void silence_bell() { folder_.silence(); }

  /// Opens rings and line tables that have appeared. Returns true if some belong to processes not yet
  /// identified.
  bool find_rings();
  /// Looks for the processes of unidentified rings among the running processes and those that have just
  /// exited. Returns the processes that make marks for the first time.
  std::vector<const proc::Member*> identify(const proc::Sampler& sampler,
                                            const proc::Changes& changes);
  /// Returns true if the process makes marks, or marks were made in its name.
  bool is_marking(pid_t pid) const { return processes_.contains(pid) || lines_.has(pid); }
  /// Returns how much memory of each process belongs to the recorder, namely its rings and line tables.
  std::unordered_map<pid_t, Bytes> memory_of_rings();
  /// Returns the highest memory of processes before they reset the kernel's high-water mark, which they do
  /// only to measure the peaks of lines. The memory of their rings and line tables is left out.
  std::unordered_map<pid_t, Bytes> peaks_before_resets();

  /// Adds a sample of the MEM line; see mark::MemoryLine.
  void add_memory(Instant t, double mib, pid_t alone) { timeline_.memory.add(t, mib, alone); }

  /// Which rings drain() reads: those whose turn it is, or all.
  enum class Which { due, all };
  /// Writes the marks that have arrived by `now`.
  void drain(Instant now, Which which);
  /// Returns true if `mprofpp mark` has marked a point in time since the last call.
  bool take_guest_points() { return std::exchange(has_guest_points_, false); }
  /// Ends the open calls of the process at `t`.
  void process_ended(pid_t pid, Instant t);
  /// Answers whether the lines of a process, apart from its marks, are in the recording already.
  using IsWritten = std::function<bool(pid_t)>;
  /// Writes the marks of processes that exited before the sampler saw them.
  void write_unseen_processes(Instant now, const IsWritten& is_written);
  /// Returns true if a process has made a mark of its own; known once its program has ended. Marks of
  /// `mprofpp mark` do not count, and neither does a ring without records: a program creates one before
  /// it filters its system calls.
  bool has_own_marks() const { return has_own_marks_; }
  /// Returns true if some process has a ring of another build of mprofpp, which cannot be read.
  bool has_foreign_ring() const { return has_foreign_ring_; }
  const ring::RunFolder& folder() const { return folder_; }
  /// Returns what became of the lines that were to be counted; nothing if there were none.
  std::optional<LineOutcome> line_outcome() const;
  /// Returns how many marks could not be recorded.
  std::uint64_t lost() const { return written_losses_ + lost_; }
  /// Writes the remaining marks and ends all open calls, because the recording ends at `now`.
  void finish(Instant now, const IsWritten& is_written);

 private:
  using Sources = std::map<mark::MarkSource::Key, mark::MarkSource>;

  bool open_file(const std::string& path);
  bool open_ring(const std::string& path);
  const proc::Member* find_process(const mark::MarkSource::Key& key, const proc::Sampler& sampler,
                                   const proc::Changes& changes) const;
  void attach_process(mark::MarkSource& source, pid_t pid);
  void write_unseen(const model::ProcessId& id, Instant now, const IsWritten& is_written,
                    const std::function<void()>& write_marks);
  void end_lines_of(const mark::MarkSource& source, Instant left);
  void drain_guests(Instant now);
  void end_followed();
  void end_left(Instant now);
  Sources::iterator end(Sources::iterator source, Instant t);
  void write_due(Instant now);
  void write_losses(Instant now);

  ring::RunFolder folder_;
  ring::NewRings rings_;
  const MarkOptions& options_;
  const Clock& clock_;
  model::Sink& sink_;
  mark::Timeline timeline_;
  symbols::Tables tables_;
  ring::StringTable texts_;  ///< the texts of all processes
  /// The processes that make marks.
  std::unordered_map<pid_t, std::shared_ptr<mark::Process>> processes_;
  Sources sources_;
  LineTables lines_;
  std::vector<std::string> unopened_;  ///< files to open once a descriptor is free
  Instant next_writing_;
  bool has_own_marks_ = false;
  bool has_guest_points_ = false;
  bool has_foreign_ring_ = false;
  std::uint64_t lost_ = 0;            ///< lost marks that no LOST line reports yet
  std::uint64_t written_losses_ = 0;  ///< lost marks that LOST lines report
};

}  // namespace mprofpp::record
