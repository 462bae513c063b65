#include "mprofpp/analysis/added_memory.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "mprofpp/analysis/call_readings.hpp"

namespace mprofpp::analysis {
namespace {

using Run = AddedMemoryFold::Run;

/// The start or the end of a run.
struct Event {
  enum class Kind { end, begin, end_at_once };  // in the order of events at the same instant

  Instant t;
  Kind kind;
  std::uint32_t run;
};

std::vector<Event> events_of(const std::vector<Run>& runs) {
  std::vector<Event> events;
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    const bool is_instant = runs[i].begin == runs[i].end;
    events.push_back({runs[i].begin, Event::Kind::begin, i});
    events.push_back({runs[i].end, is_instant ? Event::Kind::end_at_once : Event::Kind::end, i});
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.t, a.kind) < std::tie(b.t, b.kind);
  });
  return events;
}

/// The memory that a function added to one process, in MiB.
struct Sums {
  double layers = 0;
  double parts = 0;  ///< growth of runs that have no layers
  double net = 0;    ///< growth of all runs that are not inside another run of the function
  bool is_known = false;
  bool at_most = false;
};

/// Replays the calls of one process and keeps its memory in layers.
class Layers {
 public:
  explicit Layers(const AddedMemoryFold::Calls& calls)
      : runs_(calls.runs), lanes_(calls.lanes.size()), open_in_thread_(calls.threads.size()) {
    for (const auto& run : runs_) {
      widen(run.in);
      widen(run.out);
    }
  }

  /// Returns what each function added.
  std::map<std::uint32_t, Added> replay() {
    for (const auto& event : events_of(runs_)) {
      if (event.kind == Event::Kind::begin)
        begin(event.run);
      else
        end(event.run);
    }
    add_layers();
    return added();
  }

 private:
  using Functions = std::vector<std::uint32_t>;

  struct Layer {
    double mib = 0;
    std::uint32_t owners = 0;  // the number of their set
    bool is_shared = false;    // calls of several threads were open

    bool is_like(const Layer& other) const {
      return owners == other.owners && is_shared == other.is_shared;
    }
  };

  struct OpenRun {
    std::uint32_t run = 0;
    std::uint64_t overlaps = 0;  // the value of overlaps_ when the run started
  };

  void begin(std::uint32_t index) {
    const auto& run = runs_[index];
    if (run.is_whole) read(run.in);
    if (open_in_thread_[run.thread]++ == 0 && ++busy_threads_ > 1) ++overlaps_;
    lanes_[run.lane].push_back({index, overlaps_});
    if (run.is_whole && run.function != AddedMemoryFold::other) ++open_[run.function];
  }

  void end(std::uint32_t index) {
    const auto& run = runs_[index];
    if (run.is_whole) read(run.out);
    const auto overlaps = remove(index);
    if (run.function != AddedMemoryFold::other && run.growth) count(run, overlaps);
    if (--open_in_thread_[run.thread] == 0) --busy_threads_;
    if (!run.is_whole || run.function == AddedMemoryFold::other) return;
    const auto open = open_.find(run.function);
    if (--open->second == 0) open_.erase(open);
  }

  /// Removes the run from its lane, where it is almost always the last, and returns its `overlaps`.
  std::uint64_t remove(std::uint32_t index) {
    auto& lane = lanes_[runs_[index].lane];
    const auto found = std::find_if(lane.rbegin(), lane.rend(),
                                    [&](const OpenRun& open) { return open.run == index; });
    const auto overlaps = found->overlaps;
    lane.erase(std::next(found).base());
    return overlaps;
  }

  void count(const Run& run, std::uint64_t overlaps_at_begin) {
    auto& sums = sums_[run.function];
    sums.is_known = true;
    if (is_within_same(run)) return;
    sums.net += *run.growth;
    if (run.is_whole) return;
    sums.parts += *run.growth;
    const bool was_alone = busy_threads_ <= 1 && overlaps_ == overlaps_at_begin;
    sums.at_most = sums.at_most || !was_alone;
  }

  bool is_within_same(const Run& run) const {
    const auto& lane = lanes_[run.lane];
    return std::any_of(lane.begin(), lane.end(), [&](const OpenRun& open) {
      const auto& outer = runs_[open.run];
      return outer.function == run.function && outer.is_whole && outer.begin <= run.begin &&
             outer.level <= run.level;
    });
  }

  void widen(const std::optional<double>& mib) {
    if (!mib) return;
    lowest_ = std::min(lowest_.value_or(*mib), *mib);
    highest_ = std::max(highest_.value_or(*mib), *mib);
  }

  void read(const std::optional<double>& mib) {
    if (!mib) return;
    const double change = *mib - reading_.value_or(*mib);
    reading_ = mib;
    if (change > 0) put({change, owners(), busy_threads_ > 1});
    if (change < 0) take_off(-change);
  }

  void put(const Layer& layer) {
    if (!layers_.empty() && layers_.back().is_like(layer))
      layers_.back().mib += layer.mib;
    else
      layers_.push_back(layer);
  }

  void take_off(double mib) {
    while (!layers_.empty() && layers_.back().mib <= mib) {
      mib -= layers_.back().mib;
      layers_.pop_back();
    }
    if (!layers_.empty()) layers_.back().mib -= mib;
  }

  /// Returns the number of the set of functions that are open.
  std::uint32_t owners() {
    Functions functions;
    for (const auto& [function, count] : open_) functions.push_back(function);
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    return numbers_.try_emplace(std::move(functions), next).first->second;
  }

