#include "mprofpp/record/marks.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "mprofpp/base/log.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/symbols/readable.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

constexpr Duration tell_gap = 250ms;

bool is_of(const proc::Member& member, const MarkSource::Key& key) {
  return member.id.start == key.start && member.id.pid == static_cast<pid_t>(key.pid);
}

/// In a pid namespace of its own a process has another pid than we see; the start is the same.
bool is_inside(const proc::Member& member, const MarkSource::Key& key) {
  if (member.id.start != key.start) return false;
  const auto status = proc::read_status(member.id.pid);
  return status && status->innermost_pid == static_cast<pid_t>(key.pid);
}

bool lives(const MarkSource::Key& key) {
  const auto stat = proc::read_stat(static_cast<pid_t>(key.pid));
  return stat && stat->state != 'Z' && stat->start == key.start;
}

/// `mprofpp mark` and `span` write about another process. One in another pid namespace cannot be
/// looked for; it says itself when it is done.
bool writer_is_gone(const MarkSource::Key& key, pid_t pid) {
  const bool can_be_seen = key.writer != key.pid && static_cast<pid_t>(key.pid) == pid;
  return can_be_seen && ::kill(static_cast<pid_t>(key.writer), 0) != 0 && errno == ESRCH;
}

template <class Members, class IsIt>
const proc::Member* find_in(const Members& members, IsIt is_it) {
  const auto found = std::find_if(members.begin(), members.end(), is_it);
  return found == members.end() ? nullptr : &*found;
}

}  // namespace

Marks::Marks(mark::RunFolder folder, mark::NewRings rings, const MarkOptions& options,
             const Clock& clock, store::Block& block)
    : folder_(std::move(folder)),
      rings_(std::move(rings)),
      options_(options),
      clock_(clock),
      block_(block),
      time_(clock.start(), clock.steady_start()),
      desk_(*this, block),
      tables_(options.selection.is_everything() ? symbols::Effort::between_samples
                                                : symbols::Effort::unlimited) {}

bool Marks::find_rings() {
  auto paths = std::exchange(unopened_, {});
  for (auto& path : rings_.take()) paths.push_back(std::move(path));
  for (auto& path : paths) {
    if (!open_ring(path)) unopened_.push_back(std::move(path));
  }
  return std::any_of(sources_.begin(), sources_.end(),
                     [](const auto& source) { return !source.second.is_known(); });
}

/// False when it is to be tried again: there was no descriptor left.
bool Marks::open_ring(const std::string& path) {
  auto ring = mark::Ring::open(path);
  if (!ring) {
    log::debug(ring.error().place + ": " + ring.error().what);
    if (ring.error().code == Errc::unsupported) any_was_foreign_ = true;
    return ring.error().code != Errc::io;
  }
  const auto key = MarkSource::key_of(ring->identity());
  if (log::wants_debug())
    log::debug("process " + std::to_string(key.pid) + " has the ring " + path);
  sources_[key].add(std::move(*ring));
  return true;
}

std::vector<const proc::Member*> Marks::identify(const proc::Sampler& sampler,
                                                 const proc::Changes& changes) {
  std::vector<const proc::Member*> first;
  for (auto& [key, source] : sources_) {
    if (source.is_known()) continue;
    const auto* process = find_process(key, sampler, changes);
    if (process == nullptr) continue;
    if (!is_marking(process->id.pid)) first.push_back(process);
    know(source, process->id.pid);
  }
  return first;
}

const proc::Member* Marks::find_process(const MarkSource::Key& key, const proc::Sampler& sampler,
                                        const proc::Changes& changes) const {
  const auto is_it = [&key](const proc::Member& member) { return is_of(member, key); };
  if (const auto* living = find_in(sampler.members(), is_it)) return living;
  if (const auto* ended = find_in(changes.ended, is_it)) return ended;
  if (const auto* stillborn = find_in(changes.stillborn, is_it)) return stillborn;
  return find_in(sampler.members(),
                 [&key](const proc::Member& member) { return is_inside(member, key); });
}

void Marks::know(MarkSource& source, pid_t pid) {
  auto& process = processes_[pid];
  if (!process) process = std::make_shared<mark::Process>(mark::Process{pid, {}});
  mark::Functions functions(options_.selection, texts_, make_namer());
  source.know(pid, std::make_unique<mark::Image>(process, std::move(functions), options_.grouping,
                                                 desk_, desk_));
}

