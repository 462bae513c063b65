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
  const auto peak = best_mib(brief);
  if (!peak) return "-";
  const bool is_bound = peak == brief.largest_process_mib && peak != brief.peak_mib;
  return (is_bound ? "≥ " : "") + readable(Bytes::from_mebibytes(*peak));
}

/// `fewer` is without the start, which is in the name, and the samples.
enum class Columns { all, fewer };

std::vector<std::string> cells_of(const Row& row) {
  std::vector<std::string> cells = {std::to_string(row.index), row.name, start_of(row.name)};
  const auto add = [&](const std::vector<std::string>& more) {
    cells.insert(cells.end(), more.begin(), more.end());
  };
  if (row.brief)
    add({readable(row.brief->duration), samples_text(*row.brief), peak_text(*row.brief),
         row.brief->command});
  else
    add({"-", "-", "-", "(" + row.brief.error().what + ")"});
  return cells;
}

Table table_of(const std::vector<Row>& rows, Columns columns) {
  constexpr std::size_t start = 2;
  constexpr std::size_t samples = 4;
  const auto chosen = [&](auto cells) {
    if (columns == Columns::all) return cells;
    cells.erase(cells.begin() + samples);
    cells.erase(cells.begin() + start);
    return cells;
  };
  Table table(chosen(std::vector{Align::right, Align::left, Align::left, Align::right, Align::right,
                                 Align::right, Align::left}));
  for (const auto& row : rows) table.add(chosen(cells_of(row)));
  return table;
}

std::string as_text(const std::vector<Row>& rows, std::size_t width) {
  constexpr std::size_t some_words = 24;
  const auto all = table_of(rows, Columns::all);
  const bool leaves_room = width == 0 || width >= all.last_column() + some_words;
  return (leaves_room ? all : table_of(rows, Columns::fewer)).text(width);
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
  json["kernel_mib"] = brief.kernel_mib ? Json(*brief.kernel_mib) : Json(nullptr);
  json["largest_process_mib"] =
      brief.largest_process_mib ? Json(*brief.largest_process_mib) : Json(nullptr);
  json["finished"] = brief.finished;
  return json;
}

class ListCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Lists the recordings of this folder that run named itself, oldest first: index, name,\n"
        "start, duration, samples, peak, command. A narrow terminal goes without start and samples.\n"
        "The index is what plot, peak and rm take.");
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
