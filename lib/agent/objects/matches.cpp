#include "objects/matches.hpp"

#include <string.h>

#include <algorithm>

#include "objects/lookup.hpp"

namespace mprofpp::agent::objects {
namespace {

bool is_equal(wire::TextView one, wire::TextView other) {
  return one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0;
}

bool ends_with_part(wire::TextView name, wire::TextView part) {
  if (name.length <= part.length) return false;
  const auto start = name.length - part.length;
  return name.bytes[start - 1] == '.' && is_equal({name.bytes + start, part.length}, part);
}

wire::TextView last_part(wire::TextView name) {
  for (std::size_t at = name.length; at > 0; --at) {
    if (name.bytes[at - 1] == '.') return {name.bytes + at, name.length - at};
  }
  return name;
}

constexpr std::size_t longest = 64;

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

/// Returns how many letters must be changed, added or removed to make one text of the other. Long texts are
/// cut.
std::size_t distance_of(wire::TextView one, wire::TextView other) {
  const auto width = std::min(other.length, longest);
  std::size_t row[longest + 1];
  for (std::size_t j = 0; j <= width; ++j) row[j] = j;
  for (std::size_t i = 1; i <= std::min(one.length, longest); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= width; ++j) {
      const auto above = row[j];
      const std::size_t change = lower(one.bytes[i - 1]) == lower(other.bytes[j - 1]) ? 0 : 1;
      row[j] = std::min({row[j - 1] + 1, above + 1, corner + change});
      corner = above;
    }
  }
  return row[width];
}

/// The types that are nearest to a name, the nearest first.
class Nearest {
 public:
  static constexpr int most = 5;

  void add(const Counted& counted, std::size_t distance) {
    int place = count_;
    while (place > 0 && distances_[place - 1] > distance) --place;
    if (place == most) return;
    if (count_ < most) ++count_;
    for (int i = count_ - 1; i > place; --i) {
      types_[i] = types_[i - 1];
      distances_[i] = distances_[i - 1];
    }
    types_[place] = &counted;
    distances_[place] = distance;
  }
  int count() const { return count_; }
  const TypeObject& operator[](int i) const { return types_[i]->type(); }

 private:
  const Counted* types_[most] = {};
  std::size_t distances_[most] = {};
  int count_ = 0;
};

}  // namespace

bool find_types(Census& census, wire::TextView name, Array<const Counted*>& found) {
  Array<const Counted*> partly;
  Text full;
  bool is_complete = true;
  census.types().for_each([&](const Counted& counted) {
    if (counted.count == 0) return;
    add_name(counted.type(), full.restart());
    if (is_equal(full.view(), name)) {
      is_complete = found.add(&counted) && is_complete;
    } else if (ends_with_part(full.view(), name)) {
      is_complete = partly.add(&counted) && is_complete;
    }
  });
  if (found.size() > 0) return is_complete;
  for (const Counted* counted : partly) is_complete = found.add(counted) && is_complete;
  return is_complete;
}

void add_near_names(Text& text, Census& census, wire::TextView name) {
  constexpr int most = 20'000;  // that takes some milliseconds
  Nearest nearest;
  Text full;
  int looked_at = 0;
  census.types().for_each([&](const Counted& counted) {
    if (counted.count == 0 || looked_at++ >= most) return;
    add_name(counted.type(), full.restart());
    // of equal distances, that of the whole name is the better one
    const auto distance = std::min(2 * distance_of(full.view(), name),
                                   2 * distance_of(last_part(full.view()), last_part(name)) + 1);
    if (distance <= 2 * (1 + std::min(name.length, longest) / 3) + 1)
      nearest.add(counted, distance);
  });
  text.add("[");
  Commas commas(text);
  for (int i = 0; i < nearest.count(); ++i) {
    add_name(nearest[i], full.restart());
    commas.add();
    text.add_string(full.view());
  }
  text.add("]");
}

}  // namespace mprofpp::agent::objects
