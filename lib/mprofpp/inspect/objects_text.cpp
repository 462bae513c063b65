#include "mprofpp/inspect/objects_text.hpp"

#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/detail/columns.hpp"
#include "mprofpp/inspect/detail/painter.hpp"
#include "mprofpp/inspect/detail/shown_json.hpp"

namespace mprofpp::inspect {
namespace {

using detail::NamedRows;
using detail::ShownJson;

template <class Row>
std::size_t shown_rows(const std::vector<Row>& rows, const TableLook& look) {
  return look.rows == 0 ? rows.size() : std::min(rows.size(), look.rows);
}

/// Returns the lines of a table with its header in bold and the rows that have grown in colour.
template <class IsGrowing>
std::string painted(const std::vector<std::string>& lines, const TableLook& look,
                    const IsGrowing& is_growing) {
  const detail::Painter painter(look.colours);
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = lines[i].substr(0, lines[i].size() - 1);
    const bool is_plain = i > 0 && !is_growing(i - 1);
    text += (i == 0 ? painter.strong(line) : is_plain ? line : painter.growing(line)) + "\n";
  }
  return text;
}

std::string rest_line(std::size_t left, const char* one, const char* several,
                      const TableLook& look) {
  if (left == 0) return {};
  return detail::Painter(look.colours).faint("… and " + counted(left, one, several)) + "\n";
}

/// Returns "61,234 objects, 8.9 MiB", and what that leaves out.
std::string sums_of(const Census& census) {
  return detail::counted_objects(census.objects) + ", " +
         (census.is_lower_bound ? detail::least_bytes_cell(census.bytes)
                                : detail::bytes_cell(census.bytes));
}

/// Returns the line about all objects.
std::string sums_line(const ObjectsLook& objects) {
  auto text = sums_of(objects.now);
  if (!objects.before) return text + "; look again to see what grows\n";
  const auto& before = objects.before->census;
  const auto count = growth_between(before.objects, objects.now.objects);
  const auto bytes = growth_between(before.bytes, objects.now.bytes);
  const auto period = objects.function.empty() ? "in the last " + readable(objects.before->ago)
                                               : "in a call of " + visible(objects.function) +
                                                     " of " + readable(objects.before->ago);
  return text + "; " + period + ": " + detail::growth_cell(count) + " objects, " +
         detail::bytes_growth_cell(bytes) + "\n";
}

std::string frozen_line(const Census& census) {
  if (census.frozen.value_or(0) == 0) return {};
  return detail::counted_objects(*census.frozen) + " in gc.freeze() are not counted\n";
}

std::string length_cell(const ContainerGrowth& container) {
  auto now = grouped_digits(container.now.length);
  if (container.growth() == 0) return now;
  if (container.length_before) return grouped_digits(*container.length_before) + " → " + now;
  if (container.growth() < 0) return now;
  const auto most = *container.most_before;
  return (most == 0 ? "new" : "at most " + grouped_digits(most)) + " → " + now;
}

std::string container_table(const std::vector<ContainerGrowth>& containers, const TableLook& look) {
  NamedRows rows({"CONTAINER", "KIND", "LENGTH", "BYTES"},
                 {Align::left, Align::right, Align::right});
  const auto count = shown_rows(containers, look);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& now = containers[i].now;
    rows.add({now.path.value_or(now.address), now.kind, length_cell(containers[i]),
              detail::bytes_cell(now.bytes)});
  }
  return painted(rows.lines(look.columns), look,
                 [&](std::size_t row) { return containers[row].growth() > 0; }) +
         rest_line(containers.size() - count, "more container", "more containers", look);
}

std::string tables_of(const ObjectsLook& objects, const TableLook& look) {
  const auto* before = objects.census_before();
  if (!objects.now.containers.empty())
    return container_table(container_growths(objects.now, before), look);
  auto text = type_table(type_growths(objects.now, before), look);
  const auto& others = objects.now.other_types;
  if (others.types == 0) return text;
  return text + "not listed: " + counted(others.types, "type", "types") + " with " +
         detail::counted_objects(others.count) + ", " + detail::bytes_cell(others.bytes) + "\n";
}

