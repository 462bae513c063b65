#include "python/thread_frames.hpp"

#include <pthread.h>
#include <string.h>

namespace mprofpp::agent::python {
namespace {

/// Returns a word of a thread's state.
unsigned long number_of(const ThreadState* thread, std::size_t place) {
  unsigned long number = 0;
  memcpy(&number, reinterpret_cast<const char*>(thread) + place * sizeof number, sizeof number);
  return number;
}

/// Returns the word of a thread's state that is its number, the pthread_t. It is found by its value in the
/// state of this thread. Returns 0 if it is not found.
std::size_t place_of_number(const ThreadState* own) {
  constexpr std::size_t places = 64;  // 3.8 to 3.15 have it among the first 25
  for (std::size_t place = 1; place < places; ++place) {
    if (number_of(own, place) == ::pthread_self()) return place;
  }
  return 0;
}

/// Adds the frame of a thread, if it has one. Returns false if that fails.
bool add(Object* frames, unsigned long number, const Ref& frame) {
  if (!frame) return true;
  const Ref done(py.PyObject_CallMethod(frames, "__setitem__", "kO", number, frame.get()));
  return static_cast<bool>(done);
}

/// Returns true if the functions that are needed exist and the threads stand still while we hold the lock.
bool can_list_threads() {
  return py.PyThreadState_GetFrame != nullptr && py.PyInterpreterState_ThreadHead != nullptr &&
         py.PyThreadState_Next != nullptr && !py.is_free_threaded;
}

Object* frames_of_all_interpreters() {
  const Ref sys = imported("sys");
  return sys ? py.PyObject_CallMethod(sys.get(), "_current_frames", nullptr) : nullptr;
}

}  // namespace

Object* frames_of_threads() {
  const std::size_t place = can_list_threads() ? place_of_number(py.PyThreadState_Get()) : 0;
  if (place == 0) return frames_of_all_interpreters();
  Ref frames(py.PyDict_New());
  if (!frames) return nullptr;
  // Threads are added at the head without the lock, and removed only with it.
  for (auto* thread = py.PyInterpreterState_ThreadHead(py.current_interpreter()); thread != nullptr;
       thread = py.PyThreadState_Next(thread)) {
    const Ref frame(py.PyThreadState_GetFrame(thread));
    if (!add(frames.get(), number_of(thread, place), frame)) return nullptr;
  }
  return frames.release();
}

}  // namespace mprofpp::agent::python
