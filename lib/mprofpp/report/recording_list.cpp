#include "mprofpp/report/recording_list.hpp"

#include <string_view>
#include <utility>

#include "mprofpp/base/text_table.hpp"
#include "mprofpp/report/detail/amounts.hpp"
#include "mprofpp/report/detail/json.hpp"
#include "mprofpp/store/catalogue.hpp"

namespace mprofpp::report {
namespace {

using Rows = std::vector<ListedRecording>;

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// Returns the start that a default name contains, as HH:MM:SS DD/MM/YYYY.
std::string start_in(const std::string& name) {
  const auto digits = name.substr(std::string_view("mprofile_").size(), 14);
  const auto part = [&](std::size_t from, std::size_t count) { return digits.substr(from, count); };
  return part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2) + " " + part(6, 2) + "/" + part(4, 2) +
         "/" + part(0, 4);
}

/// Returns a time as HH:MM:SS DD/MM/YYYY.
std::string start_at(Instant local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(local - day));
  const auto number = [](auto length) { return two_digits(static_cast<unsigned>(length.count())); };
  return number(time.hours()) + ":" + number(time.minutes()) + ":" + number(time.seconds()) + " " +
         two_digits(unsigned{date.day()}) + "/" + two_digits(unsigned{date.month()}) + "/" +
         std::to_string(int{date.year()});
}

/// Returns the start in the format of mprof: HH:MM:SS DD/MM/YYYY.
std::string start_of(const ListedRecording& row, const AheadOfUtc& ahead_of_utc) {
  if (row.index) return start_in(row.name);
  return row.overview ? start_at(row.overview->start + ahead_of_utc(row.overview->start)) : "-";
}

std::string samples_text(const store::Overview& overview) {
  return overview.samples ? std::to_string(*overview.samples) : "-";
}

std::string peak_text(const store::Overview& overview) {
  const auto peak = best_mib(overview);
  if (!peak) return "-";
  const bool is_bound = peak == overview.largest_process_mib && peak != overview.peak_mib;
  return (is_bound ? "≥ " : "") + memory_text(*peak);
}

/// Returns a note to print before the command if the file has several runs; empty if it has one.
std::string runs_text(const store::Overview& overview) {
  return overview.runs > 1 ? "(the last of " + std::to_string(overview.runs) + " runs) " : "";
}

std::vector<std::string> cells_of(const ListedRecording& row, const AheadOfUtc& ahead_of_utc) {
  const auto index = row.index ? std::to_string(*row.index) : "-";
  const auto start = start_of(row, ahead_of_utc);
  if (!row.overview) {
    return {index, row.name, start, "-", "-", "-", "(" + row.overview.error().what + ")"};
  }
  const auto& overview = *row.overview;
  return {index,
          row.name,
          start,
          readable(overview.duration),
          samples_text(overview),
          peak_text(overview),
          runs_text(overview) + overview.command};
}

/// Which columns are printed. `fewer` leaves out the start and the samples.
enum class Columns { all, fewer };

TextTable table_of(const Rows& rows, Columns columns, const AheadOfUtc& ahead_of_utc) {
  constexpr std::size_t start = 2;
  constexpr std::size_t samples = 4;
  const auto chosen = [&](auto cells) {
    if (columns == Columns::all) return cells;
    cells.erase(cells.begin() + samples);
    cells.erase(cells.begin() + start);
    return cells;
  };
  TextTable table(chosen(std::vector{Align::right, Align::left, Align::left, Align::right,
                                     Align::right, Align::right, Align::left}));
  for (const auto& row : rows) table.add(chosen(cells_of(row, ahead_of_utc)));
  return table;
}

Json as_json(const ListedRecording& row) {
  Json json;
  json["index"] = value_or_null(row.index);
  json["file"] = row.name;
  if (!row.overview) {
    json["error"] = row.overview.error().what;
    return json;
  }
  const auto& overview = *row.overview;
  json["command"] = overview.command;
  json["start"] = to_seconds(overview.start);
  json["duration_s"] = to_seconds(overview.duration);
  json["samples"] = value_or_null(overview.samples);
  json["peak_mib"] = value_or_null(overview.peak_mib);
  json["kernel_mib"] = value_or_null(overview.kernel_mib);
  json["largest_process_mib"] = value_or_null(overview.largest_process_mib);
  json["finished"] = overview.finished;
  json["runs"] = overview.runs;
  return json;
}

}  // namespace

Result<Rows> list_folder(const std::string& folder) {
  const auto names = store::list_recordings(folder);
  if (!names) return Failure(names.error());
  const auto overview_of = [&](const std::string& name) {
    return store::read_overview(store::in_folder(folder, name));
  };
  Rows rows;
  for (const auto& name : *names) rows.push_back({rows.size(), name, overview_of(name)});
  for (const auto& name : store::list_named(folder)) {
    rows.push_back({std::nullopt, name, overview_of(name)});
  }
  return rows;
}

std::string list_text(const Rows& recordings, std::size_t width, const AheadOfUtc& ahead_of_utc) {
  constexpr std::size_t room_for_command = 24;
  const auto all = table_of(recordings, Columns::all, ahead_of_utc);
  const bool fits = width == 0 || width >= all.last_column() + room_for_command;
  return (fits ? all : table_of(recordings, Columns::fewer, ahead_of_utc)).text(width);
}

std::string list_json(const Rows& recordings) {
  Json json;
  json["schema"] = 1;
  json["recordings"] = Json::array();
  for (const auto& row : recordings) json["recordings"].push_back(as_json(row));
  constexpr int indent = 2;
  return to_text(json, indent);
}

}  // namespace mprofpp::report
