#pragma once

#include <sys/types.h>

#include "mprofpp/record/session/loop.hpp"

namespace mprofpp::record {

/// Records a launched program until it, or the last process of its tree, exits. Signals to the
/// recorder are passed on to the program while it runs.
class LaunchedSession : public Loop::Events {
 public:
  /// As Loop. `root` is the program's pid, `listener` must outlive this object.
  LaunchedSession(pid_t root, launch::SignalInbox inbox, Recording& recording,
                  const Options& options, Listener& listener)
      : root_(root),
        recording_(recording),
        options_(options),
        listener_(listener),
        loop_(std::move(inbox), recording, options) {}

  void run() { loop_.run(*this); }

 private:
  void started() override;
  void take(const launch::Signal& signal) override;
  void time_is_up() override;
  bool is_over() const override { return root_ended_ && !recording_.any_process_lives(); }
  model::EndReason how_it_ended() const override {
    return timed_out_ ? model::EndReason::timed_out : model::EndReason::ended;
  }
  void give_up() override;

  void pass_on(const launch::Signal& signal);
  bool send(int signal);
  bool is_from_program(const launch::Signal& signal) const;
  bool has_reached_program(const launch::Signal& signal) const;
  void reap_children();
  bool waits_for_tree() const;
  void end_root();
  void kill_if_running();

  pid_t root_;
  Recording& recording_;
  const Options& options_;
  Listener& listener_;
  Loop loop_;
  Instant root_end_;
  bool root_ended_ = false;
  bool timed_out_ = false;
};

}  // namespace mprofpp::record
