#include "mprofpp/inject/sandbox.hpp"

#include <linux/audit.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace mprofpp::inject {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#endif

/// The machine for which filters are written (classic BPF).
class Machine {
 public:
  explicit Machine(const seccomp_data& call) : call_(call) {}

  /// Returns what the filter returns; nothing if it is not a valid filter.
  std::optional<std::uint32_t> run(std::span<const sock_filter> filter) {
    // jumps only go forward, so this ends
    for (std::size_t at = 0; at < filter.size(); ++at) {
      const auto& instruction = filter[at];
      const auto kind = BPF_CLASS(instruction.code);
      if (kind == BPF_RET) return BPF_RVAL(instruction.code) == BPF_A ? a_ : instruction.k;
      if (kind == BPF_JMP) {
        at += BPF_OP(instruction.code) == BPF_JA ? instruction.k
              : jumps(instruction)               ? instruction.jt
                                                 : instruction.jf;
      } else if (!step(instruction)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  std::uint32_t operand(const sock_filter& instruction) const {
    return BPF_SRC(instruction.code) == BPF_X ? x_ : instruction.k;
  }

  bool jumps(const sock_filter& instruction) const {
    const auto value = operand(instruction);
    switch (BPF_OP(instruction.code)) {
      case BPF_JEQ:
        return a_ == value;
      case BPF_JGT:
        return a_ > value;
      case BPF_JGE:
        return a_ >= value;
      default:
        return (a_ & value) != 0;  // BPF_JSET
    }
  }

  bool step(const sock_filter& instruction) {
    switch (BPF_CLASS(instruction.code)) {
      case BPF_LD:
        return load(instruction, a_);
      case BPF_LDX:
        return load(instruction, x_);
      case BPF_ST:
        return store(instruction.k, a_);
      case BPF_STX:
        return store(instruction.k, x_);
      case BPF_ALU:
        return compute(instruction);
      default:
        (BPF_MISCOP(instruction.code) == BPF_TXA ? a_ : x_) =
            BPF_MISCOP(instruction.code) == BPF_TXA ? x_ : a_;
        return true;
    }
  }

  bool load(const sock_filter& instruction, std::uint32_t& to) const {
    switch (BPF_MODE(instruction.code)) {
      case BPF_IMM:
        to = instruction.k;
        return true;
      case BPF_LEN:
        to = sizeof call_;
        return true;
      case BPF_MEM:
        if (instruction.k >= memory_.size()) return false;
        to = memory_[instruction.k];
        return true;
      case BPF_ABS:
        if (instruction.k > sizeof call_ - sizeof to) return false;
        std::memcpy(&to, reinterpret_cast<const char*>(&call_) + instruction.k, sizeof to);
        return true;
      default:
        return false;
    }
  }

  bool store(std::uint32_t at, std::uint32_t value) {
    if (at >= memory_.size()) return false;
    memory_[at] = value;
    return true;
  }

  bool compute(const sock_filter& instruction) {
    constexpr std::uint32_t bits = 32;
    const auto value = operand(instruction);
    switch (BPF_OP(instruction.code)) {
      case BPF_ADD:
        a_ += value;
        return true;
      case BPF_SUB:
        a_ -= value;
        return true;
      case BPF_MUL:
        a_ *= value;
        return true;
      case BPF_OR:
        a_ |= value;
        return true;
      case BPF_AND:
        a_ &= value;
        return true;
      case BPF_XOR:
        a_ ^= value;
        return true;
      case BPF_LSH:
        a_ = value < bits ? a_ << value : 0;
        return true;
      case BPF_RSH:
        a_ = value < bits ? a_ >> value : 0;
        return true;
      case BPF_NEG:
        a_ = 0 - a_;
        return true;
      case BPF_DIV:
        a_ = value == 0 ? 0 : a_ / value;
        return value != 0;
      default:
        return false;
    }
  }

  const seccomp_data& call_;
  std::uint32_t a_ = 0;
  std::uint32_t x_ = 0;
  std::array<std::uint32_t, BPF_MEMWORDS> memory_{};
};

seccomp_data call_of(int number, std::array<std::uint64_t, 6> arguments = {}) {
  seccomp_data call{};
  call.nr = number;
  call.arch = own_architecture;
  std::copy(arguments.begin(), arguments.end(), std::begin(call.args));
  return call;
}

bool is_harmless(std::uint32_t action) {
  const auto kind = action & SECCOMP_RET_ACTION_FULL;
  return kind == SECCOMP_RET_ALLOW || kind == SECCOMP_RET_LOG || kind == SECCOMP_RET_ERRNO;
}

}  // namespace

std::uint32_t action_of(std::span<const sock_filter> filter, const seccomp_data& call) {
  return Machine(call).run(filter).value_or(SECCOMP_RET_KILL_PROCESS);
}

bool is_survivable(std::span<const sock_filter> filter) {
  constexpr std::uint64_t page = 4096;
  constexpr std::uint64_t writable = PROT_READ | PROT_WRITE;
  constexpr std::uint64_t executable = PROT_READ | PROT_EXEC;
  constexpr std::uint64_t own_memory = MAP_PRIVATE | MAP_ANONYMOUS;
  constexpr std::uint64_t thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                                   CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
                                   CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
  const auto with_arguments =
      std::to_array({call_of(SYS_mmap, {0, page, executable, own_memory, ~0ULL, 0}),
                     call_of(SYS_mmap, {0, page, writable, own_memory, ~0ULL, 0}),
                     call_of(SYS_mmap, {0, page, executable, MAP_PRIVATE, 3, 0}),
                     call_of(SYS_mprotect, {page, page, writable}),
                     call_of(SYS_mprotect, {page, page, PROT_READ}), call_of(SYS_clone, {thread}),
                     call_of(SYS_socketpair, {AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC}),
                     call_of(SYS_socket, {AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC})});
  const auto others =
      std::to_array<int>({SYS_munmap,     SYS_memfd_create,    SYS_write,          SYS_close,
                          SYS_getpid,     SYS_openat,          SYS_read,           SYS_pread64,
                          SYS_fstat,      SYS_newfstatat,      SYS_clone3,         SYS_rseq,
                          SYS_madvise,    SYS_set_robust_list, SYS_rt_sigprocmask, SYS_futex,
                          SYS_exit,       SYS_gettid,          SYS_sendto,         SYS_sendmsg,
                          SYS_recvfrom,   SYS_recvmsg,         SYS_ppoll,          SYS_bind,
                          SYS_listen,     SYS_accept4,         SYS_getsockopt,     SYS_fcntl,
                          SYS_close_range});
  const auto survives = [&](const seccomp_data& call) {
    return is_harmless(action_of(filter, call));
  };
  return std::all_of(with_arguments.begin(), with_arguments.end(), survives) &&
         std::all_of(others.begin(), others.end(),
                     [&](int number) { return survives(call_of(number)); });
}

}  // namespace mprofpp::inject
