#include "mprofpp/analysis/function_peak.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/analysis/call_readings.hpp"

namespace mprofpp::analysis {
namespace {

/// Sorts the periods and joins those that touch.
std::vector<Period> joined(std::vector<Period> periods) {
  std::sort(periods.begin(), periods.end(),
            [](const Period& a, const Period& b) { return a.begin < b.begin; });
  std::vector<Period> apart;
  for (const auto& period : periods) {
    if (apart.empty() || period.begin > apart.back().end)
      apart.push_back(period);
    else
      apart.back().end = std::max(apart.back().end, period.end);
  }
  return apart;
}

void raise_to(std::optional<TimedValue>& highest, const std::optional<TimedValue>& other) {
  if (other) raise(highest, other->mib, other->t);
}

Instant begin_of(const TimedValue& sample) {
  return sample.t;
}
Instant end_of(const TimedValue& sample) {
  return sample.t;
}
std::optional<TimedValue> part_of(const TimedValue& sample, const Period&) {
  return sample;
}
TimedValue first_of(const TimedValue& sample) {
  return sample;
}

Instant begin_of(const model::Held& held) {
  return held.first;
}
Instant end_of(const model::Held& held) {
  return held.last;
}
TimedValue first_of(const model::Held& held) {
  return {held.mib, held.first};
}
/// Returns the first of the readings in the period.
std::optional<TimedValue> part_of(const model::Held& held, const Period& period) {
  const auto part = held.within(period.begin, period.end);
  return part ? std::optional(first_of(*part)) : std::nullopt;
}

/// Drops stretches that overlap the one before, which only a clock that was set back can make.
void make_separate(std::vector<model::Held>& stretches) {
  Instant end = Instant::min();
  std::erase_if(stretches, [&](const model::Held& held) {
    const bool overlaps = held.first <= end || held.last < held.first;
    if (!overlaps) end = held.last;
    return overlaps;
  });
}
void make_separate(std::vector<TimedValue>&) {}

/// Finds the highest reading of a period, the first of several equal ones. A Stretch is a TimedValue or a
/// model::Held. Thousands of functions have thousands of periods each, so the highest reading of every block
/// is computed once.
template <class Stretch>
class HighestReading {
 public:
  explicit HighestReading(std::vector<Stretch> readings) : readings_(std::move(readings)) {
    std::stable_sort(readings_.begin(), readings_.end(),
                     [](const Stretch& a, const Stretch& b) { return begin_of(a) < begin_of(b); });
    make_separate(readings_);
    for (std::size_t begin = 0; begin < readings_.size(); begin += block) {
      blocks_.push_back(in_readings(begin, std::min(begin + block, readings_.size())));
    }
  }

  std::optional<TimedValue> within(const Period& period) const {
    const auto first =
        std::lower_bound(readings_.begin(), readings_.end(), period.begin,
                         [](const Stretch& reading, Instant t) { return end_of(reading) < t; });
    const auto behind =
        std::upper_bound(first, readings_.end(), period.end,
                         [](Instant t, const Stretch& reading) { return t < begin_of(reading); });
    if (first == behind) return std::nullopt;
    // those at the edges may be partly outside
    auto highest = part_of(*first, period);
    const auto begin = static_cast<std::size_t>(first - readings_.begin()) + 1;
    const auto end = static_cast<std::size_t>(behind - readings_.begin());
    if (begin == end) return highest;
    raise_to(highest, in_blocks(begin, end - 1));
    raise_to(highest, part_of(readings_[end - 1], period));
    return highest;
  }

 private:
  static constexpr std::size_t block = 1024;

  std::optional<TimedValue> in_blocks(std::size_t begin, std::size_t end) const {
    const auto first_block = (begin + block - 1) / block;
    const auto end_block = end / block;
    if (first_block >= end_block) return in_readings(begin, end);
    auto highest = in_readings(begin, first_block * block);
    for (auto i = first_block; i < end_block; ++i) raise_to(highest, blocks_[i]);
    raise_to(highest, in_readings(end_block * block, end));
    return highest;
  }