ShownJson json_of(const std::optional<std::int64_t>& growth) {
  return growth ? ShownJson(*growth) : ShownJson(nullptr);
}

ShownJson json_of(const TypeGrowth& type) {
  return {{"type", type.now.name},   {"address", type.now.address},
          {"count", type.now.count}, {"count_growth", json_of(type.count)},
          {"bytes", type.now.bytes}, {"bytes_growth", json_of(type.bytes)}};
}

ShownJson json_of(const ContainerGrowth& container) {
  const auto& now = container.now;
  const auto& before = container.length_before;
  return {{"path", now.path ? ShownJson(*now.path) : ShownJson(nullptr)},
          {"kind", now.kind},
          {"address", now.address},
          {"length", now.length},
          {"length_before", before ? ShownJson(*before) : ShownJson(nullptr)},
          {"most_before",
           container.most_before ? ShownJson(*container.most_before) : ShownJson(nullptr)},
          {"bytes", now.bytes}};
}

ShownJson json_of(const Instance& instance) {
  return {{"address", instance.address},
          {"size", instance.size},
          {"length", instance.length ? ShownJson(*instance.length) : ShownJson(nullptr)},
          {"value", instance.value ? ShownJson(*instance.value) : ShownJson(nullptr)}};
}

std::string instance_table(const TypeInstances& type, const TableLook& look) {
  const bool has_lengths = std::any_of(type.largest.begin(), type.largest.end(),
                                       [](const Instance& i) { return i.length.has_value(); });
  const bool has_values = std::any_of(type.largest.begin(), type.largest.end(),
                                      [](const Instance& i) { return i.value.has_value(); });
  std::vector<Align> alignments = {Align::left, Align::right};
  std::vector<std::string> header = {"ADDRESS", "SIZE"};
  const auto add = [&](bool is_wanted, std::vector<std::string>& row, const std::string& cell) {
    if (is_wanted) row.push_back(cell);
  };
  add(has_lengths, header, "LENGTH");
  if (has_lengths) alignments.push_back(Align::right);
  add(has_values, header, "VALUE");
  if (has_values) alignments.push_back(Align::left);
  TextTable table(alignments);
  table.add(header);
  for (std::size_t i = 0; i < shown_rows(type.largest, look); ++i) {
    const auto& instance = type.largest[i];
    std::vector<std::string> row = {instance.address, detail::bytes_cell(instance.size)};
    add(has_lengths, row, instance.length ? grouped_digits(*instance.length) : detail::unknown);
    add(has_values, row, instance.value.value_or(detail::unknown));
    table.add(row);
  }
  std::vector<std::string> lines;
  for_each_line(table.text(look.columns),
                [&](std::string_view line) { lines.push_back(std::string(line) + "\n"); });
  return painted(lines, look, [](std::size_t) { return false; });
}

}  // namespace

std::string process_line(const ShownProcess& process, const TableLook& look) {
  const auto name = "process " + std::to_string(process.pid);
  auto rest = ", Python " + visible(process.python) + ": " + visible(process.command);
  if (look.columns > name.size()) rest = cut_to_width(rest, look.columns - name.size());
  return detail::Painter(look.colours).strong(name) + rest + "\n";
}

std::string type_table(const std::vector<TypeGrowth>& types, const TableLook& look) {
  NamedRows rows({"TYPE", "COUNT", "ΔCOUNT", "BYTES", "ΔBYTES"},
                 {Align::right, Align::right, Align::right, Align::right});
  const auto count = shown_rows(types, look);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& type = types[i];
    rows.add({type.now.name, grouped_digits(type.now.count), detail::growth_cell(type.count),
              detail::bytes_cell(type.now.bytes), detail::bytes_growth_cell(type.bytes)});
  }
  return painted(rows.lines(look.columns), look,
                 [&](std::size_t row) {
                   return types[row].bytes.value_or(0) > 0 || types[row].count.value_or(0) > 0;
                 }) +
         rest_line(types.size() - count, "more type", "more types", look);
}

