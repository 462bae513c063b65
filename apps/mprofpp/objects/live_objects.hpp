#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "console/console.hpp"
#include "inspection/opened_door.hpp"
#include "mprofpp/inspect/objects_text.hpp"
#include "objects/objects_options.hpp"

namespace mprofpp::app {

/// Prints how the objects of running programs grow: once, or again and again.
class LiveObjects {
 public:
  /// The options have been checked; they and the console outlive it.
  LiveObjects(const ObjectsOptions& options, const Console& console)
      : options_(options), console_(console) {}

  /// Returns the exit status.
  int run(const std::vector<std::string>& operands);

 private:
  using Clock = std::chrono::steady_clock;

  /// A process that is looked at; its door stays open between two looks.
  struct Watched {
    pid_t pid = 0;
    std::string command = {};
    std::optional<OpenedDoor> door = {};
    std::optional<inspect::Census> last = {};
    Clock::time_point last_time = {};
  };

  bool add(const std::string& operand);
  void add_tree(pid_t pid);
  int repeat();
  /// Prints the growth in calls of the only process. Returns the exit status.
  int print_calls();
  /// Looks at all processes and prints them. Those that have ended, or do not answer, are forgotten. Returns
  /// false if one of them was not printed.
  bool print_all();
  void print_text(const std::string& text);
  Result<std::string> look_at(Watched& process);
  Result<std::string> look_at_types(Watched& process);
  /// Returns nothing if the user has left before the end of the call.
  Result<std::string> look_around_call(Watched& process, const inspect::AroundCall& around,
                                       const inspect::Control& control);
  Result<std::string> look_at_instances(Watched& process);
  std::optional<inspect::EarlierCensus> census_before(const Watched& process) const;
  void keep(Watched& process, const inspect::Census& census);
  void note_pause(const Watched& process, Duration held) const;
  inspect::TableLook table() const;

  const ObjectsOptions& options_;
  const Console& console_;
  std::vector<Watched> processes_;
  std::size_t printed_lines_ = 0;
  bool is_first_ = true;
  bool has_warned_ = false;
};

}  // namespace mprofpp::app
