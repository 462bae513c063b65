#pragma once

#include <cstdint>

#include "core/process.hpp"
#include "core/readings.hpp"
#include "core/thread.hpp"
#include "mprofpp/wire/record.hpp"

namespace mprofpp::agent {

/// One call of a thread into the agent. It does nothing if no recorder listens, or if it is made by a
/// signal handler that has interrupted another such call: the marks of such a handler are ignored, at
/// both ends of a call.
class AgentCall {
 public:
  AgentCall();
  ~AgentCall();
  AgentCall(const AgentCall&) = delete;
  AgentCall& operator=(const AgentCall&) = delete;

  bool is_on() const { return is_on_; }
  Frames& frames() { return thread_.frames; }
  wire::Writer& writer() { return process().writer(); }
  std::uint32_t generation() const { return thread_.generation; }
  std::uint64_t now() { return agent::now(thread_); }
  std::uint64_t next_call() { return thread_.next_call++; }

  /// Starts a call within the innermost call of its lane.
  void enter(Frame& frame);
  /// Starts a call within the call of that number; 0 if it is not within any.
  void enter_within(Frame& frame, std::uint64_t outer);
  /// Suspends a call that can be suspended.
  void suspend(Frame& frame);
  void resume(Frame& frame);
  /// Ends the call of frame `i`.
  void leave(std::size_t i, std::uint64_t time, std::uint8_t flags);
  /// Writes the starts of pending calls, which must be done before the order of the frames changes.
  void write_pending();
  /// Ends the calls of a thread that exits, except those that other code will end.
  void end_thread();
  /// Ends a call that is not among the frames.
  void leave(const Frame& frame, std::uint64_t time, std::uint8_t flags);
  void mark(std::uint64_t text, Lane lane);

  /// Makes sure that the ring has the text. Returns its id.
  std::uint64_t write_text(wire::TextView text);
  /// Makes sure that the ring has the position of the code file that contains `address`.
  void write_module_of(std::uint64_t address);

 private:
  bool is_abandoned(const AgentCall* interrupted) const;
  void recover();
  void begin_thread();
  void prepare(Frame& frame, std::uint64_t outer);
  void apply_filter();
  void enter(const Frame& frame, std::uint64_t outer, std::uint8_t flags);
  Start write_start(const Frame& frame, const Moment& in, std::uint64_t outer, std::uint8_t flags);
  void write_end(const Frame& frame, const Moment& out, std::uint8_t flags);
  void suspend(Frame& frame, std::uint64_t time);
  void leave_pending(std::size_t i, std::uint64_t time, std::uint8_t flags);
  void count_end(std::uint64_t what, std::uint64_t time);
  void begin_short_calls();
  wire::Event event_of(wire::Kind kind, const Frame& frame) const;

  Thread& thread_;
  bool is_on_ = false;
};

/// Ends the calls of the running thread, which exits; for call_at_thread_end().
void end_calls();

}  // namespace mprofpp::agent
