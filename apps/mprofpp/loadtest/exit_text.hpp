#pragma once

#include <string>

namespace mprofpp::app {

/// Describes a status as a shell reports it: "exited with status 1", "was terminated by signal 9".
inline std::string exit_text(int status) {
  constexpr int first_signal = 128;
  if (status <= first_signal) return "exited with status " + std::to_string(status);
  return "was terminated by signal " + std::to_string(status - first_signal);
}

}  // namespace mprofpp::app
