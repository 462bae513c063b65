#include "mprofpp/launch/spawn.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace mprofpp::launch {
namespace {

constexpr int status_not_started = 125;

/// An array in the form that exec takes: pointers to the texts, and then a null pointer.
class Pointers {
 public:
  void add(const std::string& text) { pointers_.push_back(const_cast<char*>(text.c_str())); }
  char* const* get() {
    pointers_.push_back(nullptr);
    return pointers_.data();
  }

 private:
  std::vector<char*> pointers_;
};

/// Runs in the new process, which is a copy of this one, and makes nothing but system calls.
[[noreturn]] void become(const Executable& executable, char* const* arguments,
                         char* const* environment) {
  for (const int fd : executable.kept) ::fcntl(fd, F_SETFD, 0);
  ::execve(executable.path.c_str(), arguments, environment);
  const long failure = -errno;
  const auto written = ::write(executable.report, &failure, sizeof failure);
  (void)written;  // a parent that is gone needs no answer
  ::_exit(status_not_started);
}

}  // namespace

Result<pid_t> spawn(const Executable& executable) {
  Pointers arguments;
  arguments.add(executable.path);
  for (const auto& argument : executable.arguments) arguments.add(argument);
  Pointers environment;
  for (const auto& entry : executable.environment.entries()) environment.add(entry);
  char* const* const argv = arguments.get();
  char* const* const envp = environment.get();

  const pid_t pid = ::fork();
  if (pid == 0) become(executable, argv, envp);
  if (pid < 0) return fail_errno(errno, "", "cannot start a process");
  return pid;
}

}  // namespace mprofpp::launch
