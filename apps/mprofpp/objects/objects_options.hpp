#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "console/console.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/objects_text.hpp"

namespace mprofpp::app {

/// Returns how tables are written: as wide as the terminal, with as many rows as fit next to `other_rows`
/// unless a number is given. 0 rows means all.
inspect::TableLook table_look(const Console& console, std::optional<std::size_t> rows,
                              int other_rows);

/// Parses the value of an option that counts: a number from 1 on. Errors: invalid_argument.
Result<std::size_t> parse_count(const std::string& option, const std::string& text);

/// Declares the option for the longest time in which all objects are looked at.
void bind_max_pause(CLI::App& app, std::string& text);

/// The options of `objects` for a running program.
class ObjectsOptions {
 public:
  void bind(CLI::App& app);

  /// Checks the values. Errors: invalid_argument.
  Result<void> check();

  /// The pattern of the functions around whose calls objects are counted; empty if that was not asked for.
  const std::string& around() const { return around_; }
  std::size_t calls() const { return calls_; }
  bool is_repeated() const { return every_.has_value(); }
  Duration interval() const { return every_.value_or(Duration::zero()); }
  std::optional<Duration> timeout() const { return timeout_; }
  Duration pause() const { return pause_; }
  const std::string& type() const { return type_; }
  bool runs_code() const { return repr_; }
  bool has_children() const { return children_; }
  bool is_json() const { return json_; }
  bool is_verbose() const { return verbose_; }
  /// The rows of a table; nothing: those that fit. 0: all.
  std::optional<std::size_t> rows() const { return rows_; }
  inspect::CensusOptions census() const;
  /// Distinguishes looks that count the same things from others.
  std::string kind_of_look() const;
  /// Returns the name of an option that needs a running program and was given; empty if none was.
  std::string option_for_programs() const;

 private:
  Result<void> check_combination() const;
  Result<void> check_around() const;

  std::string every_text_, timeout_text_, rows_text_, pause_text_, calls_text_, type_, of_, around_;
  std::size_t calls_ = 1;
  std::optional<Duration> every_, timeout_;
  std::optional<std::size_t> rows_;
  Duration pause_{};
  bool sizes_ = false;
  bool containers_ = false;
  bool repr_ = false;
  bool children_ = false;
  bool json_ = false;
  bool verbose_ = false;
};

}  // namespace mprofpp::app
