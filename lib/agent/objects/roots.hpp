#pragma once

#include "objects/index.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {

using python::Ref;

/// Why an object lives although no other object needs to hold it.
enum class RootKind : std::uint8_t { module, thread_frame, greenlet, coroutine, c };

struct Root {
  RootKind kind = RootKind::module;
  Object* object = nullptr;  ///< a module, its namespace, a frame
  Object* shown = nullptr;   ///< the module of a namespace; otherwise the object
};

/// Finds where the local variables of frames are, with a frame whose first three have these values. Returns
/// false if they are not found. This is needed once, before frames are read.
bool learn_frames(Object* frame, Object* const (&values)[3]);

/// Returns the place of an object among the local variables of a frame; -1 if it is not there.
Size place_in_frame(Object* frame, Object* object);

/// The objects from which all others are reached: modules, and the frames of threads and of suspended
/// greenlets. It holds references. Requires the interpreter's lock.
class Roots {
 public:
  Roots() = default;
  ~Roots();
  Roots(const Roots&) = delete;
  Roots& operator=(const Roots&) = delete;

  /// Finds them all. Frames whose globals are `own` are ours, and so are those above them. Python may make
  /// and free objects meanwhile. Returns false if there is no memory.
  bool find(Object* own);

  const Array<Root>& all() const { return roots_; }
  const Array<FrameWords>& frames() const { return frames_; }
  /// The types of asyncio's tasks, which may be empty.
  const Ref (&task_types() const)[2] { return task_types_; }

 private:
  bool add_frames(Object* frame, RootKind kind, Object* own);
  bool add_threads(Object* own);
  bool add_greenlets(Object* own);
  bool add_modules();
  bool keep(Ref kept);

  Array<Root> roots_;
  Array<FrameWords> frames_;
  Array<Object*> kept_;
  Ref task_types_[2];
};

}  // namespace mprofpp::agent::objects
