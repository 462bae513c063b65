#pragma once

#include <cstddef>
#include <vector>

#include "mprofpp/chart/figure.hpp"

/// Adds curves that start and end at different times, so that they can be drawn on top of each other.
namespace mprofpp::chart {

/// A curve that becomes a layer.
struct LayerCurve {
  std::vector<Stroke> strokes = {};
  /// Its last value holds until then, without being a reading: the process exited between two readings.
  double held_until = analysis::unknown;
};

/// The times at which layers may change. Points of different curves are of the same instant if they are as
/// close as the rounding of a thinned series makes them.
class Instants {
 public:
  /// Takes the points of `total` and of the curves that lie in the shown time. If a column of `width` seconds
  /// has more than a few, only those of `total` and the ends of lines are kept in it.
  Instants(const std::vector<Stroke>& total, const std::vector<LayerCurve>& curves, Range shown,
           double width);

  std::size_t size() const { return times_.size(); }
  double operator[](std::size_t i) const { return times_[i]; }
  /// Returns the index of the instant of that time, or of the next one. It is size() after the last.
  std::size_t at(double seconds) const;
  Range shown() const { return shown_; }

 private:
  Range shown_;
  double tolerance_;
  std::vector<double> times_;
};

/// Just before an instant, at its readings, and just after it.
enum class Side { before, at, after };

/// The height of a layer around an instant. It differs where the layer starts or ends.
struct Height {
  double before = 0;
  double at = 0;
  double after = 0;

  double on(Side side) const {
    return side == Side::before ? before : side == Side::at ? at : after;
  }
};

/// The heights of a layer at all instants.
using Heights = std::vector<Height>;

/// Adds the heights of a curve at and between its readings. It has none where it has no line; negative values
/// count as 0. Where its lines overlap because the clock stepped back, the first counts.
void add_heights(Heights& sum, const Instants& instants, const LayerCurve& curve);
void add_heights(Heights& sum, const Heights& more);

/// Adds the heights of a curve from its last reading until the exit of its process.
void add_held_heights(Heights& held, const Instants& instants, const LayerCurve& curve);

/// Returns the larger of the two values of `total` that an instant lies between. It is unknown in gaps.
Heights ceilings_of(const std::vector<Stroke>& total, const Instants& instants);

/// Returns the shares of the held heights, from 0 to 1, that fit on the `fixed` heights below the ceilings. A
/// value that holds while other processes grow would else make a peak that nobody has measured.
Heights fitting_shares(const Heights& fixed, const Heights& held, const Heights& ceilings);

/// Multiplies heights with shares.
void scale(Heights& heights, const Heights& shares);

/// Returns the part of `total` that is above `heights` at the readings of each instant.
std::vector<Stroke> remainder_of(const std::vector<Stroke>& total, const Instants& instants,
                                 const Heights& heights);

struct Moment {
  std::size_t instant = 0;
  Side side = Side::at;
};

/// Moments that follow each other without a gap.
using MomentRun = std::vector<Moment>;

/// Returns the moments at which the layers are to be drawn, one run for each line of `coverage`. An instant
/// at which a layer starts or ends has several moments. If a column of `width` seconds has too many, it keeps
/// its first and last moment and those at which the layers are lowest and highest together.
std::vector<MomentRun> moments_of(const Instants& instants, const std::vector<Stroke>& coverage,
                                  const std::vector<Heights>& layers, double width);

/// Returns the areas of a layer that lies on `below`. There is none where it has no height.
std::vector<Area> areas_of(const Instants& instants, const std::vector<MomentRun>& runs,
                           const Heights& below, const Heights& layer);

/// Returns heights as a line.
std::vector<Stroke> line_of(const Instants& instants, const std::vector<MomentRun>& runs,
                            const Heights& heights);

}  // namespace mprofpp::chart
