#pragma once

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// Passes on the records of a window: losses within it, calls that ran in it, and all records that have no
/// time or describe the processes. It passes on no samples, because the value of a process may come from a
/// line before the window.
class WindowFilter : public model::Sink {
 public:
  WindowFilter(Window window, model::Sink& next) : window_(window), next_(next) {}

  using Sink::take;
  void take(const model::CommandLine& command) override { next_.take(command); }
  void take(const model::Settings& settings) override { next_.take(settings); }
  void take(const model::Process& process) override { next_.take(process); }
  void take(const model::Title& title) override { pass(title, title.t, title.t); }
  void take(const model::Call& call) override { pass(call, call.t_in, call.t_out); }
  void take(const model::OpenCall& call) override { pass(call, call.t_in, Instant::max()); }
  void take(const model::CallGroup& group) override { pass(group, group.t_from, group.t_to); }
  void take(const model::PointMark& mark) override { pass(mark, mark.t, mark.t); }
  void take(const model::Exit& exit) override { next_.take(exit); }
  void take(const model::KernelPeak& peak) override { next_.take(peak); }
  void take(const model::Lost& lost) override { pass(lost, lost.t, lost.t); }
  void take(const model::Suspended& suspended) override {
    pass(suspended, suspended.t - suspended.length, suspended.t);
  }
  void take(const model::ObjectCount& objects) override { pass(objects, objects.t, objects.t); }
  void take(const model::Limit& limit) override { pass(limit, limit.t, limit.t); }
  void take(const model::End& end) override { next_.take(end); }
  void take(const model::Damage& damage) override { next_.take(damage); }

 private:
  template <class Record>
  void pass(const Record& record, Instant from, Instant to) {
    if (window_.touches(from, to)) next_.take(record);
  }

  Window window_;
  model::Sink& next_;
};

}  // namespace mprofpp::analysis
