#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/brief.hpp"
#include "mprofpp/store/catalogue.hpp"
#include "table.hpp"

namespace mprofpp::app {
namespace {

using Json = nlohmann::ordered_json;

/// mprof's way of writing the start, from the name: HH:MM:SS DD/MM/YYYY.
std::string start_of(const std::string& name) {
  const auto digits = name.substr(std::string_view("mprofile_").size(), 14);
  const auto part = [&](std::size_t from, std::size_t count) { return digits.substr(from, count); };
  return part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2) + " " + part(6, 2) + "/" + part(4, 2) +
         "/" + part(0, 4);
}

struct Row {
  std::size_t index;
  std::string name;
  Result<store::Brief> brief;
};

std::string samples_text(const store::Brief& brief) {
  return brief.samples ? std::to_string(*brief.samples) : "-";
}

std::string peak_text(const store::Brief& brief) {
  return brief.peak_mib ? readable(Bytes::from_mebibytes(*brief.peak_mib)) : "-";
}

std::string as_text(const std::vector<Row>& rows, std::size_t width) {
  Table table({Align::right, Align::left, Align::left, Align::right, Align::right, Align::right,
               Align::left});
  for (const auto& row : rows) {
    const auto index = std::to_string(row.index);
    if (!row.brief) {
      table.add({index, row.name, start_of(row.name), "-", "-", "-", "(" + row.brief.error().what + ")"});
      continue;
    }
    table.add({index, row.name, start_of(row.name), readable(row.brief->duration),
               samples_text(*row.brief), peak_text(*row.brief), row.brief->command});
  }
  return table.text(width);
}

Json as_json(const Row& row) {
  Json json;
  json["index"] = row.index;
  json["file"] = row.name;
  if (!row.brief) {
    json["error"] = row.brief.error().what;
    return json;
  }
  const auto& brief = *row.brief;
  json["command"] = brief.command;
  json["start"] = to_seconds(brief.start);
  json["duration_s"] = to_seconds(brief.duration);
  json["samples"] = brief.samples ? Json(*brief.samples) : Json(nullptr);
  json["peak_mib"] = brief.peak_mib ? Json(*brief.peak_mib) : Json(nullptr);
  json["finished"] = brief.finished;
  return json;
}

class ListCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Lists the recordings of this folder that run named itself, oldest first: index, name,\n"
        "start, duration, samples, peak, command. The index is what plot, peak and rm take.");
    app.add_flag("--json", json_, "print JSON");
    app.footer(
        "A recorder that was killed leaves no summary in its file; of such a file over 4 MiB, the\n"
        "samples and the peak show as -, and mprofpp peak tells.");
  }

  int run(const Console& console) override {
    const auto names = store::list_recordings(".");
    if (!names) {
      console.report(names.error());
      return exit_status::failure;
    }
    std::vector<Row> rows;
    for (const auto& name : *names) {
      rows.push_back({rows.size(), name, store::read_brief(name)});
    }
    console.print(json_ ? json_text(rows) : as_text(rows, console.stdout_width()));
    return exit_status::success;
  }

 private:
  static std::string json_text(const std::vector<Row>& rows) {
    Json json;
    json["schema"] = 1;
    json["recordings"] = Json::array();
    for (const auto& row : rows) json["recordings"].push_back(as_json(row));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_list_command() {
  return std::make_unique<ListCommand>();
}

}  // namespace mprofpp::app
