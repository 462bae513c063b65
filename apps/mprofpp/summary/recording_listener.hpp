#pragma once

#include "console/console.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/record/listener.hpp"

namespace mprofpp::app {

/// Prints the events of a recording when they happen.
class RecordingListener : public record::Listener {
 public:
  enum class Hints { printed, left_out };

  /// `console` must outlive this object.
  RecordingListener(const Console& console, Hints hints) : console_(console), hints_(hints) {}

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

 private:
  const Console& console_;
  Hints hints_;
};

}  // namespace mprofpp::app
