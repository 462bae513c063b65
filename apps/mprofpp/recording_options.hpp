#pragma once

#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "console.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/record/options.hpp"

namespace mprofpp::app {

/// The options that run and attach share: what to read, how often, and where to.
class RecordingOptions {
 public:
  void bind(CLI::App& app);

  /// Everything but the target. Errors: invalid_argument.
  Result<record::Options> make(const Console& console) const;
  /// Opens the log that -v and --log ask for; nothing when they do not.
  Result<std::optional<log::Sink>> open_log() const;

  bool quiet() const { return quiet_; }
  const std::string& output() const { return output_; }

 private:
  record::Children children() const;
  Result<std::optional<Duration>> timeout() const;
  Result<std::optional<Bytes>> max_size() const;

  std::string interval_ = "0.1";
  std::string timeout_;
  std::string max_size_;
  std::string backend_ = "rss";
  std::string metrics_;
  std::string output_;
  std::string log_;
  bool include_children_ = false;
  bool multiprocess_ = false;
  bool force_ = false;
  bool quiet_ = false;
  int verbosity_ = 0;
};

}  // namespace mprofpp::app
