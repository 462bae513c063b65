#include "objects/index.hpp"

#include "objects/containers.hpp"
#include "objects/heap.hpp"
#include "objects/items.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;

std::uint64_t key_of(const Object* object) {
  return reinterpret_cast<std::uint64_t>(object);
}

bool is_container(Object* object) {
  return (type_of(object).flags & (python::type_flag::is_tuple | python::type_flag::is_dict)) != 0;
}

}  // namespace

bool Index::add_one(Object* object, void* index) {
  auto& itself = *static_cast<Index*>(index);
  itself.has_failed_ = !itself.numbering_.add(object);
  return !itself.has_failed_;
}

bool Index::add_tracked() {
  const bool is_visited = visit_tracked(add_one, this) && !has_failed_;
  numbering_.number();
  return is_visited;
}

bool Index::add_listed(Object* list) {
  const auto count = containers.PyList_Size(list);
  for (Size i = 0; i < count && !has_failed_; ++i)
    add_one(containers.PyList_GetItem(list, i), this);
  numbering_.number();
  return !has_failed_;
}

bool Index::add_other(Object* object, const FrameWords& words) {
  auto* const entry = numbers_of_others_.put(key_of(object));
  if (entry == nullptr || count() >= nothing || !others_.add({object, words})) {
    has_failed_ = true;
    return false;
  }
  entry->number = count() - 1;
  return true;
}

bool Index::add_frame(const FrameWords& frame) {
  const bool is_there =
      numbering_.find(frame.frame) != no_number || numbers_of_others_.find(key_of(frame.frame));
  return is_there || add_other(frame.frame, frame);
}

bool Index::add_target(const Object* target) {
  const bool is_there =
      numbering_.find(target) != no_number || numbers_of_others_.find(key_of(target));
  if (is_there) return true;
  has_untracked_target_ = true;
  auto* const entry = numbers_of_others_.put(key_of(target));
  if (entry != nullptr) entry->number = no_number;
  return entry != nullptr;
}

std::uint32_t Index::find(const Object* object) const {
  const auto number = numbering_.find(object);
  if (number != no_number) return number;
  const auto* const other = numbers_of_others_.find(key_of(object));
  return other == nullptr ? no_number : other->number;
}

Object* Index::object(std::uint32_t number) const {
  return number < tracked() ? numbering_.object(number) : others_[number - tracked()].object;
}

/// Frozen objects are not always shown, but they are tracked. Tuples and dicts that are not tracked hold no
/// tracked object, so they are followed only if another one is looked for.
bool Index::is_followed(Object* object) const {
  if ((type_of(object).flags & python::type_flag::is_collected) == 0) return false;
  return is_container(object) ? has_untracked_target_ || is_tracked(object) : is_tracked(object);
}

/// Returns the number of an object that is looked for or known, and is now seen; otherwise no_number.
std::uint32_t Index::number_of_other(Object* object) {
  const auto* const other = numbers_of_others_.find(key_of(object));
  if (other == nullptr) return no_number;
  if (other->number != no_number) return other->number;
  return add_other(object, {}) ? count() - 1 : no_number;
}

std::uint32_t Index::number_for(Object* object) {
  auto number = numbering_.find(object);
  if (number == no_number) number = number_of_other(object);
  if (number != no_number) return number;
  return is_followed(object) && add_other(object, {}) ? count() - 1 : no_number;
}

void Index::add_edge(std::uint32_t number) {
  if (number != no_number && !edges_.add(number)) has_failed_ = true;
}

int Index::refer(Object* object, void* index) {
  auto& itself = *static_cast<Index*>(index);
  if (object != nullptr) itself.add_edge(itself.number_for(object));
  return itself.has_failed_ ? 1 : 0;
}

/// The words before the local variables need not be objects, so that only tracked objects are looked for.
void Index::trace_words(const FrameWords& words) {
  for (std::size_t i = 0; i < words.count; ++i) {
    auto* const object = object_in(words.words[i]);
    const auto number = numbering_.find(object);
    add_edge(number == no_number && i >= words.first_local ? number_of_other(object) : number);
  }
}

/// Adds the keys of a dict that are str, which it does not show to the collector.
void Index::trace_keys(Object* dict) {
  for_each_item(dict, [this](Object* key, Object*) {
    const bool is_text = (type_of(key).flags & python::type_flag::is_text) != 0;
    if (is_text) add_edge(number_of_other(key));
  });
}

bool Index::end_object(std::size_t first) {
  reference_count_ += edges_.size() - first;
  if (edges_.size() == first && !edges_.add(nothing)) has_failed_ = true;
  if (!has_failed_) edges_[edges_.size() - 1] |= is_last;
  return !has_failed_;
}

bool Index::trace_object(Object* object) {
  const auto first = edges_.size();
  traverse(object, refer, this);
  if (has_untracked_target_ && is_dict(object)) trace_keys(object);
  return end_object(first);
}

bool Index::trace() {
  Object* ahead = nullptr;
  const bool is_done = numbering_.visit([this, &ahead](Object* object) {
    // the next one is known only when it is asked for, so this is one late and still in time
    Object* const traced = ahead;
    ahead = object;
    __builtin_prefetch(object);
    return traced == nullptr || trace_object(traced);
  });
  if (!is_done || (ahead != nullptr && !trace_object(ahead))) return false;
  for (std::size_t i = 0; i < others_.size() && !has_failed_; ++i) {
    const Other other = others_[i];
    if (other.words.words == nullptr) {
      trace_object(other.object);
    } else {
      const auto first = edges_.size();
      trace_words(other.words);
      end_object(first);
    }
  }
  note_bytes();
  return !has_failed_;
}

bool Index::turn_around() {
  if (ends_.add_several(count()) == nullptr || sources_.add_several(reference_count_) == nullptr) {
    return false;
  }
  note_bytes();
  for (const auto edge : edges_) {
    if (is_number(edge)) ++ends_[number_in(edge)];
  }
  std::uint32_t sum = 0;
  for (auto& end : ends_) {
    const auto number_of_references = end;
    end = sum;
    sum += number_of_references;
  }
  std::uint32_t source = 0;
  for (const auto edge : edges_) {
    if (is_number(edge)) sources_[ends_[number_in(edge)]++] = source;
    if ((edge & is_last) != 0) ++source;
  }
  edges_.clear();
  return true;
}

bool Index::sort_referents() {
  if (ends_.add_several(count()) == nullptr) return false;
  note_bytes();
  std::uint32_t source = 0;
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    if ((edges_[i] & is_last) != 0) ends_[source++] = static_cast<std::uint32_t>(i + 1);
  }
  return true;
}

void Index::note_bytes() {
  constexpr std::size_t bytes_of_entry =
      4 * sizeof(NumberOfOther);  // the table is at most half full
  const auto bytes = numbering_.bytes() + others_.size() * (sizeof(Other) + bytes_of_entry) +
                     (edges_.size() + ends_.size() + sources_.size()) * sizeof(std::uint32_t);
  if (bytes > most_bytes_) most_bytes_ = bytes;
}

}  // namespace mprofpp::agent::objects
