#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/inject/image.hpp"
#include "mprofpp/inject/maps.hpp"
#include "mprofpp/wire/door.hpp"

namespace mprofpp::inject {

/// The addresses in a process that are called or looked at.
struct Runtime {
  // CPython
  Address add_pending_call = 0;
  Address is_initialized = 0;
  std::optional<Address> state;    ///< _PyRuntime
  std::optional<Address> version;  ///< Py_Version, from 3.11 on
  /// In Python 3.8, an int that is 1 once Py_AddPendingCall prints an error instead of adding a call.
  std::optional<Address> is_finishing;
  /// Functions that only wait for a lock of Python, or for a semaphore.
  std::vector<Export> waits;

  // libc
  Address open_library = 0;  ///< dlopen
  int open_mode = 0;
  Address find_symbol = 0;  ///< dlsym
  Address error_text = 0;   ///< dlerror; 0 if there is none
  Address unmap = 0;        ///< munmap
  Address system_call = 0;  ///< a `syscall` instruction
};

/// Finds them. Errors: not_found if the process does not run Python; unsupported if it runs a Python that
/// cannot be entered.
Result<Runtime> find_runtime(const Memory& memory, const std::vector<MappedStart>& maps,
                             const std::string& program);

/// The agent in a process.
struct LoadedAgent {
  Address open_door = 0;
  Address door_state = 0;
};

/// The content of the agent's variable for the state of its door.
using DoorState = wire::door::State;

/// Finds the agent if it is loaded: by us, under `name`, or when the program was started. Errors: unsupported
/// if what is loaded is the agent of another version of this program.
Result<std::optional<LoadedAgent>> find_agent(const Memory& memory,
                                              const std::vector<MappedStart>& maps,
                                              std::string_view name);

}  // namespace mprofpp::inject
