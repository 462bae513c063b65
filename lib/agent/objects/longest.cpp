#include "objects/longest.hpp"

#include <algorithm>

#include "objects/kind.hpp"

namespace mprofpp::agent::objects {
namespace {

bool is_longer(const Container& one, const Container& other) {
  return one.length > other.length;
}

class Search {
 public:
  Search(std::size_t most, ObjectSet& own, Array<Container>& longest)
      : most_(most), own_(own), longest_(longest) {}

  bool add(Object* object) {
    const Size length = container_length(object);
    const bool is_full = longest_.size() == most_;
    if (length <= 0 || (is_full && length <= longest_[0].length)) return true;
    if (own_.find(key_of(object)) != nullptr) return true;
    if (is_full) {
      std::pop_heap(longest_.begin(), longest_.end(), is_longer);
      longest_.take_last();
    }
    if (!longest_.add({length, object})) return false;
    std::push_heap(longest_.begin(), longest_.end(), is_longer);
    return true;
  }

 private:
  /// Returns -1 for other objects.
  Size container_length(Object* object) {
    const auto& type = type_of(object);
    const auto& head = *reinterpret_cast<const python::ObjectHead*>(object);
    if ((type.flags & python::type_flag::is_list) != 0) return head.items;
    if ((type.flags & python::type_flag::is_dict) != 0) {
      return reinterpret_cast<const python::Dict*>(object)->used;
    }
    switch (kind_of_other(type)) {
      case Kind::set:
        return reinterpret_cast<const python::Set*>(object)->used;
      case Kind::deque:
        return head.items;
      default:
        return -1;
    }
  }

  /// Objects of one type often follow each other.
  Kind kind_of_other(const TypeObject& type) {
    if (last_type_ != &type) {
      last_type_ = &type;
      last_kind_ = kind_of(type);
    }
    return last_kind_;
  }

  std::size_t most_;
  ObjectSet& own_;
  Array<Container>& longest_;  ///< a heap, with the shortest of them in front
  const TypeObject* last_type_ = nullptr;
  Kind last_kind_ = Kind::other;
};

}  // namespace

bool find_longest(std::size_t most, ObjectSet& own, Array<Container>& longest) {
  Search search(most, own, longest);
  const auto add = [](Object* object, void* one) { return static_cast<Search*>(one)->add(object); };
  if (!walk(Reach::all, add, &search)) return false;
  std::sort(longest.begin(), longest.end(), is_longer);
  return true;
}

}  // namespace mprofpp::agent::objects
