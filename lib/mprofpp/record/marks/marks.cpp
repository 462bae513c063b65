#include "mprofpp/record/marks/marks.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "mprofpp/base/log.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

constexpr Duration writing_gap = 250ms;

bool is_of(const proc::Member& member, const mark::MarkSource::Key& key) {
  return member.id.start == key.start && member.id.pid == static_cast<pid_t>(key.pid);
}

/// Returns true if the member is the ring's process in a pid namespace of its own. There it has a
/// different pid, but the same start time.
bool is_inside(const proc::Member& member, const mark::MarkSource::Key& key) {
  if (member.id.start != key.start) return false;
  const auto status = proc::read_status(member.id.pid);
  return status && status->innermost_pid == static_cast<pid_t>(key.pid);
}

/// Returns the key that a ring of the program with the line table would have.
mark::MarkSource::Key key_of(const ring::LineTableIdentity& identity) {
  return {identity.pid, identity.start, identity.pid, identity.begun};
}

bool lives(const mark::MarkSource::Key& key) {
  const auto stat = proc::read_stat(static_cast<pid_t>(key.pid));
  return stat && stat->state != 'Z' && stat->start == key.start;
}

/// Returns true if the `mprofpp mark` or `mprofpp span` that writes about this process has exited. If
/// it runs in another pid namespace it cannot be looked up; it reports itself when it is done.
bool writer_is_gone(const mark::MarkSource::Key& key, pid_t pid) {
  const bool can_be_seen = key.writer != key.pid && static_cast<pid_t>(key.pid) == pid;
  return can_be_seen && ::kill(static_cast<pid_t>(key.writer), 0) != 0 && errno == ESRCH;
}

template <class Members, class IsIt>
const proc::Member* find_in(const Members& members, IsIt is_it) {
  const auto found = std::find_if(members.begin(), members.end(), is_it);
  return found == members.end() ? nullptr : &*found;
}

}  // namespace

Marks::Marks(ring::RunFolder folder, ring::NewRings rings, const MarkOptions& options,
             const Clock& clock, model::Sink& sink)
    : folder_(std::move(folder)),
      rings_(std::move(rings)),
      options_(options),
      clock_(clock),
      sink_(sink),
      timeline_{{clock.start(), clock.steady_start()}, {}},
      tables_(options.selection.is_everything() ? symbols::Effort::between_samples
                                                : symbols::Effort::unlimited),
      lines_(sink) {}

bool Marks::find_rings() {
  auto paths = std::exchange(unopened_, {});
  for (auto& path : rings_.find()) paths.push_back(std::move(path));
  for (auto& path : paths) {
    if (!open_file(path)) unopened_.push_back(std::move(path));
  }
  return lines_.has_unidentified() ||
         std::any_of(sources_.begin(), sources_.end(),
                     [](const auto& source) { return !source.second.has_process(); });
}

/// Returns false if no descriptor was left, so that the caller must try again later.
bool Marks::open_file(const std::string& path) {
  return path.ends_with(wire::line_table_suffix) ? lines_.open(path) : open_ring(path);
}

bool Marks::open_ring(const std::string& path) {
  auto ring = ring::Ring::open(path);
  if (!ring) {
    log::debug(ring.error().place + ": " + ring.error().what);
    if (ring.error().code == Errc::unsupported) has_foreign_ring_ = true;
    return ring.error().code != Errc::io;
  }
  const auto key = mark::MarkSource::key_of(ring->identity());
  if (log::wants_debug())
    log::debug("process " + std::to_string(key.pid) + " has the ring " + path);
  sources_[key].add(std::move(*ring));
  return true;
}

std::vector<const proc::Member*> Marks::identify(const proc::Sampler& sampler,
                                                 const proc::Changes& changes) {
  std::vector<const proc::Member*> first;
  for (auto& [key, source] : sources_) {
    if (source.has_process()) continue;
    const auto* process = find_process(key, sampler, changes);
    if (process == nullptr) continue;
    if (!is_marking(process->id.pid)) first.push_back(process);
    attach_process(source, process->id.pid);
  }
  for (const auto& identity : lines_.unidentified()) {
    const auto* process = find_process(key_of(identity), sampler, changes);
    if (process == nullptr) continue;
    if (!is_marking(process->id.pid)) first.push_back(process);
    lines_.attach_process(identity, process->id);
  }
  return first;
}