std::string objects_text(const ObjectsLook& objects, const TableLook& look) {
  return process_line(objects.process, look) + sums_line(objects) + frozen_line(objects.now) +
         "\n" + tables_of(objects, look);
}

std::string objects_json(const ObjectsLook& objects) {
  const auto* before = objects.census_before();
  const auto& now = objects.now;
  auto json = detail::start_of_json(objects.process.pid, objects.process.command, now.python);
  json["objects"] = now.objects;
  json["bytes"] = now.bytes;
  json["is_lower_bound"] = now.is_lower_bound;
  json["frozen"] = now.frozen ? ShownJson(*now.frozen) : ShownJson(nullptr);
  json["since_seconds"] =
      objects.before ? ShownJson(to_seconds(objects.before->ago)) : ShownJson(nullptr);
  if (!objects.function.empty()) json["function"] = objects.function;
  json["held_ms"] = detail::milliseconds_of(now.held);
  auto& types = json["types"] = ShownJson::array();
  for (const auto& type : type_growths(now, before)) types.push_back(json_of(type));
  json["other_types"] = {{"types", now.other_types.types},
                         {"count", now.other_types.count},
                         {"bytes", now.other_types.bytes}};
  auto& containers = json["containers"] = ShownJson::array();
  for (const auto& container : container_growths(now, before))
    containers.push_back(json_of(container));
  return detail::line_of(json);
}

std::string instances_text(const ShownProcess& process, const Instances& instances,
                           const TableLook& look) {
  auto text = process_line(process, look);
  for (const auto& type : instances.types) {
    text += "\n" + detail::Painter(look.colours).strong(visible(type.type)) + ": " +
            detail::counted_objects(type.count) + ", " +
            (type.is_lower_bound ? detail::least_bytes_cell(type.bytes)
                                 : detail::bytes_cell(type.bytes));
    if (type.count > type.largest.size() && !type.largest.empty()) text += "; the largest:";
    text += "\n";
    if (!type.largest.empty()) text += instance_table(type, look);
  }
  return text;
}

std::string instances_json(const ShownProcess& process, const Instances& instances) {
  auto json = detail::start_of_json(process.pid, process.command, instances.python);
  json["held_ms"] = detail::milliseconds_of(instances.held);
  auto& types = json["types"] = ShownJson::array();
  for (const auto& type : instances.types) {
    ShownJson entry{{"type", type.type},
                    {"address", type.address},
                    {"count", type.count},
                    {"bytes", type.bytes},
                    {"is_lower_bound", type.is_lower_bound}};
    auto& largest = entry["largest"] = ShownJson::array();
    for (const auto& instance : type.largest) largest.push_back(json_of(instance));
    types.push_back(std::move(entry));
  }
  return detail::line_of(json);
}

std::string stored_census(const Census& census) {
  ShownJson json{{"python", census.python},
                 {"objects", census.objects},
                 {"bytes", census.bytes},
                 {"is_lower_bound", census.is_lower_bound},
                 {"untracked", census.has_untracked}};
  json["other_types"] = {{"types", census.other_types.types},
                         {"count", census.other_types.count},
                         {"bytes", census.other_types.bytes}};
  auto& types = json["types"] = ShownJson::array();
  for (const auto& type : census.types)
    types.push_back(ShownJson::array({type.name, type.count, type.bytes, type.address}));
  auto& containers = json["containers"] = ShownJson::array();
  for (const auto& container : census.containers) {
    containers.push_back({{"kind", container.kind},
                          {"length", container.length},
                          {"bytes", container.bytes},
                          {"address", container.address}});
  }
  return detail::line_of(json);
}

}  // namespace mprofpp::inspect
