#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/leak/load_judgement.hpp"
#include "mprofpp/model/metric.hpp"

namespace mprofpp::report {

/// One round of a load and the rest after it.
struct LoadtestRound {
  bool is_warmup = false;
  std::optional<std::uint64_t> requests;  ///< nothing if nobody counted them
  std::uint64_t failed = 0;               ///< of these
  Duration took{};
  std::optional<double> mib;  ///< at rest; nothing if it was not read
};

/// The unit of the rates.
enum class LoadUnit { request, round };

/// A load with its rounds and their judgement.
struct LoadtestLoad {
  std::string command;
  LoadUnit unit = LoadUnit::request;
  std::optional<double> mib_before;  ///< at rest before the first round
  std::vector<LoadtestRound> rounds;
  leak::LoadJudgement judged;
};

/// The result of a load test. At least one load.
struct LoadtestResult {
  std::string file;     ///< the recording
  std::string service;  ///< its command line
  model::Metric metric = model::Metric::rss;
  std::vector<LoadtestLoad> loads;
};

/// Returns the worst verdict of the loads: a leak, then unsure.
leak::Verdict verdict_of(const LoadtestResult& result);

/// Formats a verdict in one line: "leak: +1.04 KiB a request (95 %: 1.02 to 1.06), …", "steady; a leak below
/// 40.0 B a request would not show", "not enough to tell: …".
std::string load_verdict_text(const LoadtestLoad& load);

/// Formats the result: of one load with its rounds, of several as a list, the fastest leak first.
std::string loadtest_text(const LoadtestResult& result);

/// Formats the result as a section of Markdown, with a table of the loads and one of the rounds of each.
std::string loadtest_markdown(const LoadtestResult& result);

/// Formats the result as one line of JSON. Fields are added but never removed; `schema` increases when the
/// meaning of a field changes.
std::string loadtest_json(const LoadtestResult& result);

}  // namespace mprofpp::report
