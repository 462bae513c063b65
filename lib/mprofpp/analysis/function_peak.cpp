#include "mprofpp/analysis/function_peak.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "mprofpp/analysis/call_readings.hpp"

namespace mprofpp::analysis {
namespace {

void raise(std::optional<Maximum>& maximum, double mib, Instant t) {
  if (mib != mib) return;  // NaN
  if (!maximum || mib > maximum->mib) maximum = Maximum{mib, t};
}

void raise(std::optional<double>& largest, double value) {
  if (value == value && (!largest || value > *largest)) largest = value;
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

void raise_to(std::optional<Maximum>& maximum, const std::optional<Maximum>& other) {
  if (other) raise(maximum, other->mib, other->t);
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

  std::optional<Maximum> within(const std::vector<Stretch>& stretches) const {
    std::optional<Maximum> highest;
    for (const auto& stretch : stretches) raise_to(highest, within(stretch));
    return highest;
  }

 private:
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

  static constexpr std::size_t block = 1024;

  static bool is_earlier(const Maximum& a, const Maximum& b) { return a.t < b.t; }

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
  if (const auto in = reading_in(call)) raise(calls_.entry, *in, call.t_in);
  if (const auto out = reading_out(call)) raise(calls_.exit, *out, call.t_out);
  const Stretch ran{call.t_in, call.t_out};
  calls_.stretches[call.pid].push_back(ran);
  const auto growth = growth_of(call);
  if (!growth) return;
  raise(calls_.largest_growth, *growth);
  growths_.push_back({lane_of(call.pid, call.lane), ran, *growth});
}

void CallsTally::add(const model::CallGroup& group) {
  calls_.calls += group.count;
  calls_.seconds += group.seconds;
  const Stretch ran{group.t_from, group.t_to};
  calls_.stretches[group.pid].push_back(ran);
  if (group.rss_max) raise(calls_.exit, *group.rss_max, group.t_to);
  if (!group.growth || *group.growth != *group.growth) return;
  growths_.push_back({lane_of(group.pid, group.lane), ran, *group.growth, Growth::Of::many_calls});
}

std::uint32_t CallsTally::lane_of(pid_t pid, const std::string& name) {
  const auto next = static_cast<std::uint32_t>(lanes_.size());
  return lanes_.try_emplace(std::to_string(pid) + ' ' + name, next).first->second;
}

FunctionCalls CallsTally::finish() {
  for (auto& [pid, stretches] : calls_.stretches) stretches = joined(std::move(stretches));
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

FunctionPeakFold::FunctionPeakFold(const std::vector<FunctionCalls>& functions)
    : functions_(functions) {
  for (const auto& function : functions) {
    for (const auto& [pid, stretches] : function.stretches) own_[pid];
  }
  own_.erase(0);
}

void FunctionPeakFold::take(const model::Sample& sample) {
  add_root(root_.take(sample));
  total_.push_back({sample.mib, sample.t});
}

void FunctionPeakFold::take(const model::ChildSample& sample) {
  root_.take(sample);
  const auto own = own_.find(sample.pid);
  if (own != own_.end()) own->second.push_back({sample.mib, sample.t});
}

void FunctionPeakFold::add_root(const std::optional<Maximum>& reading) {
  if (!reading) return;
  const auto own = own_.find(*root_.root());
  if (own != own_.end()) own->second.push_back(*reading);
}

std::vector<std::optional<FunctionSample>> FunctionPeakFold::finish() {
  add_root(root_.finish());
  const Highest total(std::move(total_));
  std::map<pid_t, Highest> own;
  for (auto& [pid, samples] : own_) own.emplace(pid, std::move(samples));
  own_.clear();

  std::vector<std::optional<FunctionSample>> peaks;
  for (const auto& function : functions_) {
    std::optional<Maximum> of_processes;
    std::optional<Maximum> of_total;
    for (const auto& [pid, stretches] : function.stretches) {
      const auto in_total = total.within(stretches);
      raise_to(of_total, in_total);
      const auto readings = own.find(pid);
      if (readings != own.end()) raise_to(of_processes, readings->second.within(stretches));
      if (pid == 0)
        raise_to(of_processes, in_total);  // mprof names no process: MEM is what it marks
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
