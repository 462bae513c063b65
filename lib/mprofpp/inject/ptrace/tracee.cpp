#include "mprofpp/inject/ptrace/tracee.hpp"

#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

namespace mprofpp::inject {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t error_codes = 4095;  // the highest values of a result are errors
// results that the kernel turns into a restart of the system call
constexpr std::int64_t restart_by_handler = -514;  // ERESTARTNOHAND
constexpr std::int64_t restart_with_block = -516;  // ERESTART_RESTARTBLOCK
constexpr std::uint64_t direction_and_trap_flags = 0x500;
constexpr std::uint64_t red_zone = 128;

void* pointer(std::uint64_t value) {
  return reinterpret_cast<void*>(value);  // NOLINT(performance-no-int-to-ptr): ptrace wants it
}

bool request(int what, pid_t thread, std::uint64_t address, std::uint64_t data) {
  return ::ptrace(static_cast<__ptrace_request>(what), thread, pointer(address), pointer(data)) !=
         -1;
}

/// Signals that the thread's own code causes. They cannot wait.
constexpr auto errors_of_code = std::to_array({SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS});

bool is_error_of_code(int signal) {
  return std::find(errors_of_code.begin(), errors_of_code.end(), signal) != errors_of_code.end();
}

constexpr std::uint64_t all_other_signals = [] {
  std::uint64_t mask = ~std::uint64_t{0};
  for (const int signal : errors_of_code) mask &= ~(std::uint64_t{1} << (signal - 1));
  return mask;
}();

bool set_signal_mask(pid_t thread, std::uint64_t mask) {
  return request(PTRACE_SETSIGMASK, thread, sizeof mask, reinterpret_cast<std::uint64_t>(&mask));
}

/// Sets a register set; `size` is updated when one is read.
bool transfer(int what, pid_t thread, std::uint64_t set, void* data, std::size_t& size) {
  iovec place{data, size};
  const bool done = request(what, thread, set, reinterpret_cast<std::uint64_t>(&place));
  size = place.iov_len;
  return done;
}

/// Waits for a short time first by giving the processor away: the other thread usually answers at once.
void pause_before_look(int looks) {
  constexpr int quick_looks = 200;
  if (looks < quick_looks) {
    ::sched_yield();
  } else {
    std::this_thread::sleep_for(50us);
  }
}

void place_arguments(user_regs_struct& registers, std::initializer_list<std::uint64_t> arguments) {
  const auto places = std::to_array({&registers.rdi, &registers.rsi, &registers.rdx, &registers.r10,
                                     &registers.r8, &registers.r9});
  std::size_t i = 0;
  for (const auto argument : arguments) *places[i++] = argument;
}

Failure vanished() {
  return fail(Errc::vanished, "", "has ended");
}

}  // namespace

Result<void> Tracee::seize() {
  if (request(PTRACE_SEIZE, thread_, 0, PTRACE_O_TRACEEXEC)) return {};
  if (errno == ESRCH) return vanished();
  return fail_errno(errno, "", "cannot be traced");
}

/// Does not reap a process that has ended: it may be a child of this one, whose status is still to be read.
Result<int> Tracee::wait_for_stop(Clock::time_point deadline) {
  for (int looks = 0;; ++looks) {
    siginfo_t info{};
    const int got = ::waitid(P_PID, static_cast<id_t>(thread_), &info,
                             __WALL | __WNOTHREAD | WSTOPPED | WNOHANG);
    if (got == 0 && info.si_pid == thread_) {
      constexpr int stopped = 0x7f;
      const int status = info.si_status << 8 | stopped;  // as waitpid() has it
      if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8))) {
        return fail(Errc::vanished, "", "runs another program now");
      }
      return status;
    }
    if (got < 0 && errno != EINTR) return vanished();
    if (Clock::now() > deadline) return fail(Errc::busy, "", "does not stop");
    pause_before_look(looks);
  }
}

Result<void> Tracee::interrupt(Duration patience) {
  if (!request(PTRACE_INTERRUPT, thread_, 0, 0)) return vanished();
  const auto deadline = Clock::now() + patience;
  while (true) {
    const auto status = wait_for_stop(deadline);
    if (!status) return Failure(status.error());
    if (*status >> 16 == PTRACE_EVENT_STOP) return {};
    // a signal was faster: the program gets it as if nobody looked
    if (!request(PTRACE_CONT, thread_, 0, static_cast<std::uint64_t>(WSTOPSIG(*status))))
      return vanished();
  }
}

