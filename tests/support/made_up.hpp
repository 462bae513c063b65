#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "mprofpp/dat/lane.hpp"
#include "mprofpp/model/sink.hpp"

/// Made-up recordings, some of them deliberately ugly. Each function passes the records to a sink.
namespace mprofpp::test {

inline constexpr Instant made_up_start{std::chrono::seconds(1763637915)};

inline Instant after(double seconds) {
  return made_up_start + *duration_from_seconds(seconds);
}

/// `count` samples of `mib(i)` MiB, `step` seconds apart.
inline void feed_samples(model::Sink& sink, int count, double step,
                         const std::function<double(int)>& mib) {
  for (int i = 0; i < count; ++i) sink.take(model::Sample{mib(i), after(i * step)});
}

/// One process that grows to 100 MiB in ten seconds.
inline void feed_growing(model::Sink& sink) {
  sink.take(model::CommandLine{"./grow --fast"});
  feed_samples(sink, 101, 0.1, [](int i) { return double{1.0} * i; });
}

/// A master with `children` children, each of which uses more memory than the one before.
inline void feed_family(model::Sink& sink, int children) {
  sink.take(model::CommandLine{"make -j"});
  sink.take(model::Settings{.format = 1});
  sink.take(model::Settings{.children = model::Children::summed_and_apart});
  sink.take(model::Settings{.metric = model::Metric::rss});
  sink.take(model::Process{{100, 1}, 1, after(0), "make", "make -j"});
  for (int child = 1; child <= children; ++child) {
    const auto start = static_cast<std::uint64_t>(child) + 1;
    sink.take(model::Process{{100 + child, start}, 100, after(0), "cc1plus", "cc1plus x.cpp"});
  }
  for (int tick = 0; tick < 50; ++tick) {
    sink.take(model::Sample{20.0 + children * (children + tick) / 2.0, after(tick)});
    for (int child = 1; child <= children; ++child) {
      sink.take(model::ChildSample{100 + child, child + tick / 10.0, after(tick)});
    }
  }
}

/// One tick of a process tree whose root has the pid 100.
inline void feed_tick(model::Sink& sink, double seconds, double root,
                      const std::vector<std::pair<pid_t, double>>& children) {
  double total = root;
  for (const auto& child : children) total += child.second;
  sink.take(model::Sample{total, after(seconds)});
  for (const auto& [pid, mib] : children) sink.take(model::ChildSample{pid, mib, after(seconds)});
}

/// The header of a recording of process 100 and its children.
inline void feed_header(model::Sink& sink, model::Children tree) {
  sink.take(model::CommandLine{"server"});
  sink.take(model::Settings{.format = 1});
  sink.take(model::Settings{.interval = std::chrono::seconds(1)});
  sink.take(model::Settings{.metric = model::Metric::rss});
  sink.take(model::Settings{.roots = {100}});
  sink.take(model::Settings{.children = tree});
  sink.take(model::Process{{100, 1}, 1, after(0), "master", "master"});
}

inline model::Call call(const std::string& name, double from, double to, int level) {
  model::Call made;
  made.name = name;
  made.mib_in = 50;
  made.mib_out = 60;
  made.t_in = after(from);
  made.t_out = after(to);
  made.level = level;
  return made;
}

/// A process that runs for a hundred seconds and makes `calls` calls, one after another, of `functions`
/// functions in turn.
inline void feed_calls(model::Sink& sink, int calls, int functions) {
  sink.take(model::CommandLine{"calls"});
  feed_samples(sink, 1001, 0.1, [](int i) { return 60 + 20 * std::sin(i / 50.0); });
  const double each = 100.0 / calls;
  for (int i = 0; i < calls; ++i) {
    const auto name = "app.module.function" + std::to_string(i % functions);
    sink.take(call(name, i * each, (i + 0.9) * each, 0));
  }
}

/// A server with two workers, marks, open and grouped calls, threads, greenlets and tasks.
inline void feed_server(model::Sink& sink) {
  feed_family(sink, 2);
  const auto lane = [&](pid_t pid, const std::string& name, double shift) {
    for (int i = 0; i < 4; ++i) {
      auto outer = call("app.handle", shift + i * 10, shift + i * 10 + 8, 0);
      auto inner = call("app.models.query", shift + i * 10 + 1, shift + i * 10 + 3, 1);
      outer.pid = inner.pid = pid;
      outer.lane = inner.lane = dat::to_lane(name);
      outer.rss_in = inner.rss_in = 1;
      outer.rss_out = 5;
      inner.rss_out = 0.5;
      sink.take(inner);
      sink.take(outer);
    }
  };
  lane(101, "t101", 1);
  lane(101, "t150.g2", 2);
  lane(102, "t102.k7", 3);
  const auto main_thread = dat::to_lane("t102");
  sink.take(model::CallGroup{"app.tick", 102, main_thread, 0, after(2), after(40), 5000, 1.5, 1, 2,
                             0.25});
  sink.take(model::OpenCall{after(45), 102, main_thread, 0, 1, "app.wait"});
  sink.take(model::PointMark{after(20), 100, "phase 2"});
  sink.take(model::PointMark{after(48.9), 100, "the end is near and has a long name"});
}

/// Values and times as a broken machine would write them.
inline void feed_nonsense(model::Sink& sink) {
  sink.take(model::CommandLine{"\x01 broken \xff <&> \"$x$\""});
  feed_samples(sink, 200, 0.1, [](int i) {
    if (i % 37 == 0) return std::numeric_limits<double>::quiet_NaN();
    if (i == 50) return std::numeric_limits<double>::infinity();
    return 30 * std::sin(i / 9.0) - 10;
  });
  feed_samples(sink, 50, 0.1, [](int i) { return double{1.0} * i; });  // the clock steps back
}

/// Names of ten thousand characters, in left-to-right and right-to-left scripts.
inline void feed_long_names(model::Sink& sink) {
  std::string title;
  for (int i = 0; i < 1000; ++i) title += "長い名前 שם ארוך ";
  sink.take(model::CommandLine{title});
  feed_samples(sink, 20, 1, [](int i) { return 100.0 + i; });
  sink.take(call(std::string(10'000, 'x'), 1, 12, 0));
  sink.take(call(title, 13, 18, 0));
  sink.take(model::PointMark{after(10), 0, title});
}

}  // namespace mprofpp::test
