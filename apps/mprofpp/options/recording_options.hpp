#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "console/console.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"
#include "summary/recording_listener.hpp"
#include "summary/run_summary.hpp"

namespace mprofpp::app {

/// The kind of target that the help of the options speaks of.
enum class Recorded { program, running_processes, service };

/// The options that `run` and `attach` share: what to record, how often, and into which file. `loadtest` has
/// a few of them.
class RecordingOptions {
 public:
  void bind(CLI::App& app, Recorded recorded = Recorded::program);

  /// Returns the options of the recorder without the target and the marks. With `-o -` the recording takes
  /// over stdout: later output to stdout, the program's too, goes to stderr. Errors: invalid_argument, io.
  Result<record::Options> make(const Console& console) const;
  /// Opens the log for -v and --log; returns nothing without them.
  Result<std::optional<log::Sink>> open_log() const;

  /// Returns the error of a recording that could not start, with a hint. If FILE exists already, the hint
  /// adds the name that the recording would have without -o.
  Error explain(const record::NotRecorded& failure) const;

  bool quiet() const { return quiet_; }
  bool verbose() const { return verbosity_ > 0; }
  /// `watch` must outlive the listener; see sinks().
  RecordingListener listener(const Console& console, LeakWatch& watch) const {
    using Hints = RecordingListener::Hints;
    return RecordingListener(console, quiet_ ? Hints::left_out : Hints::printed,
                             watch_leak_ ? &watch : nullptr);
  }
  /// Returns the sinks for the records: `watch` if it is to judge them while the recording is made.
  std::vector<model::Sink*> sinks(LeakWatch& watch) const;
  /// Returns the line about the growth for the summary; empty if there is none to report.
  std::string growth(const record::Outcome& outcome, LeakWatch& watch) const;
  Summary summary() const { return verbosity_ > 0 ? Summary::all : Summary::brief; }
  const std::string& output() const { return output_; }

 private:
  /// See record::Options.
  struct Density {
    std::optional<Bytes> sparse_from = record::Options().sparse_from;
    Bytes min_change;
  };

  void bind_for_service(CLI::App& app);
  void bind_file(CLI::App& app, Recorded recorded);
  model::Children children() const;
  Result<std::optional<Duration>> timeout() const;
  Result<std::optional<Bytes>> max_size() const;
  Result<std::optional<record::ObjectOptions>> object_options() const;
  Result<Density> density() const;

  std::string interval_ = "0.1";
  std::string timeout_;
  std::string max_size_;
  std::string min_change_;
  std::string backend_ = "rss";
  std::string metrics_;
  std::string objects_;
  std::string max_pause_;
  std::string output_;
  std::string log_;
  bool include_children_ = false;
  bool multiprocess_ = false;
  bool span_titles_ = false;
  bool sparse_ = false;
  bool dense_ = false;
  bool force_ = false;
  bool quiet_ = false;
  bool watch_leak_ = false;
  int verbosity_ = 0;
};

}  // namespace mprofpp::app
