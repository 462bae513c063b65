#include "mprofpp/record/marks/line_tables.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "mprofpp/base/log.hpp"
#include "mprofpp/base/nearest.hpp"
#include "mprofpp/base/selection.hpp"
#include "mprofpp/record/clock.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

constexpr Duration line_writing_gap = 1s;
/// Reading all tables takes at most this part of the time.
constexpr int share_of_reading = 50;
constexpr std::size_t most_names = 10'000;
constexpr std::size_t most_nearest = 3;

double mebibytes(std::uint64_t bytes) {
  return Bytes(static_cast<std::int64_t>(bytes)).mebibytes();
}

std::optional<double> known_mebibytes(std::uint64_t bytes) {
  return bytes == 0 ? std::nullopt : std::optional(mebibytes(bytes));
}

model::Line record_of(pid_t pid, const ring::FunctionKey& key, const SourceFile& source,
                      std::uint32_t number, const ring::LineNumbers& numbers) {
  model::Line line;
  line.pid = pid;
  line.function = key.name;
  line.file = source.name;
  line.first_line = static_cast<int>(key.first_line);
  line.line = static_cast<int>(number);
  line.count = numbers.count;
  line.max_mib = known_mebibytes(numbers.most);
  line.increment_mib = Bytes(numbers.added).mebibytes();
  line.peak_mib = known_mebibytes(numbers.peak);
  if (numbers.elapsed > 0)
    line.seconds = to_seconds(Duration(static_cast<std::int64_t>(numbers.elapsed)));
  return line;
}

/// Makes the record of the first line, which is for the calls. A function of a single line has executed that
/// one too: what it has added is in the same record.
model::Line record_of_calls(pid_t pid, const ring::CountedFunction& function,
                            const SourceFile& source) {
  const auto& [key, calls, lines] = function;
  const auto own = lines.find(key.first_line);
  const auto numbers = own == lines.end() ? ring::LineNumbers{} : own->second;
  auto line = record_of(pid, key, source, key.first_line, numbers);
  line.count = calls.calls;
  line.max_mib = known_mebibytes(std::max(calls.most_entry, numbers.most));
  line.increment_mib += mebibytes(calls.first_entry);
  model::LineCalls facts;
  facts.open = calls.calls - std::min(calls.calls, calls.ended);
  facts.shared = calls.shared;
  facts.interleaved = calls.interleaved;
  if (calls.precision >= 0) facts.precision = calls.precision;
  facts.source_hash = source.hash;
  line.calls = facts;
  return line;
}

/// Returns the end of the clock tick in which something happened. Ticks count from the start of the machine.
Instant end_of_tick(std::uint64_t tick) {
  static const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto after_boot =
      duration_from_seconds(static_cast<double>(tick + 1) / ticks_per_second).value_or(Duration{});
  const auto boot = std::chrono::system_clock::now() - time_since_boot();
  return std::chrono::time_point_cast<Duration>(boot) + after_boot;
}

void insert(std::set<std::string>& names, const std::string& name) {
  if (names.size() < most_names) names.insert(name);
}

}  // namespace

bool LineTables::open(const std::string& path) {
  auto table = ring::LineTable::open(path);
  if (!table) {
    log::debug(table.error().place + ": " + table.error().what);
    return table.error().code != Errc::io;
  }
  const auto identity = table->identity();
  if (log::wants_debug()) {
    log::debug("process " + std::to_string(identity.pid) + " counts lines in " + path);
  }
  sources_.try_emplace(identity, Source{std::move(*table)});
  return true;
}

bool LineTables::has_unidentified() const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [](const auto& source) { return !source.second.pid; });
}

std::vector<LineTables::Identity> LineTables::unidentified() const {
  std::vector<Identity> identities;
  for (const auto& [identity, source] : sources_) {
    if (!source.pid) identities.push_back(identity);
  }
  return identities;
}

void LineTables::attach_process(const Identity& identity, const model::ProcessId& process) {
  const auto source = sources_.find(identity);
  if (source == sources_.end()) return;
  source->second.pid = process.pid;
  const auto [known, is_new] = processes_.try_emplace(process.pid);
  if (!is_new) return;
  known->second.start = process.start;
  known->second.folder = working_directory_of(process.pid);
}

bool LineTables::attach_unseen(const model::ProcessId& process) {
  bool any = false;
  for (const auto& identity : unidentified()) {
    const bool is_its =
        static_cast<pid_t>(identity.pid) == process.pid && identity.start == process.start;
    if (is_its) attach_process(identity, process);
    any = any || is_its;
  }
  return any;
}

void LineTables::add_memory(std::unordered_map<pid_t, Bytes>& memory) {
  for (auto source = sources_.begin(); source != sources_.end(); ++source) {
    auto& [table, state, pid] = source->second;
    if (!pid) continue;
    state = table.read_state().value_or(state);
    if (!is_followed(source)) memory[*pid] += state.allocated;
  }
}

/// Returns true if another program, which has a table too, has replaced this one by exec in the same process.
bool LineTables::is_followed(Sources::const_iterator source) const {
  const auto next = std::next(source);
  return next != sources_.end() && source->first.pid == next->first.pid &&
         source->first.start == next->first.start;
}

