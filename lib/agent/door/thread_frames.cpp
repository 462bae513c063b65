#include "door/thread_frames.hpp"

#include <pthread.h>
#include <string.h>

#include "door/python_lock.hpp"
#include "python/api.hpp"

namespace mprofpp::agent::door {
namespace {

using python::Object;
using python::py;
using python::Ref;
using python::ThreadState;

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
  if (!done) py.PyErr_Clear();
  return static_cast<bool>(done);
}

/// Returns true if the functions that are needed exist and the threads stand still while we hold the lock.
bool can_list_threads() {
  return py.PyThreadState_GetFrame != nullptr && py.PyInterpreterState_ThreadHead != nullptr &&
         py.PyThreadState_Next != nullptr && !py.is_free_threaded;
}

}  // namespace

Object* frames_of_threads() {
  const std::size_t place = place_of_number(py.PyThreadState_Get());
  if (place == 0 || !can_list_threads()) return nullptr;
  Ref frames(py.PyDict_New());
  if (!frames) py.PyErr_Clear();
  if (!frames) return nullptr;
  // Threads are added at the head without the lock, and removed only with it.
  for (auto* thread = py.PyInterpreterState_ThreadHead(py.current_interpreter()); thread != nullptr;
       thread = py.PyThreadState_Next(thread)) {
    const Ref frame(py.PyThreadState_GetFrame(thread));
    if (!add(frames.get(), number_of(thread, place), frame)) return nullptr;
  }
  return frames.release();
}

int count_other_interpreters() {
  int count = -1;
  for (void* one = lock_functions.first_interpreter(); one != nullptr;
       one = lock_functions.next_interpreter(one))
    ++count;
  return count;
}

}  // namespace mprofpp::agent::door
