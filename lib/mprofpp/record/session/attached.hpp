#pragma once

#include <vector>

#include "mprofpp/record/session/end_watch.hpp"
#include "mprofpp/record/session/loop.hpp"

namespace mprofpp::record {

/// Records processes that are already running, until they have exited or a signal stops the recorder.
class AttachedSession : public Loop::Events {
 public:
  /// As Loop.
  AttachedSession(std::vector<Watched> targets, launch::SignalInbox inbox, Recording& recording,
                  const Options& options);

  void run() { loop_.run(*this); }

 private:
  void take(const launch::Signal& signal) override;
  bool is_over() const override { return !recording_.any_root_lives(); }
  void give_up() override { loop_.finish(model::EndReason::interrupted); }
  void time_is_up() override { loop_.finish(model::EndReason::timed_out); }
  void all_ended();

  Recording& recording_;
  Loop loop_;
  EndWatch end_watch_;
};

}  // namespace mprofpp::record
