#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "mprofpp/base/result.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/wire/writer.hpp"

namespace mprofpp::app {

/// Sends marks to the recorder of a run. They belong to one of the run's processes.
class Marker {
 public:
  /// Errors: not_found if the recording has ended; those of creating a file.
  static Result<Marker> open(const std::string& folder, model::ProcessId subject);
  Marker(Marker&&) = default;
  Marker& operator=(Marker&&) = delete;
  /// Notifies the recorder that no more marks follow.
  ~Marker();

  void mark(const std::string& text);
  /// Starts a call within call `within`; 0 means within no other. Returns the number of the new call,
  /// which is unique in the run.
  std::uint64_t enter(const std::string& name, std::uint64_t within);
  void leave(std::uint64_t call);

 private:
  Marker(std::unique_ptr<wire::Writer> writer, pid_t subject)
      : writer_(std::move(writer)), subject_(subject) {}
  std::uint64_t write_text(const std::string& text);
  wire::Event event(wire::Kind kind) const;

  std::unique_ptr<wire::Writer> writer_;
  pid_t subject_;
};

}  // namespace mprofpp::app
