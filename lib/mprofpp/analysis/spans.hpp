#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/analysis/added_memory.hpp"
#include "mprofpp/analysis/call_totals.hpp"
#include "mprofpp/analysis/grid.hpp"
#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// One call on a row of a lane, or several calls that are too short to be shown separately.
struct Span {
  std::uint32_t function = 0;  ///< index into Spans::functions
  std::uint32_t lane = 0;      ///< index into Spans::lanes
  int row = 0;                 ///< 0 is outermost
  double begin = 0;            ///< seconds
  double end = 0;
  double mib_in = unknown;   ///< of the MEM line; unknown for more than one call
  double mib_out = unknown;  ///< like mib_in
  double rss_in = unknown;   ///< of the process itself
  double rss_out = unknown;  ///< of the process itself
  double growth = unknown;   ///< MiB that the process grew; the sum of several calls
  double busy = 0;           ///< seconds in which calls ran, the sum of several calls
  std::uint64_t calls = 1;
  std::uint64_t own_calls = 1;  ///< those of `function`; fewer than `calls` if it is mixed
  bool is_mixed = false;        ///< several functions; `function` took most of the time
  bool is_open = false;         ///< had not ended when its process or the recording did
  bool is_estimate = false;     ///< the number of calls is that of a part of a group

  double length() const { return end - begin; }
};

/// A row of spans of a process: the calls of a thread, greenlet or task, or the titles that the process gave
/// itself.
struct Lane {
  enum class Content { calls, titles };

  pid_t pid = 0;  ///< 0 if unknown
  model::LaneId id = {};
  Content content = Content::calls;
  int rows = 0;
};

/// A period in which calls of a function ran.
struct BusyTime {
  double begin = 0;    ///< seconds
  double end = 0;      ///< like begin
  double seconds = 0;  ///< in which calls ran; more than the period if they ran side by side
};

/// Totals over all calls of a function, drawn or not.
struct FunctionTotals : CallTotals {
  explicit FunctionTotals(std::string its_name) : name(std::move(its_name)) {}

  std::string name;
  bool has_open = false;
  std::optional<Added> added = {};  ///< by all calls; HistoryFold knows it
  std::vector<BusyTime> busy = {};  ///< each function's own, however its spans were merged
};

struct Spans {
  std::vector<FunctionTotals> functions;
  std::vector<Lane> lanes;
  std::vector<Span> spans;  ///< ascending by begin, longer ones first
};

/// Merges the spans of each lane and row that begin in the same column of `column` seconds, and then spans of
/// one function that touch. A merged span has the name of the function that took most of the time.
std::vector<Span> merge_columns(const std::vector<Span>& spans, double column);

/// Joins the groups of calls of one function that follow one another on a row. The recorder starts a new
/// group every second or so, which has no meaning for a reader.
std::vector<Span> join_groups(std::vector<Span> spans);

/// Collects calls. Calls shorter than a column are merged per lane, level, function and column, so that the
/// memory of the fold depends on the width of the picture and not on the number of calls. Calls outside a
/// grid that cuts are not counted.
class SpanFold {
 public:
  /// Keeps at most about `limit` spans: beyond that the shortest are merged further.
  SpanFold(const Grid& grid, std::size_t limit);

  void add(const model::Call& call);
  void add(const model::OpenCall& call);
  void add(const model::CallGroup& group);
  /// Adds a title that a process gave itself: a span in a lane for titles, until the next one or end_title().
  void add(const model::Title& title);
  /// Ends the title of a process that has exited or has become another program.
  void end_title(pid_t pid, Instant t);
  /// Reads META name, the name of a function that was recorded as a place in a file.
  void add(const model::Settings& settings) { late_.take(settings); }

  /// Ends calls that are still open at `end` (seconds) and assigns a row to every span: its level, or if that
  /// is unknown or taken the next free row, which for nested calls is their depth. A column of merged calls
  /// shows the function that took most of it.
  Spans finish(double end) const;

 private:
  struct Key {
    std::uint32_t lane;
    std::uint32_t function;
    int level;
    std::int64_t column;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  std::uint32_t function_index(const std::string& name);
  std::uint32_t lane_index(const Lane& lane);
  bool is_cut(double begin, double end) const;
  void count_running(const Span& span);
  void add_busy_times();
  void keep(const Span& span);
  void add_title(const model::Title& title, double end);
  void merge(const Span& span);
  void merge_further();
  void forget_open(const model::Call& call);
  void rename();

  Grid grid_;
  double shortest_;  // seconds; shorter spans are merged
  std::size_t limit_;
  std::vector<FunctionTotals> functions_;
  std::vector<Lane> lanes_;
  std::unordered_map<std::string, std::uint32_t> function_numbers_;
  std::map<std::tuple<pid_t, model::LaneId, Lane::Content>, std::uint32_t> lane_numbers_;
  std::vector<Span> kept_;
  std::map<Key, Span> merged_;
  std::vector<model::OpenCall> open_;
  std::map<pid_t, model::Title> titles_;  // the current title of each process
  LateNames late_;
};

}  // namespace mprofpp::analysis
