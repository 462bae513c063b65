#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "console/console.hpp"
#include "loadtest/output_file.hpp"
#include "loadtest/watch.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/record/options.hpp"
#include "options/recording_options.hpp"

namespace mprofpp::app {

/// A service that is being recorded. The recorder is a child of this process, because it blocks while it
/// records, and because the loads must not be in the tree that it records. If this process is killed, the
/// recorder gets SIGTERM and passes it on to the service.
class Service {
 public:
  /// Starts the recorder, which starts the service. The recorder prints its failures itself. Errors: io.
  static Result<Service> start(const record::Options& options, const RecordingOptions& recording,
                               Watch& watch);

  /// The state of the service, as far as the recorder has reported it.
  enum class State { starting, running, ended, not_started, lost };

  /// Reads what the recorder has reported since the last call. Never blocks.
  void update(const Watch& watch);
  State state() const { return state_; }
  bool is_over() const { return state_ != State::starting && state_ != State::running; }
  /// Returns the pid of the service; 0 before it runs.
  pid_t pid() const { return pid_; }
  /// Returns the pids of the service and of its descendants.
  std::vector<pid_t> tree() const;
  const std::string& recording() const { return path_; }
  const OutputFile& output() const { return output_; }
  /// Returns the exit status of a service that has ended, as a shell reports it.
  int status() const { return status_; }
  /// Returns a descriptor that is readable when the recorder has reported something; -1 once it has exited.
  int fd() const { return reports_.get(); }
  OutputFile& output() { return output_; }

  /// Ends the service, its descendants and the recorder: SIGTERM to the service, then SIGKILL to all. A
  /// further signal to this process, as from Ctrl-C, shortens the wait.
  void stop(Watch& watch);

 private:
  Service(pid_t recorder, Fd reports, OutputFile output)
      : recorder_(recorder), reports_(std::move(reports)), output_(std::move(output)) {}
  void take_reports();
  void take(char kind, int number, const std::string& text);
  bool wait_for_end(Watch& watch, Duration longest);

  pid_t recorder_;
  Fd reports_;
  OutputFile output_;
  std::string unread_;  // reports that are not complete yet
  State state_ = State::starting;
  pid_t pid_ = 0;
  std::string path_;
  int status_ = 0;
};

/// Ends the children that are left: what a service or a load has put into the background.
void end_children(Watch& watch);

}  // namespace mprofpp::app
