#pragma once

#include <string>
#include <utility>

#include <CLI/App.hpp>

#include "cli/arguments.hpp"
#include "console/console.hpp"
#include "loadtest/loadtest.hpp"
#include "loadtest/loadtest_options.hpp"
#include "mprofpp/launch/start_state.hpp"
#include "mprofpp/record/options.hpp"
#include "options/recording_options.hpp"

namespace mprofpp::app {

/// A load test from its options to its exit status.
class LoadtestRun {
 public:
  void bind(CLI::App& app);
  void set_program(Arguments program) { program_ = std::move(program); }
  int run(const Console& console);

 private:
  Result<record::Options> recorder_options(const Console& console, launch::StartState state) const;
  int test(const LoadtestPlan& plan, const record::Options& options, const Console& console) const;
  int report_trouble(const Error& error, const Loadtest& test, const Console& console) const;
  int print(const report::LoadtestResult& result, const Console& console) const;
  Progress progress() const;

  Arguments program_;
  RecordingOptions recording_;
  LoadtestOptions options_;
};

}  // namespace mprofpp::app
