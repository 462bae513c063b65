#include "options/launched_program.hpp"

#include <utility>

#include "cli/exit_status.hpp"
#include "cli/layout.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::app {

Result<record::Launch> launch_of(Arguments program, launch::StartState state) {
  if (const auto own_proc = proc::check_own_proc(); !own_proc) return Failure(own_proc.error());
  const auto hold = find_layout().hold;
  if (const auto there = check_part(hold); !there) return Failure(there.error());
  return record::Launch{{std::move(program), hold}, std::move(state)};
}

int exit_status_of(record::NotRecorded::Cause cause) {
  switch (cause) {
    case record::NotRecorded::Cause::program_not_found:
      return exit_status::not_found;
    case record::NotRecorded::Cause::program_not_executable:
      return exit_status::not_executable;
    case record::NotRecorded::Cause::recorder:
    case record::NotRecorded::Cause::file:
      break;
  }
  return exit_status::recorder_failed;
}

int exit_status_of(const record::Outcome& outcome) {
  if (outcome.end == model::EndReason::timed_out) return exit_status::timed_out;
  if (outcome.stopped && outcome.status == 0) return exit_status::recorder_failed;
  return outcome.status;
}

}  // namespace mprofpp::app
