#include "mprofpp/inspect/collector_text.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_table.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/detail/columns.hpp"
#include "mprofpp/inspect/detail/painter.hpp"
#include "mprofpp/inspect/detail/shown_json.hpp"

namespace mprofpp::inspect {
namespace {

using detail::ShownJson;

std::string cell_of(const std::optional<std::uint64_t>& number) {
  return number ? grouped_digits(*number) : detail::unknown;
}

ShownJson json_of(const std::optional<std::uint64_t>& number) {
  return number ? ShownJson(*number) : ShownJson(nullptr);
}

ShownJson json_of(const std::optional<double>& number) {
  return number ? ShownJson(*number) : ShownJson(nullptr);
}

ShownJson json_of(const std::vector<NamedCount>& counts) {
  auto json = ShownJson::array();
  for (const auto& count : counts) json.push_back({{"type", count.name}, {"count", count.count}});
  return json;
}

std::string generation_table(const CollectorState& state, const TableLook& look) {
  TextTable table(
      {Align::right, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.add({"GENERATION", "COUNT", "THRESHOLD", "COLLECTIONS", "COLLECTED", "UNCOLLECTABLE"});
  for (std::size_t i = 0; i < state.generations.size(); ++i) {
    const auto& generation = state.generations[i];
    table.add({std::to_string(i), cell_of(generation.objects), cell_of(generation.threshold),
               grouped_digits(generation.collections), grouped_digits(generation.collected),
               grouped_digits(generation.uncollectable)});
  }
  const auto text = table.text(look.columns);
  const auto header = text.find('\n');
  return detail::Painter(look.colours).strong(text.substr(0, header)) + text.substr(header);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + visible(text);
  return out;
}

/// Returns "main.Node 12, main.Leaf 3".
std::string listed(const std::vector<NamedCount>& counts) {
  constexpr std::size_t most = 10;
  std::vector<std::string> texts;
  for (const auto& count : counts) {
    if (texts.size() == most) break;
    texts.push_back(count.name + " " + grouped_digits(count.count));
  }
  const auto left = counts.size() - texts.size();
  return joined(texts) + (left > 0 ? " and " + std::to_string(left) + " more" : "");
}

std::string state_line(const CollectorState& state) {
  std::string text =
      state.is_enabled ? "the collector is on" : "the collector is off: gc.disable()";
  if (state.collection_seconds) {
    if (const auto time = duration_from_seconds(*state.collection_seconds))
      text += "; collections have taken " + readable(*time) + " in all";
  }
  return text + "\n";
}

/// Returns what is unusual in a program, a line each.
std::string remarks(const CollectorState& state) {
  std::string text;
  if (state.frozen.value_or(0) > 0)
    text += "frozen by gc.freeze(): " + detail::counted_objects(*state.frozen) + "\n";
  if (!state.debug.empty()) text += "debug flags: " + joined(state.debug) + "\n";
  if (state.callbacks > 0)
    text += "gc.callbacks: " + counted(state.callbacks, "function", "functions") + "\n";
  if (!state.garbage.empty()) text += "gc.garbage: " + listed(state.garbage) + "\n";
  if (!state.finalizers.empty())
    text += "classes with __del__, and their objects: " + listed(state.finalizers) + "\n";
  return text;
}

std::string trial_text(const Trial& trial, const TableLook& look) {
  if (trial.objects == 0) return "\na full collection would free nothing\n";
  std::string text = "\na full collection would free " + detail::counted_objects(trial.objects) +
                     ", " + detail::bytes_cell(trial.bytes) + "\n";
  if (trial.uncollectable > 0)
    text += "it could not free " + detail::counted_objects(trial.uncollectable) + "\n";
  detail::NamedRows rows({"TYPE", "COUNT", "BYTES"}, {Align::right, Align::right});
  const auto count = look.rows == 0 ? trial.types.size() : std::min(look.rows, trial.types.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& type = trial.types[i];
    rows.add({type.name, grouped_digits(type.count), detail::bytes_cell(type.bytes)});
  }
  const detail::Painter painter(look.colours);
  const auto lines = rows.lines(look.columns);
  text += painter.strong(lines.front().substr(0, lines.front().size() - 1)) + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) text += lines[i];
  if (count < trial.types.size())
    text +=
        painter.faint("… and " + counted(trial.types.size() - count, "more type", "more types")) +
        "\n";
  return text;
}

ShownJson json_of(const Trial& trial) {
  ShownJson json{{"objects", trial.objects},
                 {"bytes", trial.bytes},
                 {"uncollectable", trial.uncollectable},
                 {"seconds", json_of(trial.seconds)}};
  auto& types = json["types"] = ShownJson::array();
  for (const auto& type : trial.types)
    types.push_back({{"type", type.name}, {"count", type.count}, {"bytes", type.bytes}});
  return json;
}

}  // namespace

std::string collector_text(const ShownProcess& process, const CollectorState& state,
                           const TableLook& look) {
  auto text =
      process_line(process, look) + state_line(state) + "\n" + generation_table(state, look);
  const auto notes = remarks(state);
  if (!notes.empty()) text += "\n" + notes;
  return state.trial ? text + trial_text(*state.trial, look) : text;
}

std::string collector_json(const ShownProcess& process, const CollectorState& state) {
  auto json = detail::start_of_json(process.pid, process.command, state.python);
  json["enabled"] = state.is_enabled;
  auto& generations = json["generations"] = ShownJson::array();
  for (const auto& generation : state.generations) {
    generations.push_back({{"count", json_of(generation.objects)},
                           {"threshold", json_of(generation.threshold)},
                           {"collections", generation.collections},
                           {"collected", generation.collected},
                           {"uncollectable", generation.uncollectable}});
  }
  json["collection_seconds"] = json_of(state.collection_seconds);
  json["frozen"] = json_of(state.frozen);
  json["debug"] = state.debug;
  json["callbacks"] = state.callbacks;
  json["garbage"] = json_of(state.garbage);
  json["finalizers"] = json_of(state.finalizers);
  json["trial"] = state.trial ? json_of(*state.trial) : ShownJson(nullptr);
  json["held_ms"] = detail::milliseconds_of(state.held);
  return detail::line_of(json);
}

}  // namespace mprofpp::inspect
