#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Keeps what was seen of a process until somebody looks again, in a folder that only this user can read.
/// Removes what was seen of processes that have ended.
class Looks {
 public:
  /// Opens the folder: mprofpp/looks in $XDG_RUNTIME_DIR, or else in $XDG_CACHE_HOME or ~/.cache. Errors:
  /// not_found if there is none and it cannot be made; denied if others may write to it.
  static Result<Looks> open();

  struct Look {
    std::string text;
    Duration ago{};
  };
  /// Returns what was kept of exactly this process; `kind` distinguishes what can be seen of it.
  std::optional<Look> last(pid_t pid, const std::string& kind) const;
  /// Keeps a text. Errors: those of writing a file.
  Result<void> keep(pid_t pid, const std::string& kind, const std::string& text) const;

 private:
  explicit Looks(Fd folder) : folder_(std::move(folder)) {}

  void remove_old() const;

  Fd folder_;
};

}  // namespace mprofpp::app
