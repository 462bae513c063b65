#include "mprofpp/render/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "mprofpp/base/text.hpp"

namespace mprofpp::render {
namespace {

// thousandths of the font's size, U+0020 to U+007E
constexpr std::array<short, 95> regular = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};
constexpr std::array<short, 95> bold = {
    348,  456, 521, 838, 696, 1002, 872, 306,  457, 457, 523, 838, 380, 415,  380, 365,
    696,  696, 696, 696, 696, 696,  696, 696,  696, 696, 400, 400, 838, 838,  838, 580,
    1000, 774, 762, 734, 830, 683,  683, 821,  837, 372, 372, 775, 637, 995,  837, 850,
    733,  850, 770, 720, 682, 812,  774, 1103, 771, 724, 725, 457, 365, 457,  838, 500,
    500,  675, 716, 593, 716, 678,  435, 716,  712, 343, 343, 665, 343, 1042, 712, 687,
    716,  716, 493, 595, 478, 712,  652, 924,  645, 652, 582, 712, 365, 712,  838};

/// The first character of valid UTF-8 and its length in bytes.
struct Character {
  char32_t code = 0;
  std::size_t length = 1;
};

Character first_character(std::string_view text) {
  return {first_code(text), std::max<std::size_t>(utf8_length(text), 1)};
}

struct CodeRange {
  char32_t first;
  char32_t last;
};

template <std::size_t size>
bool is_in(char32_t code, const std::array<CodeRange, size>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const CodeRange& range) {
    return code >= range.first && code <= range.last;
  });
}

/// Returns the width of a character outside ASCII by its kind. It may be a little too wide, but not too
/// narrow.
int other_width(char32_t code, TextWeight weight) {
  constexpr std::array combining = {CodeRange{0x300, 0x36F},   CodeRange{0x483, 0x489},
                                    CodeRange{0x591, 0x5C7},   CodeRange{0x64B, 0x65F},
                                    CodeRange{0x200B, 0x200F}, CodeRange{0x20D0, 0x20FF},
                                    CodeRange{0xFE00, 0xFE0F}};
  constexpr std::array wide = {CodeRange{0x1100, 0x115F},   CodeRange{0x2E80, 0xA4CF},
                               CodeRange{0xAC00, 0xD7A3},   CodeRange{0xF900, 0xFAFF},
                               CodeRange{0xFE30, 0xFE6F},   CodeRange{0xFF00, 0xFF60},
                               CodeRange{0x1F300, 0x1FAFF}, CodeRange{0x20000, 0x3FFFD}};
  if (code == U'·') return 380;
  if (is_in(code, combining)) return 0;
  if (is_in(code, wide)) return 1000;
  if (code == U'…') return 1000;
  if (code == U'–') return 500;
  const int extra = weight == TextWeight::bold ? 80 : 0;
  return (code < 0x2000 ? 690 : 838) + extra;
}

int character_width(char32_t code, TextWeight weight) {
  if (code >= 0x20 && code <= 0x7E) {
    return (weight == TextWeight::bold ? bold : regular)[code - 0x20];
  }
  return other_width(code, weight);
}

/// Returns the positions at which the characters start, and the end of the text.
std::vector<std::size_t> boundaries(std::string_view text) {
  std::vector<std::size_t> places = {0};
  while (places.back() < text.size()) {
    places.push_back(places.back() + first_character(text.substr(places.back())).length);
  }
  return places;
}

/// Returns more characters than fit into `room`, so that a name of ten thousand characters need not be
/// measured.
std::size_t most_characters(double room) {
  return static_cast<std::size_t>(std::max(room, 0.0)) + 8;
}

/// The parts of a name. The head and the rest, which follows the distinguishing part, may be cut.
struct NameParts {
  std::string_view head;
  std::string_view distinguishing_part;
  std::string_view rest;
  std::string_view tail;

