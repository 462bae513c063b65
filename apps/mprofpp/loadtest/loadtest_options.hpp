#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "loadtest/readiness.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The choices of the user about a load test.
struct LoadtestPlan {
  std::vector<std::string> loads;
  std::size_t rounds = 8;  ///< of each load, the warm-up included
  std::size_t warmup = 2;
  std::size_t most_rounds = 24;  ///< of each load
  Duration rest{};
  std::optional<std::uint64_t> requests;  ///< in a round, for a load that does not print it
  ReadySign ready;
  Duration ready_timeout{};
};

/// The format of the result.
enum class LoadtestFormat { text, json, markdown };

/// The options of `loadtest`, without those of the recording.
class LoadtestOptions {
 public:
  void bind(CLI::App& app);

  /// `interval` is the time between samples. Errors: invalid_argument.
  Result<LoadtestPlan> plan(Duration interval) const;
  LoadtestFormat format() const;

 private:
  Result<Duration> parse_rest(Duration interval) const;

  std::vector<std::string> loads_;
  std::string rounds_ = "8";
  std::string warmup_;
  std::string most_rounds_;
  std::string requests_;
  std::string rest_;
  std::string ready_;
  std::string ready_timeout_ = "60s";
  bool json_ = false;
  bool markdown_ = false;
};

}  // namespace mprofpp::app
