#include "objects/heap.hpp"

#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::CollectorHead;
using python::Generation;
using python::py;
using python::Ref;

constexpr int generations = 3;
constexpr int has_other_generations = 314;
/// Python freezes objects of its own.
constexpr int has_frozen_objects = 312;

/// The generations of an interpreter, as they lie in memory up to 3.13.
struct Generations {
  Generation numbered[generations];
  CollectorHead* first;
  Generation frozen;
};

/// PyUnstable_GC_VisitObjects, from 3.12 on. The function returns 1 to go on.
using VisitAll = void(int (*visit)(Object*, void*), void* argument);
using NewList = Object*(Size);

struct Heap {
  const void* interpreter;   ///< whose heap it is: a program may end one and start another
  VisitAll* visit_all;       ///< null before 3.12
  Generations* generations;  ///< null from 3.14 on, and if they are not as expected
};
constinit Heap heap{};

bool is_ring(const CollectorHead& head) {
  return head.next != nullptr && head.previous != nullptr && head.next->previous == &head &&
         head.previous->next == &head;
}

/// Returns true if this is where an interpreter has its generations: they know their own place.
bool are_generations(const Generations& found) {
  if (found.first != &found.numbered[0].head || !is_ring(found.frozen.head)) return false;
  for (const auto& generation : found.numbered) {
    if (!is_ring(generation.head) || generation.threshold < 0) return false;
  }
  return true;
}

/// Finds the generations: a new list is the last object of the first.
Generations* find_generations() {
  auto* const make = python::symbol<NewList>("PyList_New");
  const Ref list(make == nullptr ? nullptr : make(0));
  if (!list) return nullptr;
  auto* const found = reinterpret_cast<Generations*>(collector_head(list.get()).next);
  return found != nullptr && are_generations(*found) ? found : nullptr;
}

void know_heap() {
  const void* const interpreter = py.current_interpreter();
  if (heap.interpreter == interpreter) return;
  heap = {};
  heap.interpreter = interpreter;
  heap.visit_all = python::symbol<VisitAll>("PyUnstable_GC_VisitObjects");
  // twice as fast as the function of 3.12 and 3.13, which counts a reference to each object
  if (py.version < has_other_generations) heap.generations = find_generations();
}

Object* object_of(CollectorHead* head) {
  return reinterpret_cast<Object*>(head + 1);
}

/// Returns false if the visitor has ended the visit.
bool visit_generation(const Generation& generation, Visitor* visit, void* argument) {
  for (auto* at = generation.head.next; at != &generation.head; at = at->next) {
    __builtin_prefetch(at->next);
    if (!visit(object_of(at), argument)) return false;
  }
  return true;
}

void visit_generations(const Generations& all, Visitor* visit, void* argument) {
  for (const auto& generation : all.numbered) {
    if (!visit_generation(generation, visit, argument)) return;
  }
  if (py.version < has_frozen_objects) visit_generation(all.frozen, visit, argument);
}

/// Visits the objects in a list that Python makes of them.
bool visit_listed(Visitor* visit, void* argument) {
  const Ref collector(py.PyImport_ImportModule("gc"));
  const Ref list(collector ? py.PyObject_CallMethod(collector.get(), "get_objects", nullptr)
                           : nullptr);
  if (!list) {
    py.PyErr_Clear();
    return false;
  }
  struct List {
    python::ObjectHead head;
    Object** items;
  };
  const auto& all = *reinterpret_cast<const List*>(list.get());
  for (Size i = 0; i < all.head.items; ++i) {
    if (!visit(all.items[i], argument)) break;
  }
  return true;
}

struct Visit {
  Visitor* function;
  void* argument;
};

int visit_one(Object* object, void* argument) {
  const auto& visit = *static_cast<const Visit*>(argument);
  return visit.function(object, visit.argument) ? 1 : 0;
}

}  // namespace

bool visit_tracked(Visitor* visit, void* argument) {
  if (py.is_free_threaded) return false;
  know_heap();
  if (heap.generations != nullptr) {
    visit_generations(*heap.generations, visit, argument);
    return true;
  }
  if (heap.visit_all == nullptr) return visit_listed(visit, argument);
  Visit both{visit, argument};
  heap.visit_all(visit_one, &both);
  return true;
}

CollectionsPaused::CollectionsPaused() {
  know_heap();
  if (heap.generations == nullptr) return;
  auto& youngest = heap.generations->numbered[0];
  threshold_ = youngest.threshold;
  youngest.threshold = 0;  // that is how a program turns collections off with gc.set_threshold()
}

void CollectionsPaused::end() {
  if (threshold_ != 0) heap.generations->numbered[0].threshold = threshold_;
  threshold_ = 0;
}

bool visits_frozen() {
  know_heap();
  if (heap.generations != nullptr) return py.version < has_frozen_objects;
  return heap.visit_all != nullptr && py.version >= has_other_generations;
}

}  // namespace mprofpp::agent::objects
