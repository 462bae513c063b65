#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/leak/trend.hpp"

namespace mprofpp::leak {

/// Which function keeps the memory of a process that leaks, as far as the numbers of calls show it.
struct CallCause {
  enum class Answer {
    no_calls,           ///< no function of the process is marked, or none was called
    function,           ///< the floors follow the number of its calls
    within,             ///< it is the only outermost function, and the memory grows within it
    outside,            ///< the marked functions do not keep it
    calls_go_together,  ///< refused: the numbers of calls rise together, or with the time
    calls_overlap,      ///< refused: calls ran at the same time
    too_few_calls,      ///< refused
  };

  Answer answer = Answer::no_calls;
  std::string function;           ///< the outermost of a group that is always called together
  std::vector<std::string> with;  ///< the other functions of the group
  std::uint64_t calls = 0;        ///< within the time of the leak
  std::optional<Slope> per_call;  ///< MiB a call
};

}  // namespace mprofpp::leak
