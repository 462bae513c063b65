#pragma once

#include <initializer_list>
#include <optional>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Receives signals by a descriptor. They stay blocked until the process ends.
class SignalWatch {
 public:
  static Result<SignalWatch> make(std::initializer_list<int> signals);

  /// Readable when a signal has arrived.
  int descriptor() const { return fd_.get(); }
  /// Returns the next signal; nothing if there is none.
  std::optional<int> next() const;

 private:
  explicit SignalWatch(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

}  // namespace mprofpp::app