const proc::Member* Marks::find_process(const mark::MarkSource::Key& key,
                                        const proc::Sampler& sampler,
                                        const proc::Changes& changes) const {
  const auto is_it = [&key](const proc::Member& member) { return is_of(member, key); };
  if (const auto* living = find_in(sampler.members(), is_it)) return living;
  if (const auto* ended = find_in(changes.ended, is_it)) return ended;
  if (const auto* ended_unnamed = find_in(changes.ended_unnamed, is_it)) return ended_unnamed;
  return find_in(sampler.members(),
                 [&key](const proc::Member& member) { return is_inside(member, key); });
}

void Marks::attach_process(mark::MarkSource& source, pid_t pid) {
  auto& process = processes_[pid];
  if (!process) process = std::make_shared<mark::Process>(mark::Process{pid, {}});
  mark::Functions functions(options_.selection, texts_, tables_);
  source.attach_process(
      pid, std::make_unique<mark::ProgramImage>(process, std::move(functions), options_.grouping,
                                                timeline_, sink_));
}

std::unordered_map<pid_t, Bytes> Marks::memory_of_rings() {
  std::unordered_map<pid_t, Bytes> memory;
  for (const auto& [key, source] : sources_) {
    if (source.has_process() && key.writer == key.pid) memory[source.pid()] += source.size();
  }
  lines_.add_memory(memory);
  return memory;
}

std::unordered_map<pid_t, Bytes> Marks::peaks_before_resets() {
  if (!options_.lines || !options_.lines->with_peaks) return {};
  auto ours = memory_of_rings();
  auto peaks = lines_.highest();
  for (auto& [pid, peak] : peaks) peak = std::max(peak - ours[pid], Bytes{});
  return peaks;
}

void Marks::drain(Instant now, Which which) {
  timeline_.clock.update(clock_.now(), Clock::Steady::now());
  end_followed();
  drain_guests(now);
  for (auto& [key, source] : sources_) {
    const bool is_wanted = source.has_process() && (which == Which::all || source.is_due(now));
    if (is_wanted && !key.is_guest()) source.drain(now);
  }
  end_left(now);
  if (now >= next_writing_) write_due(now);
}

/// Drains the rings of `mprofpp mark` and `mprofpp span` and handles their events in the order of time:
/// a span must follow the span that it lies in. They are few, so all are read each time.
void Marks::drain_guests(Instant now) {
  std::vector<mark::GuestEvent> events;
  for (auto& [key, source] : sources_) {
    if (source.has_process() && key.is_guest()) source.drain(now, events);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const mark::GuestEvent& a, const mark::GuestEvent& b) {
                     return a.event.time < b.event.time;
                   });
  for (const auto& [event, source] : events) {
    if (event.kind == wire::Kind::mark) has_guest_points_ = true;
    source->add(event);
  }
}

/// Ends programs that another program has replaced by exec in the same process: at the latest, they
/// ended when the next program made its first mark.
void Marks::end_followed() {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const auto next = std::next(source);
    const bool is_over = next != sources_.end() && source->second.has_process() &&
                         source->first.is_followed_by(next->first);
    source = is_over ? end(source, timeline_.clock.of(next->first.begun)) : next;
  }
}

void Marks::end_left(Instant now) {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const auto& [key, it] = *source;
    const auto gone = it.gone_since();
    if (gone) {
      end_lines_of(it, *gone);
      source = end(source, *gone);
    } else if (it.has_process() && writer_is_gone(key, it.pid())) {
      source = end(source, now);
    } else {
      ++source;
    }
  }
}

/// Ends the lines of a program that was seen to leave at `left`: another one has replaced it by exec, and may
/// have made a table since then.
void Marks::end_lines_of(const mark::MarkSource& source, Instant left) {
  if (!lines_.has(source.pid())) return;
  const auto ago = std::max(clock_.now() - left, Duration{});
  const auto last = (Clock::Steady::now() - ago).time_since_epoch();
  lines_.program_ended(source.pid(), static_cast<std::uint64_t>(last.count()));
}