  void add_layers() {
    std::vector<const Functions*> sets(numbers_.size());
    for (const auto& [functions, number] : numbers_) sets[number] = &functions;
    for (const auto& layer : layers_) {
      for (const auto function : *sets[layer.owners]) {
        auto& sums = sums_[function];
        sums.layers += layer.mib;
        sums.at_most = sums.at_most || layer.is_shared;
      }
    }
  }

  std::map<std::uint32_t, Added> added() const {
    std::map<std::uint32_t, Added> all;
    for (const auto& [function, sums] : sums_) {
      if (sums.is_known) all[function] = bounded(sums);
    }
    return all;
  }

  Added bounded(const Sums& sums) const {
    const double grown = sums.layers + std::max(sums.parts, 0.0);
    const double room = highest_.value_or(0) - lowest_.value_or(0);
    if (grown <= 0) return {std::clamp(sums.net, -room, 0.0), false};
    return grown <= room ? Added{grown, sums.at_most} : Added{room, true};
  }

  const std::vector<Run>& runs_;
  std::vector<std::vector<OpenRun>> lanes_;
  std::vector<std::uint32_t> open_in_thread_;
  std::size_t busy_threads_ = 0;
  std::uint64_t overlaps_ = 0;  // how often a second thread became busy
  std::map<std::uint32_t, std::uint32_t> open_;
  std::optional<double> reading_;
  std::optional<double> lowest_;
  std::optional<double> highest_;
  std::vector<Layer> layers_;
  std::map<Functions, std::uint32_t> numbers_;
  std::map<std::uint32_t, Sums> sums_;
};

template <class Key>
std::uint32_t number_of(std::unordered_map<Key, std::uint32_t>& numbers, const Key& key) {
  return numbers.try_emplace(key, static_cast<std::uint32_t>(numbers.size())).first->second;
}

Run run_in(AddedMemoryFold::Calls& calls, const model::LaneId& lane) {
  Run run;
  run.lane = number_of(calls.lanes, lane);
  run.thread = number_of(calls.threads, lane.thread);
  return run;
}

}  // namespace

AddedMemoryFold::AddedMemoryFold(const std::vector<std::string>& functions, LateNames late)
    : selection_(Selection::given), late_(std::move(late)) {
  for (const auto& name : functions) number_of(functions_, name);
}

/// The names of given functions are known before: their records may come before the names.
void AddedMemoryFold::take(const model::Settings& settings) {
  if (selection_ == Selection::all) late_.take(settings);
}

void AddedMemoryFold::take(const model::Process& process) {
  starts_[process.id.pid] = process.id.start;
}

/// Counts a call, and drops all of them when they become too many.
bool AddedMemoryFold::has_room() {
  if (runs_ == most_runs_) processes_.clear();
  if (runs_ <= most_runs_) ++runs_;
  return runs_ <= most_runs_;
}

void AddedMemoryFold::take(const model::Call& call) {
  if (!has_room()) return;
  auto& calls = calls_of(call.pid);
  auto run = run_in(calls, call.lane);
  run.function = function_of(call.name);
  run.level = call.level.value_or(0);
  run.begin = call.t_in;
  run.end = std::max(call.t_in, call.t_out);
  run.in = reading_in(call);
  run.out = reading_out(call);
  run.growth = growth_of(call);
  run.is_whole = !active_seconds(call);
  calls.runs.push_back(run);
}

void AddedMemoryFold::take(const model::CallGroup& group) {
  if (!has_room()) return;
  auto& calls = calls_of(group.pid);
  auto run = run_in(calls, group.lane);
  run.function = function_of(group.name);
  run.level = group.level;
  run.begin = group.t_from;
  run.end = std::max(group.t_from, group.t_to);
  run.in = unless_nan(group.rss_min);
  run.out = unless_nan(group.rss_max);
  run.growth = unless_nan(group.growth);
  run.is_whole = false;
  calls.runs.push_back(run);
}

AddedMemoryFold::Calls& AddedMemoryFold::calls_of(pid_t pid) {
  const auto start = starts_.find(pid);
  return processes_[{pid, start == starts_.end() ? 0 : start->second}];
}

std::uint32_t AddedMemoryFold::function_of(const std::string& recorded_name) {
  if (selection_ == Selection::all) return number_of(functions_, recorded_name);
  const auto found = functions_.find(late_.of(recorded_name));
  return found == functions_.end() ? other : found->second;
}

std::vector<std::optional<Added>> AddedMemoryFold::finish() {
  std::vector<std::optional<Added>> all(functions_.size());
  for (const auto& [process, calls] : processes_) {
    for (const auto& [function, added] : Layers(calls).replay()) {
      auto& sum = all[function];
      if (!sum) sum = Added{};
      sum->mib += added.mib;
      sum->at_most = sum->at_most || added.at_most;
    }
  }
  processes_.clear();
  return all;
}

/// Gives functions the names that came late. Two places in files may turn out to be one function.
void AddedMemoryFold::use_late_names() {
  if (late_.empty()) return;
  std::vector<std::uint32_t> renumbered(functions_.size());
  std::unordered_map<std::string, std::uint32_t> named;
  for (const auto& [recorded, number] : functions_) {
    renumbered[number] = number_of(named, late_.of(recorded));
  }
  functions_ = std::move(named);
  for (auto& [process, calls] : processes_) {
    for (auto& run : calls.runs) run.function = renumbered[run.function];
  }
}

std::unordered_map<std::string, Added> AddedMemoryFold::finish_by_name() {
  use_late_names();
  const auto all = finish();
  std::unordered_map<std::string, Added> by_name;
  for (const auto& [name, number] : functions_) {
    if (all[number]) by_name.emplace(name, *all[number]);
  }
  return by_name;
}

}  // namespace mprofpp::analysis