  explicit NameParts(const Name& name) {
    const auto title = name.text.substr(0, name.title);
    const auto begin = std::min(name.distinguishing_part.begin, title.size());
    const auto end = std::clamp(name.distinguishing_part.end, begin, title.size());
    head = title.substr(0, begin);
    distinguishing_part = title.substr(begin, end - begin);
    rest = title.substr(end);
    tail = name.text.substr(title.size());
  }
};

/// Returns the first `count` characters, with … for the others. No opening bracket is left at the end.
std::string first_of(std::string_view text, const std::vector<std::size_t>& places,
                     std::size_t count) {
  if (count + 1 >= places.size()) return std::string(text);
  const auto kept = text.substr(0, places[count]);
  return std::string(kept.substr(0, kept.find_last_not_of(" [({") + 1)) + "…";
}

}  // namespace

double TableMeasure::width(std::string_view text, double size, TextWeight weight) const {
  double thousandths = 0;
  while (!text.empty()) {
    const auto [code, length] = first_character(text);
    thousandths += character_width(code, weight);
    text.remove_prefix(length);
  }
  return thousandths * size / 1000;
}

std::string fitted(std::string_view text, double room, TextStyle style, Elide elide,
                   const TextMeasure& measure) {
  const auto fits = [&](std::string_view candidate) {
    return measure.width(candidate, style.size, style.weight) <= room;
  };
  const auto most = most_characters(room);
  const auto places = boundaries(text);
  const auto characters = places.size() - 1;
  if (characters <= most && fits(text)) return std::string(text);

  const auto shortened = [&](std::size_t kept) {
    const auto tail = elide == Elide::middle ? kept * 3 / 5 : 0;
    const auto head = kept - tail;
    return std::string(text.substr(0, places[head])) + "…" +
           std::string(text.substr(places[characters - tail]));
  };
  std::size_t low = 0;
  std::size_t high = std::min(characters, most);
  while (low < high) {
    const auto middle = (low + high + 1) / 2;
    if (fits(shortened(middle)))
      low = middle;
    else
      high = middle - 1;
  }
  return low == 0 ? std::string() : shortened(low);
}

namespace {

/// Tries texts for a room of some pixels.
class Room {
 public:
  Room(double room, TextStyle style, const TextMeasure& measure)
      : room_(room), style_(style), measure_(measure) {}

  double width(std::string_view text) const {
    return measure_.width(text, style_.size, style_.weight);
  }
  bool holds(std::string_view text) const { return width(text) <= room_; }
  /// Returns the text `of(n)` with the highest n from 0 to `most` that fits; empty if none does.
  template <class Of>
  std::string longest(std::size_t most, Of of) const {
    if (!holds(of(0))) return {};
    std::size_t low = 0;
    auto high = std::min(most, most_characters(room_));
    while (low < high) {
      const auto middle = (low + high + 1) / 2;
      if (holds(of(middle)))
        low = middle;
      else
        high = middle - 1;
    }
    return of(low);
  }

