#include "objects/paths.hpp"

#include <string.h>

#include "objects/attribute.hpp"
#include "objects/items.hpp"
#include "objects/kind.hpp"
#include "objects/lookup.hpp"
#include "objects/value.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;

constexpr std::size_t most_steps = 500'000;

bool is_made_at_run_time(const TypeObject& type) {
  return (type.flags & python::type_flag::is_made_at_run_time) != 0;
}

/// Returns true if a path may go through the object.
bool leads_on(Object* object) {
  switch (kind_of(object)) {
    case Kind::module:
    case Kind::dict:
    case Kind::list:
    case Kind::tuple:
    case Kind::deque:
      return true;
    case Kind::type:
      return is_made_at_run_time(*reinterpret_cast<TypeObject*>(object));
    case Kind::other:
      return is_made_at_run_time(type_of(object));
    default:
      return false;
  }
}

/// Counts the objects that one shows until a given one comes.
struct Place {
  Object* wanted;
  std::uint64_t number = 0;
};

std::uint64_t place_in(Object* holder, Object* object) {
  if (kind_of(holder) == Kind::list) {
    const auto& list = *reinterpret_cast<const python::List*>(holder);
    for (Size i = 0; i < list.head.items; ++i) {
      if (list.items[i] == object) return static_cast<std::uint64_t>(i);
    }
  }
  if (kind_of(holder) == Kind::tuple) {
    for (Size i = 0; i < py.PyTuple_Size(holder); ++i) {
      if (py.PyTuple_GetItem(holder, i) == object) return static_cast<std::uint64_t>(i);
    }
  }
  Place place{object};
  traverse(
      holder,
      [](Object* shown, void* one) {
        auto& found = *static_cast<Place*>(one);
        if (shown == found.wanted) return 1;
        if (kind_of(shown) != Kind::type) ++found.number;  // its own class comes first from 3.9 on
        return 0;
      },
      &place);
  return place.number;
}

}  // namespace

bool Paths::add(Object* object, std::uint32_t holder) {
  const auto count = seen_.size();
  Seen* const seen = seen_.put(key_of(object));
  if (seen == nullptr) return false;
  if (seen_.size() == count) return true;
  seen->step = static_cast<std::uint32_t>(steps_.size());
  return steps_.add({object, holder});
}

bool Paths::add_modules() {
  bool is_complete = true;
  for_each_item(py.PyImport_GetModuleDict(), [&](Object* /*name*/, Object* module) {
    if (kind_of(module) != Kind::module) return;
    is_complete = add(module, static_cast<std::uint32_t>(steps_.size())) && is_complete;
  });
  return is_complete;
}

int Paths::meet(Object* object, void* paths) {
  auto& self = *static_cast<Paths*>(paths);
  // of a class only its dict: its bases have paths of their own
  const bool is_wanted =
      is_collected(object) &&
      (kind_of(self.steps_[self.holder_].object) != Kind::type || is_dict(object));
  if (is_wanted) self.is_complete_ = self.add(object, self.holder_);
  return self.is_complete_ ? 0 : 1;
}

void Paths::look_into(std::uint32_t index) {
  holder_ = index;
  Object* const object = steps_[index].object;
  if (leads_on(object)) traverse(object, meet, this);
}

bool Paths::find(const Array<Container>& wanted) {
  is_complete_ = add_modules();
  std::size_t met = 0;
  for (std::uint32_t i = 0; is_complete_ && i < steps_.size() && steps_.size() < most_steps; ++i) {
    look_into(i);
    // the wanted ones are counted now and then, since that takes as long as to look into many
    constexpr std::uint32_t between = 4096;
    if (i % between != 0) continue;
    met = 0;
    for (const Container& container : wanted) {
      if (seen_.find(key_of(container.object)) != nullptr) ++met;
    }
    if (met == wanted.size()) break;
  }
  return is_complete_;
}

// Text

bool Paths::is_dict_of_attributes(std::uint32_t index) {
  Object* const dict = steps_[index].object;
  Object* const holder = steps_[steps_[index].holder].object;
  const Kind kind = kind_of(holder);
  if (kind == Kind::module || kind == Kind::type) return is_dict(dict);
  return kind == Kind::other && !is_dict(holder) && is_dict(dict) &&
         attribute_with(holder, dict) == nullptr;
}

void Paths::add_key(Text& text, std::uint32_t dict, Object* value) {
  Object* const key = key_with(steps_[dict].object, value);
  if (is_dict_of_attributes(dict)) {
    text.add(".").add_cut(text_in(key));
    return;
  }
  const Kind kind = key == nullptr ? Kind::other : kind_of(key);
  text.add("[");
  if (kind == Kind::other || kind == Kind::tuple) {
    text.add("…");
  } else {
    Shown shown = Shown::by_us;
    append_value(text, key, shown);
  }
  text.add("]");
}

void Paths::add_step(Text& text, std::uint32_t index) {
  const std::uint32_t before = steps_[index].holder;
  Object* const object = steps_[index].object;
  Object* const holder = steps_[before].object;
  if (is_dict_of_attributes(index)) return;  // what follows is an attribute
  if (is_dict(holder)) return add_key(text, before, object);
  const Kind kind = kind_of(holder);
  if (kind == Kind::other) {
    text.add(".").add_cut(text_in(attribute_with(holder, object)));
  } else {
    text.add("[").add(place_in(holder, object)).add("]");
  }
}

void Paths::add_steps(Text& text, std::uint32_t index) {
  constexpr int longest = 100;
  std::uint32_t chain[longest];
  int count = 0;
  for (; steps_[index].holder != index && count < longest; index = steps_[index].holder) {
    chain[count++] = index;
  }
  Object* const name = key_with(py.PyImport_GetModuleDict(), steps_[index].object);
  const auto module = text_in(name);
  constexpr wire::TextView main{"__main__", 8};
  const bool is_main = module.length == main.length && memcmp(module.bytes, main.bytes, 8) == 0;
  text.add(is_main ? wire::TextView{"main", 4} : module);
  for (int i = count - 1; i >= 0; --i) add_step(text, chain[i]);
}

void Paths::add_path(Text& text, Object* object) {
  const Seen* const seen = seen_.find(key_of(object));
  if (seen == nullptr) {
    text.add("null");
    return;
  }
  Text path;
  add_steps(path, seen->step);
  if (is_dict_of_attributes(seen->step)) path.add(".__dict__");
  text.add_string(path.view());
}

}  // namespace mprofpp::agent::objects
