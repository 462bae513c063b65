#include <algorithm>
#include <map>
#include <optional>

#include "mprofpp/page/document.hpp"
#include "mprofpp/page/units.hpp"
#include "mprofpp/page/values.hpp"

namespace mprofpp::page {
namespace {

using Kind = model::LaneId::Kind;

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::thread:
      return "thread";
    case Kind::greenlet:
      return "greenlet";
    case Kind::task:
      return "task";
    case Kind::unknown:
      break;
  }
  return "unknown";
}

std::string lane_name(const model::LaneId& lane) {
  if (lane.kind == Kind::unknown) return {};
  const auto number = lane.kind == Kind::thread ? lane.thread : lane.number;
  return std::string(name_of(lane.kind)) + " " + std::to_string(number);
}

Json lane_json(std::optional<std::size_t> process, const PageLane& lane) {
  return {{"process", number_or_null(process)},
          {"name", lane_name(lane.id)},
          {"kind", name_of(lane.id.kind)},
          {"levels", lane.levels},
          {"left_out", lane.left_out}};
}

/// The lanes that have calls on the page, and one more for each process that has others.
class Lanes {
 public:
  Lanes(const PageCalls& calls, const Processes& processes) : numbers_(calls.lanes.size()) {
    std::vector<bool> has_calls(calls.lanes.size());
    for (const auto& call : calls.calls) has_calls[call.lane] = true;
    std::map<std::optional<std::size_t>, std::uint64_t> others;
    for (std::size_t i = 0; i < calls.lanes.size(); ++i) {
      const auto& lane = calls.lanes[i];
      processes_.push_back(processes.number_of(lane.process));
      numbers_[i] = json_.size();
      if (has_calls[i])
        json_.push_back(lane_json(processes_.back(), lane));
      else if (lane.left_out > 0)
        others[processes_.back()] += lane.left_out;
    }
    for (const auto& [process, left_out] : others) add_others(process, left_out);
  }

  const Json& json() const { return json_; }
  std::uint64_t number_of(const PageCall& call) const { return numbers_[call.lane]; }
  std::optional<std::size_t> process_of(const PageCall& call) const {
    return processes_[call.lane];
  }

 private:
  void add_others(std::optional<std::size_t> process, std::uint64_t left_out) {
    auto lane = lane_json(process, {.left_out = left_out});
    lane["name"] = "other lanes";
    json_.push_back(std::move(lane));
  }

  std::vector<std::uint64_t> numbers_;
  std::vector<std::optional<std::size_t>> processes_;
  Json json_ = Json::array();
};

/// Returns the numbers of the functions' names.
std::vector<std::uint64_t> name_numbers(const PageCalls& calls, const Caps& caps,
                                        Strings& strings) {
  constexpr auto unused = ~std::uint64_t{0};
  std::vector<std::uint64_t> numbers(calls.functions.size(), unused);
  for (const auto& call : calls.calls) {
    auto& number = numbers[call.function];
    if (number != unused) continue;
    number = strings.number_of(shown_text(calls.functions[call.function], caps.text()));
  }
  return numbers;
}

}  // namespace

Json calls_json(const PageCalls& calls, const Caps& caps, const Processes& processes,
                Strings& strings, Arrays& arrays) {
  using Call = const PageCall&;
  const auto names = name_numbers(calls, caps, strings);
  const Lanes lanes(calls, processes);
  const auto unknown_process = processes.shown().size();
  const auto& all = calls.calls;
  Json json;
  json["n"] = all.size();
  json["name"] = arrays.add_unsigned(all, [&](Call call) { return names[call.function]; });
  json["process"] = arrays.add_unsigned(all, [&](Call call) -> std::uint64_t {
    return lanes.process_of(call).value_or(unknown_process);
  });
  json["lane"] = arrays.add_unsigned(all, [&](Call call) { return lanes.number_of(call); });
  json["level"] = arrays.add_unsigned(
      all, [](Call call) { return static_cast<std::uint64_t>(std::max(call.level, 0)); });
  json["t0"] = arrays.add_deltas(all, micro, [](Call call) { return microseconds(call.begin); });
  json["t1"] = arrays.add_deltas(all, micro, [](Call call) { return microseconds(call.end); });
  json["rss0"] = arrays.add_floats(all, [](Call call) { return call.rss_in; });
  json["rss1"] = arrays.add_floats(all, [](Call call) { return call.rss_out; });
  json["grown"] = arrays.add_floats(all, [](Call call) { return call.grown; });
  json["flags"] = arrays.add_unsigned(all, [](Call call) { return std::uint64_t{call.flags}; });
  json["count"] = arrays.add_unsigned(all, [](Call call) { return call.count; });
  json["active"] = arrays.add_floats(all, [](Call call) { return call.active; });
  const bool is_complete = std::all_of(calls.lanes.begin(), calls.lanes.end(),
                                       [](const PageLane& lane) { return lane.left_out == 0; });
  return {{"calls", std::move(json)}, {"lanes", lanes.json()}, {"calls_complete", is_complete}};
}

}  // namespace mprofpp::page