Result<void> Tracee::stop(Duration patience) {
  if (auto done = interrupt(patience); !done) return done;
  stopped_at_ = Clock::now();
  auto saved = save();
  is_stopped_ = saved.has_value();
  if (!is_stopped_) request(PTRACE_DETACH, thread_, 0, 0);
  return saved;
}

Result<void> Tracee::save() {
  constexpr std::size_t largest_state = 16384;  // 11 KiB with AMX
  const auto found = registers();
  if (!found) return vanished();
  context_.registers = *found;
  if (is_in_restartable_sequence(found->rip)) return fail(Errc::busy, "", "cannot be stopped here");
  auto& extended = context_.extended;
  extended.resize(largest_state);
  auto size = extended.size();
  const bool is_saved = transfer(PTRACE_GETREGSET, thread_, NT_X86_XSTATE, extended.data(), size);
  extended.resize(is_saved ? size : 0);
  const bool has_mask = request(PTRACE_GETSIGMASK, thread_, sizeof context_.signal_mask,
                                reinterpret_cast<std::uint64_t>(&context_.signal_mask));
  if (!is_saved || !has_mask || !set_signal_mask(thread_, all_other_signals)) {
    return fail(Errc::unsupported, "", "has registers that cannot be saved");
  }
  return {};
}

/// Returns true in a sequence that the kernel restarts when it is interrupted (rseq), as tcmalloc has them.
/// The kernel would not notice that a call of ours has interrupted it.
bool Tracee::is_in_restartable_sequence(Address at) const {
  struct Configuration {
    std::uint64_t pointer;
    std::uint32_t size, signature, flags, padding;
  } configuration{};
  struct Sequence {
    std::uint32_t version, flags;
    std::uint64_t start, length, abort;
  };
  constexpr int get_configuration = 0x420f;  // PTRACE_GET_RSEQ_CONFIGURATION
  constexpr Address sequence_offset = 8;
  const auto place = reinterpret_cast<std::uint64_t>(&configuration);
  if (!request(get_configuration, thread_, sizeof configuration, place)) return false;
  if (configuration.pointer == 0) return false;
  const ProcessMemory memory(thread_);
  const auto current = memory.value_at<Address>(configuration.pointer + sequence_offset);
  const auto sequence =
      current && *current != 0 ? memory.value_at<Sequence>(*current) : std::nullopt;
  return sequence && at >= sequence->start && at - sequence->start < sequence->length;
}

std::optional<user_regs_struct> Tracee::registers() const {
  user_regs_struct registers{};
  auto size = sizeof registers;
  if (!transfer(PTRACE_GETREGSET, thread_, NT_PRSTATUS, &registers, size)) return std::nullopt;
  return registers;
}

bool Tracee::set(const user_regs_struct& registers) const {
  auto copy = registers;
  auto size = sizeof copy;
  return transfer(PTRACE_SETREGSET, thread_, NT_PRSTATUS, &copy, size);
}

/// Runs until SIGTRAP at `end`.
Result<void> Tracee::run_until_trap(int how, Address end, Duration patience) {
  auto deadline = Clock::now() + patience;
  bool is_interrupted = false;
  if (!request(how, thread_, 0, 0)) return vanished();
  while (true) {
    const auto status = wait_for_stop(deadline);
    if (!status && status.error().code == Errc::busy && !is_interrupted) {
      is_interrupted = request(PTRACE_INTERRUPT, thread_, 0, 0);
      deadline = Clock::now() + 1s;
      continue;
    }
    if (!status) return Failure(status.error());
    const int signal = WSTOPSIG(*status);
    const auto now = registers();
    if (!now) return vanished();
    const bool is_event = *status >> 16 == PTRACE_EVENT_STOP;
    if (!is_event && signal == SIGTRAP && now->rip == end) return {};
    if (is_event && is_interrupted && signal == SIGTRAP) {
      was_disturbed_ = true;
      if (waits_for_lock()) return fail(Errc::busy, "", "waits for a lock of its own");
      // it only had no processor: a call that runs may hold a lock and is never given up
      is_interrupted = false;
      deadline = Clock::now() + patience;
    }
    if (!is_event && is_error_of_code(signal)) {
      was_disturbed_ = true;
      return fail(Errc::io, "", "a call in it failed (signal " + std::to_string(signal) + ")");
    }
    if (!is_event) kept_signals_.push_back(signal);
    if (!request(how, thread_, 0, 0)) return vanished();
  }
}

