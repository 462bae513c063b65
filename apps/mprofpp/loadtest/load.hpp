#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

#include "loadtest/load_output.hpp"
#include "loadtest/output_file.hpp"
#include "loadtest/watch.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// A load command that runs: `sh -c COMMAND` in a process group of its own, without input, its output in a
/// file. The group is killed when the shell exits, so that nothing goes on in the background, or when this is
/// destroyed.
class Load {
 public:
  /// `mask` are the signals that are blocked in the command. `watch` must outlive the load. Errors: io.
  static Result<Load> start(const std::string& command, const sigset_t& mask, Watch& watch);
  Load(Load&& other) noexcept
      : watch_(other.watch_),
        pid_(std::exchange(other.pid_, 0)),
        output_(std::move(other.output_)) {}
  Load& operator=(Load&&) = delete;
  ~Load();

  /// Returns the status once the shell has exited, as a shell reports it.
  std::optional<int> status() const { return watch_.status_of(pid_); }
  const OutputFile& output() const { return output_; }
  OutputFile& output() { return output_; }

 private:
  Load(Watch& watch, pid_t pid, OutputFile output)
      : watch_(watch), pid_(pid), output_(std::move(output)) {}

  Watch& watch_;
  pid_t pid_;
  OutputFile output_;
};

/// The result of a load that has exited.
struct LoadResult {
  int status = 0;  ///< as a shell reports it
  std::string output;
  std::optional<RequestCounts> counts;
};
LoadResult result_of(const Load& load, int status);

/// Checks that the load did its work. Errors: io if it has failed, or if all of its requests have; malformed
/// if all were answered with another status than 2xx, in which case its output says no more.
Result<void> check_load(const std::string& command, const LoadResult& result);

}  // namespace mprofpp::app
