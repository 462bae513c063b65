#include "objects/search.hpp"

#include <initializer_list>

#include "objects/counts.hpp"
#include "objects/heap.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;

/// Objects that are held in many ways, such as classes, need not have all of them listed.
constexpr std::size_t most_starts = 4096;
/// More than this many starts for each chain that is wanted do not make the choice better.
constexpr std::size_t starts_for_each = 16;

}  // namespace

bool Search::add_root(std::uint32_t place) {
  const auto number = index_.find(roots_.all()[place].object);
  if (number == no_number || is_root_.has(number)) return true;
  auto* const entry = root_of_.put(number + 1ULL);
  if (entry == nullptr) return false;
  entry->place = place;
  is_root_.add(number);
  return true;
}

bool Search::prepare(const Array<Object*>& closed) {
  const auto count = index_.count();
  if (!is_root_.make(count) || !closed_.make(count) || next_.add_several(count) == nullptr) {
    return false;
  }
  for (std::uint32_t place = 0; place < roots_.all().size(); ++place) {
    if (!add_root(place)) return false;
  }
  for (const Object* const each : closed) {
    const auto number = index_.find(each);
    if (number != no_number) closed_.add(number);
  }
  return true;
}

Size Search::references_to(std::uint32_t number) const {
  auto references = references_to_object(index_.object(number));
  if (references < 0) return references;
  for (const auto referrer : index_.referrers(number)) {
    if (closed_.has(referrer)) --references;
  }
  return references;
}

Object* Search::shown(std::uint32_t root) const {
  return is_root_.has(root) ? root_at(root).shown : index_.object(root);
}

bool Search::is_held_by_c(std::uint32_t number) const {
  Size known = 0;
  for (const auto referrer : index_.referrers(number)) {
    if (!closed_.has(referrer)) ++known;
  }
  return references_to(number) > known;
}

bool Search::is_task(std::uint32_t number) const {
  Object* const type = as_object(type_of(index_.object(number)));
  for (const auto& task : roots_.task_types()) {
    if (task && containers.PyType_IsSubtype(type, task.get()) != 0) return true;
  }
  return false;
}

/// Returns true if a task runs this coroutine, which then lives until it ends.
bool Search::is_driven(std::uint32_t number) const {
  if (as_object(type_of(index_.object(number))) != containers.PyCoro_Type) return false;
  for (const auto referrer : index_.referrers(number)) {
    if (is_task(referrer)) return true;
  }
  return false;
}

bool Search::add_start(const ChainStart& start) {
  return found_.size() >= most_starts || found_.add(start);
}

/// Returns the class whose instances are not followed as holders of it; null if they are, or if the object is
/// not a class. The module of a class usually holds it too, and a class can have very many instances.
Object* Search::class_to_spare(std::uint32_t number) const {
  Object* const object = index_.object(number);
  const bool is_class = (type_of(object).flags & python::type_flag::is_type_of_types) != 0;
  return is_class && instances_ == Instances::hold_nothing ? object : nullptr;
}

/// Notes the roots that hold an object, and the other holders for a later visit.
bool Search::visit(std::uint32_t number, unsigned length) {
  Object* const of_class = class_to_spare(number);
  std::uint32_t last_root = no_number;
  for (const auto referrer : index_.referrers(number)) {
    if (closed_.has(referrer) || referrer == last_root) continue;
    if (of_class != nullptr && as_object(type_of(index_.object(referrer))) == of_class) continue;
    if (is_root_.has(referrer)) {
      last_root = referrer;
      if (!add_start({referrer, root_at(referrer).kind, number, length + 1})) return false;
    } else if (next_[referrer] == 0) {
      next_[referrer] = number + 1;
      if (!visited_.add(referrer)) return false;
    }
  }
  return !is_held_by_c(number) || add_start({no_number, RootKind::c, number, length});
}

void Search::forget() {
  for (const auto number : visited_) next_[number] = 0;
  visited_.shorten(0);
  found_.shorten(0);
  chosen_.shorten(0);
  is_cut_ = false;
}

bool Search::find(std::uint32_t target, const Limits& limits) {
  target_ = target;
  instances_ = Instances::hold_nothing;
  if (!find_starts(limits)) return false;
  instances_ = Instances::hold_classes;
  return (found_.size() > 0 || find_starts(limits)) && choose(limits.count);
}

/// Finds the starts of chains, from near to far.
bool Search::find_starts(const Limits& limits) {
  forget();
  const auto target = target_;
  if (is_root_.has(target)) return add_start({target, root_at(target).kind, no_number, 0});
  next_[target] = target + 1;
  if (!visited_.add(target)) return false;
  std::size_t at = 0;
  for (unsigned length = 0; length < limits.depth && at < visited_.size(); ++length) {
    for (const auto end = visited_.size(); at < end && !is_cut_; ++at) {
      const auto number = visited_[at];
      const bool is_coroutine = number != target && is_driven(number);
      if (is_coroutine ? !add_start({number, RootKind::coroutine, next(number), length})
                       : !visit(number, length)) {
        return false;
      }
      constexpr std::size_t between_looks = 1024;
      is_cut_ = at % between_looks == between_looks - 1 && monotonic_now() > limits.deadline;
    }
    if (is_cut_ || found_.size() >= starts_for_each * limits.count) break;
  }
  return true;
}

std::uint32_t Search::last_holder(const ChainStart& start) const {
  auto holder = start.root;
  for (auto at = start.held; at != no_number && at != target_; at = next(at)) holder = at;
  return holder;
}

bool Search::is_different(const ChainStart& start, Difference difference) const {
  for (const auto& other : chosen_) {
    const bool is_same_holder = last_holder(start) == last_holder(other);
    if (difference == Difference::of_kind && (start.kind == other.kind || is_same_holder))
      return false;
    if (difference == Difference::of_last_holder && is_same_holder) return false;
    if (difference == Difference::of_first_held && start.held == other.held) return false;
    if (start.held == other.held && start.root == other.root) return false;
  }
  return true;
}

/// Chooses chains that differ as much as possible. References from C code may be those of a function that
/// has just been called, so these come last.
bool Search::choose(std::size_t count) {
  if (!choose_among(Holders::of_python, count)) return false;
  sort_chosen();
  return choose_among(Holders::of_c, count);
}

bool Search::choose_among(Holders holders, std::size_t count) {
  for (const auto difference : {Difference::of_kind, Difference::of_last_holder,
                                Difference::of_first_held, Difference::of_root}) {
    for (const auto& start : found_) {
      if (chosen_.size() == count) return true;
      const bool is_meant = (start.kind == RootKind::c) == (holders == Holders::of_c);
      if (is_meant && is_different(start, difference) && !chosen_.add(start)) return false;
    }
  }
  return true;
}

/// Sorts the chains by their length. There are a few.
void Search::sort_chosen() {
  for (std::size_t end = 1; end < chosen_.size(); ++end) {
    for (auto at = end; at > 0 && chosen_[at].length < chosen_[at - 1].length; --at) {
      const ChainStart longer = chosen_[at - 1];
      chosen_[at - 1] = chosen_[at];
      chosen_[at] = longer;
    }
  }
}

}  // namespace mprofpp::agent::objects
