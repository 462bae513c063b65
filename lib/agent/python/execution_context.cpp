#include "python/execution_context.hpp"

#include <initializer_list>

#include "python/object.hpp"

namespace mprofpp::agent::python {
namespace {

using GetCurrent = Object*();

constinit bool are_expected = false;
constinit GetCurrent* get_current = nullptr;
/// The greenlet with which a thread starts, and which lives as long as the thread.
constinit thread_local Object* first_of_thread = nullptr;

/// Replaces addresses by small numbers, because people read them. An address keeps its number. The
/// addresses of dead greenlets and tasks are used again, so even servers need few numbers.
class Numbers {
 public:
  constexpr Numbers() = default;

  std::uint64_t of(const Object* object) {
    const auto address = reinterpret_cast<std::uint64_t>(object);
    auto i = (address * 0x9E3779B97F4A7C15ULL >> 32) % places;
    while (entries_[i].address != 0 && entries_[i].address != address) i = (i + 1) % places;
    if (entries_[i].address == address) return entries_[i].number;
    if (count_ == most) return address;
    entries_[i] = {address, ++count_};
    return count_;
  }

 private:
  static constexpr std::size_t places = 2048;
  static constexpr std::uint64_t most = places / 2;

  struct Entry {
    std::uint64_t address;
    std::uint64_t number;
  };
  Entry entries_[places] = {};
  std::uint64_t count_ = 0;
};

constinit Numbers numbers;

/// Finds the table of greenlet's C API. The order of its functions is part of greenlet's ABI.
[[gnu::noinline]] void find_greenlets() {
  const KeepException keep_exception;
  for (const char* name : {"greenlet._greenlet", "greenlet"}) {
    const Ref module = imported(name);
    if (!module) continue;
    const Ref capsule = attribute(module.get(), "_C_API");
    if (!capsule) continue;
    auto** table = static_cast<void**>(py.PyCapsule_GetPointer(capsule.get(), "greenlet._C_API"));
    if (table == nullptr) continue;
    get_current = reinterpret_cast<GetCurrent*>(table[greenlet_get_current]);
    are_expected = false;
    return;
  }
}

/// Returns the first greenlet of a thread, from which all others descend.
[[gnu::noinline]] Object* root_of(Object* greenlet) {
  const KeepException keep_exception;
  Ref at = Ref::to(greenlet);
  while (true) {
    Ref parent = attribute(at.get(), "parent");
    if (!parent || parent.get() == py.none) return at.get();
    at = static_cast<Ref&&>(parent);
  }
}

/// Returns the task that runs in a loop. Since 3.12 there is a function for that; before, there is a
/// dict.
Ref task_of(Object* asyncio, Object* loop) {
  if (py.version >= has_current_task) {
    return Ref(py.PyObject_CallMethod(asyncio, "current_task", "O", loop));
  }
  const Ref tasks = attribute(asyncio, "_current_tasks");
  return tasks ? Ref::to(py.PyDict_GetItem(tasks.get(), loop)) : Ref();
}

}  // namespace

void expect_greenlets() {
  are_expected = get_current == nullptr;
}

std::uint64_t current_greenlet() {
  if (are_expected) find_greenlets();
  if (get_current == nullptr) return 0;
  const Ref current(get_current());
  if (!current) return 0;
  if (first_of_thread == nullptr) first_of_thread = root_of(current.get());
  return current.get() == first_of_thread ? 0 : numbers.of(current.get());
}

bool has_greenlets() {
  return get_current != nullptr || are_expected;
}

bool has_other_threads() {
  if (py.PyInterpreterState_ThreadHead == nullptr || py.PyThreadState_Next == nullptr) return false;
  auto* const first = py.PyInterpreterState_ThreadHead(py.current_interpreter());
  return first != nullptr && py.PyThreadState_Next(first) != nullptr;
}

/// Uses asyncio's functions in C only, because the program's debugger or coverage tool would see
/// functions in Python.
[[gnu::noinline]] std::uint64_t current_task() {
  const KeepException keep_exception;
  const Ref asyncio = imported("_asyncio");
  const Ref ask = asyncio ? attribute(asyncio.get(), "_get_running_loop") : Ref();
  const Ref loop = ask ? Ref(py.PyObject_CallObject(ask.get(), nullptr)) : Ref();
  if (!loop || loop.get() == py.none) return 0;
  const Ref task = task_of(asyncio.get(), loop.get());
  return !task || task.get() == py.none ? 0 : numbers.of(task.get());
}

}  // namespace mprofpp::agent::python
