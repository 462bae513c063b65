#include "objects/recorded_objects.hpp"

#include <algorithm>
#include <utility>

#include "cli/exit_status.hpp"
#include "cli/hints.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/objects_text.hpp"
#include "mprofpp/report/objects.hpp"
#include "objects/objects_options.hpp"
#include "options/recording_argument.hpp"
#include "options/time_window.hpp"

namespace mprofpp::app {
namespace {

using analysis::ProcessGrowth;
using analysis::TypeGrowth;
using report::ObjectReport;
using report::RecordedRun;

constexpr double bytes_per_mib = 1048576;

/// Returns the row of a type as tables of running programs have it.
inspect::TypeGrowth row_of(const TypeGrowth& type) {
  return {{.name = type.type, .count = type.after.count, .bytes = type.after.bytes},
          type.added_count(),
          type.added_bytes()};
}

std::string signed_text(std::int64_t growth) {
  if (growth == 0) return "0";
  const auto digits = grouped_digits(static_cast<std::uint64_t>(growth < 0 ? -growth : growth));
  return (growth < 0 ? "−" : "+") + digits;
}

/// Returns "61,234 objects, 8.9 MiB; +2,100 objects, +1.2 MiB".
std::string sums_text(const ProcessGrowth& growth) {
  const auto& all = growth.all;
  const auto text = grouped_digits(all.after.count) +
                    (all.after.count == 1 ? " object, " : " objects, ") +
                    readable(Bytes(static_cast<std::int64_t>(all.after.bytes)));
  if (growth.censuses < 2) return text + "; growth needs two censuses\n";
  return text + "; " + signed_text(all.added_count()) + " objects, " +
         growth_text(static_cast<double>(all.added_bytes()) / bytes_per_mib) + "\n";
}

std::string table_of(const ProcessGrowth& growth, const inspect::TableLook& look) {
  std::vector<inspect::TypeGrowth> rows;
  for (const auto& type : growth.types) {
    const bool was_never_there = type.after.count == 0 && type.before.count == 0;
    if (!was_never_there) rows.push_back(row_of(type));
  }
  return inspect::type_table(rows, look);
}

std::string text_for_people(const RecordedRun& run, const ProcessGrowth& growth,
                            const ObjectReport& report, const inspect::TableLook& look) {
  return visible(run.name) + ": " + report::growth_heading(growth, report) + "\n" +
         sums_text(growth) + "\n" + table_of(growth, look);
}

Error without_objects(const RecordedRun& run, const ObjectReport& report,
                      const std::optional<pid_t>& pid) {
  if (!report.has_objects) {
    return {Errc::not_found, run.name, "has no objects",
            "mprofpp run --objects 30s counts the objects of Python programs"};
  }
  if (pid) {
    return {Errc::not_found, run.name,
            "has no objects of process " + std::to_string(*pid) + " in this window"};
  }
  return {Errc::not_found, run.name, "has no objects in this window"};
}

/// Keeps the types of that name, with or without their module.
void keep_type(ObjectReport& report, const std::string& type) {
  for (auto& process : report.processes) {
    std::erase_if(process.types, [&](const TypeGrowth& growth) {
      const auto dot = growth.type.rfind('.');
      return growth.type != type &&
             (dot == std::string::npos || growth.type.substr(dot + 1) != type);
    });
  }
}

bool has_types(const ObjectReport& report) {
  return std::any_of(report.processes.begin(), report.processes.end(),
                     [](const ProcessGrowth& process) { return !process.types.empty(); });
}

}  // namespace

void RecordedObjects::bind(CLI::App& app) {
  app.add_option("-w,--window", window_,
                 "of a recording: compare the ends of this time window,\n"
                 "counted from the start: 10m,2h")
      ->type_name("FROM,TO");
  app.add_option("--from", from_, "start the window at TIME")->type_name("TIME");
  app.add_option("--to", to_, "end the window at TIME")->type_name("TIME");
  app.add_option("--pid", pid_, "only process PID of a recording")->type_name("PID");
  app.add_option("--run", run_,
                 "print the N-th run of a file with several runs\n"
                 "(default: the last)")
      ->type_name("N");
  app.add_flag("--markdown", markdown_, "print tables of Markdown of a recording");
}

bool RecordedObjects::are_options_given() const {
  return markdown_ ||
         !(window_.empty() && from_.empty() && to_.empty() && pid_.empty() && run_.empty());
}

int RecordedObjects::print(const std::vector<std::string>& files, const ObjectsQuery& query,
                           const Console& console) const {
  const auto parsed = wanted(query);
  if (!parsed) {
    console.report(parsed.error());
    return exit_status::usage;
  }
  int status = exit_status::success;
  std::string text;
  for (const auto& chosen : choose_recordings(files, parsed->run, console)) {
    auto part = chosen ? text_of(*chosen, *parsed, query, console) : Failure(chosen.error());
    if (!part) {
      if (files.empty() && part.error().place.empty())
        part.error().hint =
            "give a PID or NAME, or record a PROGRAM with mprofpp run --objects 30s";
      console.report(part.error());
      status = exit_status::failure;
      continue;
    }
    text += (text.empty() || query.is_json ? "" : "\n") + *part;
  }
  console.print(text);
  return status;
}

Result<RecordedObjects::Wanted> RecordedObjects::wanted(const ObjectsQuery& query) const {
  if (query.is_json && markdown_) {
    return fail(Errc::invalid_argument, "--json", "cannot be combined with --markdown",
                "choose one of them");
  }
  const auto times = parse_window_options({window_, from_, to_});
  if (!times) return Failure(times.error());
  const auto run = parse_run_number(run_);
  if (!run) return Failure(run.error());
  Wanted wanted{*times, {}, *run};
  if (pid_.empty()) return wanted;
  const auto pid = parse_recorded_pid(pid_);
  if (!pid) return Failure(pid.error());
  wanted.pid = *pid;
  return wanted;
}

Result<std::string> RecordedObjects::text_of(const RecordedRun& run, const Wanted& wanted,
                                             const ObjectsQuery& query,
                                             const Console& console) const {
  auto objects = read(run, wanted, query);
  if (!objects) return Failure(std::move(objects.error()));
  if (objects->first_damage)
    console.warn(report::damage_text(run, objects->damaged_lines, *objects->first_damage));
  if (objects->lost > 0)
    console.note(run.name + ": " + counted(objects->lost, "census", "censuses") +
                 " could not be taken");
  constexpr int other_rows = 6;
  const auto look = table_look(console, query.rows, other_rows);
  std::string text;
  for (const auto& process : objects->processes) {
    if (!text.empty() && !query.is_json) text += "\n";
    if (query.is_json)
      text += report::growth_json(run, process, *objects);
    else if (markdown_)
      text += report::growth_markdown(run, process, *objects, look.rows);
    else
      text += text_for_people(run, process, *objects, look);
  }
  return text;
}

/// Reads what was asked for, or explains why there is nothing.
Result<ObjectReport> RecordedObjects::read(const RecordedRun& run, const Wanted& wanted,
                                           const ObjectsQuery& query) {
  const auto window = report::window_in(run, wanted.times);
  if (!window) return Failure(with_hint(Task::read_recording, window.error()));
  auto objects = report::read_objects(run, *window, wanted.pid);
  if (!objects) return Failure(with_hint(Task::read_recording, objects.error()));
  if (objects->processes.empty()) return Failure(without_objects(run, *objects, wanted.pid));
  if (query.type.empty()) return objects;
  keep_type(*objects, query.type);
  if (has_types(*objects)) return objects;
  return fail(Errc::not_found, run.name, "has no type " + query.type,
              "mprofpp objects -n all FILE lists those that it has");
}

}  // namespace mprofpp::app
