#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/image.hpp"
#include "mprofpp/mark/stream.hpp"

namespace mprofpp::record {

class MarkSource;

/// What a guest has told.
struct GuestEvent {
  wire::Event event;
  MarkSource* source;
};

/// One program that makes marks: its rings, and what becomes of their records once it is known
/// which process of the recording it is.
class MarkSource {
 public:
  /// Who writes: an exec begins a new program in the same process, and `mprofpp mark` speaks of
  /// another process.
  struct Key {
    std::uint32_t pid;
    std::uint64_t start;
    std::uint32_t writer;
    std::uint64_t begun;

    friend auto operator<=>(const Key&, const Key&) = default;
    /// Whether another process speaks of this one: `mprofpp mark` and `span`.
    bool is_guest() const { return writer != pid; }
    /// Whether the other program has taken this one's place by exec.
    bool is_followed_by(const Key& other) const {
      return pid == other.pid && start == other.start && writer == other.writer &&
             begun < other.begun;
    }
  };
  static Key key_of(const mark::RingIdentity& identity);

  void add(mark::Ring ring) { stream_.add(std::move(ring)); }

  bool is_known() const { return image_ != nullptr; }
  void know(pid_t pid, std::unique_ptr<mark::Image> image);
  /// As the recorder sees it, which may be another number than the process itself sees.
  pid_t pid() const { return pid_; }

  bool is_due(Instant now) const { return now >= next_look_; }
  /// Takes what has come. Who has been idle is due again later and later.
  void drain(Instant now);
  /// The same but for events, which are put aside: several guests speak of one process, and what
  /// they say is to be heard in the order of time.
  void drain(Instant now, std::vector<GuestEvent>& aside);
  void take(const wire::Event& event) { image_->take(event); }
  /// Tells of calls that have been open for long, and of short ones of seconds that are over.
  void tell(Instant now);
  /// Nothing more comes: takes the rest, ends what is open and removes the rings.
  void end(Instant t);

  /// Whether anything has come.
  bool has_told() const { return has_told_; }
  /// The memory that the rings take in their process.
  Bytes size() const { return left_at_ ? Bytes{} : stream_.size(); }
  /// Since when the program was about to make place for another; told when it has not come back.
  std::optional<Instant> gone_since() const { return is_gone_ ? left_at_ : std::nullopt; }
  /// Records that were dropped or could not be followed, since the last call.
  std::uint64_t take_lost();

 private:
  void look(mark::Writer writer, Instant now);
  std::uint64_t drain(mark::Writer writer, Instant now);
  void took(std::uint64_t count, Instant now);
  mark::Writer writer(Instant now) const;
  void answer();
  void note_loss();
  void note_waiting(Instant now, std::uint64_t count);
  void note_state(Instant now);

  mark::Stream stream_;
  pid_t pid_ = 0;
  std::unique_ptr<mark::Image> image_;
  Instant next_look_;
  Instant next_sums_;
  Duration gap_{};
  std::optional<Instant> waiting_since_;  ///< for a record that is not whole
  std::optional<Instant> left_at_;
  bool is_gone_ = false;
  bool has_told_ = false;
  std::uint64_t lost_ = 0;
};

}  // namespace mprofpp::record