  std::optional<TimedValue> in_readings(std::size_t begin, std::size_t end) const {
    std::optional<TimedValue> highest;
    for (auto i = begin; i < end; ++i) raise_to(highest, first_of(readings_[i]));
    return highest;
  }

  std::vector<Stretch> readings_;
  std::vector<std::optional<TimedValue>> blocks_;
};

/// Finds the highest reading of a series while a function ran.
class Highest {
 public:
  Highest(std::vector<TimedValue> samples, std::vector<model::Held> held)
      : samples_(std::move(samples)), held_(std::move(held)) {}

  std::optional<TimedValue> within(const std::vector<Period>& periods) const {
    std::optional<TimedValue> highest;
    for (const auto& period : periods) raise_to(highest, within(period));
    return highest;
  }

 private:
  std::optional<TimedValue> within(const Period& period) const {
    auto highest = samples_.within(period);
    const auto held = held_.within(period);
    const bool is_earlier = held && highest && held->mib == highest->mib && held->t < highest->t;
    if (is_earlier) return held;
    raise_to(highest, held);
    return highest;
  }

  HighestReading<TimedValue> samples_;
  HighestReading<model::Held> held_;
};

}  // namespace

void CallsTally::add(const model::Call& call) {
  calls_.add(call);
  if (const auto in = reading_in(call)) raise(calls_.entry, *in, call.t_in);
  if (const auto out = reading_out(call)) raise(calls_.exit, *out, call.t_out);
  calls_.periods[call.pid].push_back({call.t_in, call.t_out});
}

void CallsTally::add(const GroupPart& part) {
  const auto& group = part.group;
  calls_.add(part);
  calls_.periods[group.pid].push_back({group.t_from, group.t_to});
  if (group.rss_max) raise(calls_.exit, *group.rss_max, group.t_to);
}

FunctionCalls CallsTally::finish() {
  for (auto& [pid, periods] : calls_.periods) periods = joined(std::move(periods));
  return std::move(calls_);
}

FunctionCallsFold::FunctionCallsFold(std::vector<std::string> functions, LateNames late,
                                     Window window)
    : late_(std::move(late)),
      window_(window),
      tallies_(functions.size()),
      added_(functions, late_) {
  for (std::size_t i = 0; i < functions.size(); ++i) places_.emplace(std::move(functions[i]), i);
}

CallsTally* FunctionCallsFold::tally_of(const std::string& recorded_name) {
  const auto place = places_.find(late_.of(recorded_name));
  return place == places_.end() ? nullptr : &tallies_[place->second];
}

void FunctionCallsFold::take(const model::Call& call) {
  added_.take(call);
  if (auto* const tally = tally_of(call.name)) tally->add(call);
}

void FunctionCallsFold::take(const model::CallGroup& group) {
  const auto part = part_within(group, window_);
  added_.take(part.group);
  if (auto* const tally = tally_of(group.name)) tally->add(part);
}

std::vector<FunctionCalls> FunctionCallsFold::finish() {
  const auto added = added_.finish();
  std::vector<FunctionCalls> functions;
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    functions.push_back(tallies_[i].finish());
    functions.back().added = added[i];
  }
  return functions;
}

FunctionPeakFold::FunctionPeakFold(const std::vector<FunctionCalls>& functions, Window window)
    : functions_(functions), window_(window) {
  for (const auto& function : functions) {
    for (const auto& [pid, periods] : function.periods) {
      own_[pid].add_edges(periods);
      total_.add_edges(periods);
    }
  }
  own_.erase(0);
  for (auto& [pid, readings] : own_) readings.sort_edges();
  total_.sort_edges();
}

void FunctionPeakFold::Readings::add_edges(const std::vector<Period>& periods) {
  for (const auto& period : periods) {
    edges.push_back(period.begin);
    edges.push_back(period.end);
  }
}

