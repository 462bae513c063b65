#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mprofpp/leak/leak_fold.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::app {

/// Judges a recording while it is made. It takes the samples only: `mprofpp leak` also looks at calls, whose
/// numbers would need more memory than a recorder should.
///
/// A judgement takes about 0.4 ms for each process, so it is made in a thread of its own, and no sample waits
/// for it. What is recorded meanwhile is kept until it is finished.
class LeakWatch : public model::Sink {
 public:
  /// The time between two judgements, at least.
  static constexpr Duration between_looks = std::chrono::minutes(1);
  /// A judgement of many processes takes long, and is followed by a rest that many times as long: all of them
  /// together take at most 0.05 % of a processor.
  static constexpr int rests_per_judgement = 2000;

  /// With std::launch::deferred the look after a judgement was due makes it, for tests.
  explicit LeakWatch(std::launch how = std::launch::async) : how_(how) {}

  using Sink::take;
  void take(const model::Sample& sample) override { pass(sample); }
  void take(const model::ChildSample& sample) override { pass(sample); }
  void take(const model::Held& held) override { pass(held); }
  void take(const model::Settings& settings) override;
  void take(const model::Process& process) override { pass(process); }
  void take(const model::Exit& exit) override { pass(exit); }

  /// Call after each tick: starts to judge what was recorded so far if a minute has passed since the last
  /// time. Returns a mark of the first leak, and one if it is steady later: a cache that fills cannot be told
  /// from a leak until it is full. There are no more than these two.
  std::optional<model::PointMark> look(Instant now);

  /// Judges the whole recording.
  leak::LeakReport report();

 private:
  using Waiting = std::variant<model::Sample, model::ChildSample, model::Held, model::Settings,
                               model::Process, model::Exit>;

  enum class Noted { nothing, leak, end };

  template <class Record>
  void pass(const Record& record) {
    if (judging_.valid())
      waiting_.emplace_back(record);
    else
      fold_.take(record);
  }
  struct Judged {
    leak::LeakReport report;
    Duration cost;  ///< time of a processor
  };
  Judged judge() const;
  leak::LeakReport finish_judging();
  void start_judging();
  std::optional<model::PointMark> change_of(const leak::LeakReport& report, Instant now);

  std::launch how_;
  leak::LeakFold fold_;  ///< must not be changed while `judging_` reads it
  std::vector<Waiting> waiting_;
  pid_t root_ = 0;
  std::optional<Instant> last_look_;
  Duration rest_ = between_looks;
  Noted noted_ = Noted::nothing;
  std::future<Judged> judging_;
};

}  // namespace mprofpp::app
