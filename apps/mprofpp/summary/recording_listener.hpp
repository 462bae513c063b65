#pragma once

#include "console/console.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/record/listener.hpp"
#include "summary/leak_watch.hpp"

namespace mprofpp::app {

/// Prints the events of a recording when they happen.
class RecordingListener : public record::Listener {
 public:
  enum class Hints { printed, left_out };

  /// `console` must outlive this object, and so must `watch`, which looks for leaks; null: nothing does.
  RecordingListener(const Console& console, Hints hints, LeakWatch* watch = nullptr)
      : console_(console), hints_(hints), watch_(watch) {}

  void stopped(const Error& error) override {
    console_.report(error);
    console_.note("the recording stops here; the program keeps running");
  }
  void signal_refused(const Error& error) override { console_.report(error); }
  void file_removed(const Error& error) override { console_.report(error); }
  void slowed_down(Bytes size, Duration interval) override {
    if (hints_ == Hints::left_out) return;
    console_.note("the recording has reached " + readable(size) +
                  ": from here on one sample every " + readable(interval));
  }

  std::optional<model::PointMark> recorded(Instant tick) override {
    if (watch_ == nullptr) return std::nullopt;
    auto mark = watch_->look(tick);
    if (mark && hints_ == Hints::printed) console_.note(mark->text);
    return mark;
  }

 private:
  const Console& console_;
  Hints hints_;
  LeakWatch* watch_;
};

}  // namespace mprofpp::app