mark::Namer Marks::make_namer() {
  const auto naming = std::make_shared<symbols::Naming>(tables_);
  return {[naming](const mark::MappedFile& file) {
            naming->add({file.path, file.bias, file.begin, file.end});
          },
          [naming](std::uint64_t address) { return naming->name_of(address); },
          symbols::name_in_signature};
}

std::unordered_map<pid_t, Bytes> Marks::memory_of_rings() const {
  std::unordered_map<pid_t, Bytes> memory;
  for (const auto& [key, source] : sources_) {
    if (source.is_known() && key.writer == key.pid) memory[source.pid()] += source.size();
  }
  return memory;
}

void Marks::drain(Instant now, Which which) {
  time_.update(clock_.now(), Clock::Steady::now());
  end_followed();
  drain_guests(now);
  for (auto& [key, source] : sources_) {
    const bool is_wanted = source.is_known() && (which == Which::all || source.is_due(now));
    if (is_wanted && !key.is_guest()) source.drain(now);
  }
  end_left(now);
  if (now >= next_tell_) tell(now);
}

/// They are few, and one that begins a span within another's has to be heard after it.
void Marks::drain_guests(Instant now) {
  std::vector<GuestEvent> events;
  for (auto& [key, source] : sources_) {
    if (source.is_known() && key.is_guest()) source.drain(now, events);
  }
  std::stable_sort(events.begin(), events.end(), [](const GuestEvent& a, const GuestEvent& b) {
    return a.event.time < b.event.time;
  });
  for (const auto& [event, source] : events) source->take(event);
}

/// Of two programs that were one process, the first ended when the second had its first mark, at
/// the latest.
void Marks::end_followed() {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const auto next = std::next(source);
    const bool is_over = next != sources_.end() && source->second.is_known() &&
                         source->first.is_followed_by(next->first);
    source = is_over ? end(source, time_.of(next->first.begun)) : next;
  }
}

void Marks::end_left(Instant now) {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const auto& [key, it] = *source;
    const auto gone = it.gone_since();
    if (gone)
      source = end(source, *gone);
    else if (it.is_known() && writer_is_gone(key, it.pid()))
      source = end(source, now);
    else
      ++source;
  }
}

Marks::Sources::iterator Marks::end(Sources::iterator source, Instant t) {
  source->second.end(t);
  if (!source->first.is_guest() && source->second.has_told()) any_came_ = true;
  lost_ += source->second.take_lost();
  return sources_.erase(source);
}

void Marks::process_ended(pid_t pid, Instant t) {
  if (!is_marking(pid)) return;
  drain_guests(t);
  for (auto source = sources_.begin(); source != sources_.end();) {
    const bool is_its = source->second.is_known() && source->second.pid() == pid;
    source = is_its ? end(source, t) : std::next(source);
  }
  processes_.erase(pid);
}

void Marks::take_strangers(Instant now) {
  for (auto source = sources_.begin(); source != sources_.end();) {
    const auto& key = source->first;
    if (source->second.is_known() || lives(key)) {
      ++source;
      continue;
    }
    const auto pid = static_cast<pid_t>(key.pid);
    block_.add(model::Process{{pid, key.start}, 0, now, "", ""});
    know(source->second, pid);
    source = end(source, now);
    processes_.erase(pid);
    block_.add(model::Exit{pid, now, std::nullopt});
  }
}

void Marks::tell(Instant now) {
  next_tell_ = now + tell_gap;
  for (auto& [key, source] : sources_) {
    if (!source.is_known()) continue;
    source.tell(now);
    lost_ += source.take_lost();
  }
  tell_lost(now);
}

void Marks::tell_lost(Instant now) {
  if (lost_ == 0) return;
  block_.add(model::Lost{now, "marks", lost_});
  log::info(std::to_string(lost_) + " marks lost");
  told_lost_ += std::exchange(lost_, 0);
}

void Marks::finish(Instant now) {
  time_.update(clock_.now(), Clock::Steady::now());
  end_followed();
  take_strangers(now);
  drain_guests(now);
  for (auto source = sources_.begin(); source != sources_.end();) {
    source = source->second.is_known() ? end(source, now) : std::next(source);
  }
  tell_lost(now);
  // those of files so large that to read their symbols would have delayed samples
  for (auto& late : tables_.late_names()) {
    block_.add(model::Meta{"name", {std::move(late.address), std::move(late.name)}});
  }
}

}  // namespace mprofpp::record
