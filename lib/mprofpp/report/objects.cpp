#include "mprofpp/report/objects.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_table.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/report/detail/json.hpp"
#include "mprofpp/report/detail/markdown.hpp"

namespace mprofpp::report {
namespace {

using analysis::ProcessGrowth;
using analysis::TypeGrowth;

constexpr double bytes_per_mib = 1048576;

/// Reads what a report needs.
class ObjectReportFold : public model::Sink {
 public:
  ObjectReportFold(const analysis::Window& window, std::optional<pid_t> pid)
      : window_(window), pid_(pid), growth_(window) {}

  using Sink::take;
  void take(const model::Process& process) override { growth_.take(process); }
  void take(const model::ObjectCount& objects) override {
    report_.has_objects = true;
    if (!pid_ || objects.pid == *pid_) growth_.take(objects);
  }
  void take(const model::Lost& lost) override {
    const bool is_census = lost.what == model::Loss::censuses;
    if (is_census && window_.contains(lost.t)) report_.lost += lost.count;
  }
  void take(const model::Damage& damage) override {
    if (report_.damaged_lines++ == 0) report_.first_damage = damage;
  }

  ObjectReport finish() && {
    report_.processes = growth_.growth();
    return std::move(report_);
  }

 private:
  analysis::Window window_;
  std::optional<pid_t> pid_;
  analysis::ObjectGrowthFold growth_;
  ObjectReport report_;
};

std::string moment_text(Instant t, const ObjectReport& report) {
  return readable_moment(t - report.start, std::chrono::milliseconds(100));
}

std::string process_text(const ProcessGrowth& growth) {
  const auto& process = growth.process;
  return "process " + std::to_string(process.pid) +
         (process.name.empty() ? "" : " " + visible(process.name));
}

Json amounts_of(const TypeGrowth& type) {
  Json fields;
  fields["count"] = type.after.count;
  fields["count_growth"] = type.added_count();
  fields["bytes"] = type.after.bytes;
  fields["bytes_growth"] = type.added_bytes();
  return fields;
}

std::string count_growth_text(std::int64_t growth) {
  if (growth == 0) return "0";
  const auto digits = grouped_digits(static_cast<std::uint64_t>(growth < 0 ? -growth : growth));
  return (growth < 0 ? "−" : "+") + digits;
}

std::string row_of(const TypeGrowth& type) {
  return "| " + markdown_text(type.type) + " | " + grouped_digits(type.after.count) + " | " +
         count_growth_text(type.added_count()) + " | " +
         readable(Bytes(static_cast<std::int64_t>(type.after.bytes))) + " | " +
         growth_text(static_cast<double>(type.added_bytes()) / bytes_per_mib) + " |\n";
}

}  // namespace

Result<ObjectReport> read_objects(const RecordedRun& run, const analysis::Window& window,
                                  std::optional<pid_t> pid) {
  const auto range = time_range(run);
  if (!range) return Failure(range.error());
  ObjectReportFold fold(window, pid);
  if (auto done = read(run, fold); !done) return Failure(std::move(done.error()));
  auto report = std::move(fold).finish();
  report.start = range->first;
  return report;
}

std::string growth_heading(const ProcessGrowth& growth, const ObjectReport& report) {
  auto text = process_text(growth);
  if (growth.censuses < 2) return text + ", at " + moment_text(growth.to, report) + ", one census";
  return text + ", from " + moment_text(growth.from, report) + " to " +
         moment_text(growth.to, report) + ", " + counted(growth.censuses, "census", "censuses");
}

std::string growth_json(const RecordedRun& run, const ProcessGrowth& growth,
                        const ObjectReport& report) {
  Json json;
  json["schema"] = 1;
  json["file"] = run.name;
  json["run"] = run.number;
  json["pid"] = growth.process.pid;
  json["start"] = growth.process.start;
  json["name"] = growth.process.name;
  json["from_s"] = to_seconds(growth.from - report.start);
  json["to_s"] = to_seconds(growth.to - report.start);
  json["censuses"] = growth.censuses;
  json["lost_censuses"] = report.lost;
  const auto all = amounts_of(growth.all);
  json["objects"] = all["count"];
  json["objects_growth"] = all["count_growth"];
  json["bytes"] = all["bytes"];
  json["bytes_growth"] = all["bytes_growth"];
  json["types"] = Json::array();
  for (const auto& type : growth.types) {
    Json fields{{"type", type.type}};
    fields.update(amounts_of(type));
    json["types"].push_back(std::move(fields));
  }
  return to_text(json);
}

std::string growth_markdown(const RecordedRun& run, const ProcessGrowth& growth,
                            const ObjectReport& report, std::size_t rows) {
  std::string text = markdown_text(run.name + ": " + growth_heading(growth, report)) +
                     "\n\n| Type | Count | ΔCount | Bytes | ΔBytes |\n"
                     "| --- | ---: | ---: | ---: | ---: |\n";
  const auto shown = rows == 0 ? growth.types.size() : std::min(rows, growth.types.size());
  for (std::size_t i = 0; i < shown; ++i) text += row_of(growth.types[i]);
  return text;
}

}  // namespace mprofpp::report
