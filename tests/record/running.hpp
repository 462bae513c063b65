#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/proc/member.hpp"
#include "support/temporary_folder.hpp"

namespace mprofpp::test {

/// A running program that is a copy of cat under another name. The constructor returns once it runs.
class Running {
 public:
  Running(const TemporaryFolder& folder, const std::string& name,
          std::vector<std::string> environment = {}) {
    std::filesystem::copy_file("/bin/cat", folder / name);
    path_ = std::filesystem::canonical(folder / name);
    int to[2];
    int from[2];
    REQUIRE((::pipe2(to, O_CLOEXEC) == 0 && ::pipe2(from, O_CLOEXEC) == 0));
    const Fd theirs[] = {Fd(to[0]), Fd(from[1])};
    in_ = Fd(to[1]);
    const Fd out(from[0]);
    start(theirs[0].get(), theirs[1].get(), environment);
    char byte = 'x';
    REQUIRE(::write(in_.get(), &byte, 1) == 1);
    REQUIRE(::read(out.get(), &byte, 1) == 1);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  const std::string& path() const { return path_; }
  /// Returns what a sampler knows of it.
  proc::Member member(const std::string& command = "cat -") const {
    proc::Stat stat;
    stat.pid = pid_;
    proc::Member made(stat, model::Metric::rss, Instant{});
    made.command = command;
    return made;
  }
  /// The arguments with which it runs.
  static std::vector<std::string> argv() { return {"cat", "-"}; }

 private:
  void start(int in, int out, std::vector<std::string>& environment) {
    auto arguments = argv();
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> all;
      for (auto& text : texts) all.push_back(text.data());
      all.push_back(nullptr);
      return all;
    };
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    const int error = ::posix_spawn(&pid_, path_.c_str(), &actions, nullptr,
                                    pointers(arguments).data(), pointers(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(error == 0);
  }

  std::string path_;
  pid_t pid_ = 0;
  Fd in_;  ///< it exits when this end of its input is closed
};

}  // namespace mprofpp::test
