#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "console/console.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/objects.hpp"
#include "mprofpp/report/recording.hpp"
#include "mprofpp/report/time_window.hpp"

namespace mprofpp::app {

/// The options that running programs and recordings share.
struct ObjectsQuery {
  std::optional<std::size_t> rows;  ///< of a table; nothing: those that fit on the terminal. 0: all
  std::string type = {};            ///< of --type; empty: all types
  bool is_json = false;
};

/// `mprofpp objects x.dat`: prints how the objects of a recorded program have grown.
class RecordedObjects {
 public:
  /// Declares the options that only recordings have.
  void bind(CLI::App& app);
  /// Returns true if one of them was given: the operands are recordings then.
  bool are_options_given() const;

  /// Prints the recordings, or the newest one in this folder if there are no names. Returns the exit status.
  int print(const std::vector<std::string>& files, const ObjectsQuery& query,
            const Console& console) const;

 private:
  /// The options, parsed.
  struct Wanted {
    report::TimeWindow times;
    std::optional<pid_t> pid;
    std::optional<std::size_t> run;
  };

  Result<Wanted> wanted(const ObjectsQuery& query) const;
  static Result<report::ObjectReport> read(const report::RecordedRun& run, const Wanted& wanted,
                                           const ObjectsQuery& query);
  Result<std::string> text_of(const report::RecordedRun& run, const Wanted& wanted,
                              const ObjectsQuery& query, const Console& console) const;

  std::string window_, from_, to_, pid_, run_;
  bool markdown_ = false;
};

}  // namespace mprofpp::app
