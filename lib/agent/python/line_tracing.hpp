#pragma once

#include "python/api.hpp"

/// 3.8 to 3.11 report lines to a trace function, of which a thread has one. Ours is in the place of the
/// program's own, if it has one, while functions run whose lines are counted, and calls that. The program
/// sees no difference: the object that goes with the function stays that of the program.
namespace mprofpp::agent::python {

/// The words of a thread's state in which the interpreter keeps what traces it.
class Tracing {
 public:
  explicit Tracing(ThreadState* thread) : thread_(thread) {}

  bool is_ours() const;
  void start() const;
  void stop() const;

 private:
  TracingWords& words() const;
  void* place_of_switch() const;
  bool is_switched_on() const;
  void update_switch() const;

  ThreadState* thread_;
};

inline Tracing tracing_of(ThreadState* thread) {
  return Tracing(thread);
}
inline Tracing tracing_of() {
  return Tracing(py.PyThreadState_Get());
}

/// Must be called once, before everything else here, with the interpreter's lock.
void prepare_line_tracing();
/// Returns true if lines can be counted.
bool are_lines_traced();
/// Ends the tracing: each thread has its own trace function back when its next line starts.
void stop_line_tracing();

/// Must be called when the program is about to set its own trace function in this thread, or may be. Ours
/// is back after that, except in other threads than the first.
void make_way_for_their_tracing();

/// Whether the lines of a frame are counted.
enum class FrameLines { left_out, counted };

/// Switches the reports of lines on or off while a frame is evaluated.
class TracedFrame {
 public:
  TracedFrame(Tracing tracing, FrameLines lines);
  ~TracedFrame();
  TracedFrame(const TracedFrame&) = delete;
  TracedFrame& operator=(const TracedFrame&) = delete;

 private:
  Tracing tracing_;
  bool was_ours_;
};

}  // namespace mprofpp::agent::python
