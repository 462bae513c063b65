#include "mprofpp/analysis/function_peak.hpp"

#include <algorithm>
#include <tuple>

namespace mprofpp::analysis {
namespace {

void raise(std::optional<Maximum>& maximum, double mib, Instant t) {
  if (mib != mib) return;  // NaN
  if (!maximum || mib > maximum->mib) maximum = Maximum{mib, t};
}

void raise(std::optional<double>& largest, double value) {
  if (value == value && (!largest || value > *largest)) largest = value;
}

double growth_of(const model::Call& call) {
  if (call.rss_in && call.rss_out) return *call.rss_out - *call.rss_in;
  return call.mib_out - call.mib_in;
}

/// Sorted, and those that touch joined.
std::vector<Stretch> joined(std::vector<Stretch> stretches) {
  std::sort(stretches.begin(), stretches.end(),
            [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  std::vector<Stretch> apart;
  for (const auto& stretch : stretches) {
    if (apart.empty() || stretch.begin > apart.back().end)
      apart.push_back(stretch);
    else
      apart.back().end = std::max(apart.back().end, stretch.end);
  }
  return apart;
}

/// Answers for any stretch of time which sample is its highest, the first of several. Thousands of functions
/// ask for thousands of stretches each: whole blocks of samples are answered for by their highest.
class Highest {
 public:
  explicit Highest(std::vector<Maximum> samples) : samples_(std::move(samples)) {
    std::stable_sort(samples_.begin(), samples_.end(), is_earlier);
    for (std::size_t begin = 0; begin < samples_.size(); begin += block) {
      blocks_.push_back(in_samples(begin, std::min(begin + block, samples_.size())));
    }
  }

  std::optional<Maximum> within(const Stretch& stretch) const {
    const Maximum from{0, stretch.begin};
    const Maximum to{0, stretch.end};
    const auto first = std::lower_bound(samples_.begin(), samples_.end(), from, is_earlier);
    const auto behind = std::upper_bound(first, samples_.end(), to, is_earlier);
    const auto begin = static_cast<std::size_t>(first - samples_.begin());
    const auto end = static_cast<std::size_t>(behind - samples_.begin());
    if (begin == end) return std::nullopt;

    const auto first_block = (begin + block - 1) / block;
    const auto end_block = end / block;
    if (first_block >= end_block) return in_samples(begin, end);
    auto highest = in_samples(begin, first_block * block);
    for (auto i = first_block; i < end_block; ++i) raise_to(highest, blocks_[i]);
    raise_to(highest, in_samples(end_block * block, end));
    return highest;
  }

 private:
  static constexpr std::size_t block = 1024;

  static bool is_earlier(const Maximum& a, const Maximum& b) { return a.t < b.t; }

  static void raise_to(std::optional<Maximum>& maximum, const std::optional<Maximum>& other) {
    if (other) raise(maximum, other->mib, other->t);
  }

  std::optional<Maximum> in_samples(std::size_t begin, std::size_t end) const {
    std::optional<Maximum> highest;
    for (auto i = begin; i < end; ++i) raise(highest, samples_[i].mib, samples_[i].t);
    return highest;
  }

  std::vector<Maximum> samples_;
  std::vector<std::optional<Maximum>> blocks_;
};

/// The outer calls first: by lane, begin, and the longest of those that begin together.
bool is_before(const Growth& a, const Growth& b) {
  return std::tie(a.lane, a.ran.begin, b.ran.end) < std::tie(b.lane, b.ran.begin, a.ran.end);
}

/// A call within another of the same function has grown within that: it is passed over.
std::optional<double> sum_of_outermost(std::vector<Growth> growths) {
  std::sort(growths.begin(), growths.end(), is_before);
  std::optional<double> sum;
  const Growth* outer = nullptr;
  for (const auto& growth : growths) {
    const bool within =
        outer != nullptr && outer->lane == growth.lane && growth.ran.end <= outer->ran.end;
    if (within) continue;
    sum = sum.value_or(0) + growth.mib;
    if (growth.of == Growth::Of::one_call) outer = &growth;
  }
  return sum;
}

}  // namespace

void CallsTally::add(const model::Call& call) {
  ++calls_.calls;
  calls_.seconds += to_seconds(call.t_out - call.t_in);
  raise(calls_.entry, call.mib_in, call.t_in);
  raise(calls_.exit, call.mib_out, call.t_out);
  calls_.stretches.push_back({call.t_in, call.t_out});
  const double growth = growth_of(call);
  if (growth != growth) return;  // NaN
  raise(calls_.largest_growth, growth);
  growths_.push_back({lane_of(call.pid, call.lane), calls_.stretches.back(), growth});
}

void CallsTally::add(const model::CallGroup& group) {
  calls_.calls += group.count;
  calls_.seconds += group.seconds;
  calls_.stretches.push_back({group.t_from, group.t_to});
  if (!group.growth || *group.growth != *group.growth) return;
  growths_.push_back({lane_of(group.pid, group.lane), calls_.stretches.back(), *group.growth,
                      Growth::Of::many_calls});
}

std::uint32_t CallsTally::lane_of(pid_t pid, const std::string& name) {
  const auto next = static_cast<std::uint32_t>(lanes_.size());
  return lanes_.try_emplace(std::to_string(pid) + ' ' + name, next).first->second;
}

FunctionCalls CallsTally::finish() {
  calls_.stretches = joined(std::move(calls_.stretches));
  calls_.growth = sum_of_outermost(std::move(growths_));
  return std::move(calls_);
}

FunctionCallsFold::FunctionCallsFold(std::vector<std::string> functions, LateNames late)
    : late_(std::move(late)), tallies_(functions.size()) {
  for (std::size_t i = 0; i < functions.size(); ++i) places_.emplace(std::move(functions[i]), i);
}

CallsTally* FunctionCallsFold::tally_of(const std::string& recorded_name) {
  const auto place = places_.find(late_.of(recorded_name));
  return place == places_.end() ? nullptr : &tallies_[place->second];
}

void FunctionCallsFold::take(const model::Call& call) {
  if (auto* const tally = tally_of(call.name)) tally->add(call);
}

void FunctionCallsFold::take(const model::CallGroup& group) {
  if (auto* const tally = tally_of(group.name)) tally->add(group);
}

std::vector<FunctionCalls> FunctionCallsFold::finish() {
  std::vector<FunctionCalls> functions;
  for (auto& tally : tallies_) functions.push_back(tally.finish());
  return functions;
}

void FunctionPeakFold::take(const model::Sample& sample) {
  samples_.push_back({sample.mib, sample.t});
}

std::vector<std::optional<Maximum>> FunctionPeakFold::finish() {
  const Highest highest(std::move(samples_));
  std::vector<std::optional<Maximum>> peaks(functions_.size());
  for (std::size_t i = 0; i < functions_.size(); ++i) {
    for (const auto& stretch : functions_[i].stretches) {
      if (const auto sample = highest.within(stretch)) raise(peaks[i], sample->mib, sample->t);
    }
  }
  return peaks;
}

}  // namespace mprofpp::analysis
