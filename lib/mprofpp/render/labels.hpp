#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mprofpp/render/sheet.hpp"

namespace mprofpp::render {

/// Where a text would like to be: its anchor beside the thing it names.
struct Spot {
  Dot at;
  Anchor anchor = Anchor::left;
};

/// Where curves run, in cells of a few pixels: words are better put elsewhere.
class Obstacles {
 public:
  explicit Obstacles(Rect room);

  void add(const std::vector<Dot>& line);
  /// Which share of the cells in `place` a curve runs through, 0 to 1.
  double share_in(Rect place) const;

 private:
  bool* cell(double x, double y);

  Rect room_;
  std::size_t columns_;
  std::size_t rows_;
  std::unique_ptr<bool[]> is_crossed_;
};

/// Puts texts where no other text is. First come, first served: the most important is placed first.
class LabelPlacer {
 public:
  LabelPlacer(const Sheet& sheet, Rect room)
      : sheet_(sheet), room_(room), curves_(room), signs_(room) {}

  /// Curves may be written over, but not readily.
  void avoid(const std::vector<Dot>& line) { curves_.add(line); }

  /// A stroke through its middle makes a text another one: signs are written over last.
  void keep_clear_of(const std::vector<Dot>& sign) { signs_.add(sign); }

  /// Nothing may be written there.
  void occupy(Rect place) { taken_.push_back(place); }

  /// A text in full, then shorter, and where it may stand, the best spot first.
  struct Wish {
    std::span<const std::string> texts;
    std::span<const Spot> spots;
    Colour colour;
    /// The share of it that curves may run through, and 1 more if a sign may.
    double most_crossed = 1;
  };
  /// Adds the first text that fits to `layer`, at the spot that hides least of the curves; nothing
  /// if none does.
  void place(const Wish& wish, Layer& layer);

 private:
  bool is_free(Rect place) const;
  double crossed(Rect place) const;
  Rect box_of(const std::string& text, const Spot& spot) const;

  const Sheet& sheet_;
  Rect room_;
  std::vector<Rect> taken_;
  Obstacles curves_;
  Obstacles signs_;
};

}  // namespace mprofpp::render
