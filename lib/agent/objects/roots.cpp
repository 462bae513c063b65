#include "objects/roots.hpp"

#include "objects/containers.hpp"
#include "objects/heap.hpp"
#include "objects/items.hpp"
#include "python/thread_frames.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::attribute;
using python::py;

/// The place of the address of the frame in a frame object, from 3.11 on.
constexpr std::size_t frame_word = sizeof(python::FrameObject311::header) / sizeof(std::uint64_t);
/// The first of the local variables in a frame, as a number of words; 0 if it is not known.
constinit std::size_t first_local = 0;

/// Returns the words of a frame: those of the frame object up to 3.10.
const std::uint64_t* words_of(Object* frame) {
  const auto* const words = reinterpret_cast<const std::uint64_t*>(frame);
  if (py.version < python::has_bare_frames) return words;
  return reinterpret_cast<const std::uint64_t*>(words[frame_word]);
}

Size size_of_tuple(const Ref& tuple) {
  return tuple ? py.PyTuple_Size(tuple.get()) : 0;
}

bool has_item(const Ref& tuple, Object* item) {
  for (Size i = 0; i < size_of_tuple(tuple); ++i) {
    if (py.PyTuple_GetItem(tuple.get(), i) == item) return true;
  }
  return false;
}

/// Returns the number of local variables of a frame, with its own cells and those of functions around it.
/// From 3.11 on an argument that is in a cell is counted once.
std::size_t count_locals(Object* frame) {
  const Ref code = attribute(frame, "f_code");
  if (!code) return 0;
  const Ref names = attribute(code.get(), "co_varnames");
  const Ref cells = attribute(code.get(), "co_cellvars");
  const Ref others = attribute(code.get(), "co_freevars");
  auto count = size_of_tuple(names) + size_of_tuple(cells) + size_of_tuple(others);
  for (Size i = 0; py.version >= python::has_bare_frames && i < size_of_tuple(cells); ++i) {
    if (has_item(names, py.PyTuple_GetItem(cells.get(), i))) --count;
  }
  return static_cast<std::size_t>(count);
}

bool is_first_local(const std::uint64_t* words, Object* const (&values)[3]) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (object_in(words[i]) != values[i]) return false;
  }
  return true;
}

FrameWords words_for(Object* frame) {
  if (py.version < python::has_bare_frames || first_local == 0) return {frame, nullptr, 0, 0};
  return {frame, words_of(frame), first_local, first_local + count_locals(frame)};
}

/// Returns what a module has by that name, without code of the module; null if it has nothing.
Ref in_module(const char* module, const char* name) {
  const Ref found = python::imported(module);
  const bool is_module = found && containers.PyType_IsSubtype(as_object(type_of(found.get())),
                                                              containers.PyModule_Type) != 0;
  Object* const names = is_module ? containers.PyModule_GetDict(found.get()) : nullptr;
  return Ref::to(names == nullptr ? nullptr : py.PyDict_GetItemString(names, name));
}

struct Greenlets {
  Object* type;
  Array<Object*>* found;
  bool has_failed = false;
};

bool add_if_greenlet(Object* object, void* argument) {
  auto& greenlets = *static_cast<Greenlets*>(argument);
  Object* const type = as_object(type_of(object));
  if (containers.PyType_IsSubtype(type, greenlets.type) == 0) return true;
  greenlets.has_failed = !greenlets.found->add(object);
  if (!greenlets.has_failed) py.Py_IncRef(object);
  return !greenlets.has_failed;
}

}  // namespace

bool learn_frames(Object* frame, Object* const (&values)[3]) {
  constexpr std::size_t most = 64;  // a frame object of 3.8 has 44 words before its variables
  const auto* const words = words_of(frame);
  for (std::size_t i = 1; i < most && first_local == 0; ++i) {
    if (is_first_local(words + i, values)) first_local = i;
  }
  return first_local != 0;
}

Size place_in_frame(Object* frame, Object* object) {
  if (first_local == 0) return -1;
  const auto* const locals = words_of(frame) + first_local;
  const auto count = count_locals(frame);
  for (std::size_t i = 0; i < count; ++i) {
    if (object_in(locals[i]) == object) return static_cast<Size>(i);
  }
  return -1;
}

Roots::~Roots() {
  for (Object* const kept : kept_) py.Py_DecRef(kept);
}

bool Roots::keep(Ref kept) {
  if (!kept_.add(kept.get())) return false;
  kept.release();
  return true;
}

bool Roots::add_frames(Object* frame, RootKind kind, Object* own) {
  const auto roots = roots_.size();
  const auto frames = frames_.size();
  for (Ref at = Ref::to(frame); at && at.get() != py.none; at = attribute(at.get(), "f_back")) {
    const Ref globals = attribute(at.get(), "f_globals");
    if (globals.get() == own) {
      roots_.shorten(roots);
      frames_.shorten(frames);
      continue;
    }
    const bool is_added = roots_.add({kind, at.get(), at.get()}) &&
                          frames_.add(words_for(at.get())) && keep(Ref::to(at.get()));
    if (!is_added) return false;
  }
  return true;
}

bool Roots::add_threads(Object* own) {
  const Ref frames(python::frames_of_threads());
  if (!frames) return false;
  Size position = 0;
  Object *number = nullptr, *frame = nullptr;
  while (next_item(frames.get(), position, number, frame)) {
    if (!add_frames(frame, RootKind::thread_frame, own)) return false;
  }
  return true;
}

bool Roots::add_greenlets(Object* own) {
  const Ref type = in_module("greenlet", "greenlet");
  const Ref frame_of = type ? attribute(type.get(), "gr_frame") : Ref();
  if (!frame_of) return true;
  Array<Object*> found;
  Greenlets greenlets{type.get(), &found};
  bool is_done = visit_tracked(add_if_greenlet, &greenlets) && !greenlets.has_failed;
  for (Object* const each : found) {
    const Ref greenlet(each);
    const Ref frame(py.PyObject_CallMethod(frame_of.get(), "__get__", "O", each));
    if (!frame) py.PyErr_Clear();
    is_done = is_done && (!frame || add_frames(frame.get(), RootKind::greenlet, own));
  }
  return is_done;
}

bool Roots::add_modules() {
  Size position = 0;
  Object *name = nullptr, *module = nullptr;
  while (next_item(py.PyImport_GetModuleDict(), position, name, module)) {
    if (!keep(Ref::to(module)) || !roots_.add({RootKind::module, module, module})) return false;
    Object* const type = as_object(type_of(module));
    if (containers.PyType_IsSubtype(type, containers.PyModule_Type) == 0) continue;
    Object* const names = containers.PyModule_GetDict(module);
    if (names != nullptr && !roots_.add({RootKind::module, names, module})) return false;
  }
  return true;
}

bool Roots::find(Object* own) {
  task_types_[0] = in_module("_asyncio", "Task");
  task_types_[1] = in_module("asyncio.tasks", "_PyTask");
  return add_threads(own) && add_greenlets(own) && add_modules();
}

}  // namespace mprofpp::agent::objects