std::unordered_map<pid_t, Bytes> LineTables::highest() const {
  std::unordered_map<pid_t, Bytes> peaks;
  for (const auto& [identity, source] : sources_) {
    if (!source.pid || source.state.highest == Bytes{}) continue;
    auto& peak = peaks[*source.pid];
    peak = std::max(peak, source.state.highest);
  }
  return peaks;
}

void LineTables::write_due(Instant now) {
  if (sources_.empty() || now < next_writing_) return;
  const auto begun = Clock::Steady::now();
  end_followed();
  for (auto& [identity, source] : sources_) {
    if (source.pid) write(source);
  }
  const auto taken = Clock::Steady::now() - begun;
  next_writing_ = now + std::max<Duration>(line_writing_gap, taken * share_of_reading);
}

/// Ends programs that another program has replaced by exec in the same process.
void LineTables::end_followed() {
  for (auto source = sources_.begin(); source != sources_.end();) {
    source = source->second.pid && is_followed(source) ? end(source) : std::next(source);
  }
}

void LineTables::program_ended(pid_t pid, std::uint64_t last) {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const bool is_its = source->second.pid == pid && source->first.begun <= last;
    source = is_its ? end(source) : std::next(source);
  }
}

void LineTables::process_ended(pid_t pid) {
  program_ended(pid, std::numeric_limits<std::uint64_t>::max());
  processes_.erase(pid);
}

void LineTables::finish() {
  while (!processes_.empty()) process_ended(processes_.begin()->first);
}

LineTables::Sources::iterator LineTables::end(Sources::iterator source) {
  auto& [table, state, pid] = source->second;
  write(source->second);
  if (const auto content = table.read_content()) {
    auto& earlier = processes_[*pid].earlier;
    for (const auto& function : content->functions) {
      const auto [known, is_new] = earlier.try_emplace(function.key, function);
      if (!is_new) ring::add(function, known->second);
    }
  }
  table.remove();
  return sources_.erase(source);
}

void LineTables::write(Source& source) {
  source.state = source.table.read_state().value_or(source.state);
  facts_ |= source.state.facts;
  const auto content = source.table.read_content();
  if (!content) return;
  note_names(*content);
  note_loads(*source.pid, *content);
  const auto& earlier = processes_[*source.pid].earlier;
  for (const auto& function : content->functions) {
    const auto known = earlier.find(function.key);
    if (known == earlier.end()) {
      write(*source.pid, function);
      continue;
    }
    auto sum = known->second;
    ring::add(function, sum);
    write(*source.pid, sum);
  }
}

void LineTables::write(pid_t pid, const ring::CountedFunction& function) {
  if (function.calls.calls == 0 && function.lines.empty()) return;  // only decorated so far
  const auto& [key, calls, lines] = function;
  auto& written = processes_[pid].written[key];
  const auto own = lines.find(key.first_line);
  const auto own_numbers = own == lines.end() ? ring::LineNumbers{} : own->second;
  if (!written.calls) written.source = source_of(pid, key);
  if (written.calls != calls || written.lines[key.first_line] != own_numbers) {
    sink_.take(record_of_calls(pid, function, written.source));
  }
  written.calls = calls;
  written.lines[key.first_line] = own_numbers;
  for (const auto& [line, numbers] : lines) {
    if (line == key.first_line || written.lines[line] == numbers) continue;
    sink_.take(record_of(pid, key, written.source, line, numbers));
    written.lines[line] = numbers;
  }
}

SourceFile LineTables::source_of(pid_t pid, const ring::FunctionKey& key) {
  const auto& process = processes_[pid];
  return files_.of({pid, process.folder, end_of_tick(first_starts_[key])}, key.file);
}

void LineTables::note_loads(pid_t pid, const ring::LineTableContent& content) {
  const auto start = processes_[pid].start;
  for (const auto& function : content.functions) {
    const auto [known, is_new] = first_starts_.try_emplace(function.key, start);
    if (!is_new) known->second = std::min(known->second, start);
  }
}

void LineTables::note_names(const ring::LineTableContent& content) {
  for (const auto& function : content.functions) {
    if (function.calls.calls == 0) {
      insert(other_names_, function.key.name);
      continue;
    }
    any_was_called_ = true;
    insert(counted_names_, function.key.name);
  }
  for (const auto& name : content.other_names) insert(other_names_, name);
}

LineOutcome LineTables::outcome(const std::vector<std::string>& patterns) const {
  LineOutcome outcome;
  outcome.any = any_was_called_;
  outcome.tables_full = (facts_ & wire::tables_full) != 0;
  outcome.peaks_refused = (facts_ & wire::peaks_refused) != 0;
  std::vector<std::string> names(counted_names_.begin(), counted_names_.end());
  const auto counted = names.end() - names.begin();
  names.insert(names.end(), other_names_.begin(), other_names_.end());
  for (const auto& pattern : patterns) {
    const auto matches = [&](const std::string& name) { return fits(pattern, name); };
    if (std::any_of(names.begin(), names.begin() + counted, matches)) continue;
    outcome.unmatched.push_back({pattern, nearest_to_pattern(pattern, names, most_nearest)});
  }
  return outcome;
}

}  // namespace mprofpp::record
