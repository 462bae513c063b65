#include "mprofpp/leak/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::leak {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<Duration, 30> round_times = {
    seconds(1),  seconds(2),  seconds(5),  seconds(10), seconds(15), seconds(20),
    seconds(30), seconds(45), minutes(1),  minutes(2),  minutes(3),  minutes(4),
    minutes(5),  minutes(10), minutes(15), minutes(20), minutes(30), minutes(40),
    minutes(50), hours(1),    hours(2),    hours(3),    hours(4),    hours(6),
    hours(9),    hours(12),   hours(18),   hours(24),   hours(36),   hours(48)};

/// True if there are enough samples, but not spread over the time.
bool has_large_gaps(const Judgement& judgement) {
  return judgement.reason == Reason::few_samples && judgement.samples >= fewest_samples;
}

std::string why_unsure(const Judgement& judgement) {
  switch (judgement.reason) {
    case Reason::few_samples:
      return has_large_gaps(judgement) ? "most of the time has no samples" : "too few samples";
    case Reason::few_steps:
      return "it grew in only " + counted(judgement.steps.size(), "step", "steps");
    case Reason::few_cycles:
      return "it rose and fell only a few times";
    case Reason::began_late:
      return "it has started to grow near the end";
    case Reason::paused:
      return "it grew, but not at the end";
    case Reason::slowing: {
      std::string text = "the growth slows down";
      if (!judgement.level_mib) return text;
      return text + ", and would level off near " + memory_text(*judgement.level_mib);
    }
    case Reason::noise:
      return "it seems to grow, but no more than it varies";
    default:
      // the total of a tree whose processes are all steady
      return "the total grows, but no process does";
  }
}

std::string advice_text(const Judgement& judgement, const Extent& judged) {
  if (has_large_gaps(judgement)) return "judge a part that has samples";
  const auto length = round_time_text(recommended_length(judgement, judged.length));
  return judged.is_window ? "choose a window of " + length : "record " + length + " in all";
}

/// Returns the memory of what was judged: that of its middle floor.
std::optional<double> usual_memory(const Judgement& judgement) {
  if (!judgement.stretch || judgement.stretch->floors.empty()) return std::nullopt;
  const auto& floors = judgement.stretch->floors;
  return floors[floors.size() / 2].mib;
}

/// A bound in MiB per hour means nothing to people if a program could be below it that grows by a
/// quarter within the recording. Then the text has the growth in the time that was judged.
std::string steady_text(const Judgement& judgement, const Extent& judged) {
  constexpr double large = 0.25;  // of the memory
  constexpr double hour = 3600;   // seconds
  const double unseen = judgement.rate.high * to_seconds(judged.length) / hour;
  const auto memory = usual_memory(judgement);
  if (!memory || unseen < large * *memory) {
    return "steady; a leak below " + short_memory_text(judgement.rate.high) + "/h would not show";
  }
  return "steady so far: growth of " + short_memory_text(unseen) + " in these " +
         readable(judged.length) + " would not show; " +
         (judged.is_window ? "choose a longer window" : "record longer");
}

}  // namespace

std::string rate_text(const Rate& rate) {
  return interval_text(rate.middle, rate.low, rate.high, "/h");
}

std::string reason_text(const Judgement& judgement) {
  if (judgement.verdict == Verdict::unsure) return why_unsure(judgement);
  switch (judgement.reason) {
    case Reason::grows_faster:
      return "it grows faster and faster; this is the rate at the end";
    case Reason::one_step:
      return "it grew in one step";
    case Reason::steps_stopped:
      return "it grew in steps, which have stopped";
    case Reason::levelled_off:
      return "it grew and has levelled off";
    case Reason::as_high_before:
      return "it was as high before";
    case Reason::every_process_steady:
      return "every process is steady";
    default:
      return {};
  }
}

std::string verdict_text(const Judgement& judgement, const Extent& judged) {
  switch (judgement.verdict) {
    case Verdict::leak:
      return "leak: " + rate_text(judgement.rate);
    case Verdict::steady:
      return steady_text(judgement, judged);
    case Verdict::unsure:
      break;
  }
  return "not enough to tell: " + reason_text(judgement) + "; " + advice_text(judgement, judged);
}

Duration recommended_length(const Judgement& judgement, Duration judged) {
  constexpr double day = 86400;
  const double needed = to_seconds(judged) + judgement.more_seconds;
  for (const auto time : round_times) {
    if (to_seconds(time) >= needed) return time;
  }
  const double days = std::min(std::ceil(needed / day), 36500.0);
  return hours(24) * static_cast<std::int64_t>(days);
}

std::string round_time_text(Duration length) {
  const auto in = [&](Duration unit) { return std::to_string(length / unit); };
  if (length >= hours(48) && length % hours(24) == Duration::zero()) return in(hours(24)) + " d";
  if (length >= hours(1)) return in(hours(1)) + " h";
  return length >= minutes(1) ? in(minutes(1)) + " min" : in(seconds(1)) + " s";
}

std::string step_text(const Step& step, Instant start) {
  const auto at = instant_from_seconds(step.seconds).value_or(start);
  return growth_text(step.mib) + " at " + readable_moment(at - start, seconds(1));
}

std::string limit_text(const LimitReached& limit) {
  constexpr double seconds_per_hour = 3600;
  const auto length = duration_from_seconds(limit.hours * seconds_per_hour);
  const std::string in = length ? " in " + readable(*length) : "";
  const std::string amount = memory_text(limit.mib);
  if (!(limit.hours > 0)) return "is above the limit of " + amount + " already";
  if (limit.of == LimitReached::Of::limit) return "reaches the limit of " + amount + in;
  return "reaches the machine's " + amount + in;
}

}  // namespace mprofpp::leak
