#include "mprofpp/render/text.hpp"

#include <algorithm>
#include <array>

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

/// Characters outside ASCII by their kind; rather a little too wide than too narrow.
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

/// Where the characters begin, and the end.
std::vector<std::size_t> boundaries(std::string_view text) {
  std::vector<std::size_t> places = {0};
  while (places.back() < text.size()) {
    places.push_back(places.back() + first_character(text.substr(places.back())).length);
  }
  return places;
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
  // a name of ten thousand characters need not be measured: no picture holds a fraction of it
  const auto most = static_cast<std::size_t>(std::max(room, 0.0)) + 8;
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

}  // namespace mprofpp::render
