#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::record {

/// Learns at once about events of a recording that a user should not have to wait for. The calls
/// come from the thread that records, so they must be quick.
class Listener {
 public:
  virtual ~Listener() = default;

  /// The program that was launched runs, and the file `path` exists.
  virtual void started(pid_t /*root*/, const std::string& /*path*/) {}
  /// The file exists, and the processes that were attached to are recorded from now on. `marks` are the
  /// variables, each NAME=value, by which the agent in a running program reports marks to this recording;
  /// empty if they cannot arrive. This call may take some time: the first tick waits for it.
  virtual void attached(const std::vector<std::string>& /*marks*/) {}
  /// The recording had to stop early, for example because the disk is full. The program keeps running.
  virtual void stopped(const Error&) {}
  /// A signal could not be sent to the program, because it runs as another user by now.
  virtual void signal_refused(const Error&) {}
  /// The file of the recording was removed meanwhile. Called at the end.
  virtual void file_removed(const Error&) {}
  /// The file has reached `size`, and the recording continues with a longer interval.
  virtual void slowed_down(Bytes /*size*/, Duration /*interval*/) {}
  /// The samples of a tick were recorded. Returns a mark that the recording is to get, if any.
  virtual std::optional<model::PointMark> recorded(Instant /*tick*/) { return std::nullopt; }
};

}  // namespace mprofpp::record
