#include "objects/trial.hpp"

#include "objects/bits.hpp"
#include "objects/counts.hpp"
#include "objects/heap.hpp"
#include "objects/size.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

struct TypeTotal {
  std::uint64_t key;  ///< the type, to which there is a reference
  std::uint64_t count;
  std::uint64_t bytes;
};

/// Totals of types, which live until they are listed.
class TypeTotals {
 public:
  TypeTotals() = default;
  ~TypeTotals() {
    table_.for_each([](const TypeTotal& total) { py.Py_DecRef(type_in(total)); });
    table_.clear();
  }
  TypeTotals(const TypeTotals&) = delete;
  TypeTotals& operator=(const TypeTotals&) = delete;

  /// Returns false if there is no memory.
  bool add(const TypeObject& type, std::uint64_t bytes) {
    auto* const total = table_.put(reinterpret_cast<std::uint64_t>(&type));
    if (total == nullptr) return false;
    if (total->count == 0) py.Py_IncRef(as_object(type));
    ++total->count;
    total->bytes += bytes;
    return true;
  }

  /// Returns a list of (type, objects, bytes); nothing if there is no memory.
  Ref list() {
    Ref all(containers.PyList_New(0));
    bool is_done = static_cast<bool>(all);
    table_.for_each([&all, &is_done](const TypeTotal& total) {
      const auto count = static_cast<unsigned long long>(total.count);
      const auto bytes = static_cast<unsigned long long>(total.bytes);
      is_done = is_done &&
                append(all, Ref(containers.Py_BuildValue("OKK", type_in(total), count, bytes)));
    });
    return is_done ? static_cast<Ref&&>(all) : Ref();
  }

 private:
  static Object* type_in(const TypeTotal& total) { return reinterpret_cast<Object*>(total.key); }

  Table<TypeTotal> table_;
};

void* old_finalizer_of(const TypeObject& type) {
  return reinterpret_cast<const python::TypeHead&>(type).old_finalize;
}

/// A collection that frees nothing.
class Trial {
 public:
  /// Returns false if there is no memory.
  bool run(Object* list);

  std::size_t count() const { return garbage_.size(); }
  unsigned long long bytes() const { return bytes_; }
  std::size_t uncollectable() const { return uncollectable_; }
  Ref types() { return types_.list(); }

 private:
  bool count_references(Size held_by_list);
  bool reach(std::uint32_t number, Bits& reached);
  bool find_reachable();
  bool find_uncollectable();
  bool add_up();

  Index index_;
  Array<Size> outside_;  ///< references to each object that are not from another one
  Bits reachable_;
  Array<std::uint32_t>
      left_;  ///< objects that are reached, and whose references are not yet followed
  Array<std::uint32_t> garbage_;
  std::size_t uncollectable_ = 0;
  unsigned long long bytes_ = 0;
  TypeTotals types_;
};

bool Trial::count_references(Size held_by_list) {
  const auto count = index_.tracked();
  if (outside_.add_several(count) == nullptr) return false;
  std::uint32_t number = 0;
  index_.visit_tracked_objects([this, &number, held_by_list](const Object* object) {
    const auto references = references_to_object(object);
    constexpr Size many = 1LL << 40;
    outside_[number++] = references < 0 ? many : references - held_by_list;
    return true;
  });
  for (std::uint32_t source = 0; source < count; ++source) {
    for (const auto referent : index_.referents(source)) {
      const auto target = Index::number_in(referent);
      if (target < count) --outside_[target];
    }
  }
  return true;
}

/// Adds everything that is reached from an object, which is itself already among the reached.
bool Trial::reach(std::uint32_t number, Bits& reached) {
  if (!left_.add(number)) return false;
  while (left_.size() > 0) {
    for (const auto referent : index_.referents(left_.take_last())) {
      const auto target = Index::number_in(referent);
      if (target >= index_.tracked() || reached.has(target)) continue;
      reached.add(target);
      if (!left_.add(target)) return false;
    }
  }
  return true;
}

bool Trial::find_reachable() {
  if (!reachable_.make(index_.tracked())) return false;
  for (std::uint32_t number = 0; number < index_.tracked(); ++number) {
    if (outside_[number] <= 0 || reachable_.has(number)) continue;
    reachable_.add(number);
    if (!reach(number, reachable_)) return false;
  }
  for (std::uint32_t number = 0; number < index_.tracked(); ++number) {
    if (!reachable_.has(number) && !garbage_.add(number)) return false;
  }
  return true;
}

/// Finds garbage that the collector keeps because a type of an extension has a finalizer of the old kind, and
/// what that garbage holds.
bool Trial::find_uncollectable() {
  Bits kept;
  if (!kept.make(index_.tracked())) return false;
  for (const auto number : garbage_) {
    const bool is_old = old_finalizer_of(type_of(index_.object(number))) != nullptr;
    if (!is_old || kept.has(number)) continue;
    kept.add(number);
    if (!reach(number, kept)) return false;
  }
  for (const auto number : garbage_) {
    if (kept.has(number)) ++uncollectable_;
  }
  return true;
}

bool Trial::add_up() {
  for (const auto number : garbage_) {
    auto* const object = index_.object(number);
    const auto bytes = size_of(object);
    bytes_ += bytes;
    if (!types_.add(type_of(object), bytes)) return false;
  }
  return true;
}

bool Trial::run(Object* list) {
  const bool is_complete = list == nullptr ? index_.add_tracked() : index_.add_listed(list);
  return is_complete && index_.trace() && index_.sort_referents() &&
         count_references(list == nullptr ? 0 : 1) && find_reachable() && find_uncollectable() &&
         add_up();
}

bool add_instance(Object* object, void* argument) {
  const auto& type = type_of(object);
  const bool is_of_class = (type.flags & python::type_flag::is_made_at_run_time) != 0;
  return !is_of_class || static_cast<TypeTotals*>(argument)->add(type, 0);
}

}  // namespace

Object* find_garbage(Object* list) {
  const auto begin = monotonic_now();
  Trial trial;
  if (!trial.run(list)) return nullptr;
  const auto held = static_cast<double>(monotonic_now() - begin) / 1e9;
  const Ref types = trial.types();
  if (!types) return nullptr;
  return containers.Py_BuildValue("nKndO", static_cast<Size>(trial.count()), trial.bytes(),
                                  static_cast<Size>(trial.uncollectable()), held, types.get());
}

Object* count_instances() {
  TypeTotals totals;
  if (!visit_tracked(add_instance, &totals)) return nullptr;
  return totals.list().release();
}

}  // namespace mprofpp::agent::objects
