#include "exec.hpp"

#include <alloca.h>
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "environment.hpp"
#include "export.hpp"
#include "loaded_object.hpp"
#include "process.hpp"

/// A program that a recorded one begins is recorded too, even with an environment that knows
/// nothing of us (`env -i`, Popen(env={})): it gets our variables again on the way.

namespace mprofpp::agent {
namespace {

using Words = char* const*;

/// The functions behind ours; looked up beforehand, a vforked child may not.
struct Real {
  int (*execve)(const char*, Words, Words);
  int (*execvpe)(const char*, Words, Words);
  int (*fexecve)(int, Words, Words);
  decltype(&::posix_spawn) spawn;
  decltype(&::posix_spawnp) spawnp;
};
__attribute__((section(".data"))) constinit Real real{};  // see environment.cpp

/// A copy this large does not belong on a stack.
constexpr std::size_t most_on_stack = 64 * 1024;

/// The environment that a new program gets, as long as the object lives.
class Completed {
 public:
  Completed(Words given, void* stack, std::size_t size) : size_(size) {
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

/// Calls `begin` with the environment completed.
template <class Begin>
int with_agent(Words given, Begin begin) {
  if (!environment().is_taken() || environment().is_complete(given)) return begin(given);
  const auto size = environment().size_of_copy(given);
  const Completed completed(given, size <= most_on_stack ? ::alloca(size) : nullptr, size);
  return begin(completed.entries());
}

/// The same for what takes this process's place if it succeeds.
template <class Begin>
int replace_process(Words given, Begin begin) {
  process().tell(wire::State::left);
  const int answer = with_agent(given, begin);
  const int error = errno;
  process().tell(wire::State::live);
  errno = error;
  return answer;
}

/// The words of an execl behind its first, with the null pointer that ends them.
std::size_t count_words(va_list list) {
  std::size_t words = 1;
  while (va_arg(list, char*) != nullptr) ++words;
  return words;
}

void copy_words(va_list list, char** words, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) words[i] = va_arg(list, char*);
}

}  // namespace

void find_real_functions() {
  real.execve = next_function<int(const char*, Words, Words)>("execve");
  real.execvpe = next_function<int(const char*, Words, Words)>("execvpe");
  real.fexecve = next_function<int(int, Words, Words)>("fexecve");
  real.spawn = next_function<decltype(::posix_spawn)>("posix_spawn");
  real.spawnp = next_function<decltype(::posix_spawnp)>("posix_spawnp");
}

}  // namespace mprofpp::agent

using mprofpp::agent::real;
using mprofpp::agent::replace_process;
using mprofpp::agent::with_agent;
using mprofpp::agent::Words;

/// The words of an execl as an array on the caller's stack, `list` being behind the last of them.
#define MPROFPP_WORDS(words, first, list)                                           \
  va_list list;                                                                     \
  va_start(list, first);                                                            \
  const std::size_t words##_count = mprofpp::agent::count_words(list);              \
  va_end(list);                                                                     \
  auto* words = static_cast<char**>(::alloca((words##_count + 1) * sizeof(char*))); \
  words[0] = const_cast<char*>(first);                                              \
  va_start(list, first);                                                            \
  mprofpp::agent::copy_words(list, words + 1, words##_count)

MPROFPP_EXPORT int execve(const char* path, Words words, Words environment) noexcept {
  return replace_process(environment, [&](Words all) { return real.execve(path, words, all); });
}

MPROFPP_EXPORT int execv(const char* path, Words words) noexcept {
  return replace_process(environ, [&](Words all) { return real.execve(path, words, all); });
}

MPROFPP_EXPORT int execvpe(const char* file, Words words, Words environment) noexcept {
  return replace_process(environment, [&](Words all) { return real.execvpe(file, words, all); });
}

MPROFPP_EXPORT int execvp(const char* file, Words words) noexcept {
  return replace_process(environ, [&](Words all) { return real.execvpe(file, words, all); });
}

MPROFPP_EXPORT int fexecve(int fd, Words words, Words environment) noexcept {
  return replace_process(environment, [&](Words all) { return real.fexecve(fd, words, all); });
}

MPROFPP_EXPORT int execl(const char* path, const char* first, ...) noexcept {
  MPROFPP_WORDS(words, first, list);
  va_end(list);
  return execv(path, words);
}

MPROFPP_EXPORT int execlp(const char* file, const char* first, ...) noexcept {
  MPROFPP_WORDS(words, first, list);
  va_end(list);
  return execvp(file, words);
}

MPROFPP_EXPORT int execle(const char* path, const char* first, ...) noexcept {
  MPROFPP_WORDS(words, first, list);
  const auto environment = va_arg(list, Words);
  va_end(list);
  return execve(path, words, environment);
}

MPROFPP_EXPORT int posix_spawn(pid_t* pid, const char* path,
                               const posix_spawn_file_actions_t* actions,
                               const posix_spawnattr_t* attributes, Words words,
                               Words environment) noexcept {
  return with_agent(environment, [&](Words all) {
    return real.spawn(pid, path, actions, attributes, words, all);
  });
}

MPROFPP_EXPORT int posix_spawnp(pid_t* pid, const char* file,
                                const posix_spawn_file_actions_t* actions,
                                const posix_spawnattr_t* attributes, Words words,
                                Words environment) noexcept {
  return with_agent(environment, [&](Words all) {
    return real.spawnp(pid, file, actions, attributes, words, all);
  });
}
