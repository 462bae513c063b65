#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mprofpp/leak/judgement.hpp"
#include "mprofpp/leak/trend.hpp"

namespace mprofpp::leak {

/// The memory of a service at rest.
struct RestFloor {
  double requests = 0;    ///< that it has answered so far
  double mib = 0;         ///< the least memory until the next request
  std::size_t round = 0;  ///< the number of the round before; 0 before the first one
};

/// The rounds and the growth that count.
struct RoundsQuestion {
  std::size_t warmup = 2;  ///< rounds at the start that do not count
  /// MiB a request: a service is steady only if a leak of this size would have shown.
  double certain_rate = 1.0 / 1024;
  /// MiB a request: smaller growth is within what allocators keep by themselves.
  double least_rate = 1.0 / 32768;
  double least_growth = default_least_growth;  ///< MiB, in all rounds that count
};

/// Does a service keep memory for each request?
struct RoundsJudgement {
  Verdict verdict = Verdict::unsure;
  Reason reason = Reason::few_samples;  ///< few samples are few rounds
  /// MiB a request. The upper end of a steady one is its bound: a smaller leak would not have shown.
  Slope rate;
  std::size_t first = 0;     ///< the round after which the rounds count
  double growth_mib = 0;     ///< from the floor of that round to the last one
  std::optional<Step> step;  ///< that the floors took in one round; its time is the round's number
  std::size_t more = 0;      ///< of an unsure one: the number of rounds that may decide it
};

/// Judges the floors of a service: the one before the first round, then one after each round. At least one.
///
/// A leak is growth that is regular from request to request: Mann-Kendall's test and Sen's slope on the
/// floors after the warm-up, the interval widened for the small number of rounds. It is not a leak if the
/// interval is wide, if the floors bend as under something that fills, if one round has most of the growth,
/// or if it stopped. A service is steady if the second half of the rounds excludes a leak of `certain_rate`.
/// Everything else is unsure.
RoundsJudgement judge_rounds(const std::vector<RestFloor>& floors,
                             const RoundsQuestion& question = {});

/// The looks at the rounds of one load, after each of which rounds may be added. The more looks there are,
/// the more often one shows a leak by chance, and a runtime such as that of Node grows for ten rounds and
/// then stops. So a leak counts at once only if the first look shows it with a narrow interval. Otherwise two
/// looks in a row must show it.
class Looks {
 public:
  /// Takes the judgement of the next look and returns the one that counts: a leak that has to be confirmed is
  /// unsure because it grows. A look at too few rounds is none.
  RoundsJudgement take(RoundsJudgement judgement);

 private:
  std::size_t taken_ = 0;
  bool was_leak_ = false;  ///< the last one
};

}  // namespace mprofpp::leak
