#include "mprofpp/analysis/peak.hpp"

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "damage.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/catalogue.hpp"
#include "mprofpp/store/reader.hpp"
#include "process_tree.hpp"

namespace mprofpp::app {
namespace {

using analysis::PeakReport;
using Json = nlohmann::ordered_json;

std::string_view source_name(model::KernelPeak::Source source) {
  switch (source) {
    case model::KernelPeak::Source::rusage:
      return "rusage";
    case model::KernelPeak::Source::tree_max:
      return "tree-max";
    case model::KernelPeak::Source::hwm:
      break;
  }
  return "hwm";
}

std::string mib(double value) {
  return fixed(value, 3) + " MiB";
}

/// mprof's lines, `<file>\t%.3f MiB` and `  Child PID\t\t\t%.3f MiB`, with one of ours between.
std::string as_text(const std::string& file, const PeakReport& report) {
  std::string text = file + "\t" + mib(*report.best_mib()) + "\n";
  text += "  sampled " + mib(report.sampled->mib) + " at " +
          readable(report.sampled->t - report.start);
  if (report.kernel) text += ", kernel " + mib(report.kernel->mib);
  if (report.largest) text += ", largest single process " + mib(report.largest->mib);
  text += "\n";
  for (const auto& process : report.processes) {
    if (process.is_root || !process.sampled) continue;
    text += "  Child " + std::to_string(process.id.pid) + "\t\t\t" + mib(process.sampled->mib) + "\n";
  }
  return text;
}

Json number_or_null(const std::optional<double>& value) {
  return value && *value == *value ? Json(*value) : Json(nullptr);
}

Json maximum_fields(const std::optional<analysis::Maximum>& sampled,
                    const std::optional<analysis::KernelMaximum>& kernel, Instant start) {
  Json fields;
  fields["sampled_mib"] = sampled ? Json(sampled->mib) : Json(nullptr);
  fields["sampled_at_s"] = sampled ? Json(to_seconds(sampled->t - start)) : Json(nullptr);
  fields["kernel_mib"] = kernel ? Json(kernel->mib) : Json(nullptr);
  fields["kernel_source"] = kernel ? Json(source_name(kernel->source)) : Json(nullptr);
  return fields;
}

Json as_json(const std::string& file, const PeakReport& report) {
  Json json;
  json["schema"] = 1;
  json["file"] = file;
  json["metric"] = report.metric;
  json["peak_mib"] = number_or_null(report.best_mib());
  json.update(maximum_fields(report.sampled, report.kernel, report.start));
  json["largest_process_mib"] = report.largest ? Json(report.largest->mib) : Json(nullptr);
  json["damaged_lines"] = report.damaged_lines;
  json["processes"] = Json::array();
  for (const auto& process : report.processes) {
    Json fields;
    fields["pid"] = process.id.pid;
    fields["start"] = process.id.start;
    fields["parent"] = process.parent;
    fields["name"] = process.name;
    fields["command"] = process.command;
    fields["root"] = process.is_root;
    fields["first_seen_s"] = to_seconds(process.first_seen - report.start);
    fields["last_seen_s"] = to_seconds(process.last_seen - report.start);
    fields.update(maximum_fields(process.sampled, process.kernel, report.start));
    json["processes"].push_back(std::move(fields));
  }
  return json;
}

std::string as_json_line(const std::string& file, const PeakReport& report) {
  return as_json(file, report).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

class PeakCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description("Prints the peak of recordings, the newest of this folder if none is named.");
    app.add_option("file", files_, "recordings, or indices: 0 is the oldest here, -1 the newest")
        ->type_name("[FILE …]");
    app.add_flag("-M,--multiprocess", tree_, "print the tree of processes, with names and times");
    app.add_flag("--json", json_, "print JSON, one object a line");
    app.footer(
        "The first line is the best known peak: the kernel's high-water mark where there is one for\n"
        "what was recorded, else the highest sample. The second says both.\n"
        "\n"
        "examples:\n"
        "  mprofpp peak\n"
        "  mprofpp peak --json server.dat | jq .peak_mib");
  }

  int run(const Console& console) override {
    auto files = chosen_files(console);
    if (!files) {
      console.report(files.error());
      return exit_status::failure;
    }
    int status = exit_status::success;
    for (const auto& file : *files) {
      if (auto printed = print_peak(file, console); !printed) {
        console.report(printed.error());
        status = exit_status::failure;
      }
    }
    return status;
  }

 private:
  Result<std::vector<std::string>> chosen_files(const Console& console) const {
    if (files_.empty()) {
      auto newest = store::newest_recording(".");
      if (!newest) return Failure(std::move(newest.error()));
      console.say("using the newest recording, " + *newest);
      return std::vector{*newest};
    }
    std::vector<std::string> paths;
    for (const auto& name : files_) {
      auto path = store::pick_recording(".", name);
      if (!path) return Failure(std::move(path.error()));
      paths.push_back(std::move(*path));
    }
    return paths;
  }

  Result<void> print_peak(const std::string& file, const Console& console) const {
    analysis::PeakFold fold;
    if (auto read = store::read(file, fold); !read) return read;
    const auto report = fold.report();
    if (report.first_damage) {
      console.warn(damage_text(file, report.damaged_lines, *report.first_damage));
    }
    if (!report.sampled) {
      return fail(Errc::malformed, file, "has no memory samples",
                  "the recording ended before its first one");
    }
    console.print(json_ ? as_json_line(file, report) : as_text(file, report));
    if (tree_ && !json_) console.print(process_tree_text(report));
    return {};
  }

  std::vector<std::string> files_;
  bool tree_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_peak_command() {
  return std::make_unique<PeakCommand>();
}

}  // namespace mprofpp::app
