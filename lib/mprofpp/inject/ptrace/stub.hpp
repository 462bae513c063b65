#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mprofpp::inject {

/// The progress of the stub.
enum class Step : std::uint32_t {
  waiting = 0,
  started = 1,
  opening = 2,      ///< it has the agent's function, and calls it as its last act
  failed = 3,       ///< the agent cannot be loaded
  superfluous = 4,  ///< if the stub still runs, it only removes itself
};

/// The data of the stub, which is a few instructions in the other process. Its code contains the offsets of
/// these members.
struct StubData {
  Step step = Step::waiting;
  std::int32_t pid = 0;          ///< as the process itself sees it: a child does nothing
  std::int32_t descriptor = -1;  ///< of the agent's file; the stub closes it
  std::int32_t open_mode = 0;
  std::uint64_t open_library = 0;
  std::uint64_t find_symbol = 0;
  std::uint64_t error_text = 0;  ///< null if there is no such function
  std::uint64_t unmap = 0;
  std::uint64_t begin = 0;  ///< the memory that contains the stub and all of this
  std::uint64_t size = 0;
  std::uint64_t open_door = 0;  ///< null if the agent has to be loaded
  std::uint64_t message = 0;    ///< the linker's text if that failed
  std::uint64_t request = 0;
  std::array<char, 40> path{};
  std::array<char, 32> symbol{};
  /// Random. When the agent has removed the memory, the process may soon use the same addresses again.
  std::array<char, 16> mark{};
};

/// The code: int stub(StubData*), to be called by Python or by us. An int3 follows it, at `trap`.
std::span<const char> stub_code();
std::size_t trap_offset();

}  // namespace mprofpp::inject
