#include "mprofpp/dat/lane.hpp"

#include "mprofpp/base/text.hpp"

namespace mprofpp::dat {

using Kind = model::LaneId::Kind;

std::string lane_text(const model::LaneId& lane) {
  if (lane.kind == Kind::unknown) return "";
  auto text = "t" + std::to_string(lane.thread);
  if (lane.kind == Kind::thread) return text;
  return text + (lane.kind == Kind::greenlet ? ".g" : ".k") + std::to_string(lane.number);
}

model::LaneId to_lane(std::string_view text) {
  if (!text.starts_with('t')) return {};
  const auto dot = text.find('.');
  const auto thread = parse_integer<std::uint32_t>(text.substr(1, dot - 1));
  if (!thread) return {};
  if (dot == std::string_view::npos) return {*thread, Kind::thread, 0};
  const auto rest = text.substr(dot + 1);
  const auto number = rest.empty() ? std::nullopt : parse_integer<std::uint64_t>(rest.substr(1));
  if (!number) return {};
  if (rest.starts_with('g')) return {*thread, Kind::greenlet, *number};
  if (rest.starts_with('k')) return {*thread, Kind::task, *number};
  return {};
}

}  // namespace mprofpp::dat
