#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/agent_call.hpp"
#include "core/process.hpp"
#include "core/thread.hpp"
#include "mprofpp/ring/stream.hpp"
#include "mprofpp/wire/names.hpp"
#include "support/temporary_folder.hpp"

namespace mprofpp::test {

/// Opens all rings in a folder. Only for a folder in which a single process has rings.
inline ring::Stream rings_in(const std::string& folder) {
  ring::Stream stream;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != wire::ring_suffix) continue;
    auto found = ring::Ring::open(entry.path().string());
    REQUIRE(found.has_value());
    stream.add(std::move(*found));
  }
  return stream;
}

/// A process in which the agent was loaded, without its wrappers of libc, and what it has written.
class RecordedProcess {
 public:
  using Variables = std::map<const char*, const char*>;

  /// Runs `body` in a forked process, which exits after it, and reads its rings. `body` gets the folder
  /// of the run. The variables are those of wire/names.hpp.
  explicit RecordedProcess(const std::function<void(const std::string& folder)>& body,
                           const Variables& variables = {}) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      load(variables);
      body(folder_.path());
      ::_exit(0);
    }
    ::waitpid(pid, &status_, 0);
    read();
  }

  /// Returns true if the process was not killed.
  bool has_exited() const { return WIFEXITED(status_) && WEXITSTATUS(status_) == 0; }
  /// The events in their order, without what was only counted.
  const std::vector<wire::Event>& events() const { return events_; }
  /// One word for each event: `+name` is a start, `-name` an end, `!name` an end by an exception, and
  /// `name` a point in time. The name of a function is its address.
  std::string story() const {
    std::string words;
    for (const auto& event : events_) words += (words.empty() ? "" : " ") + word(event);
    return words;
  }
  /// The number of times that a text with that name was written.
  int times_written(const std::string& name) const {
    const auto found = times_.find(name);
    return found == times_.end() ? 0 : found->second;
  }
  /// The calls that were counted without an event each.
  std::uint64_t summed() const { return summed_; }
  std::uint64_t lost() const { return lost_; }
  const std::vector<wire::Module>& modules() const { return modules_; }

 private:
  void load(const Variables& variables) const {
    ::setenv(wire::run_variable, folder_.path().c_str(), 1);
    ::setenv(wire::agent_variable, "/agent.so", 1);
    for (const auto& [name, value] : variables) ::setenv(name, value, 1);
    agent::call_at_thread_end(agent::end_calls);
    agent::process().load();
  }

  void read() {
    auto stream = rings_in(folder_.path());
    const auto drain = [&] {
      stream.drain(ring::WriterState::gone, [&](const ring::Record& record) { add(record); });
    };
    drain();
    stream.read_sums();
    drain();
    stream.read_short_calls(ring::WriterState::gone, [&](const ring::ShortCalls& calls) {
      for (const auto& sum : calls.sums) summed_ += sum.count;
    });
    lost_ = stream.new_losses();
  }

  void add(const ring::Record& record) {
    if (const auto* event = std::get_if<wire::Event>(&record)) {
      events_.push_back(*event);
      if (event->kind == wire::Kind::enter) names_[event->call] = name_of(*event);
    } else if (const auto* text = std::get_if<wire::Text>(&record)) {
      piece_.append(text->bytes, text->length);
      if (!text->is_last) return;
      ++times_[piece_];
      texts_[text->id] = std::exchange(piece_, {});
    } else {
      modules_.push_back(std::get<wire::Module>(record));
    }
  }

  std::string name_of(const wire::Event& event) const {
    if (event.flags & wire::address) return std::to_string(event.what);
    const auto found = texts_.find(event.what);
    return found == texts_.end() ? "?" : found->second;
  }
  std::string word(const wire::Event& event) const {
    if (event.kind == wire::Kind::mark) return name_of(event);
    const auto& name = names_.at(event.call);
    if (event.kind == wire::Kind::enter) return "+" + name;
    return (event.flags & wire::raised ? "!" : "-") + name;
  }

  TemporaryFolder folder_;
  int status_ = 0;
  std::vector<wire::Event> events_;
  std::vector<wire::Module> modules_;
  std::string piece_;
  std::map<std::uint64_t, std::string> texts_;
  std::map<std::string, int> times_;
  std::map<std::uint64_t, std::string> names_;  ///< of calls
  std::uint64_t summed_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace mprofpp::test
