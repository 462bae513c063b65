#include "mprofpp/page/process_fields.hpp"

#include <unordered_map>

#include "mprofpp/chart/labels.hpp"
#include "mprofpp/page/strings.hpp"
#include "mprofpp/page/values.hpp"

namespace mprofpp::page {
namespace {

using analysis::ProcessEvent;
using analysis::ProcessHistory;
using analysis::ProcessPeak;

/// Writes the fields of one process after another.
class Writer {
 public:
  Writer(const Contents& contents, const Caps& caps, const Processes& processes)
      : contents_(contents), caps_(caps), processes_(processes), titles_left_(caps.titles()) {
    for (const auto& process : contents.history.processes) histories_[process.id] = &process;
  }

  Json fields_of(const ProcessPeak& process) {
    Json fields;
    fields["pid"] = process.id.pid;
    fields["start"] = process.id.start;
    fields["parent"] = number_or_null(parent_of(process));
    fields["name"] = text(process.name);
    fields["command"] = text(process.command);
    fields["titles"] = titles_of(process);
    fields["first"] = seconds(process.first_seen);
    fields["last"] = seconds(process.last_seen);
    fields["exit"] = exit_of(process);
    fields["peak"] = peak_of(process);
    fields["mean"] = mean_of(process);
    fields["root"] = process.is_root;
    add_look(process, fields);
    return fields;
  }

  std::uint64_t titles_left_out() const {
    return titles_left_out_ + contents_.facts.titles_left_out();
  }

 private:
  double seconds(Instant t) const { return contents_.history.grid.seconds(t); }
  std::string text(const std::string& text) const { return shown_text(text, caps_.text()); }

  /// Returns the process with the parent's pid that was there when this one was first seen.
  std::optional<std::size_t> parent_of(const ProcessPeak& process) const {
    std::optional<std::size_t> parent;
    for (const auto number : processes_.with(process.parent)) {
      const auto& other = *processes_.shown()[number];
      if (&other == &process || other.first_seen > process.first_seen) continue;
      parent = number;
    }
    return parent;
  }

  /// Adds the name and the colour that still pictures have for the process.
  void add_look(const ProcessPeak& process, Json& fields) const {
    const auto known = histories_.find(process.id);
    fields["hue"] = nullptr;
    if (known == histories_.end()) return;
    const auto& all = contents_.history.processes;
    fields["hue"] =
        number_or_null(contents_.colours[static_cast<std::size_t>(known->second - all.data())]);
    const auto label = chart::process_title(*known->second);
    if (!label.empty() && label != process.name) fields["label"] = text(label);
  }

  Json titles_of(const ProcessPeak& process) {
    auto json = Json::array();
    for (const auto& title : contents_.facts.titles_of(process.id)) {
      if (titles_left_ == 0) {
        ++titles_left_out_;
        continue;
      }
      --titles_left_;
      json.push_back({{"at", seconds(title.t)}, {"text", text(title.text)}});
    }
    return json;
  }

  Json exit_of(const ProcessPeak& process) const {
    const auto* exit = contents_.facts.exit_of(process.id);
    if (!exit) return nullptr;
    return {{"at", seconds(exit->t)}, {"status", number_or_null(exit->status)}};
  }

  Json peak_of(const ProcessPeak& process) const {
    const auto& sampled = process.sampled;
    if (!sampled && !process.kernel) return nullptr;
    return {{"mib", mib_or_null(sampled)},
            {"at", sampled ? Json(seconds(sampled->t)) : Json(nullptr)},
            {"kernel_mib", mib_or_null(process.kernel)}};
  }

  /// The curve of a root without one of its own is the total.
  Json mean_of(const ProcessPeak& process) const {
    const auto& total = contents_.history.total;
    const auto history = histories_.find(process.id);
    if (history != histories_.end() && !history->second->series.empty()) {
      return history->second->series.mean();
    }
    const bool is_total = process.is_root && !contents_.history.includes_children();
    return is_total && !total.empty() ? Json(total.mean()) : Json(nullptr);
  }

  const Contents& contents_;
  const Caps& caps_;
  const Processes& processes_;
  std::unordered_map<model::ProcessId, const ProcessHistory*> histories_;
  std::size_t titles_left_;
  std::uint64_t titles_left_out_ = 0;
};

const char* name_of(ProcessEvent::Kind kind) {
  switch (kind) {
    case ProcessEvent::Kind::started:
      return "start";
    case ProcessEvent::Kind::exited:
      return "exit";
    case ProcessEvent::Kind::became_another_program:
      break;
  }
  return "program";
}

Json events_fields(const Contents& contents, const Caps& caps, const Processes& processes) {
  const auto& history = contents.history;
  auto events = Json::array();
  std::uint64_t left_out = 0;
  for (const auto& event : history.events) {
    const auto& process = history.processes[event.process];
    const auto number = processes.number_of(process.id);
    if (!number || events.size() >= caps.events()) {
      ++left_out;
      continue;
    }
    events.push_back({{"kind", name_of(event.kind)},
                      {"at", event.seconds},
                      {"process", *number},
                      {"text", shown_text(process.name, caps.text())}});
  }
  return {{"events", std::move(events)}, {"events_left_out", left_out}};
}

}  // namespace

Json processes_fields(const Contents& contents, const Caps& caps, const Processes& processes) {
  Writer writer(contents, caps, processes);
  Json fields;
  fields["processes"] = Json::array();
  for (const auto* process : processes.shown()) {
    fields["processes"].push_back(writer.fields_of(*process));
  }
  fields["processes_left_out"] = processes.left_out();
  fields["titles_left_out"] = writer.titles_left_out();
  fields.update(events_fields(contents, caps, processes));
  return fields;
}

}  // namespace mprofpp::page
