#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "mprofpp/leak/reading.hpp"
#include "mprofpp/leak/shape.hpp"
#include "mprofpp/leak/stretch.hpp"

namespace mprofpp::leak {

enum class Verdict {
  steady,  ///< no memory is kept on and on
  leak,    ///< memory is kept, to the end of the recording, with no sign of levelling off
  unsure,  ///< not enough to tell
};

/// Returns "steady", "leak" or "unsure".
std::string_view name_of(Verdict verdict);

enum class Reason {
  grows,
  grows_faster,  ///< and faster: the rate is that of the end
  flat,
  one_step,
  steps_stopped,
  levelled_off,
  as_high_before,
  every_process_steady,
  few_samples,
  few_steps,
  few_cycles,
  began_late,
  paused,
  slowing,
  noise,
};

/// Returns the reason as JSON has it: "grows", "as high before", …
std::string_view name_of(Reason reason);

/// A rate in MiB per hour and its 95 % interval.
struct Rate {
  double middle = 0;
  double low = 0;
  double high = 0;  ///< of a steady curve: a smaller leak would not show
};

/// Returns whether a curve of memory leaks, and what shows it.
struct Judgement {
  Verdict verdict = Verdict::unsure;
  Reason reason = Reason::few_samples;
  Rate rate;
  std::size_t samples = 0;
  /// The part of the recording that decided; none with few samples.
  std::optional<Stretch> stretch;
  std::vector<Step> steps;          ///< that the curve has instead of a climb
  double more_seconds = 0;          ///< of an unsure one: how much longer to record
  std::optional<double> level_mib;  ///< of a slowing one: where it would level off
};

/// A curve with fewer samples is not judged.
inline constexpr std::size_t fewest_samples = 12;
/// The part of the time at the end that is not looked at: programs give back memory when they end.
inline constexpr double end_cut = 0.02;
/// The least growth, in MiB, that counts.
inline constexpr double default_least_growth = 0.0625;

/// Judges a curve by its floors: the least memory in stretches of time, because memory that is given back
/// later was not kept. `count` is the number of samples that `readings` were reduced from; `readings` may
/// leave out samples that are not the least of their 20,000th part of the time. At least one reading.
///
/// The method: Mann-Kendall's test and Sen's slope on twelve floors, in windows that leave out more and more
/// of the start, and only if the floors neither bend (an exponential that fills), pause nor climb in a few
/// steps. share/doc/leak.md describes it and what it was measured with.
Judgement judge(const Readings& readings, std::size_t count,
                double least_growth = default_least_growth);

}  // namespace mprofpp::leak
