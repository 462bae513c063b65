#pragma once

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>

#include "mprofpp/launch/signals.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/store/writer.hpp"

/// The parts from which a test makes a session.
namespace mprofpp::test {

inline store::Writer writer_of(const std::string& path) {
  auto writer = store::Writer::create(path, store::Overwrite::no);
  REQUIRE(writer.has_value());
  return std::move(*writer);
}

inline launch::SignalInbox open_inbox() {
  auto inbox = launch::SignalInbox::open();
  REQUIRE(inbox.has_value());
  return std::move(*inbox);
}

/// Returns options with an interval that is so long that only the first tick takes place.
inline record::Options single_tick() {
  record::Options options;
  options.interval = std::chrono::hours(1);
  return options;
}

/// Sends a signal to the recorder, which is the process of the test.
inline void send_to_recorder(int signal) {
  REQUIRE(::kill(::getpid(), signal) == 0);
}

/// Calls a function with the first sample.
class OnSample : public model::Sink {
 public:
  explicit OnSample(std::function<void()> run) : run_(std::move(run)) {}

  using model::Sink::take;
  void take(const model::Sample&) override {
    if (auto run = std::exchange(run_, {})) run();
  }

 private:
  std::function<void()> run_;
};

}  // namespace mprofpp::test