Marks::Sources::iterator Marks::end(Sources::iterator source, Instant t) {
  source->second.end(t);
  if (!source->first.is_guest() && source->second.has_records()) has_own_marks_ = true;
  lost_ += source->second.new_losses();
  return sources_.erase(source);
}

void Marks::process_ended(pid_t pid, Instant t) {
  if (!is_marking(pid)) return;
  drain_guests(t);
  for (auto source = sources_.begin(); source != sources_.end();) {
    const bool is_its = source->second.has_process() && source->second.pid() == pid;
    source = is_its ? end(source, t) : std::next(source);
  }
  lines_.process_ended(pid);
  processes_.erase(pid);
}

void Marks::write_unseen_processes(Instant now, const IsWritten& is_written) {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const auto& key = source->first;
    if (source->second.has_process() || lives(key)) {
      ++source;
      continue;
    }
    const model::ProcessId id{static_cast<pid_t>(key.pid), key.start};
    attach_process(source->second, id.pid);
    lines_.attach_unseen(id);
    write_unseen(id, now, is_written, [&] { source = end(source, now); });
  }
  for (const auto& identity : lines_.unidentified()) {
    const model::ProcessId id{static_cast<pid_t>(identity.pid), identity.start};
    const bool is_unseen = !lives(key_of(identity)) && lines_.attach_unseen(id);
    if (is_unseen) write_unseen(id, now, is_written, [] {});
  }
}

/// Writes about a process that the sampler has not seen. `write_marks` writes its marks.
void Marks::write_unseen(const model::ProcessId& id, Instant now, const IsWritten& is_written,
                         const std::function<void()>& write_marks) {
  const bool lacks_lines = !is_written(id.pid);
  if (lacks_lines) sink_.take(model::Process{id, 0, now, "", ""});
  write_marks();
  lines_.process_ended(id.pid);
  processes_.erase(id.pid);
  if (lacks_lines) sink_.take(model::Exit{id.pid, now, std::nullopt});
}

std::optional<LineOutcome> Marks::line_outcome() const {
  if (!options_.lines) return std::nullopt;
  using Cause = python::MissingMarksReason::Cause;
  auto outcome = lines_.outcome(options_.lines->patterns);
  if (folder_.has_note(wire::no_tool_note)) outcome.obstacle = Cause::no_tool;
  if (folder_.has_note(wire::unfit_python_note)) outcome.obstacle = Cause::unfit_interpreter;
  if (folder_.has_note(wire::free_threaded_note)) outcome.obstacle = Cause::free_threaded;
  if (folder_.has_note(wire::unknown_python_note)) outcome.obstacle = Cause::unknown_interpreter;
  return outcome;
}

void Marks::write_due(Instant now) {
  next_writing_ = now + writing_gap;
  for (auto& [key, source] : sources_) {
    if (!source.has_process()) continue;
    source.write_due(now);
    lost_ += source.new_losses();
  }
  lines_.write_due(now);
  write_losses(now);
}

void Marks::write_losses(Instant now) {
  if (lost_ == 0) return;
  sink_.take(model::Lost{now, model::Loss::marks, lost_});
  log::info(std::to_string(lost_) + " marks lost");
  written_losses_ += std::exchange(lost_, 0);
}

void Marks::finish(Instant now, const IsWritten& is_written) {
  timeline_.clock.update(clock_.now(), Clock::Steady::now());
  end_followed();
  write_unseen_processes(now, is_written);
  drain_guests(now);
  for (auto source = sources_.begin(); source != sources_.end();) {
    source = source->second.has_process() ? end(source, now) : std::next(source);
  }
  lines_.finish();
  write_losses(now);
  // names from files so large that reading their symbols earlier would have delayed samples
  model::Settings names;
  for (auto& late : tables_.late_names()) {
    names.late_names.push_back({std::move(late.address), std::move(late.name)});
  }
  if (!names.late_names.empty()) sink_.take(names);
}

}  // namespace mprofpp::record