bool Tracee::waits_for_lock() const {
  const auto now = registers();
  return now && now->orig_rax == SYS_futex;
}

Result<std::int64_t> Tracee::system_call(Address instruction, std::int64_t number,
                                         std::initializer_list<std::uint64_t> arguments) {
  constexpr Address length = 2;
  auto registers = context_.registers;
  place_arguments(registers, arguments);
  registers.rip = instruction;
  registers.rax = static_cast<std::uint64_t>(number);
  registers.orig_rax = ~std::uint64_t{0};  // so that nothing is restarted
  registers.eflags &= ~direction_and_trap_flags;
  if (!set(registers)) return vanished();
  if (auto done = run_until_trap(PTRACE_SINGLESTEP, instruction + length, 1s); !done) {
    return Failure(done.error());
  }
  const auto after = this->registers();
  if (!after) return vanished();
  return static_cast<std::int64_t>(after->rax);
}

Result<std::uint64_t> Tracee::call(Address function, std::initializer_list<std::uint64_t> arguments,
                                   const CallPlace& place, Duration patience) {
  auto registers = context_.registers;
  place_arguments(registers, arguments);
  registers.rcx = registers.r10;
  registers.rip = function;
  registers.rax = 0;
  registers.orig_rax = ~std::uint64_t{0};
  registers.eflags &= ~direction_and_trap_flags;
  registers.rsp = ((place.stack - red_zone) & ~Address{15}) - sizeof(Address);
  const auto trap = std::span(reinterpret_cast<const char*>(&place.trap), sizeof place.trap);
  if (!poke(registers.rsp, trap) || !set(registers)) return vanished();
  if (auto done = run_until_trap(PTRACE_CONT, place.trap + 1, patience); !done) {
    return Failure(done.error());
  }
  const auto after = this->registers();
  if (!after) return vanished();
  return std::uint64_t{after->rax};
}

std::optional<std::vector<std::vector<sock_filter>>> Tracee::filters() const {
  constexpr auto get_filter = static_cast<__ptrace_request>(0x420c);  // PTRACE_SECCOMP_GET_FILTER
  std::vector<std::vector<sock_filter>> filters;
  while (true) {
    auto* const index = pointer(filters.size());
    const auto count = ::ptrace(get_filter, thread_, index, nullptr);
    if (count < 0) return errno == ENOENT ? std::optional(std::move(filters)) : std::nullopt;
    auto& filter = filters.emplace_back(static_cast<std::size_t>(count));
    if (::ptrace(get_filter, thread_, index, filter.data()) != count) return std::nullopt;
  }
}

bool Tracee::poke(Address to, std::span<const char> bytes) const {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    const auto part = bytes.subspan(at, std::min(sizeof word, bytes.size() - at));
    std::memcpy(&word, part.data(), part.size());
    if (!request(PTRACE_POKEDATA, thread_, to + at, word)) return false;
  }
  return true;
}

/// The registers with which the thread continues. A system call that was interrupted is restarted if that
/// is possible; otherwise it reports EINTR, as it does after every signal.
user_regs_struct Tracee::restored() const {
  constexpr std::uint64_t forever = 0xffffffff;
  auto registers = context_.registers;
  const auto result = static_cast<std::int64_t>(registers.rax);
  const bool waits_for_events =
      registers.orig_rax == SYS_epoll_wait || registers.orig_rax == SYS_epoll_pwait;
  if (result == -EINTR && waits_for_events && (registers.r10 & forever) == forever) {
    registers.rax = static_cast<std::uint64_t>(restart_by_handler);
  }
  if (result == restart_with_block && was_disturbed_) {
    registers.rax = static_cast<std::uint64_t>(std::int64_t{-EINTR});
  }
  return registers;
}

void Tracee::resume() {
  if (!is_stopped_) return;
  is_stopped_ = false;
  auto size = context_.extended.size();
  transfer(PTRACE_SETREGSET, thread_, NT_X86_XSTATE, context_.extended.data(), size);
  set(restored());
  set_signal_mask(thread_, context_.signal_mask);
  request(PTRACE_DETACH, thread_, 0, 0);
  stopped_ = Clock::now() - stopped_at_;
  send_kept_signals();
}

/// Sends what could not be blocked: SIGSTOP.
void Tracee::send_kept_signals() {
  for (const int signal : kept_signals_) ::syscall(SYS_tgkill, thread_, thread_, signal);
}

}  // namespace mprofpp::inject
