#include "objects/instances.hpp"

#include <algorithm>

#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;

bool is_larger(const Sized& one, const Sized& other) {
  return one.size > other.size;
}

}  // namespace

void Instances::begin(const Counted& counted, std::size_t most, bool with_addresses) {
  key = counted.key;
  recipe = counted.recipe;
  most_ = most;
  has_addresses_ = with_addresses;
}

bool Instances::add(Object* object) {
  // what extensions measure may make objects, which is for later
  const bool is_late = recipe.measure == Measure::foreign;
  const Sized sized{is_late ? recipe.basic : measured(object, recipe), object};
  ++count;
  bytes += sized.size;
  if (has_addresses_ && addresses_.size() < most_addresses && !addresses_.add(object)) return false;
  if (most_ == 0) return true;
  if (largest_.size() == most_) {
    if (sized.size <= largest_[0].size) return true;
    std::pop_heap(largest_.begin(), largest_.end(), is_larger);
    largest_.take_last();
  }
  if (!largest_.add(sized)) return false;
  std::push_heap(largest_.begin(), largest_.end(), is_larger);
  return true;
}

void Instances::keep() {
  for (Sized& sized : largest_) py.Py_IncRef(sized.object);
  is_kept_ = true;
  if (recipe.measure == Measure::foreign) {
    for (Sized& sized : largest_) sized.size = measured_by_method(sized.object, recipe);
  }
  std::sort(largest_.begin(), largest_.end(), is_larger);
}

void Instances::release() {
  if (!is_kept_) return;
  for (Sized& sized : largest_) py.Py_DecRef(sized.object);
  is_kept_ = false;
}

}  // namespace mprofpp::agent::objects
