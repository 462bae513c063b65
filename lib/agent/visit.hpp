#pragma once

#include <cstdint>

#include "mprofpp/wire/record.hpp"
#include "process.hpp"
#include "readings.hpp"
#include "thread.hpp"

namespace mprofpp::agent {

/// One visit to the agent. Nothing is to be done when nobody listens, or when a signal handler has
/// interrupted a visit: its marks then are as if not made, both ends of them.
class Visit {
 public:
  Visit();
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  bool is_on() const { return is_on_; }
  Frames& frames() { return thread_.frames; }
  wire::Writer& writer() { return process().writer(); }
  std::uint32_t generation() const { return thread_.generation; }
  std::uint64_t now() { return agent::now(thread_); }
  std::uint64_t next_call() { return thread_.next_call++; }

  /// A call begins, within the one of that number, or within the innermost of its lane.
  void enter(Frame& frame);
  void enter_within(Frame& frame, std::uint64_t outer);
  /// The call at place `i` of the frames ends.
  void leave(std::size_t i, std::uint64_t time, std::uint8_t flags);
  /// Before the order of the frames changes: their begins must be known by then.
  void tell_pending();
  /// The thread ends, and with it all of its calls that nobody else will end.
  void end_thread();
  /// A call ends that is none of the frames.
  void leave(const Frame& frame, std::uint64_t time, std::uint8_t flags);
  void mark(std::uint64_t text, Lane lane);

  /// Sees to it that the recorder knows the text. Answers its id.
  std::uint64_t tell(wire::Span text);
  void tell_module_of(std::uint64_t address);

 private:
  bool is_abandoned(const Visit* visit) const;
  void take_over();
  void begin_anew();
  void place(Frame& frame, std::uint64_t outer);
  void learn();
  void enter(const Frame& frame, std::uint64_t outer, std::uint8_t flags);
  Begin tell_begin(const Frame& frame, const Moment& in, std::uint64_t outer, std::uint8_t flags);
  void tell_end(const Frame& frame, const Moment& out, std::uint8_t flags);
  void leave_pending(std::size_t i, std::uint64_t time, std::uint8_t flags);
  void note_end(std::uint64_t what, std::uint64_t time);
  void begin_short_calls();
  wire::Event event_of(wire::Kind kind, const Frame& frame) const;

  Thread& thread_;
  bool is_on_ = false;
};

}  // namespace mprofpp::agent
