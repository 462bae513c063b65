#include "mprofpp/record/session/attached.hpp"

#include <utility>

namespace mprofpp::record {

AttachedSession::AttachedSession(std::vector<Watched> targets, launch::SignalInbox inbox,
                                 Recording& recording, const Options& options)
    : recording_(recording),
      loop_(std::move(inbox), recording, options),
      end_watch_(loop_.context(), std::move(targets), [this] { all_ended(); }) {}

void AttachedSession::take(const launch::Signal& signal) {
  if (ends_recording(signal)) loop_.finish(model::EndReason::interrupted);
}

void AttachedSession::all_ended() {
  loop_.take_signals();
  if (!loop_.finished()) loop_.finish(model::EndReason::ended);
}

}  // namespace mprofpp::record
