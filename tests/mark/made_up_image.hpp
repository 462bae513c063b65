#pragma once

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mprofpp/mark/program_image.hpp"
#include "ring/records.hpp"
#include "support/collector.hpp"

namespace mprofpp::test {

/// Returns a timeline that leaves the times of events unchanged. Its MEM line is the memory of process 42
/// alone, with a single sample of 10 MiB.
inline mark::Timeline unchanged_times() {
  constexpr Duration latest(std::numeric_limits<std::int64_t>::max());
  mark::Timeline timeline{{Instant(), mark::EventTime::Steady::time_point()}, {}};
  timeline.clock.update(Instant(latest), mark::EventTime::Steady::time_point(latest));
  timeline.memory.add(Instant(), 10, 42);
  return timeline;
}

/// A program in process 42 whose functions 1, 2 and 3 have the names a, b and c.
class Program {
 public:
  explicit Program(mark::GroupingRule rule = {}, Selection selection = {})
      : selection_(std::move(selection)), image(process_, make_functions(), rule, timeline_, out) {
    for (const auto* name : {"a", "b", "c"}) {
      write(text(static_cast<std::uint64_t>(*name - 'a' + 1), name));
    }
  }

  /// Writes records into the ring.
  template <class... Records>
  void write(const Records&... records) {
    (image.add(ring::Record(records)), ...);
  }
  std::vector<model::Call> calls() const { return out.of<model::Call>(); }

 private:
  mark::Functions make_functions() { return {selection_, texts_, tables_}; }

  std::shared_ptr<mark::Process> process_ = std::make_shared<mark::Process>(mark::Process{42, {}});
  mark::Timeline timeline_ = unchanged_times();
  Selection selection_;
  ring::StringTable texts_;
  symbols::Tables tables_;

 public:
  Collector out;
  mark::ProgramImage image;
};

}  // namespace mprofpp::test
