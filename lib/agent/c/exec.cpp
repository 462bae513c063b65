#include <alloca.h>
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "c/wrappers.hpp"
#include "core/environment.hpp"
#include "core/exit_report.hpp"
#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"
#include "core/process.hpp"

/// Wraps exec and posix_spawn. A program that a recorded one starts is recorded too, even if it is
/// given an environment without our variables (`env -i`, Popen(env={})): the wrappers add them.

namespace mprofpp::agent {
namespace {

using Strings = char* const*;

/// The libc functions that ours call. They are looked up in advance, because a vforked child must
/// not do that.
struct Real {
  int (*execve)(const char*, Strings, Strings);
  int (*execvpe)(const char*, Strings, Strings);
  int (*fexecve)(int, Strings, Strings);
  decltype(&::posix_spawn) spawn;
  decltype(&::posix_spawnp) spawnp;
};
__attribute__((section(".data"))) constinit Real real{};  // see environment.cpp

/// A copy larger than this does not belong on a stack.
constexpr std::size_t most_on_stack = 64 * 1024;

/// The environment that a new program gets. It is valid as long as the object lives.
class Completed {
 public:
  Completed(Strings given, void* stack, std::size_t size) : size_(size) {
    memory_ = stack != nullptr ? stack : map(size);
    entries_ = memory_ != nullptr ? environment().copy(given, memory_) : const_cast<char**>(given);
    is_mapped_ = stack == nullptr && memory_ != nullptr;
  }
  ~Completed() {
    const int error = errno;
    if (is_mapped_) ::munmap(memory_, size_);
    errno = error;
  }
  Completed(const Completed&) = delete;
  Completed& operator=(const Completed&) = delete;

  char** entries() const { return entries_; }

 private:
  static void* map(std::size_t size) {
    void* memory =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : memory;
  }

  void* memory_;
  char** entries_;
  std::size_t size_;
  bool is_mapped_;
};

/// Calls `begin` with the completed environment.
template <class Begin>
int with_agent(Strings given, Begin begin) {
  if (!environment().has_variables() || environment().is_complete(given)) return begin(given);
  const auto size = environment().size_of_copy(given);
  const Completed completed(given, size <= most_on_stack ? ::alloca(size) : nullptr, size);
  return begin(completed.entries());
}

/// Does the same for a function that replaces the program of this process if it succeeds.
template <class Begin>
int replace_process(Strings given, Begin begin) {
  report_exec();
  process().set_state(wire::State::left);
  const int result = with_agent(given, begin);
  const int error = errno;
  process().set_state(wire::State::live);
  errno = error;
  return result;
}

/// Counts the arguments of an execl after the first, and the null pointer that ends them.
std::size_t count_arguments(va_list list) {
  std::size_t arguments = 1;
  while (va_arg(list, char*) != nullptr) ++arguments;
  return arguments;
}

void copy_arguments(va_list list, char** arguments, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) arguments[i] = va_arg(list, char*);
}

}  // namespace

void find_real_execs() {
  real.execve = next_function<int(const char*, Strings, Strings)>("execve");
  real.execvpe = next_function<int(const char*, Strings, Strings)>("execvpe");
  real.fexecve = next_function<int(int, Strings, Strings)>("fexecve");
  real.spawn = next_function<decltype(::posix_spawn)>("posix_spawn");
  real.spawnp = next_function<decltype(::posix_spawnp)>("posix_spawnp");
}

}  // namespace mprofpp::agent

using mprofpp::agent::real;
using mprofpp::agent::replace_process;
using mprofpp::agent::Strings;
using mprofpp::agent::with_agent;

/// Declares the arguments of an execl as an array on the caller's stack. `list` is left at the
/// position after the last of them.
#define MPROFPP_ARGUMENTS(arguments, first, list)                                           \
  va_list list;                                                                             \
  va_start(list, first);                                                                    \
  const std::size_t arguments##_count = mprofpp::agent::count_arguments(list);              \
  va_end(list);                                                                             \
  auto* arguments = static_cast<char**>(::alloca((arguments##_count + 1) * sizeof(char*))); \
  arguments[0] = const_cast<char*>(first);                                                  \
  va_start(list, first);                                                                    \
  mprofpp::agent::copy_arguments(list, arguments + 1, arguments##_count)

MPROFPP_EXPORT int execve(const char* path, Strings arguments, Strings environment) noexcept {
  return replace_process(environment,
                         [&](Strings all) { return real.execve(path, arguments, all); });
}

MPROFPP_EXPORT int execv(const char* path, Strings arguments) noexcept {
  return replace_process(environ, [&](Strings all) { return real.execve(path, arguments, all); });
}

MPROFPP_EXPORT int execvpe(const char* file, Strings arguments, Strings environment) noexcept {
  return replace_process(environment,
                         [&](Strings all) { return real.execvpe(file, arguments, all); });
}

MPROFPP_EXPORT int execvp(const char* file, Strings arguments) noexcept {
  return replace_process(environ, [&](Strings all) { return real.execvpe(file, arguments, all); });
}

MPROFPP_EXPORT int fexecve(int fd, Strings arguments, Strings environment) noexcept {
  return replace_process(environment,
                         [&](Strings all) { return real.fexecve(fd, arguments, all); });
}

MPROFPP_EXPORT int execl(const char* path, const char* first, ...) noexcept {
  MPROFPP_ARGUMENTS(arguments, first, list);
  va_end(list);
  return execv(path, arguments);
}

MPROFPP_EXPORT int execlp(const char* file, const char* first, ...) noexcept {
  MPROFPP_ARGUMENTS(arguments, first, list);
  va_end(list);
  return execvp(file, arguments);
}

MPROFPP_EXPORT int execle(const char* path, const char* first, ...) noexcept {
  MPROFPP_ARGUMENTS(arguments, first, list);
  const auto environment = va_arg(list, Strings);
  va_end(list);
  return execve(path, arguments, environment);
}

MPROFPP_EXPORT int posix_spawn(pid_t* pid, const char* path,
                               const posix_spawn_file_actions_t* actions,
                               const posix_spawnattr_t* attributes, Strings arguments,
                               Strings environment) {
  return with_agent(environment, [&](Strings all) {
    return real.spawn(pid, path, actions, attributes, arguments, all);
  });
}

MPROFPP_EXPORT int posix_spawnp(pid_t* pid, const char* file,
                                const posix_spawn_file_actions_t* actions,
                                const posix_spawnattr_t* attributes, Strings arguments,
                                Strings environment) {
  return with_agent(environment, [&](Strings all) {
    return real.spawnp(pid, file, actions, attributes, arguments, all);
  });
}
