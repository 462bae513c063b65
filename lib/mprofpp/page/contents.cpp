#include "mprofpp/page/contents.hpp"

#include <initializer_list>
#include <type_traits>
#include <utility>

#include "mprofpp/chart/process_looks.hpp"
#include "mprofpp/leak/leak_fold.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::page {
namespace {

using analysis::HistoryFold;
using analysis::HistoryOf;

/// Samples that a series has at least, if there are so many; four times as many if they are spread evenly.
/// They need 12 MiB.
constexpr std::size_t samples = 260'000;

/// Passes records on to the folds of a page.
struct PageTee : model::UniformSink<PageTee> {
  HistoryFold& history;
  analysis::PeakFold& peaks;
  leak::LeakFold& leak;
  CallFold& calls;
  ProcessFacts& facts;

  PageTee(HistoryFold& of_history, analysis::PeakFold& of_peaks, leak::LeakFold& of_leak,
          CallFold& of_calls, ProcessFacts& of_facts)
      : history(of_history), peaks(of_peaks), leak(of_leak), calls(of_calls), facts(of_facts) {}

  template <class Record>
  void each(const Record& record) {
    constexpr bool is_sample =
        std::is_same_v<Record, model::Sample> || std::is_same_v<Record, model::ChildSample>;
    if constexpr (is_sample) {
      // most of a file; without virtual calls, and only to those that need them
      history.HistoryFold::take(record);
      peaks.PeakFold::take(record);
      leak.LeakFold::take(record);
    } else {
      for (Sink* sink : std::initializer_list<Sink*>{&history, &peaks, &leak, &calls, &facts})
        sink->take(record);
    }
  }
};

/// Passes on nothing about calls and marks.
class WithoutCalls : public HistoryFold {
 public:
  using HistoryFold::HistoryFold;
  using HistoryFold::take;
  void take(const model::Call&) override {}
  void take(const model::PointMark&) override {}
};

Result<std::vector<analysis::History>> read_other_metrics(const report::TimedRun& run,
                                                          const analysis::History& main) {
  std::vector<analysis::History> histories;
  for (const auto metric : main.metrics()) {
    if (metric == main.own_metric) continue;
    HistoryFold fold(main.grid, metric, HistoryOf::curves);
    if (auto done = report::read(run.run, fold); !done) return Failure(std::move(done.error()));
    histories.push_back(fold.finish());
  }
  return histories;
}

Result<void> read_calls(Contents& contents, const PageRequest& request) {
  if (contents.calls.functions.empty() || request.calls == Calls::hidden) {
    contents.calls = {};
    return {};
  }
  auto functions = report::read_functions(contents.run.run, contents.history.grid.window(), "*");
  if (!functions) return Failure(std::move(functions.error()));
  contents.functions = std::move(functions->functions);
  return {};
}

Result<void> read_lines(Contents& contents) {
  if (!contents.facts.has_lines()) return {};
  auto lines =
      report::read_line_tables(contents.run.run, analysis::LineGrouping::merged, std::string());
  if (!lines) return Failure(std::move(lines.error()));
  contents.lines = std::move(*lines);
  return {};
}

Result<void> check_metric(const Contents& contents, const PageRequest& request) {
  const auto& history = contents.history;
  if (!request.metric || history.total_in(*request.metric)) return {};
  return Failure(report::no_such_metric(contents.run, history, *request.metric));
}

/// Reads what needs one pass.
Result<Contents> read_once(const report::TimedRun& run, const PageRequest& request) {
  auto grid = report::grid_for(run, {.window = request.window, .columns = samples / 2});
  grid.fineness = 16;  // samples may come in bursts
  grid.trends = analysis::Grid::Trends::none;
  const auto window = grid.window();
  HistoryFold with_calls(grid, {}, HistoryOf::curves);
  WithoutCalls without_calls(grid, std::nullopt, HistoryOf::curves);
  auto& history = request.calls == Calls::shown ? with_calls : without_calls;
  analysis::PeakFold peaks(window);
  leak::LeakFold leak({.window = window});
  CallFold calls(grid);
  ProcessFacts facts(window);
  peaks.follow(history.root_readings());
  leak.follow(history.root_readings());
  PageTee all(history, peaks, leak, calls, facts);
  if (auto done = report::read(run.run, all); !done) return Failure(std::move(done.error()));
  Contents contents{.run = run,
                    .history = history.finish(),
                    .others = {},
                    .peaks = peaks.report(),
                    .leak = leak.report(),
                    .functions = {},
                    .lines = {},
                    .calls = {},
                    .facts = std::move(facts),
                    .colours = {}};
  if (!contents.history.has_samples()) {
    return Failure(report::nothing_to_draw(run, request.window));
  }
  contents.calls = calls.finish(contents.history.last());
  contents.colours = chart::colour_numbers(contents.history);
  return contents;
}

}  // namespace

Result<Contents> read_contents(const report::TimedRun& run, const PageRequest& request) {
  auto contents = read_once(run, request);
  if (!contents) return contents;
  if (auto good = check_metric(*contents, request); !good) return Failure(std::move(good.error()));
  auto others = read_other_metrics(run, contents->history);
  if (!others) return Failure(std::move(others.error()));
  contents->others = std::move(*others);
  const auto done = read_calls(*contents, request).and_then([&] { return read_lines(*contents); });
  if (!done) return Failure(done.error());
  return contents;
}

}  // namespace mprofpp::page
