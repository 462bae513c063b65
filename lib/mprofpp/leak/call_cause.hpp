#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/leak/call_counts.hpp"
#include "mprofpp/leak/reading.hpp"
#include "mprofpp/leak/stretch.hpp"
#include "mprofpp/leak/trend.hpp"

namespace mprofpp::leak {

/// Which function keeps the memory of a process that leaks.
struct CallCause {
  enum class Answer {
    no_calls,           ///< no function of the process is marked, or none was called
    function,           ///< the floors follow the number of its calls
    within,             ///< it is the only outermost function, and the memory grows within it
    outside,            ///< the marked functions do not keep it
    calls_go_together,  ///< refused: the numbers of calls rise together, or with the time
    calls_overlap,      ///< refused: calls ran at the same time
    calls_are_open,     ///< refused: the outermost calls had not ended
    too_few_calls,      ///< refused
  };

  Answer answer = Answer::no_calls;
  std::string function = {};           ///< the outermost of a group that is always called together
  std::vector<std::string> with = {};  ///< the other functions of the group
  std::uint64_t calls = 0;             ///< of the function, within the time of the leak
  std::optional<Slope> per_call = {};  ///< MiB a call
};

/// Looks for the function whose number of calls explains the floors of a process better than the numbers of
/// all others and the time. What single calls added proves nothing: a call may take memory that another one
/// has freed, and then a third one lets the process grow. `readings` are those of the process, and `leak` is
/// the part of them that leaks.
CallCause find_cause(const CallCounts& counts, pid_t pid, const Readings& readings,
                     const Stretch& leak);

}  // namespace mprofpp::leak
