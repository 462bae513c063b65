#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// A possible place for a text: its anchor, next to the thing that it names.
struct Spot {
  Dot at;
  Anchor anchor = Anchor::left;
};

/// Remembers where curves run, in cells of a few pixels: labels are better placed elsewhere.
class Obstacles {
 public:
  explicit Obstacles(Rect room);

  void add(const std::vector<Dot>& line);
  /// Returns the share of the cell columns in `place` that a curve runs through, 0 to 1.
  double share_in(Rect place) const;

 private:
  bool* cell(double x, double y);

  Rect room_;
  std::size_t columns_;
  std::size_t rows_;
  std::unique_ptr<bool[]> is_crossed_;
};

/// Places texts where no other text is. First come, first served: place the most important text first.
class LabelPlacer {
 public:
  LabelPlacer(const Sheet& sheet, Rect room)
      : sheet_(sheet), room_(room), curves_(room), signs_(room) {}

  /// Adds a curve. A text may cover it, but other spots are preferred.
  void avoid(const std::vector<Dot>& line) { curves_.add(line); }

  /// Adds a sign, such as a bracket. A text covers it only as a last resort: a stroke through a text can make
  /// it read differently.
  void keep_clear_of(const std::vector<Dot>& sign) { signs_.add(sign); }

  /// Reserves a place: no text may cover it.
  void occupy(Rect place) { taken_.push_back(place); }

  /// A label and the spots where it may appear, the best one first.
  struct LabelRequest {
    std::span<const std::string> alternatives;  ///< the full text, and then shorter ones
    std::span<const Spot> spots;
    Colour colour;
    /// The share of the text that curves may run through, plus 1 if a sign may.
    double most_crossed = 1;
  };
  /// Adds the first alternative that fits to `layer`, at the spot that hides the least of the curves. Adds
  /// nothing and returns false if none fits.
  bool place(const LabelRequest& request, Layer& layer);

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
