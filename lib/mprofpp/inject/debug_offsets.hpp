#pragma once

#include <cstdint>
#include <optional>

#include "mprofpp/base/result.hpp"
#include "mprofpp/inject/memory.hpp"

namespace mprofpp::inject {

/// The place at which a Python from 3.14 on looks for scripts that it is asked to run (PEP 768).
struct ScriptSlot {
  Address pending =
      0;  ///< 32 bits: 1 asks for the script; Python sets it to 0 when it starts the script
  Address path = 0;
  std::uint64_t path_size = 0;
  Address eval_breaker = 0;  ///< its lowest byte
};

/// Bit in the lowest byte of the eval breaker: look at the slot.
inline constexpr unsigned char please_stop = 1U << 5;

/// Finds the slot of the main thread. `runtime` is the address of _PyRuntime. Returns nothing if that is not
/// a version whose tables are known, or if they make no sense. Errors: denied if the program forbids it.
Result<std::optional<ScriptSlot>> find_script_slot(const Memory& memory, Address runtime);

}  // namespace mprofpp::inject
