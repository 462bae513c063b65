#include "mprofpp/record/objects/object_counts.hpp"

#include <utility>

#include "mprofpp/base/log.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

/// A program may load Python later.
constexpr Duration between_tries = 5min;

}  // namespace

ObjectCounts::ObjectCounts(Duration interval, First first, std::unique_ptr<CensusTaker> taker,
                           const Clock& clock, model::Sink& sink)
    : interval_(interval),
      next_round_(first == First::at_once ? clock.start() : clock.start() + interval),
      sink_(sink),
      lines_(sink),
      thread_(std::move(taker), clock) {}

void ObjectCounts::add(const CensusThread::Taken& taken) {
  if (!taken.census) return note_failure(taken);
  ++outcome_.censuses;
  lines_.add(taken.process, taken.t, *taken.census);
}

void ObjectCounts::note_failure(const CensusThread::Taken& taken) {
  auto error = taken.census.error();
  if (error.code == Errc::vanished) return;
  if (error.code == Errc::not_found) {
    others_[taken.process] = {0, taken.t + between_tries};
    return;
  }
  error.place = "process " + std::to_string(taken.process.pid);
  log::info(error.place + ": its objects were not counted: " + error.what);
  ++lost_;
  ++outcome_.lost;
  if (!outcome_.first_failure) outcome_.first_failure = std::move(error);
}

void ObjectCounts::look(const std::vector<proc::Member>& members, Instant now) {
  if (now < next_round_) return;
  next_round_ = now + interval_;
  for (const auto& member : members) {
    if (!is_other_program(member, now)) thread_.ask(member.id);
  }
}

/// Returns true if the process is known not to run Python.
bool ObjectCounts::is_other_program(const proc::Member& member, Instant now) {
  const auto found = others_.find(member.id);
  if (found == others_.end()) return false;
  auto& other = found->second;
  if (other.stack == 0) other.stack = member.stack;
  if (other.stack == member.stack && now < other.next_try) return true;
  others_.erase(found);
  return false;
}

void ObjectCounts::process_ended(const model::ProcessId& process) {
  lines_.forget(process.pid);
  others_.erase(process);
}

void ObjectCounts::write_losses(Instant now) {
  if (lost_ > 0) sink_.take(model::Lost{now, model::Loss::censuses, std::exchange(lost_, 0)});
}

}  // namespace mprofpp::record
