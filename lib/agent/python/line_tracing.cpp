#include "python/line_tracing.hpp"

#include <string.h>

#include <cstddef>
#include <cstdint>

#include "core/environment.hpp"
#include "python/execution_context.hpp"
#include "python/line_activations.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::python {
namespace {

constinit std::size_t place_of_words = 0;  ///< in bytes; 0 if it is not known
constinit bool is_on = false;
constinit thread_local Trace* theirs = nullptr;

/// In 3.11 the frame that the hook knows is one that a frame object points to.
Owner owner_of_object(void* frame) {
  return owner_of(py.version < has_bare_frames ? frame
                                               : static_cast<FrameObject311*>(frame)->frame);
}

int trace(Object* object, void* frame, int event, Object* argument) {
  if (!is_on) {
    tracing_of().stop();
  } else if (event == trace_line) {
    const int line = py.PyFrame_GetLineNumber(frame);
    if (line > 0) start_line_of_owner(owner_of_object(frame), static_cast<std::uint32_t>(line));
  }
  return theirs == nullptr ? 0 : theirs(object, frame, event, argument);
}

void* as_word(Trace* function) {
  return reinterpret_cast<void*>(function);
}

/// A copy of the beginning of a thread's state.
class Words {
 public:
  explicit Words(ThreadState* thread) { memcpy(words_, thread, sizeof words_); }

  const void* at(std::size_t i) const { return words_[i]; }
  /// Returns the place of the only word of that value; 0 if it is not the only one.
  std::size_t find(const void* value) const {
    std::size_t found = 0;
    for (std::size_t i = 1; i < count; ++i) {
      if (words_[i] != value) continue;
      if (found != 0) return 0;
      found = i;
    }
    return found;
  }

 private:
  static constexpr std::size_t count = 24;

  const void* words_[count];
};

/// The interpreter of these versions makes such calls in its first thread, as soon as the function in C that
/// runs has returned.
int go_on_after_theirs(void* thread) {
  const bool is_same = py.PyThreadState_Get() == thread;
  if (is_same && are_lines_running()) tracing_of().start();
  return 0;
}

}  // namespace

TracingWords& Tracing::words() const {
  return *reinterpret_cast<TracingWords*>(reinterpret_cast<char*>(thread_) + place_of_words);
}

bool Tracing::is_ours() const {
  return words().trace == as_word(trace) && is_switched_on();
}

void* Tracing::place_of_switch() const {
  return py.version < has_trace_switch_elsewhere ? static_cast<void*>(&words().on) : words().on;
}

bool Tracing::is_switched_on() const {
  const void* const place = place_of_switch();
  return py.version < has_byte_as_trace_switch ? *static_cast<const int*>(place) != 0
                                               : *static_cast<const unsigned char*>(place) != 0;
}

/// Sets the switch as the interpreter does it.
void Tracing::update_switch() const {
  constexpr unsigned char all_bits = 255;
  const bool is_on = words().trace != nullptr || words().profile != nullptr;
  if (py.version < has_byte_as_trace_switch) {
    *static_cast<int*>(place_of_switch()) = is_on ? 1 : 0;
  } else {
    *static_cast<unsigned char*>(place_of_switch()) = is_on ? all_bits : 0;
  }
}

void Tracing::start() const {
  if (words().trace != as_word(trace)) theirs = reinterpret_cast<Trace*>(words().trace);
  words().trace = as_word(trace);
  update_switch();
}

void Tracing::stop() const {
  if (words().trace != as_word(trace)) return;
  words().trace = as_word(theirs);
  update_switch();
}

/// The first time the interpreter itself sets our function, which shows where it keeps it. In 3.8 and 3.9
/// the interpreter then also counts that there is a trace function, without which no line is reported. It
/// keeps that count, because it does not notice that the function is taken away.
void prepare_line_tracing() {
  if (!environment().wants_lines()) return;
  if (py.PyEval_SetTrace == nullptr || py.PyFrame_GetLineNumber == nullptr) return;
  const KeepException keep_exception;
  const Ref sys = imported("sys");
  const Ref their_object(py.PyObject_CallMethod(sys.get(), "gettrace", ""));
  const Ref our_object(py.PyDict_New());
  if (!their_object || !our_object) return;
  const Words before(py.PyThreadState_Get());
  py.PyEval_SetTrace(trace, our_object.get());
  const Words after(py.PyThreadState_Get());
  constexpr auto to_object =
      (offsetof(TracingWords, trace_object) - offsetof(TracingWords, trace)) / sizeof(void*);
  const auto found = after.find(as_word(trace));
  if (found == 0 || after.find(our_object.get()) != found + to_object) {
    // this interpreter is not as we know it, and the function that the program had is not known
    const Ref done(py.PyObject_CallMethod(sys.get(), "settrace", "O", their_object.get()));
    return;
  }
  reinterpret_cast<void**>(py.PyThreadState_Get())[found] = nullptr;
  Object* const object = their_object.get() == py.none ? nullptr : their_object.get();
  py.PyEval_SetTrace(reinterpret_cast<Trace*>(const_cast<void*>(before.at(found))), object);
  place_of_words = found * sizeof(void*) - offsetof(TracingWords, trace);
  is_on = true;
}

bool are_lines_traced() {
  return is_on;
}

void stop_line_tracing() {
  is_on = false;
}

void make_way_for_their_tracing() {
  if (!are_lines_traced()) return;
  auto* const thread = py.PyThreadState_Get();
  if (!tracing_of(thread).is_ours()) return;
  tracing_of(thread).stop();
  if (py.Py_AddPendingCall != nullptr) py.Py_AddPendingCall(go_on_after_theirs, thread);
}

/// With greenlets, which take turns in the middle of calls, our function stays until the last call of the
/// thread has ended.
TracedFrame::TracedFrame(Tracing tracing, FrameLines lines)
    : tracing_(tracing), was_ours_(are_lines_traced() && tracing.is_ours()) {
  const bool counts_lines = lines == FrameLines::counted;
  if (!are_lines_traced() || counts_lines == was_ours_) return;
  if (counts_lines) {
    tracing_.start();
  } else if (!has_greenlets()) {
    tracing_.stop();
  }
}

TracedFrame::~TracedFrame() {
  if (!are_lines_traced()) return;
  const bool is_wanted = has_greenlets() ? are_lines_running() : was_ours_;
  if (is_wanted == tracing_.is_ours()) return;
  is_wanted ? tracing_.start() : tracing_.stop();
}

}  // namespace mprofpp::agent::python