 private:
  double room_;
  TextStyle style_;
  const TextMeasure& measure_;
};

/// Returns the tail of a name without the parent: ` 1234` of ` 1234 ← 1200`.
std::string_view without_parent(std::string_view tail) {
  return tail.substr(0, tail.find(" ←"));
}

/// Returns the text without the part of a word at its end, unless that would be most of it. `whole` is what
/// it was cut from.
std::string_view without_part_of_word(std::string_view text, std::string_view whole) {
  if (text.size() == whole.size()) return text;
  const auto space = text.find_last_of(' ');
  const bool ends_word = whole[text.size()] == ' ';
  if (!ends_word && space != std::string_view::npos && 2 * space >= text.size()) {
    text = text.substr(0, space);
  }
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// Returns a name that differs from others only in its tail, so that its title is cut at the end. Empty if
/// there is no room for `fewest` letters of the title.
std::string with_short_title(const NameParts& parts, std::string_view tail, std::size_t fewest,
                             const Room& room) {
  const auto places = boundaries(parts.rest);
  const auto with = [&](std::size_t kept) {
    const auto title = parts.rest.substr(0, places[std::min(kept, places.size() - 1)]);
    const auto words = without_part_of_word(title, parts.rest);
    return std::string(words) + (words.size() < parts.rest.size() ? "…" : "") + std::string(tail);
  };
  const auto name = room.longest(places.size() - 1, with);
  return name.size() < with(fewest).size() ? std::string() : name;
}

/// Returns a name with its distinguishing part and its tail, and as much of the rest as there is room for.
/// Empty if those two do not fit. A few letters of the rest would say nothing, so they are left out.
std::string with_distinguishing_part(const NameParts& parts, std::string_view tail,
                                     const Room& room) {
  const auto head = boundaries(parts.head);
  const auto rest = boundaries(parts.rest);
  // the head gets room first, because it says what the thing is
  const auto fewest = std::min<std::size_t>(head.size() - 1, 4);
  const auto with = [&](std::size_t kept) {
    if (kept < fewest) return std::string(parts.distinguishing_part) + std::string(tail);
    const auto in_head = std::min(kept, head.size() - 1);
    return first_of(parts.head, head, in_head) + std::string(parts.distinguishing_part) +
           first_of(parts.rest, rest, kept - in_head) + std::string(tail);
  };
  return room.longest(head.size() + rest.size() - 2, with);
}

/// Returns the end of the distinguishing part and the tail, because the end of `worker 12` says the most. It
/// starts at the beginning of a word if there is one. Empty if not even one letter fits.
std::string end_of(const NameParts& parts, std::string_view tail, const Room& room) {
  const auto& part = parts.distinguishing_part;
  const auto places = boundaries(part);
  const auto count = places.size() - 1;
  const auto from = [&](std::size_t begin) {
    return "…" + std::string(part.substr(begin)) + std::string(tail);
  };
  for (std::size_t cut = 1; cut < count; ++cut) {
    if (!room.holds(from(places[cut]))) continue;
    const auto space = part.find(' ', places[cut] - 1);
    const bool has_word = space != std::string_view::npos && space + 1 < part.size();
    return from(has_word ? space + 1 : places[cut]);
  }
  return {};
}

/// Returns the distinguishing part and the tail alone, `worker 1234`, or what can be kept of them. Empty if
/// nothing can.
std::string what_differs(const NameParts& parts, std::string_view tail, const Room& room) {
  auto only = std::string(parts.distinguishing_part) + std::string(tail);
  if (!parts.distinguishing_part.empty()) {
    if (room.holds(only)) return only;
    auto end = end_of(parts, tail, room);
    if (!end.empty()) return end;
  }
  const auto number = tail.substr(std::min(tail.find_first_not_of(' '), tail.size()));
  return room.holds(number) ? std::string(number) : std::string();
}

}  // namespace

std::string fitted_name(const Name& name, double room, TextStyle style,
                        const TextMeasure& measure) {
  auto cut = fitted(name.text, room, style, Elide::middle, measure);
  if (cut == name.text) return cut;
  const NameParts parts(name);
  const bool is_equal = parts.distinguishing_part.empty();
  if (is_equal && parts.tail.empty()) return cut;
  const Room place(room, style, measure);
  struct Attempt {
    std::string_view tail;
    std::size_t fewest;  // letters of the title: most of a word says more than the parent
  };
  for (const auto& [tail, fewest] :
       {Attempt{parts.tail, 8}, Attempt{without_parent(parts.tail), 3}}) {
    auto shorter = is_equal ? with_short_title(parts, tail, fewest, place)
                            : with_distinguishing_part(parts, tail, place);
    if (!shorter.empty()) return shorter;
  }
  auto least = what_differs(parts, without_parent(parts.tail), place);
  return least.empty() ? cut : least;
}

}  // namespace mprofpp::render
