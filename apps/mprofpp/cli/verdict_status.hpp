#pragma once

#include "cli/exit_status.hpp"
#include "mprofpp/leak/judgement.hpp"

namespace mprofpp::app {

/// Returns the exit status of `leak` and `loadtest` for a verdict.
inline int status_of(leak::Verdict verdict) {
  switch (verdict) {
    case leak::Verdict::steady:
      return exit_status::steady;
    case leak::Verdict::leak:
      return exit_status::leak;
    case leak::Verdict::unsure:
      break;
  }
  return exit_status::not_enough_to_tell;
}

}  // namespace mprofpp::app
