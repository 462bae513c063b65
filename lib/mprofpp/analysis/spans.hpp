#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/grid.hpp"
#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// What happened in a stretch of time on one row of a lane: one call, or several too short to be
/// told apart.
struct Span {
  std::uint32_t function = 0;  ///< index into Spans::functions
  std::uint32_t lane = 0;      ///< index into Spans::lanes
  int row = 0;                 ///< 0 is outermost
  double begin = 0;            ///< seconds
  double end = 0;
  double mib_in = unknown;   ///< on the MEM line; unknown for more than one call
  double mib_out = unknown;  ///< as mib_in
  double rss_in = unknown;   ///< the process's own
  double rss_out = unknown;  ///< the process's own
  double growth = unknown;   ///< MiB added, the process's own where known; the sum if several calls
  double busy = 0;           ///< seconds inside, all calls together
  std::uint64_t calls = 1;
  bool is_mixed = false;  ///< `function` took most of the time, others were there too
  bool is_open = false;   ///< had not ended when the recording did

  double length() const { return end - begin; }
};

/// A thread, greenlet or task of a process.
struct Lane {
  pid_t pid = 0;     ///< 0 if unknown
  std::string name;  ///< as in the file: t<tid>[.g<n>|.k<n>]; empty if unknown
  int rows = 0;
};

/// All calls of a function, drawn or not.
struct FunctionTotals {
  std::string name;
  std::uint64_t calls = 0;
  double seconds = 0;
  double largest_growth = unknown;  ///< MiB, of one call
  bool has_open = false;
};

struct Spans {
  std::vector<FunctionTotals> functions;
  std::vector<Lane> lanes;
  std::vector<Span> spans;  ///< ascending by begin, longer ones first
};

/// Gathers calls. Those shorter than a column are merged per lane, level, function and column, so
/// that what is kept follows from the width of the picture and not from the number of calls. Calls
/// outside a grid that cuts are not counted.
class SpanFold {
 public:
  /// At most about `limit` spans are kept: beyond it the shortest are merged further.
  SpanFold(const Grid& grid, std::size_t limit);

  void add(const model::Call& call);
  void add(const model::OpenCall& call);
  void add(const model::CallGroup& group);
  /// META name: what a function is called that was recorded as a place in a file.
  void add(const model::Meta& meta) { late_.take(meta); }

  /// Ends calls still open at `end` (seconds) and finds every span's row: its level; where that is
  /// not known or taken, the first free row, which for nested calls is their depth.
  /// A column of merged calls shows the function that took most of it.
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
  std::uint32_t lane_index(pid_t pid, const std::string& name);
  bool is_cut(double begin, double end) const;
  void count(const Span& span, double growth_of_one);
  void keep(const Span& span);
  void merge(const Span& span);
  void merge_further();
  void forget_open(const model::Call& call);
  void rename();

  Grid grid_;
  double shortest_;  // seconds: what is shorter gets merged
  std::size_t limit_;
  std::vector<FunctionTotals> functions_;
  std::vector<Lane> lanes_;
  std::unordered_map<std::string, std::uint32_t> function_numbers_;
  std::map<std::pair<pid_t, std::string>, std::uint32_t> lane_numbers_;
  std::vector<Span> kept_;
  std::map<Key, Span> merged_;
  std::vector<model::OpenCall> open_;
  LateNames late_;
};

}  // namespace mprofpp::analysis
