#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/functions.hpp"
#include "mprofpp/model/lane_id.hpp"
#include "mprofpp/wire/record.hpp"

namespace mprofpp::mark {

using model::LaneId;

LaneId lane_of(const wire::Event& event);

/// The time and the memory at the start or the end of a call.
struct Reading {
  Instant t;
  double mib = 0;             ///< the value of the MEM line
  std::optional<double> rss;  ///< MiB, the process's own
  bool reused = false;        ///< true if the rss was read a moment before
};

/// A call that has not ended.
struct OpenCall {
  std::uint64_t id = 0;
  const Function* function = nullptr;
  Reading in;
  int level = 0;
  /// The ProgramImage that entered the call; the call ends when that image ends.
  const void* source = nullptr;
};

/// The open calls of one lane, each within the one before it. Nearly always the innermost call ends
/// next. A lane in which another call does (because several tasks that could not be told apart
/// share it) is indexed from then on.
class Lane {
 public:
  /// Sets the call's level to one more than that of the innermost call.
  void enter(OpenCall call);
  /// Removes and returns a call that has ended; returns nothing if it is not open here.
  std::optional<OpenCall> leave(std::uint64_t id);

  bool holds(std::uint64_t id) { return find(id).has_value(); }
  bool empty() const { return calls_.empty(); }
  /// Returns the number of the innermost call; 0 if no call is open.
  std::uint64_t innermost() const { return empty() ? 0 : calls_.back().call.id; }
  /// Removes and returns all open calls of `source`, the innermost first.
  std::vector<OpenCall> close(const void* source) { return close(source, 0); }
  /// Does the same for the calls within call `id`.
  std::vector<OpenCall> close_within(std::uint64_t id, const void* source);
  /// Returns the open calls that started before `limit`, each only once.
  std::vector<OpenCall> next_begun_before(Instant limit);

 private:
  struct Place {
    OpenCall call;
    bool is_open = true;  ///< false if the call has ended before the calls within it
  };

  std::optional<std::size_t> find(std::uint64_t id);
  std::vector<OpenCall> close(const void* source, std::size_t from);
  void drop_ended();

  std::vector<Place> calls_;  ///< the level of a call is its index
  std::size_t reported_ = 0;  ///< how many of them next_begun_before() has passed
  std::unordered_map<std::uint64_t, std::size_t> index_;
  bool is_indexed_ = false;
};

}  // namespace mprofpp::mark