void FunctionPeakFold::Readings::sort_edges() {
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
}

void FunctionPeakFold::Readings::add(const TimedValue& sample) {
  samples.push_back(sample);
  if (samples.size() > limit) keep_highest();
}

/// Drops all samples that are not the highest between two edges, or at an edge.
void FunctionPeakFold::Readings::keep_highest() {
  std::stable_sort(samples.begin(), samples.end(),
                   [](const TimedValue& a, const TimedValue& b) { return a.t < b.t; });
  auto edge = edges.begin();
  std::vector<TimedValue> kept;
  std::optional<TimedValue> highest;
  bool was_at_edge = false;
  const auto start_part = [&] {
    if (highest) kept.push_back(*highest);
    highest.reset();
  };
  for (const auto& sample : samples) {
    const auto next = std::lower_bound(edge, edges.end(), sample.t);
    const bool is_at_edge = next != edges.end() && *next == sample.t;
    if (next != edge || is_at_edge != was_at_edge) start_part();
    edge = next;
    was_at_edge = is_at_edge;
    raise(highest, sample.mib, sample.t);
  }
  start_part();
  samples = std::move(kept);
  limit = std::max(most_samples, 2 * samples.size());
}

void FunctionPeakFold::take(const model::Sample& sample) {
  add_root(root_.take(sample));
  if (window_.contains(sample.t)) total_.add({sample.mib, sample.t});
}

void FunctionPeakFold::take(const model::ChildSample& sample) {
  root_.take(sample);
  add(sample.pid, TimedValue{sample.mib, sample.t});
}

void FunctionPeakFold::take(const model::Held& held) {
  if (held.pid != 0) return add(held.pid, held);
  const auto own = root_.take(held);
  add_root(own.reading);
  if (own.held_mib) {
    auto of_root = held;
    of_root.mib = *own.held_mib;
    add(*root_.root(), of_root);
  }
  if (auto part = held.within(window_.begin, window_.end)) total_.held.push_back(std::move(*part));
}

void FunctionPeakFold::add_root(const std::optional<TimedValue>& reading) {
  if (reading) add(*root_.root(), *reading);
}

void FunctionPeakFold::add(pid_t pid, const TimedValue& reading) {
  const auto own = own_.find(pid);
  if (own != own_.end() && window_.contains(reading.t)) own->second.add(reading);
}

void FunctionPeakFold::add(pid_t pid, const model::Held& held) {
  const auto own = own_.find(pid);
  if (own == own_.end()) return;
  if (auto part = held.within(window_.begin, window_.end)) {
    own->second.held.push_back(std::move(*part));
  }
}

std::vector<std::optional<FunctionSample>> FunctionPeakFold::finish() {
  add_root(root_.finish());
  const Highest total(std::move(total_.samples), std::move(total_.held));
  std::map<pid_t, Highest> own;
  for (auto& [pid, readings] : own_) {
    own.try_emplace(pid, std::move(readings.samples), std::move(readings.held));
  }
  own_.clear();

  std::vector<std::optional<FunctionSample>> peaks;
  for (const auto& function : functions_) {
    std::optional<TimedValue> of_processes;
    std::optional<TimedValue> of_total;
    for (const auto& [pid, periods] : function.periods) {
      const auto in_total = total.within(periods);
      raise_to(of_total, in_total);
      const auto readings = own.find(pid);
      if (readings != own.end()) raise_to(of_processes, readings->second.within(periods));
      // mprof names no process: its MEM line measures the marked process
      if (pid == 0) raise_to(of_processes, in_total);
    }
    auto& peak = peaks.emplace_back();
    if (of_processes)
      peak = FunctionSample{*of_processes, SampleOf::process};
    else if (of_total)
      peak = FunctionSample{*of_total, SampleOf::total};
  }
  return peaks;
}

}  // namespace mprofpp::analysis
