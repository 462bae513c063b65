#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/wire/writer.hpp"

namespace mprofpp::app {

/// The folder of the run that this process is part of; empty when it is part of none.
std::string folder_of_this_run();
/// The same for another process. Errors: not_found when there is none, or it is not recorded with
/// marks; denied when it is another user's.
Result<std::string> folder_of_run(pid_t pid);

/// Errors: not_found when there is no such process.
Result<model::ProcessId> identify(pid_t pid);

/// In whose name a program marks: that of the process that called it, or its own where the caller
/// is none of the run.
Result<model::ProcessId> identify_caller(const std::string& folder);

/// Hands marks to the recorder of a run, in the name of one of its processes.
class Marker {
 public:
  /// Errors: not_found when the recording has ended, else those of making a file.
  static Result<Marker> open(const std::string& folder, model::ProcessId subject);
  Marker(Marker&&) = default;
  Marker& operator=(Marker&&) = delete;
  /// Tells the recorder that no more will come.
  ~Marker();

  void mark(const std::string& text);
  /// Begins a call within another, or within none for 0. Answers its number, unlike all others.
  std::uint64_t enter(const std::string& name, std::uint64_t within);
  void leave(std::uint64_t call);

 private:
  Marker(std::unique_ptr<wire::Writer> writer, pid_t subject)
      : writer_(std::move(writer)), subject_(subject) {}
  std::uint64_t tell(const std::string& text);
  wire::Event event(wire::Kind kind) const;

  std::unique_ptr<wire::Writer> writer_;
  pid_t subject_;
};

}  // namespace mprofpp::app
