#pragma once

#include <array>
#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/inject/ptrace/injection.hpp"
#include "mprofpp/inject/ptrace/stub.hpp"
#include "mprofpp/inject/ptrace/tracee.hpp"

namespace mprofpp::inject {

/// Memory in the process: the stub, its data, the agent's bytes and a stack. No page is writable and
/// executable at the same time, which systemd's MemoryDenyWriteExecute and SELinux would refuse.
class Scratch {
 public:
  /// Makes the memory and fills it. If `agent` is not loaded yet, also makes a file of its bytes that exists
  /// in memory only. The system calls are made with the rights of the process, by its own thread.
  Result<void> make(Tracee& tracee, const Runtime& runtime, const Order& order,
                    const std::optional<LoadedAgent>& agent);
  /// Removes it.
  void remove(Tracee& tracee, const Runtime& runtime);

  /// Keeps only what the stub needs to remove itself.
  void shrink(Tracee& tracee, const Runtime& runtime);

  bool exists() const { return begin_ != 0; }
  bool covers(Address at) const { return at >= begin_ && at - begin_ < size_; }
  Address stub() const { return begin_; }
  Address data() const;
  CallPlace call_place() const { return {begin_ + size_, begin_ + trap_offset()}; }

  /// Sets whether the request asks the agent to remove this memory.
  enum class Owner { agent, us };
  bool set_owner(const ProcessMemory& memory, Owner owner) const;
  /// Returns nothing if the memory does not exist any more, even if there is other memory in its place.
  std::optional<StubData> read(const Memory& memory) const;
  /// The memory must exist, and stay while this writes.
  bool set_step(const ProcessMemory& memory, Step step) const;

 private:
  Result<void> map(Tracee& tracee, const Runtime& runtime, const Order& order);
  Result<void> make_file(Tracee& tracee, const Runtime& runtime, const Order& order);
  Result<void> fill(Tracee& tracee, const StubData& data, std::string_view request) const;
  std::string request_for(const Order& order) const;
  std::string owner_text() const;

  Address begin_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t data_size_ = 0;
  std::int32_t descriptor_ = -1;
  std::array<char, 16> mark_{};
};

}  // namespace mprofpp::inject
