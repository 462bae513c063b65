#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/program_image.hpp"
#include "mprofpp/ring/stream.hpp"

namespace mprofpp::mark {

class MarkSource;

/// An event that a guest has written (see MarkSource::Key::is_guest).
struct GuestEvent {
  wire::Event event;
  MarkSource* source;
};

/// A program that makes marks: reads its rings, and turns their records into marks of the recording
/// once its process is identified.
class MarkSource {
 public:
  /// Identifies the program. A process runs a new program after each exec, and `mprofpp mark` writes
  /// about another process than its own.
  struct Key {
    std::uint32_t pid;
    std::uint64_t start;
    std::uint32_t writer;
    std::uint64_t begun;

    friend auto operator<=>(const Key&, const Key&) = default;
    /// Returns true if the writer is another process: `mprofpp mark` or `mprofpp span`.
    bool is_guest() const { return writer != pid; }
    /// Returns true if the other program has replaced this one by exec.
    bool is_followed_by(const Key& other) const {
      return pid == other.pid && start == other.start && writer == other.writer &&
             begun < other.begun;
    }
  };
  static Key key_of(const ring::RingIdentity& identity);

  void add(ring::Ring ring) { stream_.add(std::move(ring)); }

  /// Connects the program with the process that runs it. Must be called before the first drain().
  void attach_process(pid_t pid, std::unique_ptr<ProgramImage> image);
  bool has_process() const { return image_ != nullptr; }
  /// Returns the pid that the recorder sees. In another pid namespace the process itself sees a
  /// different one.
  pid_t pid() const { return pid_; }

  bool is_due(Instant now) const { return now >= next_look_; }
  /// Handles the records that have arrived. The longer the program is idle, the later it is due again.
  void drain(Instant now);
  /// Does the same, but appends events to `guest_events` instead of handling them: several guests may
  /// write about one process, and their events must be handled in the order of time.
  void drain(Instant now, std::vector<GuestEvent>& guest_events);
  /// Handles an event that drain() has appended to a list.
  void add(const wire::Event& event) { image_->add(event); }
  /// Writes the calls that have been open for long, and the groups of short calls of past seconds.
  void write_due(Instant now);
  /// Handles the remaining records, ends open calls at `t` and removes the rings.
  void end(Instant t);

  /// Returns true if any record has arrived.
  bool has_records() const { return has_records_; }
  /// Returns the memory that the rings use in their process.
  Bytes size() const { return left_at_ ? Bytes{} : stream_.size(); }
  /// Returns when the program was first seen to leave (see wire::State::left), once a second look has
  /// confirmed it.
  std::optional<Instant> gone_since() const { return is_gone_ ? left_at_ : std::nullopt; }
  /// Returns how many records were dropped or could not be handled since the last call.
  std::uint64_t new_losses();

 private:
  ring::WriterState writer(Instant now) const;
  std::uint64_t drain(ring::WriterState writer, Instant now);
  void read_short_calls(ring::WriterState writer, Instant now);
  void write_filter_entries();
  void on_drained(std::uint64_t count, Instant now);
  void note_loss();
  void note_waiting(Instant now, std::uint64_t count);
  void note_state(Instant now);

  ring::Stream stream_;
  pid_t pid_ = 0;
  std::unique_ptr<ProgramImage> image_;
  Instant next_look_;
  Instant next_sums_;
  Duration gap_{};
  std::optional<Instant> waiting_since_;  ///< since when the next record has been incomplete
  std::optional<Instant> left_at_;
  bool is_gone_ = false;
  bool has_records_ = false;
  std::uint64_t lost_ = 0;
};

}  // namespace mprofpp::mark
